"""Wrong and inflated cases in known numbers, so that the detectors can be scored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from hocvuso.base.periods import Period, PeriodType, containing
from hocvuso.indicators.models import Flag, Indicator, Value
from hocvuso.indicators.services import quality_checks
from hocvuso.units.models import Unit

SOURCE = "hocvuso demo"
CLASSES, SHARE = "thu-lop-hoc", "thu-ti-le"
HISTORY = 9  # months
SAID_WITHIN, LATE_BY = 8, 14  # days: of those who declare in time, and what is added for those who do not
UNMOVED, TWINS, JUMPS, MISSING, LATE, OUTSIDE, FULL_PROVINCES = 20, 15, 20, 40, 40, 10, 3


@dataclass
class Planted:
    """The month that is examined, the communes not used yet, and which unit should be flagged by which detector."""

    month: Period
    truth: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    in_full_provinces: set[UUID] = field(default_factory=set)
    unit_at: dict[str, UUID] = field(default_factory=dict)
    free: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        units = Unit.objects.filter(kind=Unit.Kind.COMMUNE_COMMITTEE, closed_on=None).order_by("path")
        self.unit_at = {str(place): pk for place, pk in units.values_list("place", "pk")}
        self.free = sorted(self.unit_at)

    @property
    def first_moment(self) -> datetime:
        """The beginning of the month."""
        return timezone.make_aware(datetime.combine(self.month.first, time(8)))

    def take(self, rng: Random, count: int) -> list[str]:
        """Communes for one kind of case; none is used twice."""
        taken = rng.sample(self.free, count)
        self.free = sorted(set(self.free) - set(taken))
        return taken


def month_to_examine(today: date) -> Period:
    """The last month of which, today, everything that will be said has been said."""
    return containing(PeriodType.MONTH, today - timedelta(days=SAID_WITHIN + LATE_BY)).preceding()


def declare(rng: Random, planted: Planted, now: datetime) -> int:
    """Two declared indicators of communes, honest but for the planted cases; returns the number of values."""
    classes, share = _indicators()
    months = [planted.month]
    while len(months) < HISTORY:
        months.insert(0, months[0].preceding())
    series = {place: _honest(rng, len(months)) for place in planted.unit_at}
    shares = {place: _share(rng, len(months)) for place in planted.unit_at}
    late = _plant(rng, planted, series, shares)
    rows = []
    for place, unit in planted.unit_at.items():
        for n, month in enumerate(months):
            at = timezone.make_aware(datetime.combine(month.last, time(9))) + timedelta(
                days=rng.randint(1, SAID_WITHIN)
            )
            if n == len(months) - 1 and place in late:
                at += timedelta(days=LATE_BY)
            said = {"unit_id": unit, "period": month.code}
            if (number := series[place][n]) is not None:
                rows.append(Value(indicator=classes, value=number, at=at, **said))
            rows.append(Value(indicator=share, value=shares[place][n], at=min(at, now), **said))
    Value.objects.bulk_create(rows, batch_size=5000)
    return len(rows)


def _indicators() -> tuple[Indicator, Indicator]:
    common: dict[str, Any] = {"kind": "declared", "period_type": "month", "minimum": 0, "source": SOURCE}
    owed = {"aggregate": "sum", "owed_by": [Unit.Kind.COMMUNE_COMMITTEE.value], "due": 10}
    classes = Indicator(key=CLASSES, title="Lớp học đã mở (dữ liệu thử)", measured_in="lớp", definition=owed, **common)
    share = Indicator(
        key=SHARE, title="Hộ có người biết dùng (dữ liệu thử)", measured_in="%", maximum=100, decimals=1,
        definition={"aggregate": "none"}, **common,
    )  # fmt: skip
    classes.save()
    share.save()
    return classes, share


def _honest(rng: Random, months: int) -> list[float | None]:
    level = rng.uniform(40, 200)
    return [float(round(level * rng.uniform(0.85, 1.2))) + n for n in range(months)]


def _share(rng: Random, months: int) -> list[float]:
    """A share of households: it rises slowly, give or take a little."""
    level, pace = rng.uniform(35, 80), rng.uniform(0, 1.5)
    return [round(level + pace * n + rng.uniform(-1, 1), 1) for n in range(months)]


def _plant(
    rng: Random, planted: Planted, series: dict[str, list[float | None]], shares: dict[str, list[float]]
) -> set[str]:
    """Spoil the series; returns the communes that declared late."""
    for place in planted.take(rng, UNMOVED):
        series[place][-3:] = [series[place][-3]] * 3
        planted.truth["unmoved"].add(planted.unit_at[place])
    for place in planted.take(rng, JUMPS):
        series[place][-1] = (series[place][-1] or 1) * 8
        planted.truth["jump"].add(planted.unit_at[place])
    for place in planted.take(rng, MISSING):
        series[place][-1] = None
        planted.truth["missing"].add(planted.unit_at[place])
    for place in planted.take(rng, OUTSIDE):
        shares[place][-1] = float(rng.randint(105, 180))
        planted.truth["outside"].add(planted.unit_at[place])
    _plant_families(rng, planted, series, shares)
    late = set(planted.take(rng, LATE))
    planted.truth["late"] = {planted.unit_at[place] for place in late}
    return late


def _plant_families(
    rng: Random, planted: Planted, series: dict[str, list[float | None]], shares: dict[str, list[float]]
) -> None:
    """Neighbours that copy each other, and provinces in which everybody says 100 %."""
    provinces = dict(Unit.objects.filter(pk__in=planted.unit_at.values()).values_list("place", "parent"))
    by_province: dict[Any, list[str]] = defaultdict(list)
    for place in planted.free:
        by_province[provinces[place]].append(place)
    for province in rng.sample(sorted(by_province, key=str), TWINS):
        one, other = rng.sample(by_province[province], 2)
        series[other][-3:] = series[one][-3:]
        planted.truth["twin"] |= {planted.unit_at[one], planted.unit_at[other]}
        planted.free = sorted(set(planted.free) - {one, other})
    spoiled = planted.truth["outside"]
    clean = [p for p in by_province if not any(planted.unit_at[x] in spoiled for x in provinces if provinces[x] == p)]
    for province in rng.sample(sorted(clean, key=str), FULL_PROVINCES):
        for place in (x for x in provinces if provinces[x] == province):
            shares[place][-1] = 100.0
            planted.in_full_provinces.add(planted.unit_at[place])
        planted.truth["all-full"].add(province)


def examine(planted: Planted) -> int:
    """File the doubts about the month, as of the end of the time for declaring."""
    return quality_checks.check_quality(period=planted.month.code)


def scores(planted: Planted) -> Iterator[str]:
    """Precision and recall of each detector over what was planted.

    A unit flagged where another case was planted (a share of 100 % in all the province also jumps) is `other`: neither
    right nor a false alarm.
    """
    communes = set(planted.unit_at.values())
    spoiled = set().union(planted.in_full_provinces, *planted.truth.values())
    yield f"{'detector':18}{'planted':>8}{'found':>8}{'right':>8}{'other':>8}{'precision':>11}{'recall':>8}"
    for detector, truth in sorted(planted.truth.items()):
        flags = Flag.objects.filter(detector=detector, period=planted.month.code)
        if detector not in ("too-fast", "crowded-device"):
            flags = flags.filter(indicator__in=[CLASSES, SHARE])
        found = set(flags.values_list("unit", flat=True))
        found = found if detector == "all-full" else found & communes
        right, other = len(found & truth), len(found & (spoiled - truth))
        precision, recall = right / (len(found) - other) if right else 0.0, right / len(truth)
        yield f"{detector:18}{len(truth):8}{len(found):8}{right:8}{other:8}{precision:11.2f}{recall:8.2f}"
