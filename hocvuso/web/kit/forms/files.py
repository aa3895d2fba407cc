"""Several files in one field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from .fields import FileField


class FilesInput(forms.ClearableFileInput):
    """The input of files, which lets one choose several."""

    allow_multiple_selected = True


class FilesField(FileField):
    """Several files, each of some kinds and at most so many bytes: a list. `most_files` at once."""

    widget = FilesInput
    default_error_messages = {"too-many": _("Chọn mỗi lần nhiều nhất %(most)s tệp.")}

    def __init__(self, *, most_files: int, **kwargs: Any) -> None:
        self.most_files = most_files
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files: list[Any] = [file for file in data if file] if isinstance(data, list | tuple) else [data] if data else []
        if len(files) > self.most_files:
            raise ValidationError(self.error_messages["too-many"], "too-many", {"most": self.most_files})
        if not files:
            super().clean(None, initial)
        one: Any = super().clean
        return [one(file, None) for file in files]
