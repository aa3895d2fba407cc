"""Reporting regimes: set, changed, and their reports opened for all units at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from hocvuso.base import days, journal
from hocvuso.base.batches import Batch, each
from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.base.periods import Period, PeriodType, between, containing
from hocvuso.base.text import clean, fold
from hocvuso.base.versions import expect
from hocvuso.indicators.models import Indicator
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ..models import Regime, Report
from ..rules import DueCounts, due_day, nearest_above

BATCH = 500
MAX_DUE_DAYS = 120
EARLIEST = date(2000, 1, 1)
YEARS_BACK, YEARS_AHEAD = 5, 10  # when a regime may begin: each period since then is opened for every unit


class BadRegime(Refusal):
    """Something in a regime cannot be; the field says what."""

    code = "bad-regime"

    def __init__(self, field: str, says: Any, **values: Any) -> None:
        super().__init__(field=field, **values)
        self.says = says


@dataclass(frozen=True)
class RegimeTerms:
    """What a regime says, as typed. `sections`: (title, required, max words)."""

    title: str
    period_type: str
    starts_on: date | None
    basis: str = ""
    kinds: Sequence[str] = ()
    units: Collection[Unit] = ()
    issuer_reports: bool = True
    due_days: int = 5
    due_counts: str = DueCounts.CALENDAR
    opens_days: int = 7
    indicators: Sequence[str] = ()
    sections: Sequence[tuple[str, bool, int]] = field(default_factory=tuple)
    ends_on: date | None = None
    active: bool = True


@transaction.atomic
def set_regime(
    *, issuer: Unit, terms: RegimeTerms, by: Person, regime: Regime | None = None, version: int | None = None
) -> Regime:
    """Issue a regime, or change one (for reports not yet begun). Raises NotAllowed, Stale, BadRegime, DayOutOfRange."""
    if regime is not None:
        regime = Regime.objects.select_for_update(of=("self",)).select_related("issuer").get(pk=regime.pk)
    if not may(by, May.ACCEPT_REPORT, issuer if regime is None else regime.issuer):
        raise NotAllowed
    if regime is not None:
        expect(regime, version, by=by)
    _check(issuer if regime is None else regime.issuer, terms)
    if terms.starts_on and not (regime and regime.starts_on == terms.starts_on):
        year = timezone.localdate().year
        first, last = date(year - YEARS_BACK, 1, 1), date(year + YEARS_AHEAD, 12, 31)
        days.within(terms.starts_on, earliest=first, latest=last, field="starts_on")
    if terms.ends_on:
        days.within(terms.ends_on, field="ends_on")
    made = regime or Regime(issuer=issuer, written_by=by)
    made.title, made.basis = clean(terms.title), clean(terms.basis, lines=True)
    made.kinds, made.issuer_reports = list(terms.kinds), terms.issuer_reports
    made.period_type, made.due_days, made.due_counts = terms.period_type, terms.due_days, terms.due_counts
    made.opens_days, made.indicators, made.sections = terms.opens_days, list(terms.indicators), _sections(terms)
    made.starts_on, made.ends_on, made.active = terms.starts_on or date.min, terms.ends_on, terms.active
    made.save()
    made.units.set(terms.units)
    journal.write("regime.changed" if regime else "regime.issued", made, by=by, title=made.title, issuer=issuer.code)
    return made


def _check(issuer: Unit, terms: RegimeTerms) -> None:
    known = {i.key: i for i in Indicator.objects.current().filter(key__in=terms.indicators)}
    strange = [key for key in terms.indicators if key not in known]
    declared = [i for i in known.values() if i.kind == Indicator.Kind.DECLARED]
    faults: list[tuple[bool, str, Any]] = [
        (not terms.title.strip(), "title", _("Hãy đặt tên cho chế độ báo cáo.")),
        (terms.period_type not in PeriodType.values, "period_type", _("Hãy chọn kỳ báo cáo trong danh sách.")),
        (terms.starts_on is None, "starts_on", _("Hãy chọn ngày bắt đầu.")),
        (
            bool(terms.ends_on and terms.starts_on and terms.ends_on < terms.starts_on),
            "ends_on",
            _("Ngày kết thúc phải sau ngày bắt đầu."),
        ),
        (not 0 <= terms.due_days <= MAX_DUE_DAYS, "due_days", _("Hạn nộp từ 0 đến 120 ngày sau khi hết kỳ.")),
        (not 0 <= terms.opens_days <= MAX_DUE_DAYS, "opens_days", _("Mở trước từ 0 đến 120 ngày.")),
        (not terms.kinds and not terms.units, "kinds", _("Hãy chọn ít nhất một loại đơn vị, hoặc kể tên đơn vị.")),
        (
            any(not u.path.startswith(issuer.path) for u in terms.units),
            "units",
            _("Chỉ chọn được đơn vị trực thuộc đơn vị ban hành."),
        ),
        (bool(strange), "indicators", _("Không có chỉ số nào mang mã này.")),
        (
            any(i.period_type != terms.period_type for i in declared),
            "indicators",
            _("Chỉ số khai báo phải có cùng kỳ với chế độ báo cáo."),
        ),
        (not terms.indicators and not terms.sections, "sections", _("Hãy chọn chỉ số hoặc thêm mục thuyết minh.")),
    ]
    for wrong, name, says in faults:
        if wrong:
            raise BadRegime(name, says)


def _sections(terms: RegimeTerms) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for number, (title, required, max_words) in enumerate(terms.sections, 1):
        key = slugify(fold(title))[:30] or "muc"
        if any(section["key"] == key for section in made):
            key = f"{key}-{number}"
        made.append({"key": key, "title": clean(title), "required": required, "max_words": max_words})
    return made


def units_of(regime: Regime, on: date) -> list[Unit]:
    """The units that report by a regime on a day: of the kinds beneath the issuer, the chosen ones, the issuer."""
    wanted = Q(kind__in=regime.kinds) | Q(pk__in=regime.units.values("pk"))
    found = list(Unit.objects.under(regime.issuer).filter(wanted).open(on).order_by("path"))
    if regime.issuer_reports and regime.issuer_id not in {unit.pk for unit in found}:
        found.insert(0, regime.issuer)
    elif not regime.issuer_reports:
        found = [unit for unit in found if unit.pk != regime.issuer_id]
    return found


@transaction.atomic
def open_period(*, regime: Regime, period: Period, by: Person | None = None, on: date | None = None) -> int:
    """Open the reports of all units for a period; those already open stay as they are. Returns how many are new.

    Opened (`on`, today) after the day on which they would be due, they are due as many days after the opening as the
    regime gives after the end of a period: nobody is late with what was never asked.
    """
    if by is not None and not may(by, May.ACCEPT_REPORT, regime.issuer):
        raise NotAllowed
    Regime.objects.select_for_update().get(pk=regime.pk)  # two openings at once would open everything twice
    there = dict(Report.objects.filter(regime=regime, period=period.code).values_list("unit__path", "pk"))
    new = [unit for unit in units_of(regime, period.last) if unit.path not in there]
    if not new:
        return 0
    made = {unit.path: Report(regime=regime, unit=unit, period=period.code, ends_on=period.last) for unit in new}
    ids = there | {path: report.pk for path, report in made.items()}
    opened, due_on = on or timezone.localdate(), due_day(period.last, regime.due_days, regime.due_counts)
    if due_on < opened:
        due_on = due_day(opened, regime.due_days, regime.due_counts)
    for path, above in nearest_above(ids).items():
        if path in made:
            made[path].due_on, made[path].parent_id = due_on, ids[above] if above else None
    Report.objects.bulk_create(made.values(), batch_size=BATCH)
    journal.write("reports.opened", regime, by=by, period=period.code, count=len(made))
    return len(made)


def open_due(today: date) -> int:
    """Open what is to be open by today in all active regimes: run daily. Returns how many reports are new.

    A regime whose reports could not be opened is kept as not taken.
    """
    active = Regime.objects.filter(active=True).select_related("issuer")
    return each(active, lambda regime: _open_all(regime, today), batch=OPENING)


def _open_all(regime: Regime, today: date) -> int:
    return sum(open_period(regime=regime, period=period, on=today) for period in periods_due(regime, today))


OPENING = Batch(
    "reports-opened",
    _("mở báo cáo theo chế độ"),
    lambda name: _open_all(Regime.objects.get(pk=name.partition(":")[2]), timezone.localdate()),
)


def periods_due(regime: Regime, today: date) -> list[Period]:
    """Periods of a regime that should be open by today: whole periods from its start, opened before their end.

    Raises DayOutOfRange for a regime that begins before there was anything to report.
    """
    days.within(regime.starts_on, earliest=EARLIEST, field="starts_on")
    until = today + timedelta(days=regime.opens_days)
    last = min(until, regime.ends_on) if regime.ends_on else until
    if regime.starts_on > last:
        return []
    return [
        period
        for period in between(regime.period_type, regime.starts_on, last)
        if period.last <= until and (regime.ends_on is None or period.last <= regime.ends_on)
    ]


def current_period(regime: Regime, today: date) -> Period:
    """The period that today lies in."""
    return containing(regime.period_type, today)
