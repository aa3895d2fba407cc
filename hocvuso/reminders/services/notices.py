"""A few words to people about what others did that concerns them: kept until sent, never at night."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone, translation

from hocvuso.base import outbox
from hocvuso.base.gateways import Letter
from hocvuso.people.models import Person
from hocvuso.people.queries import addresses_of
from hocvuso.people.rules import by_day

from ..models import Notice

KINDS = ("email", "phone")  # the first that a person has
KEPT = timedelta(days=30)


def tell(*, about: str, people: Iterable[Person], subject: Any, text: Any, **values: Any) -> None:
    """Queue `subject` and `text` (lazy, with %(named)s `values`) for each, in their language.

    `about`: what happened, by an id; nobody is told of it twice.
    """
    made = []
    for person in people:
        with translation.override(person.language):
            said = str(text) % {name: str(value) for name, value in values.items()}
            key = uuid5(person.pk, about)
            made.append(Notice(id=key, person=person, subject=str(subject)[:200], text=said))
    Notice.objects.bulk_create(made, ignore_conflicts=True)
    now = timezone.now()
    outbox.queue(Notice.word, [(notice.pk, f"{Person.word}:{notice.person_id}", now) for notice in made])


@outbox.source(Notice.word)
def _letters(keys: Collection[UUID], now: datetime) -> dict[UUID, outbox.Answer]:
    notices = list(Notice.objects.filter(pk__in=keys, person__is_active=True))
    if morning := by_day(timezone.localtime(now)):
        return {notice.pk: outbox.Later(morning) for notice in notices}
    people = {notice.person_id for notice in notices}
    addresses = [(kind, addresses_of(people, kind)) for kind in KINDS]
    found: dict[UUID, outbox.Answer] = {}
    for notice in notices:
        person = notice.person_id
        kind, address = next(((k, known[person]) for k, known in addresses if person in known), ("", ""))
        if address:  # else there is no way to them
            found[notice.pk] = Letter(kind, address, notice.subject, notice.text)
    return found


def clean_up(now: datetime) -> int:
    """Delete notices that are old, sent or not; returns how many."""
    return Notice.objects.filter(created_at__lt=now - KEPT).delete()[0]
