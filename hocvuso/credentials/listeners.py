"""What this room listens to."""

from hocvuso.assess.events import AttemptScored
from hocvuso.assess.models import Attempt
from hocvuso.base.events import on
from hocvuso.indicators.services import roll_up
from hocvuso.people.events import ConsentWithdrawn, PersonErased
from hocvuso.people.rules_consent import Purpose

from . import services
from .events import RevocationLifted


@on(AttemptScored, "credential")
def _recognise(event: AttemptScored) -> None:
    """Issue at once when the holder's name is known; otherwise the result page asks for it."""
    attempt = Attempt.objects.select_related("person").filter(pk=event.attempt_id).first()
    if attempt and (attempt.result or {}).get("passed") and attempt.person.name:
        services.issue(attempt=attempt)


@on(RevocationLifted, "count")
def _count_again(_event: RevocationLifted) -> None:
    """Count what is revoked anew, the day included that a certificate has left."""
    roll_up(measure="credentials.revoked", full=True)


@on(ConsentWithdrawn, "name")
def _hide_name(event: ConsentWithdrawn) -> None:
    """Show the holder's name on no certificate any more, when that is what was withdrawn."""
    if event.purpose == Purpose.PUBLIC_NAME:
        services.hide_names(person_id=event.person_id)


@on(PersonErased, "holder")
def _forget(event: PersonErased) -> None:
    """Take name and holder off the certificates, which stay."""
    services.forget_holder(person_id=event.person_id)
