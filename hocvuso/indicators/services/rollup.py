"""Rolling up: records become cells, cells become totals of months. Again and again gives the same."""

from __future__ import annotations

import logging
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Min, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import batches
from hocvuso.base.models import NotTaken
from hocvuso.base.words import word_of

from ..models import Cell, Total, Watermark
from ..queries.sources import Combination, counted, dated, within_days
from ..rules import REGISTER, Measure, scopes_of

log = logging.getLogger(__name__)
NEVER = datetime.min.replace(tzinfo=UTC)
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)  # a record dated outside is a slip, and counts nowhere
OVERLAP = timedelta(minutes=5)  # a record may be committed later than the moment it is stamped with
# More than two rounds of `hocvuso periodic`: pages count only when it stands still.
FRESH_FOR = timedelta(minutes=12)


class NotAllCounted(Exception):
    """Some measures could not be counted; all others were."""


def roll_up(*, measure: str | None = None, now: datetime | None = None, full: bool = False) -> int:
    """Count what was stored since the last time; returns how many days were counted anew.

    The days that new records are dated on are counted again from zero, so late records land where they belong. `full`
    counts every day again, which also takes in what has no stored time: corrected home places, erased people. Each
    measure is counted by itself: what stops one is kept in its watermark (`faults`), and the others go on. Raises
    NotAllCounted at the end, when any was stopped.
    """
    chosen = [REGISTER[measure]] if measure else list(REGISTER.values())
    if full and not measure:  # what is still bad is listed again
        batches.strike_off(COUNTING, NotTaken.objects.filter(batch=COUNTING.word).values_list("thing", flat=True))
    days = sum(_roll_alone(m, now or timezone.now(), full=full) for m in chosen)
    if stopped := faults().keys() & {m.name for m in chosen}:
        raise NotAllCounted(", ".join(sorted(stopped)))
    return days


def faults() -> dict[str, str]:
    """Measures whose last roll-up was stopped, with what stopped it."""
    return dict(Watermark.objects.exclude(fault="").values_list("measure", "fault"))


def freshen(*, now: datetime | None = None) -> None:
    """Roll up when the last time was more than FRESH_FOR ago; called by pages that show figures.

    `hocvuso periodic` rolls up beside the pages; this is for a site where it does not run. What was stopped is left to
    `roll_up`, so that no page waits for it.
    """
    moment, stopped = now or timezone.now(), faults()
    marks = dict(Watermark.objects.values_list("measure").annotate(at=Min("taken_until")))
    for measure in REGISTER.values():
        if measure.name not in stopped and marks.get(measure.name, NEVER) < moment - FRESH_FOR:
            _roll_alone(measure, moment, full=False)


def _roll_alone(measure: Measure, now: datetime, *, full: bool) -> int:
    """Roll one measure up; what stops it is written down and stops nothing else."""
    try:
        return _roll(measure, now, full=full)
    except Exception as error:  # whatever it is: the other measures are still worth counting
        log.exception("measure not rolled up", extra={"measure": measure.name})
        Watermark.objects.filter(measure=measure.name, version=measure.version).update(fault=repr(error)[:500])
        return 0


def _roll(measure: Measure, now: datetime, *, full: bool) -> int:
    mark, new = Watermark.objects.get_or_create(
        measure=measure.name, version=measure.version, defaults={"taken_until": NEVER}
    )
    if new:
        _forget_other_versions(measure)
    days = _days(measure, since=None if full or mark.taken_until == NEVER else mark.taken_until - OVERLAP)
    if full:
        days |= set(Cell.objects.filter(measure=measure.name).values_list("day", flat=True).distinct())
    for _month, group in groupby(sorted(days), key=lambda day: day.replace(day=1)):
        span = list(group)
        _count_again(measure, span[0], span[-1])
    Watermark.objects.filter(pk=mark.pk, taken_until__lt=now).update(taken_until=now)
    Watermark.objects.filter(pk=mark.pk).exclude(fault="").update(fault="")
    return len(days)


def _forget_other_versions(measure: Measure) -> None:
    for model in (Cell, Total, Watermark):
        model.objects.filter(measure=measure.name).exclude(version=measure.version).delete()


def _days(measure: Measure, *, since: datetime | None) -> set[date]:
    """The days on which records that were stored since then are dated, as far as they can be of our time."""
    rows = measure.rows().filter(within_days(measure, EARLIEST, LATEST))
    if since is not None:
        rows = rows.filter(**{f"{measure.changed}__gt": since})
    try:
        with transaction.atomic():
            return _days_of(measure, rows)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        bad = batches.breaking(rows, lambda some: _days_of(measure, some))
        _list(measure, bad)
        return _days_of(measure, rows.exclude(pk__in=list(bad)))


def _days_of(measure: Measure, rows: QuerySet) -> set[date]:
    found = dated(measure, rows).order_by().values_list("cell_day", flat=True).distinct()
    return {day for day in found if day is not None}


@transaction.atomic
def _count_again(measure: Measure, first: date, last: date) -> None:
    """Cells of some days of one month, and its totals, from zero. One at a time: the watermark's row is the lock."""
    of_measure = {"measure": measure.name, "version": measure.version}
    Watermark.objects.select_for_update().get(**of_measure)
    Cell.objects.filter(**of_measure, day__range=(first, last)).delete()
    found = _counted_without_bad(measure, first, last)
    _insert(Cell, of_measure, Combination._fields, ((*at, value) for at, value in found.items()))
    _sum_month(of_measure, first.replace(day=1))


def _counted_without_bad(measure: Measure, first: date, last: date) -> dict[Combination, float]:
    """What was counted; when one record breaks it, what all others give, and that one is not taken."""
    try:
        with transaction.atomic():
            return counted(measure, first, last)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        inside = measure.rows().filter(within_days(measure, first, last))
        bad = batches.breaking(inside, lambda some: counted(measure, first, last, some))
        _list(measure, bad)
        return counted(measure, first, last, measure.rows().exclude(pk__in=list(bad)))


def _list(measure: Measure, bad: dict[str, Exception]) -> None:
    for key, fault in bad.items():
        batches.not_taken(COUNTING, batches.named(measure.rows().model, key), fault, shown=measure.name)


def _count_again_now(name: str) -> None:
    """Count anew every measure that a record counts in. Raises ValueError when it still breaks one."""
    word, _colon, key = name.partition(":")
    for measure in REGISTER.values():
        rows = measure.rows()
        if word_of(rows.model) == word and batches.breaking(rows.filter(pk=key), partial(_one, measure)):
            raise ValueError(f"{measure.name} cannot count it")
    for measure in REGISTER.values():
        if word_of(measure.rows().model) == word:
            _roll(measure, timezone.now(), full=True)


def _one(measure: Measure, rows: Any) -> object:
    list(dated(measure, rows).values_list("cell_day", flat=True))
    return counted(measure, EARLIEST, LATEST, rows)


COUNTING = batches.Batch("figures", _("bản ghi, khi đếm số liệu"), _count_again_now)


def _sum_month(of_measure: dict[str, Any], month: date) -> None:
    """Totals of a month in every scope: a cell counts in each scope it lies in."""
    end = month.replace(day=monthrange(month.year, month.month)[1])
    cells = Cell.objects.filter(**of_measure, day__range=(month, end))
    sums: dict[str, float] = defaultdict(float)
    for area_path, unit_path, value in _by_scope(cells):
        for scope in scopes_of(area_path, unit_path):
            sums[scope] += value
    Total.objects.filter(**of_measure, month=month).delete()
    _insert(Total, of_measure, ("scope", "month"), ((scope, month, value) for scope, value in sums.items()))


def _insert(model: type[Cell | Total], of_measure: dict[str, Any], names: Iterable[str], rows: Iterable[tuple]) -> None:
    """Rows of a measure by plain SQL: `names`, then the value. There are as many as records in a thin country."""
    columns = [*of_measure, *names, "value"]
    quoted = ", ".join(connection.ops.quote_name(name) for name in columns)
    into = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {into} ({quoted}) VALUES ({', '.join(['%s'] * len(columns))})",
            [(*of_measure.values(), *(_adapted(value) for value in row)) for row in rows],
        )


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def _by_scope(cells: Any) -> Iterable[tuple[str, str, float]]:
    return cells.order_by().values_list("area", "unit_path").annotate(total=Sum("value"))
