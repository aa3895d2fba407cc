"""The sheet of a visit as a form: one field a question, photos, rows for findings. The checklist judges the answers.

Names on the page are those that the script of the sheet knows: `q_<code>`, `p_<code>`, `f_text_1`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from hocvuso.base.attachments import MAX_BYTES
from hocvuso.base.errors import Refusal
from hocvuso.checklists.rules import LONGEST_ANSWER, NOTE, PHOTO, questions
from hocvuso.inspections.models import Finding, Visit
from hocvuso.inspections.services import visiting

from ...kit import forms
from ...kit.forms import max_of
from .forms import FindingForm

FINDINGS = range(1, 4)  # rows for findings on the sheet


class KeyField(forms.HiddenField):
    """The key under which a device sends something; None for none."""

    unreadable = _("Không đọc được phiếu.")

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        try:
            return UUID(text) if text else None
        except ValueError:
            raise ValidationError(self.unreadable) from None


class TickedField(forms.ChoicesField):
    """What was ticked, as it came: the checklist judges it."""

    def valid_value(self, value: Any) -> bool:
        return True


class SheetFinding(FindingForm):
    """One row for a finding; a row without text is none."""

    def __init__(self, number: int, data: Any = None) -> None:
        self.number = number
        super().__init__(data)
        for field in self.fields.values():
            field.required = False
            field.widget.attrs |= {"data-finding": number}
            field.widget.attrs.pop("aria-required", None)
        for name in ("text", "evidence"):  # what is longer would be cut on its way from a phone without a line
            self.fields[name].widget.attrs["maxlength"] = max_of(Finding, name)

    def add_prefix(self, field_name: str) -> str:
        return f"f_{field_name}_{self.number}"

    def is_valid(self) -> bool:
        return super().is_valid() or not self["text"].value()


class SheetForm(forms.Form):
    """Answers, photos and findings of one visit (`row`), and whether it is finished."""

    id = KeyField()
    finish = forms.HiddenField()

    def __init__(self, data: Any = None, files: Any = None, *, row: Visit, **kwargs: Any) -> None:
        super().__init__(data, files, row=row, **kwargs)
        for question in questions(row.inspection.checklist):
            name, field = _field_of(question)
            if field is not None:
                self.fields[name] = field
        self.findings = [SheetFinding(number, data) for number in FINDINGS]

    @classmethod
    def values_of(cls, row: Visit) -> dict[str, Any]:
        return {}

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(row.is_valid() for row in self.findings)])

    @property
    def answers(self) -> dict[str, str]:
        """What was sent, by code of question; several choices with spaces between. What was not sent is not there."""
        sent: Any = self.data
        return {name[2:]: _said(sent.getlist(name)) for name in self.fields if name[:2] == "q_" and name in sent}

    def arguments(self) -> dict[str, Any]:
        key = self.cleaned_data["id"] or uuid4()
        found = [row.cleaned_data for row in self.findings if row["text"].value()]
        photos = [photo for name in self.fields if name[:2] == "p_" for photo in self._photos(key, name)]
        finish = bool(self.cleaned_data["finish"])
        return {"id": key, "answers": self.answers, "findings": found, "photos": photos, "finish": finish}

    def _photos(self, key: UUID, name: str) -> list[visiting.Photo]:
        """Photos of a question; their keys follow from that of the sheet, so that sending twice keeps them once."""
        files: list[UploadedFile] = self.cleaned_data[name]
        return [
            visiting.Photo(uuid5(key, f"{name}/{n}"), name[2:], file.name or "", file.read())
            for n, file in enumerate(files)
        ]

    def _faulty(self) -> Iterator[tuple[Any, Any, Any]]:
        yield from super()._faulty()
        for row in (row for row in self.findings if not row.is_valid()):
            which = _("Tồn tại mới %(n)s") % {"n": row.number}
            yield from ((field, f"{which}, {label}", fault) for field, label, fault in row._faulty())

    def refuse(self, refusal: Refusal) -> None:
        """What is wrong with answers stands beside each of them."""
        wrong = refusal.wrong if isinstance(refusal, visiting.BadSheet) else {refusal.field: str(refusal)}
        for code, reason in wrong.items():
            self.add_error(
                next((name for name in (f"q_{code}", f"p_{code}") if name in self.fields), None), str(reason)
            )

    @property
    def wrong(self) -> dict[str, str]:
        """What is wrong, by code of question."""
        return {
            name[2:]: " ".join(map(str, faults)) for name, faults in self.errors.items() if name[:2] in ("q_", "p_")
        }


def _field_of(question: dict[str, Any]) -> tuple[str, Any]:
    """The name and field of a question; no field for a note."""
    code, label = question["code"], question["label"]
    match question["kind"]:
        case kind if kind == NOTE:
            return "", None
        case kind if kind == PHOTO:
            return f"p_{code}", forms.FilesField(
                label=label, most=MAX_BYTES, most_files=visiting.MOST_PHOTOS, required=False
            )
        case "choices":
            return f"q_{code}", TickedField(label=label, required=False)
    return f"q_{code}", forms.LinesField(label=label, max_length=LONGEST_ANSWER, required=False)


def _said(values: list[str]) -> str:
    return " ".join(filter(None, values))


class PhotoKeyField(KeyField):
    """The key of a photo, which it cannot do without."""

    unreadable = _("Không đọc được ảnh.")

    def clean(self, value: Any) -> Any:
        key = super().clean(value)
        if key is None:
            raise ValidationError(self.unreadable)
        return key


class PhotoForm(forms.Form):
    """A photo from the page's script, under the key that it made."""

    id = PhotoKeyField()
    question = forms.TextField(required=False)
    photo = forms.FileField(most=MAX_BYTES)

    def arguments(self) -> dict[str, Any]:
        file: UploadedFile = self.cleaned_data["photo"]
        return {
            "id": self.cleaned_data["id"],
            "question": self.cleaned_data["question"],
            "name": file.name or "",
            "content": file.read(),
        }
