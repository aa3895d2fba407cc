"""Definitions in versions, and targets."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base import periods as calendar
from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.base.text import clean
from hocvuso.base.versions import Stale, check, expect
from hocvuso.people.queries import may, tops_of_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ..models import Indicator, Target
from ..rules import POPULATION_GROUPS, REGISTER, cyclic, needs
from .declaring import NotAPeriod, check_value

FIELDS = (
    "title", "title_en", "note", "kind", "definition", "measured_in", "measured_in_en", "decimals", "higher_is_better",
    "period_type", "minimum", "maximum", "public", "source",
)  # fmt: skip
KEY = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
SHAPES: dict[str, Any] = {
    "measure": str, "numerator": str, "denominator": str, "population": str, "factor": int | float, "terms": list,
    "owed_by": list, "due": int, "evidence": bool, "doubt": dict,
}  # fmt: skip
KEYS_OF_PAGES = {"canh-bao", "tep", "moi", "bang"}  # these stand where keys stand in addresses


class BadDefinition(Refusal):
    """The definition cannot be computed."""

    code = "bad-definition"
    says = _("Định nghĩa chưa đúng: %(why)s")


class NeedsSource(Refusal):
    """A target says where it comes from."""

    code = "needs-source"
    says = _("Hãy ghi nguồn của chỉ tiêu: số văn bản, ngày.")


class SetAbove(Refusal):
    """A target that a unit above set is changed there."""

    code = "set-above"
    says = _("Chỉ tiêu này do %(unit)s đặt; hãy đề nghị nơi đó sửa.")


def may_define(person: Any) -> bool:
    """Definitions hold for the whole country, so only who may define at the top of the tree may change them."""
    return any(may(person, May.DEFINE, root) for root in Unit.objects.filter(parent=None))


@transaction.atomic
def define(*, key: str, by: Any, version: int | None = None, **fields: Any) -> Indicator:
    """A new indicator, or a new version of one: what is not given stays as it was. Values keep the version they have.

    `version`: the one that was seen, 0 for none yet; None from callers that change what they have just read.
    Raises NotAllowed, BadDefinition, Stale.
    """
    if not may_define(by):
        raise NotAllowed
    versions = Indicator.objects.filter(key=key).order_by("version")
    versions.select_for_update().first()  # the first stays what it is: whoever waited for it then reads the latest
    earlier = versions.current().first()
    if version and not earlier:
        raise BadDefinition(field="key", why=_("chưa có chỉ số nào mang mã này"))
    if earlier and version == 0:
        raise BadDefinition(field="key", why=_("đã có chỉ số mang mã này"))
    if earlier and version is not None and version != earlier.version:
        raise Stale(earlier)
    kept = {name: getattr(earlier, name) for name in FIELDS} if earlier else {}
    made = Indicator(key=key, version=earlier.version + 1 if earlier else 1, **(kept | fields))
    check_definition(made)
    if earlier:
        Indicator.objects.filter(pk=earlier.pk).update(superseded=True)
    made.save()
    journal.write("indicator.defined", made, by=by, key=key, version=made.version, definition=made.definition)
    return made


def check_definition(indicator: Indicator) -> None:
    """Refuse what could not be computed: unknown measures and keys, definitions in a circle. Raises BadDefinition."""
    if not KEY.match(indicator.key) or len(indicator.key) > 60 or indicator.key in KEYS_OF_PAGES:
        raise BadDefinition(field="key", why=_("mã chỉ gồm chữ thường không dấu, số và gạch nối"))
    if not indicator.title.strip():
        raise BadDefinition(field="title", why=_("thiếu tên"))
    if indicator.period_type not in calendar.PeriodType.values:
        raise BadDefinition(field="period_type", why=_("không có loại kỳ này"))
    if indicator.minimum is not None and indicator.maximum is not None and indicator.minimum > indicator.maximum:
        raise BadDefinition(field="maximum", why=_("số lớn nhất nhỏ hơn số nhỏ nhất"))
    if why := _fault(indicator):
        raise BadDefinition(field="definition", why=why)


def _fault(indicator: Indicator) -> Any:
    d, kinds = indicator.definition, Indicator.Kind
    if not isinstance(d, dict):
        return _("phải là một đối tượng JSON")
    if name := _misshapen(d):
        return _("“%(name)s” không đúng dạng") % {"name": name}
    if indicator.kind == kinds.MEASURE and d.get("measure") not in REGISTER:
        return _("không có phép đo này")
    if indicator.kind == kinds.RATIO and not (d.get("numerator") and (d.get("denominator") or d.get("population"))):
        return _("tỉ lệ cần tử số, và mẫu số hoặc nhóm dân số")
    if d.get("population", "all") not in POPULATION_GROUPS:
        return _("không có nhóm dân số này; có: %(groups)s") % {"groups": ", ".join(POPULATION_GROUPS)}
    if indicator.kind == kinds.COMPOSITE and not _are_terms(d.get("terms")):
        return _("tổng hợp cần danh sách [trọng số, mã chỉ số]")
    others = {i.key: i.definition for i in Indicator.objects.current().exclude(key=indicator.key)}
    unknown = [key for key in needs(d) if key not in others and key != indicator.key]
    if unknown:
        return _("không có chỉ số “%(key)s”") % {"key": unknown[0]}
    return _("định nghĩa dẫn về chính nó") if cyclic(others | {indicator.key: d}) else None


def _misshapen(definition: dict[str, Any]) -> str:
    """The name of the first part that is not of its shape; nothing where all are."""
    for name, shape in SHAPES.items():
        value = definition.get(name)
        if name in definition and (not isinstance(value, shape) or isinstance(value, bool) is not (shape is bool)):
            return name
    if not all(kind in Unit.Kind.values for kind in definition.get("owed_by", [])):
        return "owed_by"
    doubt = set(definition.get("doubt", {"detector", "above"}))
    return "" if {"detector", "above"} <= doubt <= {"detector", "above", "least"} else "doubt"


def _are_terms(terms: Any) -> bool:
    return (
        bool(terms)
        and isinstance(terms, list)
        and all(
            isinstance(t, list) and len(t) == 2 and isinstance(t[0], int | float) and isinstance(t[1], str)
            for t in terms
        )
    )


def set_from(by: Any, unit: Unit) -> Unit | None:
    """The highest unit from which the person may set targets of this unit; None when there is none."""
    above = [top for top in tops_of_reach(by, May.DEFINE) if unit.path.startswith(top.path)]
    return min(above, key=lambda top: len(top.path), default=None)


def locked(target: Target, by: Any) -> SetAbove | None:
    """Why the person may not change or remove a target: units beneath do not undo what was set above them."""
    if by is None or target.set_at is None or may(by, May.DEFINE, target.set_at):
        return None
    return SetAbove(field="unit", unit=target.set_at)


@transaction.atomic
def set_target(
    *,
    indicator: Indicator,
    unit: Unit,
    period: str,
    value: float,
    source: str,
    by: Any,
    version: int | None = None,
) -> Target:
    """What a unit should reach in a period, and who says so. `version` is that of the target it replaces, as seen.

    Raises NotAllowed, NotAPeriod, NotWhole, OutOfRange, NeedsSource, SetAbove, Stale.
    """
    if (place := set_from(by, unit)) is None:
        raise NotAllowed
    try:
        code = calendar.read(period).code
    except ValueError:
        raise NotAPeriod(field="period") from None
    check_value(indicator, float(value))
    if not (source := clean(source)):
        raise NeedsSource(field="source")
    earlier = Target.objects.select_for_update().filter(indicator=indicator.key, unit=unit, period=code).first()
    if earlier and (refusal := locked(earlier, by)):
        raise refusal
    if earlier:
        expect(earlier, version, by=by)
    before = earlier.value if earlier else None
    made = earlier or Target(indicator=indicator.key, unit=unit, period=code)
    made.value, made.source, made.set_at = value, source[:300], place
    made.save()
    journal.write("target.set", made, by=by, indicator=indicator.key, unit=unit.code, before=before, after=value)
    return made


@transaction.atomic
def remove_target(*, target: Target, by: Any, version: int | None = None) -> None:
    """Take a target away that was seen at `version`; the journal keeps it. Raises NotAllowed, SetAbove, Stale."""
    target = Target.objects.select_for_update().get(pk=target.pk)
    if not may(by, May.DEFINE, target.unit):
        raise NotAllowed
    if refusal := locked(target, by):
        raise refusal
    check(target, version)
    said = {"indicator": target.indicator, "unit": target.unit.code, "period": target.period, "value": target.value}
    journal.write("target.removed", target, by=by, **said)
    target.delete()
