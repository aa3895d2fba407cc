"""What carries a signed credential: JSON as it is, the PDF to which it is attached, the picture in which it is baked.

What a file is, its content says, not its name. The files are strangers': each is a credential or a refusal in words.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext_lazy as _

from hocvuso.base import apart
from hocvuso.base.errors import Refusal

from . import attached, rules_png
from .pictures import KEYWORD

MOST_TEXT = 100_000  # bytes of a credential
MOST_FILE = 1_500_000  # bytes of what carries it
_SECONDS, _MEMORY = 8, 512 * 1024 * 1024
_OTHER_PICTURES = (b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM")


class Unreadable(Refusal):
    """It is no credential, and carries none."""

    code = "unreadable"
    says = _("Không đọc được chứng nhận này. Hãy chọn tệp PDF, ảnh PNG hoặc JSON đã tải từ trang Chứng nhận của tôi.")


class NoneInPicture(Refusal):
    """A picture without a credential in it: a photograph, or one that was made anew on its way."""

    code = "none-in-picture"
    says = _(
        "Trong ảnh này không còn chứng nhận số: ảnh chụp màn hình hoặc gửi qua Zalo, Facebook bị nén lại. Hãy quét mã "
        "QR trên ảnh, hoặc xin tệp gốc."
    )


class NoneInPdf(Refusal):
    """A PDF without a credential attached: another one, or one that was printed anew."""

    code = "none-in-pdf"
    says = _(
        "Trong tệp PDF này không có chứng nhận số: bản quét hoặc bản in lại thì không còn. Hãy quét mã QR trên chứng "
        "nhận, hoặc xin tệp gốc."
    )


class SeveralInside(Refusal):
    """Which one is meant?"""

    code = "several-inside"
    says = _("Tệp này mang nhiều chứng nhận số khác nhau. Chứng nhận của chúng tôi chỉ mang một.")


def credential_in(content: bytes) -> Any:
    """The credential that a file is or carries, as JSON. Raises Unreadable, NoneInPicture, NoneInPdf, SeveralInside."""
    if content.startswith(rules_png.SIGNATURE):
        texts = [text.decode("utf-8", "replace") for text in rules_png.texts(content, KEYWORD, most=MOST_TEXT)]
        return _only_one(texts, NoneInPicture())
    if content.startswith(_OTHER_PICTURES) or content[4:8] == b"ftyp":
        raise NoneInPicture
    if b"%PDF-" in content[:1024]:
        return _only_one(_in_pdf(content), NoneInPdf())
    return _parsed(_text(content))


def _in_pdf(content: bytes) -> list[str]:
    try:
        found: list[str] = json.loads(apart.read(attached.read, content, seconds=_SECONDS, memory=_MEMORY))
    except apart.Unread:
        raise NoneInPdf from None
    return found


def _only_one(texts: list[str], none: Refusal) -> Any:
    """The one credential among texts that may be anything."""
    found = []
    for text in texts:
        try:
            document = _parsed(text)
        except Unreadable:
            continue
        if isinstance(document, dict) and "proof" in document and document not in found:
            found.append(document)
    if not found:
        raise none
    if len(found) > 1:
        raise SeveralInside
    return found[0]


def _text(content: bytes) -> str:
    code = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(code)
    except UnicodeDecodeError:
        raise Unreadable from None


def _parsed(text: str) -> Any:
    if len(text.encode("utf-8", "surrogatepass")) > MOST_TEXT:
        raise Unreadable
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # no JSON, or nested deeper than any certificate
        raise Unreadable from None
