"""The forms of plans, read into what the verbs take; what cannot be read is refused at its field."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models.functions import Length
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal
from hocvuso.base.fields import holding
from hocvuso.base.text import fold
from hocvuso.people.models import Person
from hocvuso.plans.models import Plan, Task
from hocvuso.plans.queries.planning import Filter
from hocvuso.plans.services.writing import PlanText, TaskText
from hocvuso.units.models import Unit

from ...kit.typed import day


class WhichUnit(Refusal):
    """No unit, or several, by this name or code."""

    code = "which-unit"
    says = _("Không rõ “%(typed)s” là đơn vị nào. Hãy ghi mã hoặc tên đầy đủ như trong danh sách đơn vị.")


def unit(typed: str, field: str) -> Unit | None:
    """A unit by its code or its full name; nothing is no unit. Raises WhichUnit."""
    typed = typed.strip()
    if not typed:
        return None
    code = typed.split(" · ")[0]
    found = Unit.objects.filter(code__iexact=code).first()
    if found is None:
        named = [u for u in Unit.objects.filter(search__startswith=fold(typed))[:20] if fold(u.name) == fold(typed)]
        found = named[0] if len(named) == 1 else None
    if found is None:
        raise WhichUnit(field=field, typed=typed[:60])
    return found


def plan_text(post: QueryDict) -> PlanText:
    """A plan's form. Raises NotADay."""
    return PlanText(
        title=post.get("title", ""),
        number=post.get("number", ""),
        issued_on=day(post, "issued_on"),
        basis=post.get("basis", ""),
        starts_on=day(post, "starts_on"),
        ends_on=day(post, "ends_on"),
    )


def task_text(post: QueryDict) -> TaskText:
    """A task's form. Raises NotADay, WhichUnit."""
    lines = [line for line in post.get("supporting_units", "").splitlines() if line.strip()]
    supporting = [unit(line, "supporting_units") for line in lines[:200]]
    leader = post.get("leader", "")
    return TaskText(
        title=post.get("title", ""),
        description=post.get("description", ""),
        lead_unit=unit(post.get("lead_unit", ""), "lead_unit"),
        supporting_units=[found for found in supporting if found is not None],
        leader=Person.objects.filter(pk=key).first() if (key := as_key(leader)) else None,
        product=post.get("product", ""),
        starts_on=day(post, "starts_on"),
        due_on=day(post, "due_on"),
        indicators=post.getlist("indicators")[:50],
    )


def typed_plan(plan: Plan) -> dict[str, Any]:
    """A plan as its form shows it."""
    return {
        "title": plan.title,
        "number": plan.number,
        "basis": plan.basis,
        **{name: iso(getattr(plan, name)) for name in ("issued_on", "starts_on", "ends_on")},
    }


def typed_task(task: Task) -> dict[str, Any]:
    """A task as its form shows it."""
    return {
        "title": task.title,
        "description": task.description,
        "lead_unit": named(task.lead_unit),
        "supporting_units": "\n".join(named(unit) for unit in task.supporting_units.all()),
        "leader": str(task.leader_id or ""),
        "product": task.product,
        "starts_on": iso(task.starts_on),
        "due_on": iso(task.due_on),
        "indicators": task.indicators,
    }


def as_typed(post: QueryDict) -> dict[str, Any]:
    """What was sent, for showing it again."""
    return {**post.dict(), "indicators": post.getlist("indicators")}


def iso(value: date | None) -> str:
    """A day for a date field."""
    return value.isoformat() if value else ""


def named(found: Unit | None) -> str:
    """A unit as its field shows it, and as `unit` reads it."""
    return f"{found.code} · {found.name}" if found else ""


def as_key(text: str) -> UUID | None:
    """A key from an address or form, or nothing."""
    try:
        return UUID(text)
    except ValueError:
        return None


def wanted(get: QueryDict, person: Person) -> Filter:
    """The filter that an address asks for; unreadable parts of it are left out. 404 for a plan one may not see."""
    tree = as_key(get.get("ke-hoach", ""))
    typed = get.get("don-vi", "").strip()[:100]
    asked = unit_asked(typed)
    return Filter(
        text=get.get("q", "").strip()[:100],
        state=get.get("trang-thai", ""),
        unit=asked,
        unknown_unit="" if asked else typed,
        tree=get_object_or_404(Plan.objects.visible_to(person), pk=tree) if tree else None,
        due_from=_or_none(day, get, "tu"),
        due_until=_or_none(day, get, "den"),
        mine=bool(get.get("cua-toi")),
    )


def unit_asked(typed: str) -> Unit | None:
    """The unit that a filter names: by code, by its full name, or by words of which it is the highest bearer."""
    return _or_none(unit, typed, "") or _highest_named(typed)


def _highest_named(typed: str) -> Unit | None:
    """Of units whose name holds these words, the highest, if there is one: “tây ninh” is its department."""
    if not fold(typed):
        return None
    found = list(Unit.objects.filter(holding(typed)).order_by(Length("path"), "path")[:2])
    deep = [u.path.count(".") for u in found]
    return found[0] if len(found) == 1 or (found and deep[0] < deep[1]) else None


def _or_none(read: Any, *typed: Any) -> Any:
    try:
        return read(*typed)
    except Refusal:
        return None
