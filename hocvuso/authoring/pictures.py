"""Pictures that an author drops into a lesson are judged before they are kept, apart from the worker."""

from __future__ import annotations

import re
from itertools import chain, count
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext_lazy as _

from hocvuso.base import apart
from hocvuso.base.errors import Refusal
from hocvuso.base.text import fold
from hocvuso.library.rendering.pictures import try_drawing
from hocvuso.library.source.checks import MAX_PICTURE_BYTES
from hocvuso.library.source.files import BadName, plain
from hocvuso.media.pictures import BadPicture, renditions

from .models import Draft

KINDS = (".svg", ".png", ".jpg", ".jpeg", ".webp")


class NotPicture(Refusal):
    """The file is no picture that a lesson may show; `why` in words."""

    code = "not-picture"
    says = _("Chưa nhận được hình: %(why)s.")


def picture_name(name: str) -> str:
    """The name that a picture gets in a lesson: what a phone or a screen gave it would not stand in a line of text."""
    stem, ending = Path(name).stem, Path(name).suffix.lower()
    plain_stem = "".join(letter if letter.isascii() else " " for letter in fold(stem).replace("_", " "))
    return ("-".join(re.findall(r"[a-z0-9]+", plain_stem))[:60].strip("-") or "hinh") + ending


def free_name(draft: Draft, lesson: str, name: str) -> str:
    """The name, or with a number behind it the first that is free in the lesson."""
    taken = set(draft.files.filter(path__startswith=f"{lesson}/").values_list("path", flat=True))
    stem, _dot, ending = name.rpartition(".")
    names = chain([name], (f"{stem}-{n}.{ending}" for n in count(2)))
    return next(one for one in names if f"{lesson}/{one}" not in taken)


def judge(name: str, content: bytes) -> None:
    """Read a picture as publishing will. Raises NotPicture."""
    if len(content) > MAX_PICTURE_BYTES:
        raise NotPicture(field="file", why=_("lớn hơn %(n)s MB") % {"n": MAX_PICTURE_BYTES >> 20})
    try:
        if Path(plain(name)).suffix.lower() == ".svg":
            apart.read(try_drawing, content)
        else:
            _render(name, content)
    except (BadName, BadPicture) as error:
        raise NotPicture(field="file", why=str(error)) from None
    except apart.Unread as error:
        raise NotPicture(field="file", why=str(error) or _("không đọc được tệp này")) from None


def _render(name: str, content: bytes) -> None:
    if Path(name).suffix.lower() not in KINDS:
        raise BadPicture(_("cần là hình PNG, JPEG, WebP hoặc SVG"))
    with TemporaryDirectory(prefix="hocvuso-picture-") as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        renditions(path)
