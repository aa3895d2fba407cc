"""Doubts about figures: pure detectors, and the words for what each one found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.base.numbers import trimmed

JUMP_Z = 6.0  # robust z-score from which a change is a jump; 3.5 is the usual mark, but growth comes in steps here
JUMP_HISTORY = 6
JUMP_LEAST = 20  # a jump from 1 to 9 is no news
SAME_PERIODS = 3
SAME_LEAST = 10  # series of tiny numbers are alike by chance
ALL_FULL_UNITS = 5
DIFFERS_BY = 0.005


@dataclass(frozen=True)
class Doubt:
    """What a detector found at a unit in a period. `kind` is one of Flag.Kind, `facts` what the words quote."""

    detector: str
    kind: str
    indicator: str
    unit: Any
    period: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Threshold:
    """A doubt by definition: a value above `above` is one, once its numerator is `least` or more."""

    detector: str
    above: float
    least: float = 0


def too_many(value: float | None, people: float | None) -> dict[str, Any] | None:
    """More people counted than there are."""
    if value is None or people is None or value <= people:
        return None
    return {"value": value, "people": people}


def outside(value: float | None, least: float | None, most: float | None) -> dict[str, Any] | None:
    """A value that the definition rules out."""
    if value is None:
        return None
    if most is not None and value > most:
        return {"value": value, "limit": most}
    return {"value": value, "limit": least} if least is not None and value < least else None


def jump(history: Sequence[float], value: float) -> dict[str, Any] | None:
    """A value far from its own history, by median and median absolute deviation: a few wild values cannot hide it."""
    if len(history) < JUMP_HISTORY:
        return None
    middle = median(history)
    spread = median(abs(x - middle) for x in history) * 1.4826
    spread = max(spread, 0.05 * abs(middle), 1.0)  # a flat history must not make every change a jump
    z = (value - middle) / spread
    if abs(z) <= JUMP_Z or abs(value - middle) < JUMP_LEAST:
        return None
    return {"value": value, "usual": middle, "z": round(z, 1)}


def unmoved(series: Sequence[float | None]) -> dict[str, Any] | None:
    """The same declared number period after period."""
    last = series[-SAME_PERIODS:]
    if len(last) < SAME_PERIODS or last[0] is None or abs(last[0]) < SAME_LEAST or len(set(last)) > 1:
        return None
    return {"value": last[0], "periods": SAME_PERIODS}


def twins(series: Mapping[Any, Sequence[float | None]]) -> dict[Any, dict[str, Any]]:
    """Units whose last numbers are those of a neighbour, number by number: {unit: {"twin": the other, …}}."""
    seen: dict[tuple[float, ...], list[Any]] = {}
    for unit, values in series.items():
        last = tuple(v for v in values[-SAME_PERIODS:] if v is not None)
        if len(last) == SAME_PERIODS and min(last) >= SAME_LEAST and len(set(last)) > 1:
            seen.setdefault(last, []).append(unit)
    return {
        unit: {"twin": next(u for u in units if u != unit), "periods": SAME_PERIODS}
        for units in seen.values()
        if len(units) > 1
        for unit in units
    }


def all_full(values: Mapping[Any, float | None]) -> dict[str, Any] | None:
    """Every one of many units says exactly 100 %."""
    known = [v for v in values.values() if v is not None]
    if len(known) < ALL_FULL_UNITS or any(v != 100 for v in known):
        return None
    return {"units": len(known)}


def above(value: float | None, numerator: float | None, mark: Threshold) -> dict[str, Any] | None:
    """A share that should be small and is not: lessons done too fast, people crowded on one device."""
    if value is None or value <= mark.above or (numerator or 0) < mark.least:
        return None
    return {"value": round(value, 1), "above": mark.above, "numerator": numerator}


def late(declared_on: date, due_on: date) -> dict[str, Any] | None:
    """Declared after it was due."""
    days = (declared_on - due_on).days
    return {"days": days, "due": due_on.isoformat()} if days > 0 else None


def differs(reported: float, computed: float | None) -> dict[str, Any] | None:
    """Counting again gives another number than the one that a report quoted."""
    if computed is None or abs(computed - reported) <= DIFFERS_BY * max(abs(reported), 1):
        return None
    return {"reported": reported, "computed": computed}


EXPLANATIONS = {
    "more-than-people": _("Đếm được %(value)s người, nhiều hơn dân số %(people)s của địa bàn."),
    "outside": _("Giá trị %(value)s vượt giới hạn %(limit)s của định nghĩa."),
    "jump": _("Kỳ này %(value)s, trong khi bình thường quanh mức %(usual)s (lệch %(z)s lần độ biến động thường thấy)."),
    "unmoved": _("Số khai không đổi (%(value)s) trong %(periods)s kỳ liền nhau."),
    "twin": _("Số khai %(periods)s kỳ gần nhất giống hệt số của %(name)s."),
    "all-full": _("Cả %(units)s đơn vị trực thuộc đều khai đúng 100 %%."),
    "too-fast": _(
        "%(value)s %% số bài (%(numerator)s bài) xong nhanh hơn thời gian cần để đọc; bình thường dưới %(above)s %%."
    ),
    "crowded-device": _(
        "%(value)s %% số người (%(numerator)s người) học trên thiết bị đã có nhiều người dùng; "
        "bình thường dưới %(above)s %%."
    ),
    "late": _("Khai muộn %(days)s ngày so với hạn %(due)s."),
    "missing": _("Đã quá hạn %(due)s mà chưa có số liệu."),
    "same-evidence": _("Cùng một tệp minh chứng (%(name)s) được dùng cho %(times)s số liệu."),
    "differs": _("Báo cáo đã dùng số %(reported)s; đếm lại bây giờ được %(computed)s."),
}


def explain(detector: str, facts: Mapping[str, Any]) -> str:
    """What a detector found, in a sentence; numbers without useless decimals."""
    if detector not in EXPLANATIONS:
        return _t("Cần xem lại số này.")
    return str(EXPLANATIONS[detector]) % {name: _told(name, value) for name, value in facts.items()}


def _told(name: str, value: Any) -> str:
    if name == "due" and isinstance(value, str):
        year, month, day = value.split("-")
        return f"{day}/{month}/{year}"
    return trimmed(value) if isinstance(value, int | float) else str(value)
