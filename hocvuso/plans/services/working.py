"""Tasks are carried out: notes, products, completion with evidence, reopening with a reason."""

from __future__ import annotations

import re
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import attachments, journal
from hocvuso.base.batches import Batch, each
from hocvuso.base.errors import NeedsReason, NeedsWords, Refusal
from hocvuso.base.events import emit
from hocvuso.base.versions import expect
from hocvuso.indicators.models import Indicator
from hocvuso.library.models import Programme
from hocvuso.people.models import Person

from ..events import TaskCompleted
from ..models import Plan, Product, ProgressNote, Task, TaskOutcome
from ..rules import TaskState
from . import gates

_LINK = re.compile(r"^https?://[^\s/$.?#][^\s]*$", re.I)


class NotALink(Refusal):
    """Links begin with http:// or https://."""

    code = "not-a-link"
    says = _("Liên kết phải bắt đầu bằng http:// hoặc https://.")


class NoSuchEvidence(Refusal):
    """There is no published programme or indicator of this key."""

    code = "no-such-evidence"
    says = _("Không có chương trình đã phát hành hay chỉ số nào như vậy.")


class ProductMissing(Refusal):
    """A task that asks for a product is done when it is there."""

    code = "product-missing"
    says = _("Nhiệm vụ này đòi hỏi sản phẩm “%(product)s”. Hãy nộp sản phẩm trước khi báo hoàn thành.")


class AlreadyDone(Refusal):
    """Completed, or not completed, before."""

    code = "already-done"
    says = _("Nhiệm vụ đã ở trạng thái này.")


class InspectorsConfirm(Refusal):
    """Remedies are done when an inspector confirms them (`remedying.verify`)."""

    code = "inspectors-confirm"
    says = _("Việc khắc phục sau kiểm tra do người kiểm tra xác nhận. Hãy báo kết quả ở trang của tồn tại.")


def _locked(task: Task) -> Task:
    rows = Task.objects.select_for_update(of=("self",)).select_related("plan__unit", "lead_unit")
    return rows.get(pk=task.pk)


def _ours_to_end(task: Task, by: Person) -> Task:
    """The task, locked, if this person may say whether it is done. Raises NotAllowed, NotInForce, InspectorsConfirm."""
    task = _locked(task)
    gates.need(gates.may_work_on(by, task))
    gates.need_in_force(task.plan)
    if task.plan.kind == Plan.Kind.REMEDIES:
        raise InspectorsConfirm
    return task


@transaction.atomic
def add_note(*, task: Task, text: str, by: Person) -> ProgressNote:
    """What was done, in words. Raises NotAllowed, NotInForce, NeedsWords."""
    task = _locked(task)
    gates.need(gates.may_contribute(by, task))
    gates.need_in_force(task.plan)
    if not text.strip():
        raise NeedsWords(field="text")
    note = ProgressNote.objects.create(task=task, text=text.strip()[:3000], by=by)
    Task.objects.filter(pk=task.pk).update(begun=True)
    journal.write("task.noted", task, by=by, note=note.pk)
    return note


@transaction.atomic
def add_product(
    *, task: Task, kind: str, by: Person, title: str = "", address: str = "", name: str = "", content: bytes = b""
) -> Product:
    """Evidence: a file (`name`, `content`), a link, a published programme or an indicator (`address`).

    Raises NotAllowed, NotInForce, NotALink, NoSuchEvidence, BadFile.
    """
    task = _locked(task)
    gates.need(gates.may_contribute(by, task))
    gates.need_in_force(task.plan)
    own_title = _title_of(kind, address.strip(), name)
    title = title.strip() or own_title
    product = Product.objects.create(
        task=task, kind=Product.Kind(kind), title=title[:300], address=address.strip()[:500], by=by
    )
    if kind == Product.Kind.FILE:
        attachments.attach(subject=product, name=name or title, content=content, by=by)
    Task.objects.filter(pk=task.pk).update(begun=True, produced=True)
    journal.write("task.produced", task, by=by, product=product.pk, kind=kind, title=product.title)
    return product


def _title_of(kind: str, address: str, name: str) -> str:
    """The title that the evidence has by itself, after checking that it is there."""
    if kind == Product.Kind.LINK:
        if not _LINK.match(address):
            raise NotALink(field="address")
        return address
    if kind == Product.Kind.EDITION:
        programme = Programme.objects.filter(key=address).exclude(current=None).select_related("current").first()
        if programme is None:
            raise NoSuchEvidence(field="address")
        return str(programme.published_edition.content["title"])
    if kind == Product.Kind.INDICATOR:
        indicator = Indicator.objects.current().filter(key=address).first()
        if indicator is None:
            raise NoSuchEvidence(field="address")
        return indicator.title
    return name


@transaction.atomic
def complete(*, task: Task, by: Person, on: date | None = None, version: int | None = None) -> Task:
    """Done as of today (`on` is for imports: pages cannot antedate), as the task was seen at `version`.

    Raises NotAllowed, NotInForce, InspectorsConfirm, AlreadyDone, Stale, ProductMissing.
    """
    task = _ours_to_end(task, by)
    if task.done_on is not None:
        raise AlreadyDone
    expect(task, version, by=by)
    if task.product and not task.produced:
        raise ProductMissing(product=task.product)
    task.done_on = on or timezone.localdate()
    task.begun = True
    task.save(update_fields=["done_on", "begun"])
    journal.write("task.completed", task, by=by, on=task.done_on, due=task.due_on)
    emit(TaskCompleted(task_id=str(task.pk)))
    return task


@transaction.atomic
def reopen(*, task: Task, reason: str, by: Person, version: int | None = None) -> Task:
    """Not done after all, with a reason.

    Raises NotAllowed, NotInForce, InspectorsConfirm, AlreadyDone, Stale, NeedsReason.
    """
    task = _ours_to_end(task, by)
    if task.done_on is None:
        raise AlreadyDone
    expect(task, version, by=by)
    if not reason.strip():
        raise NeedsReason(field="reason")
    was, task.done_on = task.done_on, None
    task.save(update_fields=["done_on"])
    journal.write("task.reopened", task, by=by, was=was, reason=reason.strip()[:1000])
    return task


def settle_due(today: date) -> int:
    """Write down, for each task whose due day is over, whether it was done by then; returns how many.

    Once, and never again: what is done, reopened or given another day later leaves it as it is. Remedies are not
    among them: whether those are in time is said when an inspector decides (`rules_inspecting.remedy_late`).
    """
    carried_out = (Plan.State.IN_FORCE, Plan.State.REVIEWED, Plan.State.CLOSED)
    over = Task.objects.filter(due_on__lt=today, lead_unit__isnull=False, outcome=None, plan__state__in=carried_out)

    def settle(task: Task) -> int:
        on_time = task.state_on(today) == TaskState.DONE
        made = TaskOutcome(
            task=task,
            unit_id=task.lead_unit_id,  # type: ignore[misc]
            due_on=task.due_on,
            on_time=on_time,
        )
        TaskOutcome.objects.bulk_create([made], ignore_conflicts=True)
        return 1

    return each(over.exclude(plan__kind=Plan.Kind.REMEDIES), settle, batch=SETTLING)


SETTLING = Batch("tasks-due", _("nhiệm vụ hết hạn"))
