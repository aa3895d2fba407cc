"""What this room listens to."""

from hocvuso.base.events import on
from hocvuso.people.events import ConsentWithdrawn, PersonErased
from hocvuso.people.models import Person
from hocvuso.people.rules_consent import Purpose

from . import services
from .services import calling


@on(PersonErased, "learning")
def _forget(event: PersonErased) -> None:
    """Delete what follows from what the person did."""
    services.erase(person_id=event.person_id)


@on(ConsentWithdrawn, "review-calls")
def _call_no_more(event: ConsentWithdrawn) -> None:
    """End reminders of reviews, when learning is what was withdrawn."""
    if event.purpose == Purpose.LEARNING:
        for person in Person.objects.filter(pk=event.person_id):
            calling.stop(person=person)
