"""Looking for doubts about a period, and what becomes of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import batches, journal
from hocvuso.base import periods as calendar
from hocvuso.base.errors import NeedsWords, NotAllowed, TwoEyes
from hocvuso.base.models import Attachment
from hocvuso.base.periods import Period
from hocvuso.base.states import check_move
from hocvuso.base.versions import check
from hocvuso.base.words import name_of
from hocvuso.people.queries import may, tops_of_reach, units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from .. import rules_quality as quality
from ..models import Flag, Indicator, ReplacedValue, Value, Watermark
from ..queries.figures import Figure, figures
from ..queries.populations import populations
from ..queries.scopes import AREA_KINDS
from ..rules import REGISTER
from ..rules_quality import Doubt

HISTORY = 12
TOGETHER = 200  # units of which all figures are held at once
DAILY = "examine"  # the name under which the daily look is remembered
DUE_DAYS = 10  # days after a period in which values are declared, unless the definition says otherwise
State = Flag.State
MOVES: dict[Flag.State, set[Flag.State]] = {
    State.OPEN: {State.EXPLAINED, State.MENDED, State.DISMISSED},
    State.EXPLAINED: {State.OPEN, State.MENDED, State.DISMISSED},
    State.MENDED: {State.OPEN},
    State.DISMISSED: {State.OPEN},
}
type Sheet = dict[tuple[str, Any, str], Figure]


def check_quality(*, period: str, by: Any = None, now: datetime | None = None) -> int:
    """Look at figures of a period and file what is doubtful; what is filed already stays. Returns the new ones.

    `by`: only units at which that person keeps the data; None is the operator, for whom it is all. Raises NotAllowed.
    """
    return file_doubts(list(look(period=period, by=by, now=now)))


def looked_at(*, period: str, by: Any) -> list[Unit]:
    """The units that a look at a period is about, those of one parent together. Raises NotAllowed."""
    reach = Unit.objects.all() if by is None else units_in_reach(by, May.STEWARD_DATA)
    if by is not None and not tops_of_reach(by, May.STEWARD_DATA):
        raise NotAllowed
    owed_by = {kind for i in Indicator.objects.current() for kind in i.definition.get("owed_by", [])}
    open_then = reach.filter(kind__in=AREA_KINDS | owed_by).open(calendar.parse(period).last)
    return list(open_then.select_related("parent").order_by("parent_id", "pk"))


def look(
    *, period: str, by: Any, now: datetime | None = None, tell: Callable[[int, int], None] = lambda done, total: None
) -> Iterator[Doubt]:
    """What is doubtful in a period; nothing is stored. `tell` hears how many units are done, of how many.

    Families of units are looked at one after the other: memory does not grow with the country. Raises NotAllowed.
    """
    parsed, moment = calendar.parse(period), now or timezone.now()
    units, done = looked_at(period=period, by=by), 0
    indicators, codes = list(Indicator.objects.current()), _history(parsed)
    tops = set() if by is None else {unit.pk for unit in tops_of_reach(by, May.STEWARD_DATA)}
    for some in _batches(units):
        indicators, sheet = _sheet(indicators, some, codes)
        heard = {unit_id for _key, unit_id, _code in sheet}
        heard_of = [unit for unit in some if unit.pk in heard]
        yield from _of_values(indicators, heard_of, parsed, sheet)
        yield from _of_series([i for i in indicators if i.period_type == parsed.type], heard_of, codes, sheet, tops)
        yield from _of_declaring(indicators, some, parsed, moment)
        done += len(some)
        tell(done, len(units))
    reach = None if by is None else units_in_reach(by, May.STEWARD_DATA)
    yield from _of_evidence(parsed, reach)
    yield from _of_reports(parsed, reach)


def _batches(units: list[Unit]) -> Iterator[list[Unit]]:
    """Units, children of one parent together, in parts of about `TOGETHER`."""
    part: list[Unit] = []
    for _parent, family in groupby(units, key=lambda unit: unit.parent_id):
        part += family
        if len(part) >= TOGETHER:
            yield part
            part = []
    if part:
        yield part


def _sheet(indicators: list[Indicator], units: list[Unit], codes: list[str]) -> tuple[list[Indicator], Sheet]:
    """Figures of all indicators, of units that were heard of; when they break together, of each by itself and of every
    unit, and what breaks is not taken.
    """
    try:
        with transaction.atomic():
            sheet = figures(indicators=indicators, units=units, periods=codes, silent=False)
        batches.strike_off(LOOKING, [name_of(indicator) for indicator in indicators])
        return indicators, sheet
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        parts: Sheet = {}
        whole: list[Indicator] = []

        def one(indicator: Indicator) -> int:
            parts.update(figures(indicators=[indicator], units=units, periods=codes))
            whole.append(indicator)
            return 1

        batches.each(indicators, one, batch=LOOKING)
        return whole, parts


LOOKING = batches.Batch("quality-checks", _("chỉ số, khi soát số liệu"))


def check_quality_daily(*, today: date) -> int:
    """Once a day, the month that ended last; and in the first quarter, the year that ended last. Returns new flags."""
    now = timezone.now()
    last = Watermark.objects.filter(measure=DAILY, version=1, taken_until__date=today)
    if last.exists():
        return 0
    Watermark.objects.update_or_create(measure=DAILY, version=1, defaults={"taken_until": now})
    ended = [calendar.containing(calendar.PeriodType.MONTH, today).preceding()]
    if today.month <= 3:
        ended.append(calendar.containing(calendar.PeriodType.YEAR, today).preceding())
    return sum(check_quality(period=period.code, now=now) for period in ended)


def _history(period: Period) -> list[str]:
    codes = [period]
    while len(codes) <= HISTORY:
        codes.insert(0, codes[0].preceding())
    return [p.code for p in codes]


def _of_values(indicators: list[Indicator], units: list[Unit], period: Period, sheet: Sheet) -> Iterator[Doubt]:
    """What can be seen in one figure alone."""
    people = populations({"all"}, units, {period.code: period.last})
    for indicator in indicators:
        mark = indicator.definition.get("doubt")
        for unit in units:
            f = sheet[indicator.key, unit.pk, period.code]
            at = (indicator.key, unit.pk, period.code)
            living = people.get((unit.pk, "all", period.code)) if f.people and f.numerator is None else None
            if facts := quality.too_many(f.value, living):
                yield Doubt("more-than-people", Flag.Kind.IMPOSSIBLE, *at, facts)
            if facts := quality.outside(f.value, indicator.minimum, indicator.maximum):
                yield Doubt("outside", Flag.Kind.IMPOSSIBLE, *at, facts)
            if mark and (facts := quality.above(f.value, f.numerator, quality.Threshold(**mark))):
                yield Doubt(mark["detector"], Flag.Kind.IMPLAUSIBLE, *at, facts)


def _of_series(
    indicators: list[Indicator], units: list[Unit], codes: list[str], sheet: Sheet, alone: Collection[Any]
) -> Iterator[Doubt]:
    """What shows over time, or beside the neighbours under one parent, save for those that are seen `alone`."""
    families: dict[Any, list[Unit]] = defaultdict(list)
    for unit in units:
        families[unit.parent_id] += [] if unit.pk in alone else [unit]
    for indicator in indicators:
        declared = indicator.kind == Indicator.Kind.DECLARED
        series = {u.pk: [sheet[indicator.key, u.pk, code].value for code in codes] for u in units}
        for unit in units:
            yield from _of_one_series(indicator, unit.pk, codes[-1], series[unit.pk], declared=declared)
        for parent, family in families.items():
            if declared:
                yield from _of_family(indicator, parent, family, codes[-1], series)


def _of_one_series(
    indicator: Indicator, unit: Any, code: str, values: list[float | None], *, declared: bool
) -> Iterator[Doubt]:
    at = (indicator.key, unit, code)
    history = [v for v in values if v is not None]
    measure = REGISTER.get(indicator.definition.get("measure", ""))
    if measure is not None and measure.kind == "stock":  # of a stock, what jumps is its growth
        history = [b - a for a, b in pairwise(history)]
    while history and not declared and not history[0]:  # the time before it began is no history
        history.pop(0)
    if values[-1] is not None and history and (facts := quality.jump(history[:-1], history[-1])):
        yield Doubt("jump", Flag.Kind.IMPLAUSIBLE, *at, facts)
    if declared and (facts := quality.unmoved(values)):
        yield Doubt("unmoved", Flag.Kind.IMPLAUSIBLE, *at, facts)


def _of_family(
    indicator: Indicator, parent: Any, family: list[Unit], code: str, series: dict[Any, list[float | None]]
) -> Iterator[Doubt]:
    names = {u.pk: u.name for u in family}
    for unit, facts in quality.twins({u.pk: series[u.pk] for u in family}).items():
        told = {"name": names[facts["twin"]], "periods": facts["periods"]}
        yield Doubt("twin", Flag.Kind.IMPLAUSIBLE, indicator.key, unit, code, told)
    percent = indicator.maximum == 100
    if percent and parent and (full := quality.all_full({u.pk: series[u.pk][-1] for u in family})):
        yield Doubt("all-full", Flag.Kind.IMPLAUSIBLE, indicator.key, parent, code, full)


def _of_declaring(indicators: list[Indicator], units: list[Unit], period: Period, now: datetime) -> Iterator[Doubt]:
    """Late and missing, for indicators that name who owes them."""
    owed = [i for i in indicators if i.period_type == period.type and i.definition.get("owed_by")]
    keys = [i.key for i in owed]
    said = _first_said(keys, period)
    for indicator in owed:
        due = period.last + timedelta(days=indicator.definition.get("due", DUE_DAYS))
        for unit in units:
            if unit.kind not in indicator.definition["owed_by"]:
                continue
            at = (indicator.key, unit.pk, period.code)
            moment = said.get((indicator.key, unit.pk))
            if moment is None and timezone.localdate(now) > due:
                yield Doubt("missing", Flag.Kind.MISSING, *at, {"due": due.isoformat()})
            elif moment is not None and (facts := quality.late(timezone.localdate(moment), due)):
                yield Doubt("late", Flag.Kind.LATE, *at, facts)


def _first_said(keys: list[str], period: Period) -> dict[tuple[str, Any], datetime]:
    """When each unit first declared: who was in time and corrects later is not late."""
    asked = {"indicator__key__in": keys, "period": period.code}
    values = Value.objects.filter(kind=Value.Kind.DECLARED, **asked)
    said = {(key, unit): at for key, unit, at in values.values_list("indicator__key", "unit", "at")}
    before = ReplacedValue.objects.filter(**asked).order_by("-at")
    return said | {(key, unit): at for key, unit, at in before.values_list("indicator__key", "unit", "at")}


def _of_evidence(period: Period, reach: Any) -> Iterator[Doubt]:
    """One file shown as evidence for several values."""
    files: dict[str, set[str]] = defaultdict(set)
    names = {}
    for subject, digest, name in Attachment.objects.filter(subject__startswith=f"{Value.word}:").values_list(
        "subject", "sha256", "name"
    ):
        files[digest].add(subject.partition(":")[2])
        names[digest] = name
    shared = {pk: digest for digest, pks in files.items() if len(pks) > 1 for pk in pks}
    for value in _within(Value.objects.filter(pk__in=shared, period=period.code), reach).select_related("indicator"):
        digest = shared[str(value.pk)]
        facts = {"name": names[digest], "times": len(files[digest])}
        yield Doubt("same-evidence", Flag.Kind.DUPLICATE, value.indicator.key, value.unit_id, period.code, facts)


def _within(values: QuerySet[Value], reach: Any) -> QuerySet[Value]:
    return values if reach is None else values.filter(unit__in=reach)


def _of_reports(period: Period, reach: Any) -> Iterator[Doubt]:
    """Frozen figures that counting again does not give, by the definition they were computed with."""
    measured = Value.objects.filter(period=period.code, kind=Value.Kind.MEASURED)
    frozen = _within(measured, reach).select_related("indicator", "unit")
    by_indicator: dict[Indicator, list[Value]] = defaultdict(list)
    for value in frozen:
        by_indicator[value.indicator].append(value)
    for indicator, values in by_indicator.items():
        now = figures(indicators=[indicator], units=[v.unit for v in values], periods=[period])
        for value in values:
            if facts := quality.differs(value.value, now[indicator.key, value.unit_id, period.code].value):
                yield Doubt("differs", Flag.Kind.DIFFERS, indicator.key, value.unit_id, period.code, facts)


def file_doubts(doubts: Iterable[Doubt]) -> int:
    """File doubts that are not filed yet; returns how many."""
    before = Flag.objects.count()
    flags = [
        Flag(kind=d.kind, detector=d.detector, indicator=d.indicator, unit_id=d.unit, period=d.period, facts=d.facts)
        for d in doubts
    ]
    Flag.objects.bulk_create(flags, ignore_conflicts=True, batch_size=500)
    return Flag.objects.count() - before


@transaction.atomic
def settle(*, flag: Flag, to: Flag.State, note: str, by: Any, version: int | None = None) -> Flag:
    """Explain (whoever declares there), or mend, dismiss, open again (whoever keeps the data), with words.

    `version`: as it was seen. Raises NotAllowed, IllegalMove, NeedsWords, TwoEyes, Stale.
    """
    if not may(by, May.DECLARE if to == State.EXPLAINED else May.STEWARD_DATA, flag.unit):
        raise NotAllowed
    if not note.strip():
        raise NeedsWords(field="note")
    locked = Flag.objects.select_for_update().get(pk=flag.pk)
    check(locked, version)
    before = State(locked.state)
    check_move(MOVES, now=before, to=to)
    if before == State.EXPLAINED and to != State.OPEN and locked.by_id == by.pk:
        raise TwoEyes
    locked.state, locked.note, locked.by = to, note.strip()[:500], by
    locked.save(update_fields=["state", "note", "by"])
    journal.write("flag.settled", locked, by=by, before=before, after=to, note=locked.note)
    return locked
