"""What this room forgets when a person is erased."""

from uuid import UUID

from hocvuso.base.events import on
from hocvuso.people.events import PersonErased

from .models import ReminderMessage, ReminderPreference


@on(PersonErased, "reminders")
def _forget(event: PersonErased) -> None:
    """Delete preferences and the words of messages."""
    ReminderPreference.objects.filter(person=UUID(event.person_id)).delete()
    ReminderMessage.objects.filter(person=UUID(event.person_id)).update(text="", title="")
