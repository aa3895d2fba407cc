"""A plan as a document, and the letter that urges on one of its tasks."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from hocvuso.documents.blocks import Block, day, heading, lines, paragraph, table
from hocvuso.documents.composers import Composer, register
from hocvuso.documents.models import OfficialDocument
from hocvuso.people.models import Person

from .models import Plan, Task

Kind = OfficialDocument.Kind


def of_plan(plan: Plan) -> dict[str, Any]:
    """A plan as an administrative document: period, tasks in words, and the table of tasks."""
    tasks = list(plan.tasks.select_related("lead_unit").prefetch_related("supporting_units"))
    body: list[Block] = [heading("I. THỜI GIAN THỰC HIỆN")]
    body.append(paragraph(f"Từ {day(plan.starts_on)} đến {day(plan.ends_on)}."))
    body.append(heading("II. NHIỆM VỤ"))
    for number, task in enumerate(tasks, 1):
        body.append(heading(f"{number}. {task.title}"))
        body += [paragraph(line) for line in lines(task.description)]
    body += [heading("III. PHÂN CÔNG"), _assignments(tasks)]
    return {
        "kind": Kind.PLAN,
        "title": plan.title,
        "basis": lines(plan.basis),
        "body": body,
        "recipients": [*dict.fromkeys(t.lead_unit.name for t in tasks if t.lead_unit), "Lưu: VT"],
    }


def _assignments(tasks: list[Task]) -> Block:
    rows = [
        [
            number,
            task.title,
            task.lead_unit.name if task.lead_unit else "chưa rõ",
            ", ".join(u.name for u in task.supporting_units.all()),
            task.product,
            day(task.due_on),
        ]
        for number, task in enumerate(tasks, 1)
    ]
    return table(["STT", "Nhiệm vụ", "Đơn vị chủ trì", "Đơn vị phối hợp", "Sản phẩm", "Hạn"], rows)


def of_task(task: Task) -> dict[str, Any]:
    """A letter that urges the lead unit of a task."""
    state = task.state_on(timezone.localdate()).label
    body = [
        paragraph(f"Theo {task.plan.title}, đơn vị được giao chủ trì nhiệm vụ: {task.title}."),
        paragraph(f"Thời hạn hoàn thành: {day(task.due_on)}. Tình trạng hiện nay: {state}."),
    ]
    if task.product:
        body.append(paragraph(f"Sản phẩm cần có: {task.product}."))
    body.append(
        paragraph(
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


def _visible_tasks(person: Person) -> QuerySet[Task]:
    """A task is seen with its plan."""
    return Task.objects.filter(plan__in=Plan.objects.visible_to(person)).select_related("plan", "lead_unit")


register("plan", Composer(Plan.objects.visible_to, of_plan))
register("task", Composer(_visible_tasks, of_task))
