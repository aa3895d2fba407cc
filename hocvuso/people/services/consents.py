"""Consent of adults: one purpose at a time, by a clear act, taken back as easily; the history is only added to."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import batched
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.errors import Refusal
from hocvuso.base.events import emit

from ..events import ConsentWithdrawn
from ..models import Consent, Person
from ..queries import consents_of
from ..rules_consent import NOTICE, Purpose, Said


class GuardianAnswers(Refusal):
    """A child under 16 agrees to nothing by itself (Law 91/2025/QH15)."""

    code = "guardian-answers"
    says = _("Bạn dưới 16 tuổi nên người giám hộ trả lời thay bạn: hãy nhờ ở trang Tài khoản.")


@transaction.atomic
def answer(*, person: Person, purpose: Purpose, said: Said, evidence: str) -> Consent:
    """Write down what a person said to a purpose under the present notice. The same again writes nothing new.

    `evidence`: by which act. Taking back deletes what rested on it alone, here and, by an event, in rooms above.
    Raises GuardianAnswers for a child's yes.
    """
    if said == Said.GIVEN and person.is_child(timezone.localdate()):
        raise GuardianAnswers
    Person.objects.select_for_update().only("pk").get(pk=person.pk)
    last = consents_of(person).get(purpose)
    if last is not None and (last.said, last.wording) == (said, NOTICE) and not last.by_guardian:
        return last
    made = Consent.objects.create(person=person, purpose=purpose, said=said, wording=NOTICE, evidence=evidence[:200])
    journal.write(f"consent.{said}", made, by=person, purpose=str(purpose), wording=NOTICE)
    if purpose == Purpose.LEARNING:
        person.keeps_records = note_records([person.pk], said)
    if said != Said.GIVEN:
        _end(person, purpose)
    return made


def note_records(people: Iterable[UUID], said: Said) -> bool:
    """What was last said to learning records stands in the persons' rows, which every act reads anyway."""
    given = said == Said.GIVEN
    Person.objects.filter(pk__in=people).update(keeps_records=given)
    return given


def _end(person: Person, purpose: Purpose) -> None:
    if purpose == Purpose.ETHNICITY:
        Person.objects.filter(pk=person.pk).update(ethnicity="")
        person.ethnicity = ""
    emit(ConsentWithdrawn(person_id=str(person.pk), purpose=str(purpose)))


def give_for_all(*, people: Iterable[Person], purpose: Purpose, evidence: str) -> None:
    """Consents of many invented people at once (demo, measuring); without a line in the journal."""
    rows = [
        Consent(person=one, purpose=purpose, said=Said.GIVEN, wording=NOTICE, evidence=evidence[:200]) for one in people
    ]
    Consent.objects.bulk_create(rows, batch_size=5000)
    if purpose == Purpose.LEARNING:
        for some in batched((row.person_id for row in rows), 5000):
            note_records(some, Said.GIVEN)
