"""The forms of inspections: preparing one, its steps and conclusion, findings and remedies, the filters of lists."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from hocvuso.base.attachments import MAX_BYTES
from hocvuso.inspections import queries
from hocvuso.inspections.models import Finding, Inspection, InspectionState, Severity
from hocvuso.inspections.services import inspecting, remedying
from hocvuso.plans.models import Task

from ...kit import forms
from ...kit.choosing import ChooserForm
from ...kit.forms import max_of

MOST_BYTES = 5 * 1024 * 1024  # of a workbook with a checklist
MOST_FAULTS = 100  # said of one checklist
LONGEST_NOTE = 3000


class HeadForm(forms.Form):
    """What an inspection is about, on what it rests, when."""

    field_order = ["unit"]
    title = forms.TextField(label=_("Tên cuộc kiểm tra"), max_length=max_of(Inspection, "title"))
    number = forms.TextField(label=_("Số, ký hiệu quyết định"), max_length=max_of(Inspection, "number"), required=False)
    basis = forms.LinesField(label=_("Căn cứ"), max_length=5000, rows=3, required=False)
    starts_on = forms.DayField(label=_("Từ ngày"), required=False)
    ends_on = forms.DayField(label=_("Đến ngày"), required=False)


class CreateForm(HeadForm):
    """A new inspection, by one of one's units."""

    once = forms.OnceField()
    unit = forms.UnitField(label=_("Đơn vị ra quyết định"))


class EditForm(HeadForm):
    """The head of an inspection that was seen."""

    version = forms.VersionField()


class ChecklistForm(forms.Form):
    """The questions, in lines or as a workbook; each line that cannot be taken is named."""

    version = forms.VersionField()
    text = forms.LinesField(
        label=_("Câu hỏi, mỗi dòng một câu"),
        help_text=_(
            "“# Tên phần” mở một phần. Sau dấu | là loại câu trả lời: có/không, số nguyên, số, chữ, ảnh, ghi chú, "
            "chọn: A; B; C (một), hoặc chọn nhiều: A; B; C. Dấu * cuối câu: phải trả lời."
        ),
        max_length=100_000,
        rows=16,
        required=False,
        attrs={
            "placeholder": "# Tổ chức thực hiện\nCó kế hoạch chi tiết?* | có/không\n"
            "Số lớp đã mở | số nguyên\nẢnh phòng học | ảnh"
        },
    )
    file = forms.FileField(label=_("Tệp XLSForm"), most=MOST_BYTES, kinds=(".xlsx",), required=False)

    @classmethod
    def values_of(cls, row: Inspection) -> dict[str, Any]:
        return super().values_of(row) | {"text": queries.checklist_text(row) or ""}

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        file: UploadedFile | None = typed.get("file")
        if not self.errors and file is None and "text" not in self.data:
            self.add_error("file", self.fields["file"].error_messages["required"])
        elif not self.errors:
            read = {"workbook": file.read()} if file else {"text": typed["text"]}
            typed["checklist"], faults = inspecting.read_checklist(**read)
            for fault in faults[:MOST_FAULTS]:
                self.add_error("file" if file else "text", str(fault))
        return typed

    def arguments(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("version", "checklist")}


class ScopeForm(ChooserForm):
    """Whom the inspection visits, in place of those chosen before or beside them."""

    version = forms.VersionField()
    add = forms.CheckField(label=_("Thêm vào các đơn vị đã chọn"), required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if not self.errors and not self.chosen and not typed["add"]:
            self.add_error("kinds", _("Chưa chọn đơn vị nào để kiểm tra. Hãy đánh dấu loại đơn vị hoặc ghi mã."))
        return typed

    def arguments(self) -> dict[str, Any]:
        before = self.row.scope.all() if self.cleaned_data["add"] else []
        return {"version": self.cleaned_data["version"], "units": [*self.chosen, *before]}


class TeamForm(forms.Form):
    """Who goes. The verb says who of them may not, by name."""

    html_names = {"people": "person"}
    version = forms.VersionField()
    people = forms.RowsField(
        label=_("Người có quyền kiểm tra"),
        help_text=_("Người có vai trò ở đơn vị được kiểm tra không vào đoàn nên không có trong danh sách."),
        required=False,
    )


class InspectionSteps(forms.StepForm):
    """The steps of an inspection that was seen."""

    steps = {"start": inspecting.start, "conclude": inspecting.conclude, "close": inspecting.close}
    version = forms.VersionField()


class ConclusionForm(forms.Form):
    """What an inspection concludes."""

    html_names = {"text": "conclusion"}
    version = forms.VersionField()
    text = forms.LinesField(label=_("Nhận xét, kết luận, kiến nghị"), max_length=20_000, rows=12, required=False)

    @classmethod
    def values_of(cls, row: Inspection) -> dict[str, Any]:
        return super().values_of(row) | {"text": row.conclusion}


class FindingForm(forms.Form):
    """What a visit found, how grave it is, on what that rests."""

    once = forms.OnceField()
    text = forms.LinesField(label=_("Nội dung"), max_length=max_of(Finding, "text"), rows=3)
    severity = forms.ChoiceField(label=_("Mức độ"), choices=Severity, initial=Severity.MINOR)
    evidence = forms.TextField(label=_("Căn cứ, minh chứng"), max_length=max_of(Finding, "evidence"), required=False)


class AmendForm(FindingForm):
    """A finding that was seen, in better words."""

    once = None  # type: ignore[assignment]  # changes one, makes none
    version = forms.VersionField()


class AskForm(forms.Form):
    """What the unit must put right, and by when."""

    once = forms.OnceField()
    title = forms.LinesField(label=_("Đơn vị phải làm gì"), max_length=max_of(Task, "title"), rows=2)
    due_on = forms.DayField(label=_("Hạn"))


class ProposeForm(forms.StepForm):
    """The unit says what it did."""

    steps = {"propose": remedying.propose}
    version = forms.VersionField()
    text = forms.LinesField(label=_("Đơn vị đã làm gì"), max_length=LONGEST_NOTE)
    file = forms.FileField(label=_("Minh chứng (PDF, ảnh, Word, Excel)"), most=MAX_BYTES, required=False)

    def arguments(self) -> dict[str, Any]:
        file: UploadedFile | None = self.cleaned_data["file"]
        return super().arguments() | {"file": (file.name or "", file.read()) if file else None}


class ReopenForm(forms.StepForm):
    """An inspector says why it must be done again."""

    html_names = {"why": "text"}
    steps = {"reopen": remedying.reopen}
    version = forms.VersionField()
    why = forms.LinesField(label=_("Vì sao phải làm lại"), max_length=LONGEST_NOTE, rows=2)


class VerifyForm(forms.StepForm):
    """Nothing is typed: an inspector confirms what was seen."""

    version = forms.VersionField()
    steps = {"verify": remedying.verify}


class InspectionsFilter(forms.FilterForm):
    """Inspections by words of title and number, and by state."""

    html_names = {"text": "q", "state": "trang-thai"}
    text = forms.TextField(label=_("Tên hoặc số"), max_length=100, attrs={"type": "search"})
    state = forms.ChoiceField(label=_("Trạng thái"), choices=InspectionState, blank=_("Tất cả"))


class FindingsFilter(forms.FilterForm):
    """The unit whose findings are named one by one."""

    html_names = {"unit": "don-vi"}
    unit = forms.UnitField(label=_("Đơn vị"))
