"""What this room listens to."""

from hocvuso.base.events import on
from hocvuso.indicators.services import roll_up
from hocvuso.people.events import ConsentWithdrawn, PersonErased
from hocvuso.people.models import Person
from hocvuso.people.queries import consents
from hocvuso.people.rules_consent import Purpose

from . import services
from .events import RevocationLifted


@on(RevocationLifted, "count")
def _count_again(_event: RevocationLifted) -> None:
    """Count what is revoked anew, the day included that a certificate has left."""
    roll_up(measure="credentials.revoked", full=True)


@on(ConsentWithdrawn, "name")
def _hide_name(event: ConsentWithdrawn) -> None:
    """Show the holder's name on no certificate any more, when that is what was withdrawn and not given again since."""
    if event.purpose != Purpose.PUBLIC_NAME:
        return
    holder = Person.objects.filter(pk=event.person_id).first()
    if holder is not None and not consents(holder, Purpose.PUBLIC_NAME):
        services.hide_names(person_id=event.person_id)


@on(PersonErased, "holder")
def _forget(event: PersonErased) -> None:
    """Take name and holder off the certificates, which stay."""
    services.forget_holder(person_id=event.person_id)
