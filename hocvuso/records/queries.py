"""Questions about what was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from django.utils.translation import gettext_lazy as _

from hocvuso.base.batches import Batch, not_taken, readable
from hocvuso.base.words import name_of
from hocvuso.library.models import Lesson, Programme
from hocvuso.people.models import Person

from .models import Statement
from .rules import BadStatement, Fact, StatementIn, in_order, is_as_stored, understand


class KnownLesson(NamedTuple):
    """Keys of a lesson and its programme."""

    pk: Any
    programme_id: Any


@lru_cache(maxsize=50_000)
def known_lesson(address: str) -> KnownLesson:
    """The lesson of an address, remembered: an address never changes its lesson. Raises Lesson.DoesNotExist."""
    return KnownLesson(*Lesson.objects.values_list("pk", "programme_id").get(address=address))


def facts_of(person: Person, *, lesson: str = "") -> list[Fact]:
    """What the person did and nobody voided, in the order it was stored; of one lesson (an address), or of all.

    A statement that cannot be read (written past the checks) is not taken, and stands in that list.
    """
    facts = []
    for row in readable(Statement.objects.standing().filter(person=person), batch=READING):
        try:
            facts.append(fact_of(row))
        except Exception as fault:
            not_taken(READING, name_of(row), fault)
    return sorted((fact for fact in facts if lesson in ("", fact.lesson)), key=in_order)


READING = Batch(
    "statements-read",
    _("bản ghi học tập, khi tính lại tiến độ"),
    lambda name: fact_of(Statement.objects.get(pk=name.partition(":")[2])),
)


def fact_of(statement: Statement) -> Fact:
    """The fact in a stored statement."""
    return understand(msgspec.convert(statement.content, StatementIn), stored_at=statement.stored_at)


def studied_since(person: Person, programme: Programme, moment: datetime) -> bool:
    """Whether anything the person did in the programme reached us after `moment`: by our time, not a device's."""
    rows = Statement.objects.standing().filter(person=person, stored_at__gt=moment)
    return rows.filter(object__contains=f":{programme.key}/").exists()


def altered(*, newest: int | None = None) -> Iterator[Statement]:
    """Statements that are not what came in, among all or the `newest`: by the hash of their content, what the columns
    say of it, and the fingerprint of all columns.
    """
    mark = Statement._meta.get_field("fingerprint")
    rows = Statement.objects.order_by("-stored_at")
    for row in (rows if newest is None else rows[:newest]).iterator(2000):
        if mark.of(row) != row.fingerprint or not is_as_stored(row.content, row.content_hash) or not _columns_fit(row):
            yield row


def _columns_fit(row: Statement) -> bool:
    if row.voids_id is not None:
        return True
    try:
        fact = fact_of(row)
    except (BadStatement, msgspec.ValidationError):
        return False
    said = (fact.id, fact.verb, row.content["object"]["id"], fact.seconds, fact.device)
    return said == (row.pk, row.verb, row.object, row.seconds, row.device)
