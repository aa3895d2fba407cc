"""Files that people attach as evidence: judged by content, bounded, kept by their hash."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from . import files
from .errors import Refusal
from .models import Attachment
from .text import clean
from .words import name_of

MAX_BYTES = 10 * 1024 * 1024
# What a file of each kind begins with; Office files are ZIP archives, and are only ever sent back as downloads.
_BEGINS = {
    "application/pdf": (b"%PDF-",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/webp": (b"RIFF",),
    "application/zip": (b"PK\x03\x04",),
}


class BadFile(Refusal):
    """The file is empty, too large, or of a kind that is not taken."""

    code = "bad-file"
    says = _("Tệp phải là PDF, ảnh (PNG, JPEG, WebP) hoặc Word, Excel, không quá 10 MB.")


class FileLost(Refusal):
    """What was attached is not on the disk any more. `hocvuso doctor` names the file."""

    code = "file-lost"
    says = _("Tệp này không còn trên máy chủ. Hãy báo người vận hành; tệp có thể lấy lại từ bản sao lưu.")


def attach(*, subject: Any, name: str, content: bytes, by: Any) -> Attachment:
    """Keep a file as evidence for `subject` (a model instance). Raises BadFile."""
    kind = kind_of(content)
    digest = store(content)
    return Attachment.objects.create(
        subject=name_of(subject), name=name_to_keep(name), sha256=digest, size=len(content), kind=kind, by_id=by.pk
    )


def store(content: bytes) -> str:
    """Keep a content under its hash, which is given back."""
    digest = sha256(content).hexdigest()
    path = path_of(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        files.replace(path, content)
        files.sync(path.parent.parent)
    return digest


def name_to_keep(name: str) -> str:
    """A file's name as it is kept: without folders, and of characters that everything can hold."""
    kept = Path(clean(name).replace("\\", "/")).name[:200]
    return kept if kept.strip(".") else "tep"


def kind_of(content: bytes) -> str:
    """The media type, judged by content. Raises BadFile."""
    if 0 < len(content) <= MAX_BYTES:
        for kind, beginnings in _BEGINS.items():
            if content.startswith(beginnings):
                return kind
    raise BadFile(field="file")


def path_of(digest: str) -> Path:
    """Where the content with this hash lies."""
    return settings.DATA / "files" / digest[:2] / digest


def opened(file: Attachment) -> BinaryIO:
    """The content of an attached file. Raises FileLost."""
    try:
        return path_of(file.sha256).open("rb")
    except FileNotFoundError:
        raise FileLost from None


def attached_to(subject: Any) -> list[Attachment]:
    """Files of a subject, oldest first. Who may see the subject may see them: the caller's gate decides."""
    return list(Attachment.objects.filter(subject=name_of(subject)).order_by("created_at"))
