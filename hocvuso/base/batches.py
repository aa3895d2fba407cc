"""Many rows in one go, each by itself: a bad one stops no other, and stands in a list until it is taken.

A batch is known by a stable word. What it cannot take becomes a `NotTaken`; `hocvuso doctor` counts them and a page
lists them. Rows that cannot even be read (a date past the calendar, a text that is no JSON: written past the checks)
are found by reading one at a time, once reading all of them has failed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import CharField, F, Model, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from .models import NotTaken
from .words import name_of, word_of

AT_ONCE = 500  # rows asked about together
log = logging.getLogger(__name__)
_batches: dict[str, Batch] = {}


@dataclass(frozen=True)
class Batch:
    """A kind of work on many rows: its stable word, what people call it, and how one thing (`word:key`) is tried again.

    Without `again` nothing but the next round tries it.
    """

    word: str
    label: Any
    again: Callable[[str], object] | None = None

    def __post_init__(self) -> None:
        _batches[self.word] = self


def known() -> list[Batch]:
    """Every batch of the house."""
    return list(_batches.values())


def batch_of(word: str) -> Batch | None:
    """The batch with this word; None where its room is gone."""
    return _batches.get(word)


def each[T](
    rows: Iterable[T], work: Callable[[T], int], *, batch: Batch, name: Callable[[T], str] | None = None
) -> int:
    """Do `work` for every row in a transaction of its own; returns the sum of what it returns.

    Of a queryset each row that cannot be read is not taken either. What was not taken before and is no longer among the
    rows is struck off the list. Raises what says that the database itself is away.
    """
    seen: set[str] = set()
    done, before = 0, listed(batch)
    for row in readable(rows, batch=batch, seen=seen) if isinstance(rows, QuerySet) else rows:
        thing = name(row) if name else _name(row)
        seen.add(thing)
        try:
            with transaction.atomic():
                done += work(row)
        except (OperationalError, InterfaceError):
            raise
        except Exception as fault:
            not_taken(batch, thing, fault, shown=str(row))
        else:
            if thing in before:
                taken(batch, thing)
    strike_off(batch, before - seen)
    return done


def readable[M: Model](rows: QuerySet[M, Any], *, batch: Batch, seen: set[str] | None = None) -> Iterator[Any]:
    """The rows of a queryset; when reading them breaks, each by itself, and those that cannot be read are not taken.

    `seen` gets the names of the latter.
    """
    try:
        with _guarded():
            found = list(rows)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("rows cannot be read together", extra={"batch": batch.word})
        yield from _one_by_one(rows, batch, set() if seen is None else seen)
        return
    yield from found


def _one_by_one(rows: QuerySet[Any, Any], batch: Batch, seen: set[str]) -> Iterator[Any]:
    keys = rows.order_by().annotate(key_as_text=Cast(F("pk"), CharField())).values_list("key_as_text", flat=True)
    for key in list(keys):
        try:
            with _guarded():
                row = rows.order_by().filter(pk=key).first()
        except (OperationalError, InterfaceError):
            raise
        except Exception as fault:
            thing = named(rows.model, key)
            seen.add(thing)
            not_taken(batch, thing, fault)
        else:
            if row is not None:
                yield row


def breaking(rows: QuerySet[Any, Any], work: Callable[[QuerySet[Any, Any]], object]) -> dict[str, Exception]:
    """The rows (key as text → fault) that break `work`, which is asked about ever fewer of them: halves of what broke.

    For work that takes many rows at once, such as counting. Raises what says that the database itself is away.
    """
    keys = rows.order_by().annotate(key_as_text=Cast(F("pk"), CharField())).values_list("key_as_text", flat=True)
    found: dict[str, Exception] = {}
    waiting = [list(chunk) for chunk in batched(keys, AT_ONCE)]
    while waiting:
        some = waiting.pop()
        try:
            with _guarded():
                work(rows.filter(pk__in=some))
        except (OperationalError, InterfaceError):
            raise
        except Exception as fault:
            if len(some) == 1:
                found[some[0]] = fault
            else:
                waiting += [some[: len(some) // 2], some[len(some) // 2 :]]
    return found


def named(model: type[Model], key: str) -> str:
    """`word:key` from a key as a database writes it: SQLite keeps UUIDs without hyphens."""
    try:
        return f"{word_of(model)}:{model._meta.pk.to_python(key)}"
    except ValidationError:
        return f"{word_of(model)}:{key}"


def not_taken(batch: Batch, thing: str, fault: Exception | str, *, shown: str = "") -> None:
    """Put a thing on the list, or count one more try of one that stands there."""
    why = fault if isinstance(fault, str) else f"{type(fault).__name__}: {fault}"
    log.error("row not taken", extra={"batch": batch.word, "thing": thing}, exc_info=_info(fault))
    facts = {"shown": _clean(shown)[:200], "why": _clean(why)[:500], "last_at": timezone.now()}
    row, new = NotTaken.objects.get_or_create(batch=batch.word, thing=_clean(thing)[:200], defaults=facts)
    if not new:
        NotTaken.objects.filter(pk=row.pk).update(**facts, tries=F("tries") + 1)


def listed(batch: Batch) -> set[str]:
    """The things of a batch that stand on the list."""
    return set(NotTaken.objects.filter(batch=batch.word).values_list("thing", flat=True))


def taken(batch: Batch, thing: str) -> None:
    """Strike a thing off the list."""
    NotTaken.objects.filter(batch=batch.word, thing=thing).delete()


def strike_off(batch: Batch, things: Iterable[str]) -> None:
    """Strike off what the batch has no business with any more."""
    if gone := list(things):
        NotTaken.objects.filter(batch=batch.word, thing__in=gone).delete()


def try_again(row: NotTaken) -> bool:
    """Try one thing once more, now; whether it was taken. Without a way to do that: False."""
    batch = _batches.get(row.batch)
    if batch is None or batch.again is None:
        return False
    try:
        with transaction.atomic():
            batch.again(row.thing)
    except Exception as fault:
        not_taken(batch, row.thing, fault, shown=row.shown)
        return False
    taken(batch, row.thing)
    return True


def _guarded() -> AbstractContextManager[object]:
    """Within a transaction, a savepoint: what breaks does not break it. Outside, nothing: readers take no lock."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def _name(row: Any) -> str:
    return name_of(row) if isinstance(row, Model) else str(row)


def _clean(text: str) -> str:
    """Without NUL, which PostgreSQL does not store."""
    return text.replace("\0", "")


def _info(fault: Exception | str) -> Any:
    return fault if isinstance(fault, Exception) else None
