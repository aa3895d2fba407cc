"""The forms of consultations: the head, the document by clauses, whom to ask, comments, answers, the next step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hocvuso.consultations.models import Clause, Comment, CommentKind, Consultation, ConsultationState, Verdict
from hocvuso.consultations.services import consulting

from ...kit import forms
from ...kit.choosing import ChooserForm
from ...kit.forms import max_of

MOST_BYTES = 10 * 1024 * 1024
LONGEST_ABOUT = 10_000
LONGEST_NOTE = 20_000
LONGEST_CLAUSE = 200_000
LONGEST_DOCUMENT = 1_000_000


class HeadForm(forms.Form):
    """What is asked about, and until when."""

    field_order = ["unit"]
    title = forms.TextField(label=_("Tên văn bản"), max_length=max_of(Consultation, "title"))
    number = forms.TextField(label=_("Số, ký hiệu công văn"), max_length=max_of(Consultation, "number"), required=False)
    about = forms.LinesField(label=_("Đề nghị các đơn vị góp ý về"), max_length=LONGEST_ABOUT, rows=3, required=False)
    due_on = forms.DayField(label=_("Hạn góp ý"), required=False)


class CreateForm(HeadForm):
    """A new consultation, by one of one's units."""

    once = forms.OnceField()
    unit = forms.UnitField(label=_("Đơn vị lấy ý kiến"))


class EditForm(HeadForm):
    """The head of a consultation that was seen."""

    version = forms.VersionField()


class DocumentForm(forms.Form):
    """The document in place of the one that is there: a Word file, or pasted."""

    version = forms.VersionField()
    file = forms.FileField(label=_("Tệp Word (.docx)"), most=MOST_BYTES, kinds=(".docx",), required=False)
    text = forms.LinesField(
        label=_("hoặc dán nội dung"),
        help_text=_("Chương, Mục, Điều, khoản và các mục đánh số được nhận ra và tách riêng; sau đó bạn sửa được."),
        max_length=LONGEST_DOCUMENT,
        rows=8,
        required=False,
    )

    @classmethod
    def values_of(cls, row: Consultation) -> dict[str, Any]:
        text = "\n".join(row.clauses.values_list("text", flat=True))
        return {"version": row.version, "text": text}

    def arguments(self) -> dict[str, Any]:
        typed = super().arguments()
        return typed | {"file": typed["file"].read() if typed["file"] else b""}


class ClauseForm(forms.Form):
    """One clause, or with `merge` its joining to the one before. The version is that of the clause."""

    version = forms.VersionField()
    merge = forms.HiddenField()  # the button
    label = forms.TextField(label=_("Nhãn"), max_length=max_of(Clause, "label"), required=False)
    text = forms.LinesField(
        label=_("Nội dung"),
        help_text=_("Một dòng chỉ có --- sẽ tách mục tại đó. Xoá hết nội dung là bỏ mục này."),
        max_length=LONGEST_CLAUSE,
        rows=14,
        required=False,
    )

    @property
    def merges(self) -> bool:
        """Whether the button that joins it to the one before was pressed."""
        return bool(self["merge"].value())


class InviteForm(ChooserForm):
    """Whom to ask beside those asked already, and until when if not until the common day."""

    due_on = forms.DayField(label=_("Hạn riêng cho các đơn vị này (để trống: hạn chung)"), required=False)

    def arguments(self) -> dict[str, Any]:
        return {"units": self.chosen, "due_on": self.cleaned_data["due_on"]}


class RemoveForm(forms.Form):
    """Which invitation is taken back."""

    html_names = {"invitation": "remove"}
    invitation = forms.RowField(label=_("Đơn vị"))

    @property
    def pressed(self) -> bool:
        """Whether a button of it was pressed."""
        return bool(self["invitation"].data)


class ClauseAsked(forms.FilterForm):
    """The clause that one is about to comment on."""

    html_names = {"clause": "muc"}
    clause = forms.RowField(label=pgettext_lazy("of a draft", "Mục"))


class CommentForm(forms.Form):
    """What an invited unit says of a clause, or of the whole."""

    html_names = {"clause": "muc"}
    once = forms.OnceField()
    clause = forms.RowField(label=pgettext_lazy("of a draft", "Mục"), required=False)
    kind = forms.RadioField(label=_("Loại ý kiến"), choices=CommentKind, initial=CommentKind.CHANGE)
    text = forms.LinesField(label=_("Ý kiến"), max_length=max_of(Comment, "text"), rows=3, required=False)
    wording = forms.LinesField(
        label=_("Lời văn đề xuất (nếu có)"), max_length=max_of(Comment, "wording"), rows=3, required=False
    )


class SendForm(forms.Form):
    """Send the comments; or the button that there is nothing to add."""

    html_names = {"nothing_to_add": "nothing"}
    nothing_to_add = forms.CheckField(label=_("Không có ý kiến"), required=False)


class ConsultationsFilter(forms.FilterForm):
    """Consultations by words of the title or number, and by state."""

    html_names = {"text": "q", "state": "trang-thai"}
    text = forms.TextField(label=_("Tên hoặc số"), max_length=100, attrs={"type": "search"})
    state = forms.ChoiceField(label=_("Trạng thái"), choices=ConsultationState, blank=_("Tất cả"))


class InvitedFilter(forms.FilterForm):
    """Those asked who sent, did not send, or are late."""

    html_names = {"who": "ai"}
    who = forms.ChoiceField(label=_("Ai đã góp ý"), choices=[(who, who) for who in ("da-gui", "chua-gui", "muon")])


class CommentsFilter(forms.FilterForm):
    """Comments by kind, and those that still need their answer."""

    html_names = {"kind": "loai", "open": "con"}
    kind = forms.ChoiceField(label=_("Loại ý kiến"), choices=CommentKind, blank=_("Tất cả"))
    open = forms.CheckField(label=_("Chỉ ý kiến chưa trả lời"))


class AnswerForm(forms.Form):
    """One answer for all comments that are ticked, as they were seen."""

    html_names = {"comments": "comment"}
    comments = forms.SeenRowsField(label=_("Ý kiến"), required=False)
    verdict = forms.RadioField(
        label=_("Trả lời"),
        help_text=_("Đề nghị sửa: tiếp thu, một phần hoặc không. Câu hỏi: đã giải trình. Nhất trí không cần trả lời."),
    )
    why = forms.LinesField(label=_("Lý do, giải trình"), max_length=max_of(Comment, "why"), rows=3, required=False)
    alike = forms.CheckField(label=_("Cả các ý kiến trùng lời về cùng mục"), required=False)

    def __init__(self, *args: Any, verdicts: Sequence[Verdict], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verdict"].choices = [(v.value, v.label) for v in verdicts]  # type: ignore[attr-defined]

    @property
    def ticked(self) -> set[str]:
        """The keys of what is ticked, whether or not that can be read."""
        return {str(tick).partition("@")[0] for tick in self["comments"].data or ()}


class MoveForm(forms.StepForm):
    """The next step of a consultation that was seen."""

    steps = {"open": consulting.open_consultation, "close": consulting.close, "answered": consulting.finish_answers}
    version = forms.VersionField()


class OpenAgainForm(MoveForm):
    """Take comments again, until another day."""

    steps = {"open": consulting.open_consultation}
    due_on = forms.DayField(label=_("Hạn góp ý mới"), required=False)


class ReportForm(MoveForm):
    """That it was reported, and what the report says beside the figures."""

    steps = {"report": consulting.report}
    note = forms.LinesField(label=_("Nhận định, kiến nghị"), max_length=LONGEST_NOTE, rows=5, required=False)

    @classmethod
    def values_of(cls, row: Consultation) -> dict[str, Any]:
        return {"version": row.version, "note": row.report_note}


STEPS: dict[tuple[str, str], type[MoveForm]] = {
    (ConsultationState.CLOSED, "open"): OpenAgainForm,
    (ConsultationState.ANSWERED, "report"): ReportForm,
}
