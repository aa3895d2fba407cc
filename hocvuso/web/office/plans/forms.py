"""The forms of plans: what is written of a plan and of a task, moves, work, change requests, the filters of lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Self

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hocvuso.base import attachments
from hocvuso.indicators.models import Indicator
from hocvuso.people.models import Person
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May
from hocvuso.plans.models import ChangeRequest, Plan, Product, ProgressNote, Task
from hocvuso.plans.queries import planning as queries
from hocvuso.plans.queries.planning import Filter
from hocvuso.plans.rules import PlanState, TaskState
from hocvuso.plans.services.writing import PlanText, TaskText
from hocvuso.units.models import Unit

from ...kit import forms
from ...kit.forms import max_of
from ...kit.templatetags.kit import or_en

_BY_NAME = _("Ghi mã hoặc tên đầy đủ; gõ vài chữ để chọn.")
_BY_NAME_OR_OPEN = _("Ghi mã hoặc tên đầy đủ; gõ vài chữ để chọn. Chưa rõ thì để trống.")
_LONGEST_WORDS = 100  # in a search


class PlanForm(forms.Form):
    """What is written of a plan."""

    title = forms.TextField(label=_("Tên kế hoạch"), max_length=max_of(Plan, "title"))
    number = forms.TextField(label=_("Số, ký hiệu"), max_length=max_of(Plan, "number"), required=False)
    issued_on = forms.DayField(label=_("Ngày ban hành"), required=False)
    basis = forms.LinesField(label=_("Căn cứ"), rows=3, required=False)
    starts_on = forms.DayField(label=_("Từ ngày"), required=False)
    ends_on = forms.DayField(label=_("Đến ngày"), required=False)

    def arguments(self) -> dict[str, Any]:
        return _with_text(PlanText, super().arguments())


class EditPlanForm(PlanForm):
    """A draft that is changed."""

    version = forms.VersionField()


class NewPlanForm(PlanForm):
    """A plan that begins: at which unit, blank or from a template."""

    once = forms.OnceField()
    unit = forms.NamedUnitField(label=_("Đơn vị ban hành"), help_text=_BY_NAME)
    template = forms.RowField(label=_("Từ mẫu"), blank=_("không dùng mẫu"), required=False)
    field_order = ("unit", "template")

    @classmethod
    def by(cls, request: HttpRequest, person: Person) -> Self:
        """The form, with the units for which this person plans, nearest first."""
        reach = units_in_reach(person, May.PLAN)
        own = list(queries.own_units(person).order_by("path")[:50])
        near = [*own, *reach.exclude(pk__in=[unit.pk for unit in own])[: 100 - len(own)]]
        form = cls.of(
            request,
            initial={"template": request.GET.get("mau"), "unit": near[0] if near else None},
            within={"unit": reach, "template": queries.templates(person)},
        )
        _suggest(form, "unit", near)
        return form


class TaskForm(forms.Form):
    """What is written of a task."""

    once = forms.OnceField()
    title = forms.TextField(label=_("Tên nhiệm vụ"), max_length=max_of(Task, "title"))
    description = forms.LinesField(label=_("Nội dung"), rows=3, required=False)
    lead_unit = forms.NamedUnitField(label=_("Đơn vị chủ trì"), help_text=_BY_NAME_OR_OPEN, required=False)
    leader = forms.RowField(label=_("Lãnh đạo phụ trách"), blank=_("chưa rõ"), required=False)
    supporting_units = forms.NamedUnitsField(
        label=_("Đơn vị phối hợp"),
        help_text=_("Mỗi dòng một đơn vị, bằng mã hoặc tên đầy đủ."),
        rows=3,
        required=False,
    )
    product = forms.TextField(label=_("Sản phẩm phải có"), max_length=max_of(Task, "product"), required=False)
    starts_on = forms.DayField(label=_("Từ ngày"), required=False)
    due_on = forms.DayField(label=_("Hạn"), required=False)
    indicators = forms.ChoicesField(label=_("Chỉ số"), required=False)

    @classmethod
    def in_plan(cls, request: HttpRequest, plan: Plan, task: Task | None = None) -> Self:
        """The form of a task of a plan; of a new one where there is none."""
        leaders = queries.leaders_at(plan.unit, task.lead_unit if task else None)
        if task and task.leader_id:  # who no longer leads stays chosen, and is refused by the verb in words
            leaders |= Person.objects.filter(pk=task.leader_id)
        form = cls.of(request, row=task, within={"leader": leaders})
        form.fields["indicators"].choices = _indicators(task.indicators if task else [])  # type: ignore[attr-defined]
        near = Unit.objects.under(plan.unit).exclude(kind__in=[Unit.Kind.COMMUNE_COMMITTEE, Unit.Kind.SCHOOL])
        _suggest(form, "lead_unit", near[:100])
        return form

    @classmethod
    def values_of(cls, row: Task) -> dict[str, Any]:
        return super().values_of(row) | {"supporting_units": list(row.supporting_units.all())}

    def arguments(self) -> dict[str, Any]:
        return _with_text(TaskText, super().arguments())


class EditTaskForm(TaskForm):
    """A task that is changed."""

    version = forms.VersionField()


def _why() -> forms.LinesField:
    return forms.LinesField(label=_("Vì sao xin đổi"), max_length=max_of(ChangeRequest, "reason"), rows=3)


class AskForPlanForm(forms.Form):
    """A change asked for of a plan's title or period."""

    html_names = {"reason": "why"}
    once = forms.OnceField()
    version = forms.VersionField()
    title = forms.TextField(label=_("Tên kế hoạch"), max_length=max_of(Plan, "title"))
    starts_on = forms.DayField(label=_("Từ ngày"), required=False)
    ends_on = forms.DayField(label=_("Đến ngày"), required=False)
    reason = _why()


class AskToAddForm(TaskForm):
    """A task asked for."""

    html_names = {"reason": "why"}
    reason = _why()


class AskForTaskForm(EditTaskForm):
    """A change asked for of a task; or that it is dropped, for which only the reason counts."""

    html_names = {"reason": "why"}
    reason = _why()
    drop = forms.CheckField(label=_("Xin bỏ hẳn nhiệm vụ này"), required=False)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("drop"):
            for name in [name for name in self.errors if name != "reason"]:
                del self.errors[name]
        return self.cleaned_data

    @property
    def drops(self) -> bool:
        """Whether it asks to drop the task."""
        return self.is_valid() and bool(self.cleaned_data["drop"])

    def arguments(self) -> dict[str, Any]:
        if self.cleaned_data["drop"]:
            return {name: self.cleaned_data[name] for name in ("reason", "version")}
        arguments = super().arguments()
        del arguments["drop"]
        return arguments


class DecideForm(forms.Form):
    """The answer to a change request."""

    act = forms.HiddenField()
    answer = forms.LinesField(
        label=_("Trả lời (cần lý do khi không đồng ý)"),
        max_length=max_of(ChangeRequest, "answer"),
        rows=3,
        required=False,
    )


class ActForm(forms.Form):
    """Nothing is typed: what was seen is submitted, approved, put in force, deleted, completed."""

    version = forms.VersionField()
    act = forms.HiddenField()


class ReturnForm(ActForm):
    """A plan given back to be mended."""

    reason = forms.LinesField(label=_("Lý do trả lại"), max_length=max_of(Plan, "note"), rows=3)


class ReviewForm(ActForm):
    """A plan whose work is over."""

    html_names = {"conclusion": "reason"}
    conclusion = forms.LinesField(label=_("Kết luận tổng kết"), max_length=max_of(Plan, "note"), rows=3)


class OrderForm(forms.Form):
    """A task changes places; the version is that of its plan."""

    version = forms.VersionField()
    to = forms.ChoiceField(label=_("Chỗ mới"), choices=[("up", _("Lên")), ("down", _("Xuống"))])

    def arguments(self) -> dict[str, Any]:
        return {"version": self.cleaned_data["version"], "up": self.cleaned_data["to"] == "up"}


class TemplateForm(forms.Form):
    """A plan kept as a template."""

    once = forms.OnceField()
    title = forms.TextField(label=_("Tên mẫu"), max_length=max_of(Plan, "title"))


class NoteForm(forms.Form):
    """What was done on a task."""

    once = forms.OnceField()
    text = forms.LinesField(label=_("Đã làm được gì"), max_length=max_of(ProgressNote, "text"), rows=3)


class ProductForm(forms.Form):
    """Evidence: a file, or the address of something."""

    once = forms.OnceField()
    kind = forms.ChoiceField(label=_("Loại"), choices=Product.Kind, required=False)
    file = forms.FileField(
        label=_("Tệp (PDF, ảnh, Word, Excel, không quá 10 MB)"), most=attachments.MAX_BYTES, required=False
    )
    address = forms.TextField(
        label=_("Hoặc liên kết, mã chương trình, mã chỉ số"), max_length=max_of(Product, "address"), required=False
    )
    title = forms.TextField(label=_("Tên sản phẩm"), max_length=max_of(Product, "title"), required=False)

    def arguments(self) -> dict[str, Any]:
        typed = super().arguments()
        file = typed.pop("file")
        typed["kind"] = typed["kind"] or (Product.Kind.FILE if file else Product.Kind.LINK)
        return typed | ({"name": file.name or "", "content": file.read()} if file else {})


class ReopenForm(forms.Form):
    """A completed task that is not done after all."""

    version = forms.VersionField()
    reason = forms.LinesField(label=_("Vì sao mở lại"), max_length=max_of(Plan, "note"), rows=2)


class AnswerForm(forms.Form):
    """The unit that begins its plan for a task."""

    once = forms.OnceField()
    unit = forms.UnitField(label=_("Đơn vị"))


class ApproveForm(forms.Form):
    """Answers to a task, approved as they were seen."""

    html_names = {"plans": "plan"}
    plans = forms.SeenRowsField(label=_("Kế hoạch của các đơn vị"), required=False)


class _Narrowed(forms.Form):
    """To which units a task is given: of a kind, under one of them, with words in their names."""

    html_names = {"text": "q"}
    kind = forms.ChoiceField(label=_("Loại đơn vị"), choices=Unit.Kind, blank=_("tất cả"), required=False)
    under = forms.NamedUnitField(label=_("Thuộc đơn vị (mã hoặc tên)"), required=False)
    text = forms.TextField(label=_("Từ trong tên"), max_length=_LONGEST_WORDS, required=False, attrs={"type": "search"})

    @property
    def meant(self) -> Any:
        """The units that it means, of those to which the task (`row`) may be given; None where it cannot be read."""
        if self.errors.keys() & _Narrowed.base_fields.keys():
            return None
        return queries.units_to_assign(self.row, **{name: self.cleaned_data[name] for name in _Narrowed.base_fields})


class UnitsFilter(_Narrowed, forms.FilterForm):
    """The units, before anything is given to them."""


class AssignForm(_Narrowed):
    """A task given to units; where each had a box (`ticked`), to those that kept their tick."""

    html_names = {"text": "q", "units": "unit"}
    ticked = forms.HiddenField()
    units = forms.RowsField(label=_("Bỏ dấu đơn vị không giao"), required=False)
    template = forms.RowField(label=_("Nội dung của mỗi kế hoạch"), blank=_("chính nhiệm vụ này"), required=False)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("ticked") and not self.cleaned_data.get("units", True):
            self.add_error("units", _("Hãy đánh dấu ít nhất một đơn vị."))
        return self.cleaned_data

    def arguments(self) -> dict[str, Any]:
        typed = self.cleaned_data
        units = self.meant.filter(pk__in=[unit.pk for unit in typed["units"]]) if typed["ticked"] else self.meant
        chosen = {
            "kind": typed["kind"],
            "under": str(typed["under"].pk) if typed["under"] else None,
            "text": typed["text"],
            "units": sorted(str(unit.pk) for unit in typed["units"]) if typed["ticked"] else None,
        }
        return {"units": units, "template": typed["template"], "chosen": chosen}


class PlansFilter(forms.FilterForm):
    """Plans by words, state and unit."""

    html_names = {"text": "q", "state": "trang-thai", "unit": "don-vi"}
    text = forms.TextField(label=_("Tên, số hoặc đơn vị"), max_length=_LONGEST_WORDS, attrs={"type": "search"})
    state = forms.ChoiceField(label=_("Trạng thái"), choices=PlanState, blank=_("tất cả"))
    unit = forms.AskedUnitField(label=_("Đơn vị (mã hoặc tên)"))

    @property
    def wanted(self) -> Filter:
        """What the list is narrowed to; to nothing by a unit that is not there."""
        unknown = str(self["unit"].data) if "unit" in self.errors else ""
        return Filter(**self.asked, unknown_unit=unknown)


class TasksFilter(PlansFilter):
    """Tasks by words, derived state, lead unit, tree of plans and due day."""

    html_names = {**PlansFilter.html_names, "mine": "cua-toi", "tree": "ke-hoach", "due_from": "tu", "due_until": "den"}
    text = forms.TextField(label=_("Từ trong tên"), max_length=_LONGEST_WORDS, attrs={"type": "search"})
    state = forms.ChoiceField(label=_("Trạng thái"), choices=TaskState, blank=_("tất cả"))
    unit = forms.AskedUnitField(label=_("Đơn vị chủ trì (mã hoặc tên)"))
    due_from = forms.DayField(label=_("Hạn từ ngày"))
    due_until = forms.DayField(label=_("Hạn đến ngày"))
    mine = forms.CheckField(label=_("Đơn vị tôi chủ trì"))
    tree = forms.RowField(label=_("Kế hoạch"))

    @classmethod
    def by(cls, request: HttpRequest, person: Person) -> Self:
        """The filter that the address asks for, of plans that this person may see."""
        return cls.of(request, within={"tree": Plan.objects.visible_to(person)})


def _with_text(text: type[PlanText] | type[TaskText], typed: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of a verb that takes a text: its fields put together, the rest beside it."""
    of_text = {field.name for field in fields(text)}
    rest = {name: value for name, value in typed.items() if name not in of_text}
    return {"text": text(**{name: typed[name] for name in of_text}), **rest}


def _suggest(form: forms.Form, name: str, units: Any) -> None:
    field: Any = form.fields[name]
    field.suggest(units)


def _indicators(kept: list[str]) -> list[tuple[str, Any]]:
    """Current indicators, and those that are kept: what is not offered would be lost when the form is sent."""
    current = {i.key: or_en(i.title, i.title_en) for i in Indicator.objects.current().order_by("title")[:200]}
    return [*current.items(), *((key, key) for key in kept if key not in current)]
