"""What a unit promises to residents: in how many days, within how many hours, at what number."""

from __future__ import annotations

from django.db import transaction

from hocvuso.base import journal
from hocvuso.base.errors import NotAllowed
from hocvuso.base.versions import expect
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ..models import RequestTerm
from ..rules import LONGEST_ANSWER, LONGEST_TERM
from .refusals import BadAnswerHours, BadTerm


@transaction.atomic
def set_term(
    *,
    unit: Unit,
    days: int | None,
    by: Person,
    basis: str = "",
    answer_hours: int | None = None,
    phone: str = "",
    version: int | None = None,
) -> None:
    """Promise a number of days at a unit and beneath, and hours within which somebody answers who was defrauded.

    `phone`: of this unit alone, for residents. No days take all of it back. Open requests keep what they were told.
    `version` is that of the promise before, as it was seen. Raises NotAllowed, BadTerm, BadAnswerHours, Stale.
    """
    if not may(by, May.DEFINE, unit):
        raise NotAllowed
    if answer_hours is not None and not 1 <= answer_hours <= LONGEST_ANSWER:
        raise BadAnswerHours(field="answer_hours", most=LONGEST_ANSWER)
    if earlier := RequestTerm.objects.select_for_update().filter(unit=unit).first():
        expect(earlier, version, by=by)
    if days is None:
        RequestTerm.objects.filter(unit=unit).delete()
    elif 1 <= days <= LONGEST_TERM:
        told = {"basis": basis.strip()[:300], "answer_hours": answer_hours, "phone": phone.strip()[:40]}
        RequestTerm.objects.update_or_create(unit=unit, defaults={"days": days, **told})
    else:
        raise BadTerm(field="days", most=LONGEST_TERM)
    journal.write("request-term.set", unit, by=by, days=days)
