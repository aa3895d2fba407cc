"""What this room forgets when a person is erased."""

from uuid import UUID

from hocvuso.base.events import on
from hocvuso.people.events import PersonErased

from .models import UrgeMessage, UrgePreference


@on(PersonErased, "reminders")
def _forget(event: PersonErased) -> None:
    """Delete preferences and the words of messages."""
    UrgePreference.objects.filter(person=UUID(event.person_id)).delete()
    UrgeMessage.objects.filter(person=UUID(event.person_id)).update(text="", title="")
