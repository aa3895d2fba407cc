"""The table under an indicator: the units beneath with their figures, or the parts of what was counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hocvuso.base import periods as calendar
from hocvuso.base.sheets import safe
from hocvuso.indicators import queries
from hocvuso.indicators.models import Indicator
from hocvuso.indicators.queries import Breakdown, Part
from hocvuso.people.queries import ethnicities
from hocvuso.skills.models import Audience
from hocvuso.units.models import Unit

from ...kit.auth import PersonRequest
from .asking import Asked, shown

PAGE = 50
WAYS: dict[str, Any] = {
    "unit": gettext_lazy("Đơn vị"),
    "place": gettext_lazy("Địa bàn"),
    "period": gettext_lazy("Thời gian"),
    "audience": gettext_lazy("Nhóm đối tượng"),
    "sex": gettext_lazy("Giới"),
    "age_band": gettext_lazy("Độ tuổi"),
    "ethnicity": gettext_lazy("Dân tộc"),
    "difficulty": gettext_lazy("Đặc biệt khó khăn"),
}


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    label: str
    value: float | None
    words: str
    unit: Unit | None = None
    target: str = ""
    declared: str = ""
    share: float | None = None
    withheld: bool = False


@dataclass(frozen=True)
class Table:
    """The lines, the page they are on (units only), and the same as a download."""

    title: str
    rows: list[Line]
    page: Page[Any] | None = None
    whole: str = ""
    whole_counts: str = ""

    @property
    def head(self) -> list[str]:
        return [self.title, _("Giá trị"), _("Tỉ trọng, %")]

    @property
    def lines(self) -> Iterator[list[Any]]:
        for row in self.rows:
            yield [safe(row.label), _("không hiện") if row.withheld else row.value, row.share]


def way_asked(request: PersonRequest, indicator: Indicator) -> tuple[str, dict[str, Any]]:
    """The way to take the figure apart that the address asks for, and the ways there are."""
    ways = WAYS if queries.measures_in(indicator) else {"unit": WAYS["unit"]}
    wished = request.GET.get("theo", "")
    return (wished if wished in ways else "unit"), ways


def table(request: PersonRequest, indicator: Indicator, at: Asked, way: str) -> Table:
    """The table for one way."""
    if way == "unit":
        return _units(request, indicator, at)
    taken = queries.breakdown(indicator=indicator, unit=at.unit, period=at.period, by=way, viewer=request.user)
    if taken is None:
        return Table(str(WAYS[way]), [])
    names = _names(way)
    rows = [_line(part, taken, names) for part in taken.parts]
    return Table(str(WAYS[way]), rows, whole=shown(taken.whole), whole_counts=str(taken.measure.title))


def _line(part: Part, taken: Breakdown, names: dict[str, str]) -> Line:
    label = part.label or names.get(part.key) or (_day(part.key) if part.key else names.get("", _("Không rõ")))
    if part.withheld:
        return Line(label, None, "", withheld=True)
    share = round(part.value / taken.whole * 100, 1) if taken.whole else None
    return Line(label, part.value, shown(part.value), share=share)


def _day(key: str) -> str:
    try:
        on = date.fromisoformat(key)
    except ValueError:
        return calendar.named(key)
    return f"{on.day:02}/{on.month:02}/{on.year}"


def _names(way: str) -> dict[str, str]:
    match way:
        case "audience":
            return {a.key: a.title for a in Audience.objects.all()}
        case "sex":
            return {"female": _("nữ"), "male": _("nam")}
        case "ethnicity":
            return ethnicities()
        case "difficulty":
            return {"yes": _("Có"), "no": _("Không")}
        case "period":
            return {"": _("Trước kỳ này")}
    return {}


def _units(request: PersonRequest, indicator: Indicator, at: Asked) -> Table:
    """Units directly beneath with their figures; of what is counted, also what lies in none of them."""
    children = queries.units_beneath(indicator, at.unit)
    page: Page[Any] = Paginator(children, PAGE).get_page(request.GET.get("trang"))
    units = list(page.object_list)
    sheet = queries.figures(indicators=[indicator], units=units, periods=[at.period], viewer=request.user)
    targets = queries.targets_of(units, [at.period.code])
    rows = []
    for unit in units:
        figure = sheet[indicator.key, unit.pk, at.period.code]
        target = targets.get((indicator.key, unit.pk, at.period.code))
        rows.append(
            Line(
                label=unit.name,
                value=figure.value,
                words=shown(figure.value, indicator.decimals),
                unit=unit,
                target=shown(target.value, indicator.decimals) if target else "",
                declared=shown(figure.declared, indicator.decimals) if figure.kind == "m" and figure.declared else "",
                withheld=figure.withheld,
            )
        )
    if indicator.kind == Indicator.Kind.MEASURE and units and not page.has_next():
        rows += _rest(request, indicator, at)
    count = page.paginator.count
    title = ngettext("%(count)s đơn vị trực thuộc", "%(count)s đơn vị trực thuộc", count) % {"count": count}
    return Table(title, rows, page=page)


def _rest(request: PersonRequest, indicator: Indicator, at: Asked) -> list[Line]:
    taken = queries.breakdown(indicator=indicator, unit=at.unit, period=at.period, by="unit", viewer=request.user)
    rest = [p for p in taken.parts if not p.key] if taken else []
    return [Line(_("Không thuộc đơn vị nào ở trên"), p.value, shown(p.value, indicator.decimals)) for p in rest]
