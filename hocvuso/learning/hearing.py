"""What this room listens to."""

from hocvuso.base.news import hear
from hocvuso.people.news import PersonErased

from . import services


@hear(PersonErased)
def _forget(news: PersonErased) -> None:
    services.erase(person_id=news.person_id)
