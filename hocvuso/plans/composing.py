"""What a document says, composed from the noun it is about: each composer gives the fields of a draft."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

from .models import OfficialDocument, Plan, Task
from .rules import TaskFacts, task_state

Block = dict[str, Any]
Kind = OfficialDocument.Kind


def day(value: date | None) -> str:
    """A date in words of documents; open when no source states it."""
    return f"{value:%d/%m/%Y}" if value else "chưa rõ"


def _heading(text: str) -> Block:
    return {"kind": "heading", "text": text}


def _paragraph(text: str) -> Block:
    return {"kind": "paragraph", "text": text}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def of_plan(plan: Plan) -> dict[str, Any]:
    """A plan as an administrative document: period, tasks in words, and the table of tasks."""
    tasks = list(plan.tasks.select_related("lead_unit").prefetch_related("supporting_units"))
    body: list[Block] = [_heading("I. THỜI GIAN THỰC HIỆN")]
    body.append(_paragraph(f"Từ {day(plan.starts_on)} đến {day(plan.ends_on)}."))
    body.append(_heading("II. NHIỆM VỤ"))
    for number, task in enumerate(tasks, 1):
        body.append(_heading(f"{number}. {task.title}"))
        body += [_paragraph(line) for line in _lines(task.description)]
    body += [_heading("III. PHÂN CÔNG"), _assignments(tasks)]
    return {
        "kind": Kind.PLAN,
        "title": plan.title,
        "basis": _lines(plan.basis),
        "body": body,
        "recipients": [*dict.fromkeys(t.lead_unit.name for t in tasks if t.lead_unit), "Lưu: VT"],
    }


def _assignments(tasks: list[Task]) -> Block:
    rows = [
        [
            str(number),
            task.title,
            task.lead_unit.name if task.lead_unit else "chưa rõ",
            ", ".join(u.name for u in task.supporting_units.all()),
            task.product,
            day(task.due_on),
        ]
        for number, task in enumerate(tasks, 1)
    ]
    head = ["STT", "Nhiệm vụ", "Đơn vị chủ trì", "Đơn vị phối hợp", "Sản phẩm", "Hạn"]
    return {"kind": "table", "head": head, "rows": rows}


def of_task(task: Task) -> dict[str, Any]:
    """A letter that urges the lead unit of a task."""
    facts = TaskFacts(task.starts_on, task.due_on, task.done_on, task.begun, task.produced)
    state = task_state(facts, today=timezone.localdate()).label
    body = [
        _paragraph(f"Theo {task.plan.title}, đơn vị được giao chủ trì nhiệm vụ: {task.title}."),
        _paragraph(f"Thời hạn hoàn thành: {day(task.due_on)}. Tình trạng hiện nay: {state}."),
    ]
    if task.product:
        body.append(_paragraph(f"Sản phẩm cần có: {task.product}."))
    body.append(
        _paragraph(
            "Đề nghị đơn vị khẩn trương thực hiện, cập nhật tiến độ và nêu rõ khó khăn (nếu có) để phối hợp xử lý."
        )
    )
    return {
        "kind": Kind.LETTER,
        "title": f"đôn đốc thực hiện nhiệm vụ “{task.title}”"[:500],
        "addressees": [task.lead_unit.name] if task.lead_unit else [],
        "body": body,
        "recipients": ["Như trên", "Lưu: VT"],
    }


def visible(model: Any, person: Any) -> Any:
    """The nouns of a kind that this person may see; a task is seen with its plan."""
    if model is Task:
        return Task.objects.filter(plan__in=Plan.objects.visible_to(person)).select_related("plan", "lead_unit")
    return model.objects.visible_to(person)


COMPOSERS: dict[type, Callable[[Any], dict[str, Any]]] = {Plan: of_plan, Task: of_task}


def compose(subject: Any) -> dict[str, Any]:
    """The fields of a draft about `subject`. Raises KeyError for a noun that no document is about."""
    return COMPOSERS[type(subject)](subject)
