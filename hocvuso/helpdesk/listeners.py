"""What this room listens to."""

from uuid import UUID

from hocvuso.base.events import on
from hocvuso.people.events import PersonErased

from .services import requests


@on(PersonErased, "requests")
def _forget(event: PersonErased) -> None:
    """Delete what the person wrote in requests and withdraw open ones; topic, dates and states stay."""
    requests.erase(person_id=UUID(event.person_id))
