"""What can be taken home of a published edition, in which formats; files are made once and kept while it stands."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hocvuso.base.files import replace
from hocvuso.library.models import Edition
from hocvuso.library.publishing.sources import pack

from . import bundles, epub, paper, scorm, slides, word
from .bundles import Whole

VERSION = "1"  # counted on when a writer makes other bytes than before


@dataclass(frozen=True)
class Kind:
    """A format: what it is called, its media type, and who writes it."""

    title: str | Promise
    media: str
    write: Callable[[Whole], bytes]


def _copied(whole: Whole) -> bytes:
    """The bundle itself: every page, guide and question as data, with the manifest of their hashes."""
    folder = whole.store / whole.bundle
    paths = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".br"]
    files = {str(path.relative_to(folder)): path.read_bytes() for path in paths}
    return pack(files | {"licence.txt": f"{whole.attribution}\n".encode()})


_EPUB = Kind(_("Sách điện tử (EPUB)"), "application/epub+zip", epub.write)
_SCORM = {
    "scorm12.zip": Kind(_("Gói SCORM 1.2"), "application/zip", lambda whole: scorm.write(whole, "1.2")),
    "scorm2004.zip": Kind(_("Gói SCORM 2004"), "application/zip", lambda whole: scorm.write(whole, "2004")),
}
OF_PROGRAMME: Mapping[str, Kind] = {
    "epub": _EPUB,
    **_SCORM,
    "zip": Kind(_("Bản nguồn đã biên dịch (ZIP)"), "application/zip", _copied),
}
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OF_LESSON: Mapping[str, Kind] = {
    "pdf": Kind(_("Bản in phát tay (PDF)"), "application/pdf", paper.handout),
    "docx": Kind(_("Bản phát tay sửa được (Word)"), _WORD, word.handout),
    "pptx": Kind(_("Trang chiếu (PowerPoint)"), _SLIDES, slides.write),
    "guide.pdf": Kind(_("Hướng dẫn cho người dạy (PDF)"), "application/pdf", paper.guide),
    "guide.docx": Kind(_("Hướng dẫn cho người dạy (Word)"), _WORD, word.guide),
    "epub": _EPUB,
    **_SCORM,
}


def attribution(edition: Edition) -> str:
    """What whoever passes the programme on says of it, in one line."""
    return _read(edition, "").attribution


def file_of(edition: Edition, kind: str, lesson: str = "") -> Path:
    """The file of a lesson, or of the whole programme, in one of the formats; made now where it is not kept yet.

    Files of former editions, and of a former front end, go when the first one of another is made.
    """
    path = _path(edition, kind, lesson)
    if path.is_file():
        return path
    made = (OF_LESSON if lesson else OF_PROGRAMME)[kind].write(_read(edition, lesson))
    path.parent.mkdir(parents=True, exist_ok=True)
    for other in path.parent.parent.iterdir():
        if other != path.parent:
            shutil.rmtree(other, ignore_errors=True)
    replace(path, made)
    return path


def size_of(edition: Edition, kind: str, lesson: str = "") -> int | None:
    """Its size in bytes, once it was made."""
    path = _path(edition, kind, lesson)
    return path.stat().st_size if path.is_file() else None


def _read(edition: Edition, lesson: str) -> Whole:
    assert edition.published_at is not None
    day = edition.published_at.date()
    return bundles.read(edition.bundle, settings.BUNDLES, site=settings.BASE_URL, day=day, lesson=lesson)


def _path(edition: Edition, kind: str, lesson: str) -> Path:
    assert edition.published_at is not None
    folder: Path = settings.DATA / "take-home" / edition.programme.key
    edition_of = f"{edition.bundle[:32]}-{edition.published_at:%Y%m%d}-{_front_end()}"
    return folder / edition_of / f"{lesson or '_programme'}.{kind}"


@cache
def _front_end() -> str:
    """What stands in packages besides the lessons, as a hash: another site version makes other files."""
    parts = [VERSION.encode(), settings.BASE_URL.encode(), *((scorm.DIST / name).read_bytes() for name in scorm.SHARED)]
    return sha256(b"\0".join(parts)).hexdigest()[:16]
