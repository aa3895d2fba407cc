"""What this room listens to."""

from hocvuso.base.events import on
from hocvuso.people.events import PersonErased

from . import services


@on(PersonErased, "learning")
def _forget(event: PersonErased) -> None:
    """Delete what follows from what the person did."""
    services.erase(person_id=event.person_id)
