"""Values in bulk: plan → apply. Millions of rows are checked and stored in seconds, all or nothing."""

from __future__ import annotations

import json
import math
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hocvuso.base import journal, periods
from hocvuso.base.errors import NotAllowed
from hocvuso.base.events import emit
from hocvuso.base.fields import fingerprint
from hocvuso.base.numbers import UNSAID, NotANumber
from hocvuso.base.sheets import MOST_FAULTS, Fault, PercentCell, kept
from hocvuso.base.sheets import number as number_in
from hocvuso.base.text import same
from hocvuso.people.queries import tops_of_reach, units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ..events import ValuesImported
from ..exchange import BadTable
from ..models import Indicator, ReplacedValue, Value

MOST_CELLS = 32_000_000  # units × (indicator, period) of one file: of eight bytes each
MOST_SPELLINGS = 50_000  # ways of writing an indicator, unit or period that are remembered
REPORT_EVERY = 100_000
# Number in the file, indicator key, unit code, period, value (a NumberCell, or a text in any unmistakable form).
type Row = tuple[int, str, str, str, str]


@dataclass
class ValuesPlan:
    """What an import would do. `numbers` holds one array of values by unit for each (indicator id, period)."""

    units: list[Any] = field(default_factory=list)
    numbers: dict[tuple[int, str], array[float]] = field(default_factory=dict)
    count: int = 0
    faults: list[Fault] = field(default_factory=list)
    more_faults: int = 0


class _Column(NamedTuple):
    """The range that values of an indicator lie in, and those of one period by unit."""

    low: float
    high: float
    numbers: array[float]
    whole: bool
    percent: bool


class _Checker:
    """Knows indicators, units in reach and periods; takes one row at a time."""

    def __init__(self, person: Any) -> None:
        reach = Unit.objects.all() if person is None else units_in_reach(person, May.STEWARD_DATA)
        units = list(reach.order_by("pk").values_list("pk", "code"))
        self.plan = ValuesPlan(units=[pk for pk, _code in units])
        self.unit_at = {code: at for at, (_pk, code) in enumerate(units)}
        self.same_unit = {same(code): at for code, at in self.unit_at.items()}
        declared = Indicator.objects.current().filter(kind=Indicator.Kind.DECLARED)
        self.indicators = {same(i.key): i for i in declared}
        self.periods: dict[tuple[str, str], str | Fault] = {}
        self.today = timezone.localdate()
        self.columns: dict[tuple[str, str], _Column] = {}
        self.empty = array("d", [math.nan]) * len(self.unit_at)

    def take(self, row: Row | Fault) -> None:
        """One row. Called millions of times: what is right takes the short way, the rest is looked at closely."""
        if isinstance(row, Fault):
            self.fault(row.row, row.column, row.value, row.reason)
            return
        number, key, code, period, text = row
        column, at = self.columns.get((key, period)), self.unit_at.get(code)
        if column is None or at is None:
            column, at = self._place(key, period, code, number)
            if column is None or at is None:
                return
        low, high, numbers, whole, percent = column
        try:
            value = read_number(text, whole=whole, percent=percent)
        except NotANumber as refusal:
            self.fault(number, "value", text, str(refusal))
            return
        if not low <= value <= high:
            self.fault(number, "value", text, _("nằm ngoài khoảng cho phép của chỉ số"))
        elif not math.isnan(numbers[at]):
            self.fault(number, "unit", code, _("đã có một dòng khác cho chỉ số, đơn vị và kỳ này"))
        else:
            numbers[at] = value

    def _place(self, key: str, period: str, code: str, number: int) -> tuple[_Column | None, int | None]:
        """Where a value goes, whatever way its indicator, unit and period are written; the first fault where nowhere.

        What is found is remembered under this way of writing, so that the next row takes the short way.
        """
        indicator, at = self.indicators.get(same(key)), self.same_unit.get(same(kept(code)))
        if indicator is None:
            self.fault(number, "indicator", key, _("không có chỉ số khai báo nào mang mã này"))
            return None, None
        if at is None:
            self.fault(number, "unit", code, _("không có đơn vị này trong phạm vi của bạn"))
            return None, None
        found = self._period(period, indicator.period_type)
        if isinstance(found, Fault):
            self.fault(number, "period", period, found.reason)
            return None, None
        column = self.columns.get((indicator.key, found)) or self._column(indicator, found)
        self.columns[indicator.key, found] = column
        if len(self.unit_at) + len(self.columns) < MOST_SPELLINGS + len(self.same_unit):
            self.unit_at[code] = at
            self.columns[key, period] = column
        return column, at

    def _column(self, indicator: Indicator, period: str) -> _Column:
        if (len(self.plan.numbers) + 1) * len(self.empty) > MOST_CELLS:
            raise BadTable(why=_("có quá nhiều kỳ và chỉ số cho một lần nhập; hãy chia tệp theo năm hay theo chỉ số"))
        numbers = self.plan.numbers[indicator.pk, period] = self.empty[:]
        low = -sys.float_info.max if indicator.minimum is None else indicator.minimum
        high = sys.float_info.max if indicator.maximum is None else indicator.maximum
        return _Column(low, high, numbers, indicator.decimals == 0, indicator.is_share)

    def _period(self, text: str, kind: str) -> str | Fault:
        """The code under which a period of the indicator is kept; a fault when it is none."""
        if (text, kind) not in self.periods:
            if len(self.periods) >= MOST_SPELLINGS:
                self.periods.clear()
            try:
                found = periods.read(text, kind)
                late = found.first > self.today
                self.periods[text, kind] = Fault(0, "", "", _("kỳ này chưa bắt đầu")) if late else found.code
            except ValueError:
                self.periods[text, kind] = Fault(0, "", "", _("không phải kỳ của chỉ số này"))
        return self.periods[text, kind]

    def fault(self, row: int, column: str, value: str, reason: str) -> None:
        """Keep a fault, or only count it when there are many."""
        if len(self.plan.faults) < MOST_FAULTS:
            self.plan.faults.append(Fault(row, column, value[:80], reason))
        else:
            self.plan.more_faults += 1


def read_number(text: str, *, whole: bool, percent: bool) -> float:
    """A number of a file, or a text that can be read in one way only (see `base.numbers.UNSAID`). Raises NotANumber."""
    if text.isdecimal() and text.isascii() and len(text) < 16 and (percent or not isinstance(text, PercentCell)):
        return float(text)
    return float(number_in(text, language=UNSAID, whole=whole, percent=percent))


def plan(*, rows: Iterable[Row | Fault], by: Any, progress: Callable[[int], None] = lambda _done: None) -> ValuesPlan:
    """Check every row; nothing is stored. `by` None is the operator; `progress` is told the number of rows read."""
    if by is not None and not tops_of_reach(by, May.STEWARD_DATA):
        raise NotAllowed
    checker, done = _Checker(by), 0
    for done, row in enumerate(rows, 1):
        checker.take(row)
        if done % REPORT_EVERY == 0:
            progress(done)
    made = checker.plan
    made.count = done - len(made.faults) - made.more_faults  # a row is taken or is one fault
    return made


def apply(*, made: ValuesPlan, by: Any, source: str, partial: bool = False, at: datetime | None = None) -> int:
    """Store a plan: new values are added, existing ones replaced; the journal keeps one act with the counts.

    With faults nothing is stored, unless `partial` says to store the rows without faults. Raises ValueError.
    """
    if made.faults and not partial:
        raise ValueError("a plan with faults is not applied")
    when = at or timezone.now()
    with transaction.atomic():
        for (indicator, period), numbers in sorted(made.numbers.items()):
            _keep_replaced(made, indicator, period, numbers, when)
            _store(
                indicator, period, ((made.units[n], v) for n, v in enumerate(numbers) if not math.isnan(v)), by, when
            )
        faults = len(made.faults) + made.more_faults
        journal.write("values.imported", Value, by=by, source=source, rows=made.count, faults=faults)
        emit(ValuesImported(source=source, rows=made.count, at=when.isoformat()))
    return made.count


def _keep_replaced(made: ValuesPlan, indicator: int, period: str, numbers: array[float], when: datetime) -> None:
    """What was declared before and will now be another number is kept beside."""
    before = Value.objects.filter(indicator=indicator, period=period, kind=Value.Kind.DECLARED)
    known = {row["unit"]: row for row in before.values("unit", "value", "note", "by", "at")}
    if not known:
        return
    coming = ((unit, number) for unit, number in zip(made.units, numbers, strict=True) if not math.isnan(number))
    ReplacedValue.objects.bulk_create(
        [
            ReplacedValue(
                indicator_id=indicator, unit_id=unit, period=period, value=known[unit]["value"],
                note=known[unit]["note"], by_id=known[unit]["by"], at=known[unit]["at"], replaced_at=when,
            )
            for unit, number in coming
            if unit in known and known[unit]["value"] != number
        ],
        batch_size=1000,
    )  # fmt: skip


_COLUMNS = "indicator_id, period, unit_id, kind, value, note, by_id, at, fingerprint"
_CONFLICT = (
    " ON CONFLICT (indicator_id, period, unit_id, kind) DO UPDATE SET value = excluded.value, note = excluded.note,"
    " by_id = excluded.by_id, at = excluded.at, fingerprint = excluded.fingerprint, numerator = NULL,"
    " denominator = NULL"
)


def _store(indicator: int, period: str, numbers: Iterator[tuple[Any, float]], by: Any, when: datetime) -> None:
    """Past the ORM, which would take minutes for millions of rows; the table is the ORM's own."""
    table, kind = Value._meta.db_table, Value.Kind.DECLARED.value
    told = by.pk if by else None, when.astimezone(UTC)
    rows = ((unit, n, fingerprint(indicator, unit, period, kind, n, None, None, "", *told)) for unit, n in numbers)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE IF NOT EXISTS incoming"
                " (unit_id uuid, value double precision, fingerprint bigint) ON COMMIT DROP"
            )
            cursor.execute("TRUNCATE incoming")
            with cursor.copy("COPY incoming (unit_id, value, fingerprint) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(
                f"INSERT INTO {table} ({_COLUMNS})"
                f" SELECT %s, %s, unit_id, %s, value, '', %s, %s, fingerprint FROM incoming{_CONFLICT}",
                [indicator, period, kind, by.pk if by else None, when],
            )
        return
    stamp, who = connection.ops.adapt_datetimefield_value(when), by.pk.hex if by else None
    with connection.cursor() as cursor:  # one statement for all rows: half the time of one each
        cursor.execute(
            f"INSERT INTO {table} ({_COLUMNS})"
            " SELECT %s, %s, row.value ->> 0, %s, CAST(row.value ->> 1 AS REAL), '', %s, %s, row.value ->> 2"
            f" FROM json_each(%s) AS row WHERE TRUE{_CONFLICT}",
            [indicator, period, kind, who, stamp, json.dumps([(unit.hex, n, mark) for unit, n, mark in rows])],
        )
