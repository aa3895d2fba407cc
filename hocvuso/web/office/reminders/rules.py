"""Rules of urging: seen, set, changed, switched off."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hocvuso.people.queries import may, may_anywhere, units_in_reach
from hocvuso.people.rules import May
from hocvuso.reminders import sources
from hocvuso.reminders.models import ReminderRule
from hocvuso.reminders.rules import Recipients
from hocvuso.reminders.services import reminding as urging

from ...kit.auth import PersonRequest
from ...kit.choosing import own_unit_rows
from ...kit.forms import answer
from ...kit.gate import staff
from . import forms


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
        for rule in ReminderRule.objects.visible_to(request.user).select_related("unit").distinct()
    ]
    return render(
        request, "office/reminders/rules.html", {"rows": rows, "may_set": may_anywhere(request.user, May.URGE)}
    )


@staff(May.URGE)
def create(request: PersonRequest) -> HttpResponse:
    """Set a rule."""
    start = {"kinds": sources.kinds(), "offset": 1, "active": True}
    form = forms.NewRuleForm.of(request, initial=start, within={"unit": own_unit_rows(request.user, May.URGE)})
    if form.attempt(urging.set_rule, by=request.user):
        messages.success(request, _("Đã lưu quy tắc."))
        return redirect("urge-rules")
    return answer(request, "office/reminders/rule_form.html", form)


@staff(May.URGE)
def change(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Change a rule, or switch it off."""
    mine = ReminderRule.objects.filter(unit__in=units_in_reach(request.user, May.URGE))
    rule = get_object_or_404(mine.select_related("unit"), pk=pk)
    form = forms.RuleForm.of(request, row=rule)
    if form.attempt(urging.set_rule, unit=rule.unit, rule=rule, by=request.user):
        messages.success(request, _("Đã lưu quy tắc."))
        return redirect("urge-rules")
    return answer(request, "office/reminders/rule_form.html", form, {"rule": rule})
