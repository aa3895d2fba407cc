"""The forms of documents: what a draft says, what it is composed from, how a unit stands on it, the filter."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from hocvuso.base.versions import NONE_SEEN
from hocvuso.documents.models import DocumentProfile, OfficialDocument

from ...kit import forms
from ...kit.forms import max_of

_LONGEST_LINE = 500


class DocumentForm(forms.Form):
    """What a draft says. Its blocks are lines of one text; its tables keep their place as `[bảng n]`."""

    html_names = {"body": "text"}
    version = forms.VersionField()
    title = forms.TextField(label=_("Trích yếu"), max_length=max_of(OfficialDocument, "title"))
    addressees = forms.ListField(label=_("Kính gửi (mỗi nơi một dòng)"), max_length=_LONGEST_LINE, required=False)
    basis = forms.ListField(label=_("Căn cứ (mỗi căn cứ một dòng)"), max_length=_LONGEST_LINE, required=False)
    body = forms.LinesField(
        label=_("Nội dung"),
        help_text=_("Đề mục bắt đầu bằng “# ”, gạch đầu dòng bằng “- ”. Giữ nguyên dòng [bảng 1] ở chỗ muốn đặt bảng."),
        rows=16,
        required=False,
    )
    authority = forms.TextField(
        label=_("Thẩm quyền ký (như KT. GIÁM ĐỐC)"), max_length=max_of(OfficialDocument, "authority"), required=False
    )
    position = forms.TextField(
        label=_("Chức vụ người ký"), max_length=max_of(OfficialDocument, "position"), required=False
    )
    signer = forms.TextField(label=_("Họ tên người ký"), max_length=max_of(OfficialDocument, "signer"), required=False)
    recipients = forms.ListField(label=_("Nơi nhận (mỗi nơi một dòng)"), max_length=_LONGEST_LINE, required=False)

    @classmethod
    def values_of(cls, row: OfficialDocument) -> dict[str, Any]:
        return super().values_of(row) | {"body": as_text(row.body)}

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"body": as_blocks(self.cleaned_data["body"], self.row.body)}


class IssueForm(forms.Form):
    """Nothing is typed: the draft that was seen is issued."""

    version = forms.VersionField()


class CreateForm(forms.Form):
    """From what a document is composed, and by which unit it is issued."""

    html_names = {"subject": "tu"}
    once = forms.OnceField()
    subject = forms.HiddenField()
    unit = forms.UnitField(label=_("Đơn vị ban hành"))


class ProfileForm(forms.Form):
    """How a unit stands on its documents."""

    version = forms.VersionField(initial=NONE_SEEN)
    organ_above = forms.TextField(
        label=_("Cơ quan chủ quản"), max_length=max_of(DocumentProfile, "organ_above"), required=False
    )
    name = forms.TextField(
        label=_("Tên đơn vị trên văn bản (để trống: như tên trong hệ thống)"),
        max_length=max_of(DocumentProfile, "name"),
        required=False,
    )
    abbreviation = forms.TextField(
        label=_("Chữ viết tắt trong ký hiệu"), max_length=max_of(DocumentProfile, "abbreviation"), required=False
    )
    place = forms.TextField(
        label=_("Địa danh trước ngày tháng"), max_length=max_of(DocumentProfile, "place"), required=False
    )

    def arguments(self) -> dict[str, Any]:
        typed = super().arguments()
        return {"version": typed.pop("version"), "values": typed}


class DocumentsFilter(forms.FilterForm):
    """Documents by words of the title and by kind."""

    html_names = {"text": "q", "kind": "loai"}
    text = forms.TextField(label=_("Trích yếu có chữ"), max_length=100, attrs={"type": "search"})
    kind = forms.ChoiceField(label=_("Loại"), choices=OfficialDocument.Kind, blank=_("Tất cả"))


def as_text(body: list[dict[str, Any]]) -> str:
    """Body blocks as lines to edit: `#` before headings, `-` before items; tables keep their place as `[bảng n]`."""
    signs = {"heading": "# ", "item": "- ", "paragraph": ""}
    lines, tables = [], 0
    for block in body:
        if block["kind"] == "table":
            tables += 1
            lines.append(f"[bảng {tables}]")
        else:
            lines.append(signs[block["kind"]] + block["text"])
    return "\n".join(lines)


def as_blocks(text: str, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Undo `as_text`; the tables are those of `before`."""
    tables = {f"[bảng {n}]": block for n, block in enumerate((b for b in before if b["kind"] == "table"), 1)}
    blocks: list[dict[str, Any]] = []
    for line in (line.strip() for line in text.splitlines()):
        if line in tables:
            blocks.append(tables[line])
        elif line.startswith("# "):
            blocks.append({"kind": "heading", "text": line[2:]})
        elif line.startswith("- "):
            blocks.append({"kind": "item", "text": line[2:]})
        elif line:
            blocks.append({"kind": "paragraph", "text": line})
    return blocks
