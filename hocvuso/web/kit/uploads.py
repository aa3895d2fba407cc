"""A list on its way in: chosen as a file or pasted, it waits here under its hash between preview and applying.

The form holds a signed ticket for it, good for this person and this purpose.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from hocvuso.jobs import services as jobs
from hocvuso.jobs.models import Job
from hocvuso.people.models import Person

from . import forms
from .auth import PersonRequest

MAX_BYTES = 2 * 1024 * 1024
AT_ONCE, BOOK_AT_ONCE = (
    128 * 1024,
    32 * 1024,
)  # bytes of a list, and of a packed one, that is read at once
KEPT = 3600  # seconds
NOTHING_NEW = _("Không ghi gì: danh sách không có dòng nào mới hoặc khác với số đang có.")


class CarriedForm(forms.Form):
    """A file, or the ticket of one that waits since its preview, and whether “Nhập” was pressed.

    `came`: the name and the content of what was sent.
    """

    nothing: ClassVar[Any] = _("Hãy chọn tệp Excel hoặc CSV, hoặc dán các dòng; không quá 2 MB.")
    came: tuple[str, bytes] = ("", b"")
    file = forms.FileField(label=_("Tệp danh sách"), most=MAX_BYTES, required=False, attrs={"accept": ".csv,.xlsx"})
    waiting = forms.HiddenField()
    apply = forms.HiddenField()

    def __init__(self, *args: Any, person: Any, purpose: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.purpose = str(person.pk), purpose

    @classmethod
    def sent_by(cls, request: PersonRequest, purpose: str) -> Self:
        """The form as this person sent it, for this purpose."""
        return cls.of(request, person=request.user, purpose=purpose)

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            self.came = self._came(typed)
            if not self.came[1]:
                self.add_error("file", self.nothing)
        return typed

    def _came(self, typed: dict[str, Any]) -> tuple[str, bytes]:
        file: UploadedFile | None = typed["file"]
        if file is not None:
            return file.name or "", file.read()
        try:
            digest, person, name = signing.loads(typed["waiting"], salt=self.purpose, max_age=KEPT)
            return name, (_folder() / digest).read_bytes() if person == self.person else b""
        except (signing.BadSignature, OSError, ValueError):
            return "", b""

    def keep(self) -> str:
        """Keep what came for a while and give its ticket; what waited too long is removed."""
        name, content = self.came
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            with suppress(FileNotFoundError):  # somebody else removed it
                if old.stat().st_mtime < time.time() - KEPT:
                    old.unlink()
        digest = sha256(content).hexdigest()
        written = folder / f"{digest}.{uuid4().hex}"  # put in place whole: others may be reading the same list
        written.write_bytes(content)
        written.replace(folder / digest)
        return signing.dumps([digest, self.person, name], salt=self.purpose)


class ListForm(CarriedForm):
    """A list as a file, or its rows pasted."""

    pasted = forms.ExactField(label=_("Các dòng"), rows=6, required=False)

    def _came(self, typed: dict[str, Any]) -> tuple[str, bytes]:
        pasted = typed["pasted"].strip()
        return ("", pasted.encode()) if pasted and not typed["file"] else super()._came(typed)


@dataclass(frozen=True)
class Bringing:
    """What `kit/table_import.html` shows: the form, and what the list that was sent would do; its ticket to apply it.

    `written`: how many rows were written, once it was applied.
    """

    form: CarriedForm
    plan: Any = None
    name: str = ""
    waiting: str = ""
    written: int | None = None
    job: Job | None = None  # reads it, where it is long


def previewed[P](
    request: PersonRequest, purpose: str, plan: Callable[[str, bytes], P], apply: Callable[[P, str], int], long: str
) -> Bringing:
    """The list that was sent, planned by `plan`; written by `apply` where that is asked for and it has no faults.

    What is long is handed to a job of the kind `long`, which plans it, and writes it once that is asked for.
    """
    form = ListForm.sent_by(request, purpose)
    if not form.is_valid():
        return Bringing(form)
    name, content = form.came
    if is_long(content):
        form.attempt(lambda **_typed: look_later(long, name, content, request.user))
        return Bringing(form, job=form.done)
    made: Any = plan(name, content)
    if not form.cleaned_data["apply"] or made.faults:
        return Bringing(form, made, name, form.keep())
    form.attempt(lambda **_typed: apply(made, name))
    return Bringing(form, written=form.done)


def is_long(content: bytes) -> bool:
    """Whether a list may take longer to read than a page should be waited for."""
    return len(content) > (BOOK_AT_ONCE if content[:2] == b"PK" else AT_ONCE)


def look_later(kind: str, name: str, content: bytes, by: Person) -> Job:
    """A job that says what a list would do; it is written when that is asked for next. Raises TooManyJobs."""
    args = {"name": name, "file": sha256(content).hexdigest(), "apply": False}
    return jobs.ask(kind, by=by, args=args, content=content)


def _folder() -> Path:
    return settings.DATA / "incoming"
