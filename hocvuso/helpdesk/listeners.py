"""What this room listens to."""

from uuid import UUID

from hocvuso.base.events import on
from hocvuso.people.events import PersonErased

from .services import requests


@on(PersonErased)
def _forget(event: PersonErased) -> None:
    requests.erase(person_id=UUID(event.person_id))
