"""Rules of urging: seen, set, changed, switched off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hocvuso.base.errors import Refusal
from hocvuso.people.models import Person
from hocvuso.people.queries import grants_of, may, may_anywhere, units_in_reach
from hocvuso.people.rules import GIVES, May, Role
from hocvuso.reminders import sources
from hocvuso.reminders.models import UrgeRule
from hocvuso.reminders.rules import Recipients
from hocvuso.reminders.services import reminding as urging
from hocvuso.reminders.services.reminding import BadRule
from hocvuso.units.models import Unit

from ...kit.auth import PersonRequest
from ...kit.gate import staff


def when(offset: int) -> str:
    """An offset in words."""
    if offset == 0:
        return _("đúng ngày đến hạn")
    text = _("trước hạn %(n)s ngày") if offset < 0 else _("quá hạn %(n)s ngày")
    return text % {"n": abs(offset)}


@staff(May.SEE_FIGURES)
def index(request: PersonRequest) -> HttpResponse:
    """Rules set in one's reach and those of units above, which hold here too."""
    kinds, people = dict(sources.choices()), dict(Recipients.choices)
    rows = [
        {
            "rule": rule,
            "when": when(rule.offset),
            "kinds": [kinds.get(kind, kind) for kind in rule.kinds],
            "people": [people.get(who, who) for who in rule.recipients],
            "mine": may(request.user, May.URGE, rule.unit),
        }
        for rule in UrgeRule.objects.visible_to(request.user).select_related("unit").distinct()
    ]
    return render(
        request, "office/reminders/rules.html", {"rows": rows, "may_set": may_anywhere(request.user, May.URGE)}
    )


@staff(May.URGE)
def form(request: PersonRequest, pk: UUID | None = None) -> HttpResponse:
    """Set a rule, or change one."""
    mine = UrgeRule.objects.filter(unit__in=units_in_reach(request.user, May.URGE))
    rule = get_object_or_404(mine.select_related("unit"), pk=pk) if pk else None
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            _set(request, rule)
            messages.success(request, _("Đã lưu quy tắc."))
            return redirect("urge-rules")
        except Refusal as error:
            refusal = error
    context = {
        "rule": rule,
        "typed": _typed(request, rule),
        "units": _units(request.user),
        "kinds": sources.choices(),
        "recipients": Recipients.choices,
        "refusal": refusal,
    }
    return render(request, "office/reminders/rule_form.html", context, status=400 if refusal else 200)


def _set(request: PersonRequest, rule: UrgeRule | None) -> None:
    post = request.POST
    days = post.get("days", "").strip()
    if not days.isdecimal():
        raise BadRule("offset", _("Số ngày từ 0 đến 365."))
    units = {str(unit.pk): unit for unit in _units(request.user)}
    unit = rule.unit if rule else units.get(post.get("unit", ""))
    if unit is None:
        raise BadRule("unit", _("Hãy chọn đơn vị."))
    urging.set_rule(
        unit=unit,
        kinds=post.getlist("kinds"),
        offset=int(days[:6]) * (-1 if post.get("side") == "before" else 1),
        recipients=post.getlist("recipients"),
        weekends=bool(post.get("weekends")),
        active=bool(post.get("active")),
        by=request.user,
        rule=rule,
    )


def _units(person: Person) -> list[Unit]:
    held = [g.unit for g in grants_of(person) if May.URGE in GIVES[Role(g.role)]]
    return list({unit.pk: unit for unit in held}.values())


def _typed(request: PersonRequest, rule: UrgeRule | None) -> dict[str, Any]:
    if request.method == "POST":
        post = request.POST
        return post.dict() | {"kinds": post.getlist("kinds"), "recipients": post.getlist("recipients")}
    if rule is None:
        return {"kinds": sources.kinds(), "recipients": [], "side": "after", "days": 1, "active": True}
    return {
        "kinds": rule.kinds, "recipients": rule.recipients, "side": "before" if rule.offset < 0 else "after",
        "days": abs(rule.offset), "weekends": rule.weekends, "active": rule.active,
    }  # fmt: skip
