"""What this room listens to."""

from uuid import UUID

from hocvuso.base.news import hear
from hocvuso.people.news import PersonErased

from .services import requests


@hear(PersonErased)
def _forget(news: PersonErased) -> None:
    requests.erase(person_id=UUID(news.person_id))
