"""Fields of plans in words."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.people.models import Person
from hocvuso.units.models import Unit

FIELDS = {
    "title": _("Tên"),
    "description": _("Nội dung"),
    "lead_unit": _("Đơn vị chủ trì"),
    "supporting_units": _("Đơn vị phối hợp"),
    "leader": _("Lãnh đạo phụ trách"),
    "product": _("Sản phẩm"),
    "starts_on": _("Từ ngày"),
    "due_on": _("Hạn"),
    "ends_on": _("Đến ngày"),
    "indicators": _("Chỉ số"),
    "task": _("Nhiệm vụ"),
}


def field_in_words(name: str) -> str:
    """The label of a field."""
    return str(FIELDS.get(name, name))


def value_in_words(name: str, value: Any) -> str:
    """A plain value of a snapshot as people read it."""
    if not value:
        return _t("chưa rõ")
    if name.endswith("_on"):
        day = date.fromisoformat(value)
        return f"{day.day:02}/{day.month:02}/{day.year}"
    if name in ("lead_unit", "supporting_units"):
        codes = [value] if isinstance(value, str) else value
        return ", ".join(Unit.objects.filter(code__in=codes).values_list("name", flat=True)) or ", ".join(codes)
    if name == "leader":
        return str(Person.objects.filter(pk=UUID(value)).first() or "")
    return ", ".join(value) if isinstance(value, list) else str(value)
