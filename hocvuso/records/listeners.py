"""What this room listens to."""

from hocvuso.base.events import on
from hocvuso.people.events import PersonErased

from . import services


@on(PersonErased)
def _forget(event: PersonErased) -> None:
    services.erase(person_id=event.person_id)
