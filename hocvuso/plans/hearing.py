"""What this room forgets when a person is erased."""

from uuid import UUID

from hocvuso.base.news import hear
from hocvuso.people.news import PersonErased

from .models import UrgeMessage, UrgePreference


@hear(PersonErased)
def _forget(news: PersonErased) -> None:
    UrgePreference.objects.filter(person=UUID(news.person_id)).delete()
    UrgeMessage.objects.filter(person=UUID(news.person_id)).update(text="", title="")
