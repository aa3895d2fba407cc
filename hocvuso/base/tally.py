"""How many rows there were, of every kind with a fingerprint: closed day by day and sealed, so that rows that are
missing show. Counted by periodic work, never when something is written.

A kind is counted by a column that never changes and only rises: its key, or what its model names as `counted_by`. What
was written in the last day or two is not closed yet. The software's own deletions are told to `forget`.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import DateTimeField, Field, Max, Model, QuerySet, UUIDField
from django.utils import timezone

from . import journal, marks
from .fields import FingerprintField
from .models import JournalEntry, Mark
from .secrets import keyed_hash
from .words import name_of, word_of

_TALLY = "tally:"  # marks: what `Closed` rows there are of a kind, and up to which key the next day will be closed
_BEGUN = "rows.counted"  # the act that began it: from then on the mark must be there


class Closed(NamedTuple):
    """A day that is closed: the rows whose key is below `end`, and not below the end of the day before."""

    end: str
    rows: int
    day: str


def kinds() -> list[type[Model]]:
    """The models whose rows are counted."""
    models = apps.get_models()
    return [m for m in models if any(isinstance(f, FingerprintField) for f in m._meta.concrete_fields)]


def begin(at: datetime) -> int:
    """Begin to count what is not counted yet; at every set-up. Returns how many kinds are new."""
    new = 0
    for model in kinds():
        with transaction.atomic():
            if not marks.read(_TALLY + word_of(model)) and not _was_begun(model):
                journal.write(_BEGUN, model)
                _keep(model, [], _end_at(model, at), at)
                new += 1
    return new


def close(at: datetime) -> int:
    """Close the day before, of each kind, once a day: count the rows up to where they were a day ago.

    What does not hold is left as it is, for `faults` to tell.
    """
    done = 0
    for model in kinds():
        with transaction.atomic():
            held = _locked(model)
            if held and _holds(held) and datetime.fromisoformat(held["at"]) <= at - timedelta(days=1):
                closed = [Closed(*row) for row in held["closed"]]
                day = timezone.localdate(datetime.fromisoformat(held["at"])).isoformat()
                count = _between(model, closed[-1].end if closed else "", held["next"]).count()
                _keep(model, [*closed, Closed(held["next"], count, day)], _end_at(model, at), at)
                done += 1
    return done


def forget(rows: QuerySet[Any]) -> None:
    """The software is about to delete these rows, in the transaction that is open: they will not be missed."""
    with transaction.atomic():
        held = _locked(rows.model)
        if not held or not _holds(held):
            return
        column, closed = _column(rows.model), [Closed(*row) for row in held["closed"]]
        ends = [column.to_python(row.end) for row in closed]
        for key in rows.values_list(column.attname, flat=True).iterator(2000):
            if (place := bisect_right(ends, key)) < len(closed):
                closed[place] = closed[place]._replace(rows=max(0, closed[place].rows - 1))
        _keep(rows.model, closed, held["next"], datetime.fromisoformat(held["at"]))


def take_in() -> None:
    """Rows were put into days that are closed already, as by the demo: they are counted from now on too."""
    for model in kinds():
        with transaction.atomic():
            held = _locked(model)
            if held and _holds(held):
                more = [row._replace(rows=max(row.rows, found)) for row, found in _compared(model, held)]
                _keep(model, more, held["next"], datetime.fromisoformat(held["at"]))


def faults() -> Iterator[tuple[str, str]]:
    """(word of the kind, what is wrong with its rows), in words."""
    for model in kinds():
        word, held = word_of(model), marks.read(_TALLY + word_of(model))
        if not held:
            if _was_begun(model):
                yield word, "how many there were is not remembered any more"
        elif not _holds(held):
            yield word, "what is remembered of how many there were was changed"
        else:
            for row, found in _compared(model, held):
                if found < row.rows:
                    yield word, f"{row.rows - found} of {row.day} and before are missing ({found} of {row.rows})"


def reseal(*, master: str) -> None:
    """Seal all of it anew for another master secret; what was changed outside is not made good so."""
    for model in kinds():
        if (held := marks.read(_TALLY + word_of(model))) and _holds(held):
            marks.write(_TALLY + word_of(model), **held | {"seal": _seal(held, master)})


def _compared(model: type[Model], held: dict[str, Any]) -> Iterator[tuple[Closed, int]]:
    """Each day that is closed, and how many of its rows there are now."""
    start = ""
    for row in (Closed(*row) for row in held["closed"]):
        yield row, _between(model, start, row.end).count()
        start = row.end


def _between(model: type[Model], start: str, end: str) -> QuerySet[Any]:
    name = _column(model).attname
    return model._base_manager.filter(**{f"{name}__lt": end}, **({f"{name}__gte": start} if start else {}))


def _column(model: type[Model]) -> Field[Any, Any]:
    return model._meta.get_field(getattr(model, "counted_by", model._meta.pk.attname))  # type: ignore[return-value]


def _end_at(model: type[Model], at: datetime) -> str:
    """What is above the keys of all rows that were there at that moment."""
    column = _column(model)
    if isinstance(column, DateTimeField):
        return at.isoformat()
    if isinstance(column, UUIDField):  # UUIDv7: 48 bits of milliseconds come first
        return str(UUID(int=int(at.timestamp() * 1000) << 80))
    return str((model._base_manager.aggregate(most=Max(column.attname))["most"] or 0) + 1)


def _was_begun(model: type[Model]) -> bool:
    return JournalEntry.objects.filter(act=_BEGUN, subject=name_of(model)).exists()


def _locked(model: type[Model]) -> dict[str, Any]:
    """What is remembered, which nobody else changes until the transaction ends."""
    found = Mark.objects.select_for_update().filter(name=_TALLY + word_of(model)).first()
    return found.data if found else {}


def _keep(model: type[Model], closed: list[Closed], following: str, at: datetime) -> None:
    held = {"closed": [list(row) for row in closed], "next": following, "at": at.isoformat()}
    marks.write(_TALLY + word_of(model), **held, seal=_seal(held))


def _seal(held: dict[str, Any], master: str | None = None) -> str:
    return keyed_hash(json.dumps([held["closed"], held["next"], held["at"]]), purpose=_TALLY, master=master)


def _holds(held: dict[str, Any]) -> bool:
    try:
        return compare_digest(str(held["seal"]).encode(), _seal(held).encode())
    except (KeyError, TypeError):
        return False
