"""What units say for themselves: declared values with evidence; and figures frozen because a report quoted them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base import periods as calendar
from hocvuso.base.attachments import attach, attached_to
from hocvuso.base.errors import NeedsReason, NotAllowed, Refusal
from hocvuso.base.numbers import NotWhole, trimmed, typed
from hocvuso.base.text import clean
from hocvuso.base.versions import check
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ..models import Flag, Indicator, ReplacedValue, Value
from ..queries.figures import Figure


class NotAPeriod(Refusal):
    """The code is no period, or not of the type the indicator is asked for."""

    code = "not-a-period"
    says = _("Kỳ số liệu không đúng. Ví dụ đúng: 2026-10 (tháng), 2026-Q3 (quý), 2026 (năm).")


class NotYet(Refusal):
    """The period has not begun."""

    code = "not-yet"
    says = _("Kỳ này chưa bắt đầu nên chưa thể có số liệu.")


class OutOfRange(Refusal):
    """The value lies outside what the definition allows."""

    code = "out-of-range"
    says = _("Giá trị phải nằm trong khoảng từ %(least)s đến %(most)s.")


class NeedsEvidence(Refusal):
    """The definition asks for evidence with every declaration."""

    code = "needs-evidence"
    says = _("Chỉ số này cần tệp minh chứng: văn bản, bảng kê, ảnh chụp.")


@dataclass(frozen=True)
class Evidence:
    """A file that shows where a declared value comes from."""

    name: str
    content: bytes


@transaction.atomic
def declare(
    *,
    indicator: Indicator,
    unit: Unit,
    period: str,
    value: float,
    by: Any,
    note: str = "",
    evidence: Sequence[Evidence] = (),
    accepted: bool = False,
    at: datetime | None = None,
    version: int | None = None,
) -> Value:
    """Keep what a unit says of itself, beside what is measured. A second one corrects the first, with a reason.

    `version`: of the first, as seen. `accepted`: it stands in an accepted report, where evidence was asked for before.
    Raises NotAllowed, NotAPeriod, NotYet, NotWhole, OutOfRange, NeedsReason, NeedsEvidence, BadFile, Stale.
    """
    if not may(by, May.DECLARE, unit):
        raise NotAllowed
    moment = at or timezone.now()
    period = _check(indicator, period, value, moment)
    here = {"indicator": indicator, "unit": unit, "period": period, "kind": Value.Kind.DECLARED}
    earlier = Value.objects.select_for_update().filter(**here).first()
    _check_correction(earlier, value, note, version)
    if indicator.needs_evidence and not (accepted or evidence or (earlier and attached_to(earlier))):
        raise NeedsEvidence(field="file")
    before = earlier.value if earlier else None
    made = earlier or Value(**here)
    if before != value:
        _keep_before(earlier, moment)
        made.at = moment
    made.value, made.note, made.by = value, clean(note, lines=True)[:500], by
    made.save()
    for file in evidence:
        attach(subject=made, name=file.name, content=file.content, by=by)
    _mend_missing(made)
    act = "value.declared" if earlier is None else "value.corrected"
    journal.write(act, made, by=by, indicator=indicator.key, period=period, unit=unit.code, before=before, after=value)
    return made


def _check_correction(earlier: Value | None, value: float, note: str, version: int | None) -> None:
    if earlier is None:
        return
    check(earlier, version)
    if earlier.value != value and not clean(note):
        raise NeedsReason(field="note")


def _keep_before(value: Value | None, replaced_at: datetime) -> None:
    if value is None:
        return
    names = ("indicator", "unit", "period", "value", "note", "by", "at")
    ReplacedValue.objects.create(replaced_at=replaced_at, **{name: getattr(value, name) for name in names})


def _check(indicator: Indicator, period: str, value: float, moment: datetime) -> str:
    """The period's code, where the indicator may have this value in it."""
    try:
        parsed = calendar.read(period, indicator.period_type)
    except ValueError:
        raise NotAPeriod(field="period") from None
    if parsed.first > timezone.localdate(moment):
        raise NotYet(field="period")
    check_value(indicator, float(value))
    return parsed.code


def check_value(indicator: Indicator, value: float) -> None:
    """Raises NotWhole for a fraction of what is counted, OutOfRange for what else the definition does not allow."""
    if indicator.decimals == 0 and not value.is_integer():
        raise NotWhole(field="value", value=typed(value), example=typed(round(value)))
    least, most = indicator.minimum, indicator.maximum
    if (least is not None and value < least) or (most is not None and value > most):
        raise OutOfRange(
            field="value", least="−∞" if least is None else trimmed(least), most="+∞" if most is None else trimmed(most)
        )


def _mend_missing(value: Value) -> None:
    """A flag that the value was missing is mended by declaring it."""
    flags = Flag.objects.filter(
        detector="missing", indicator=value.indicator.key, unit=value.unit, period=value.period, state=Flag.State.OPEN
    )
    flags.update(state=Flag.State.MENDED, by=value.by, note=str(_("Đã khai số liệu.")))


@transaction.atomic
def freeze(*, figures: Iterable[Figure], by: Any = None, at: datetime | None = None) -> int:
    """Keep measured figures as a report quotes them, with the definition they were computed by; never overwritten.

    Withheld and unknown ones are left out. Returns how many are new.
    """
    quoted = [(f, f.value) for f in figures if f.kind == "m" and f.value is not None]
    versions = {(i.key, i.version): i for i in Indicator.objects.filter(key__in={f.indicator for f, _v in quoted})}
    before = Value.objects.count()
    Value.objects.bulk_create(
        [
            Value(
                indicator=versions[f.indicator, f.version],
                unit_id=f.unit_id,
                period=f.period,
                kind=Value.Kind.MEASURED,
                value=value,
                numerator=f.numerator,
                denominator=f.denominator,
                by=by,
                at=at or timezone.now(),
            )
            for f, value in quoted
        ],
        ignore_conflicts=True,
    )
    return Value.objects.count() - before
