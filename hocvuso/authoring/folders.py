"""A draft as a folder of source files, for whatever reads folders: the reader, the checks, the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hocvuso.base import attachments
from hocvuso.library.publishing.compile import UNMAKEABLE, store_pictures
from hocvuso.library.rendering.article import render_article
from hocvuso.library.source.blocks import UnknownBlock, parse
from hocvuso.library.source.checks import Finding, check_lesson
from hocvuso.library.source.durations import duration
from hocvuso.library.source.reader import Fault, LessonSource, read_lesson

from .models import Draft, DraftFile

PROGRAMME = "programme.yaml"
LESSON, PRACTICE, ITEMS, GUIDE = "lesson.md", "practice.yaml", "items.yaml", "guide.md"
TEXTS = (LESSON, PRACTICE, ITEMS, GUIDE)


def contents(draft: Draft, *, of: str = "") -> dict[str, bytes]:
    """The files of a draft by their path; `of`: only those of one lesson. A picture that is lost is not among them."""
    files = draft.files.filter(path__startswith=f"{of}/") if of else draft.files.all()
    return {file.path: found for file in files if (found := content_of(file)) is not None}


def content_of(file: DraftFile) -> bytes | None:
    """What a file holds; None for a picture that is not in the store any more."""
    if not file.sha256:
        return file.text.encode()
    path = attachments.path_of(file.sha256)
    return path.read_bytes() if path.is_file() else None


@contextmanager
def laid_out(draft: Draft, *, of: str = "") -> Iterator[Path]:
    """The draft (of a lesson: only its files) as a folder that bears its key, for as long as it is needed."""
    with TemporaryDirectory(prefix="hocvuso-draft-") as temporary:
        folder = Path(temporary) / draft.key
        for path, content in contents(draft, of=of).items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        yield folder


def look(draft: Draft, lesson: str, audience: str) -> dict[str, Any]:
    """What lists and checks show of a lesson, as plain data; its faults are among its `findings`."""
    with laid_out(draft, of=lesson) as folder:
        (folder / lesson).mkdir(parents=True, exist_ok=True)
        read, faults = read_lesson(folder / lesson)
        found: list[Mapping[str, Any]] = [_of_fault(fault) for fault in faults]
        if read is None:
            return {"audience": audience, "findings": found}
        found += [_of_finding(finding) for finding in check_lesson(read, audience)]
        return _facts(read, audience) | {"audience": audience, "findings": found}


def preview_of(draft: Draft, lesson: str) -> str:
    """The article of a lesson as publishing would make it; nothing while it cannot be made, which its findings say."""
    with laid_out(draft, of=lesson) as folder:
        read, _faults = read_lesson(folder / lesson)
        if read is None:
            return ""
        try:
            return render_article(read, media=store_pictures(read).__getitem__)
        except UNMAKEABLE:
            return ""


def _facts(read: LessonSource, audience: str) -> dict[str, Any]:
    items = read.items
    return {
        "title": read.head.title,
        "promise": read.head.promise,
        "outcomes": read.head.outcomes,
        "practice": {"kind": read.practice.kind, "title": read.practice.title},
        "checks": sum(item.use == "check" for item in items),
        "tests": dict(Counter(item.outcome for item in items if item.use == "test")),
        **_times(read, audience),
    }


def _times(read: LessonSource, audience: str) -> dict[str, float]:
    try:
        time = duration(read, parse(read.body), audience)
    except UnknownBlock:  # which is a finding
        return {}
    return {"minutes": round(time.total, 1), "share": round(time.practice_share, 2)}


def _of_fault(fault: Fault) -> dict[str, Any]:
    """The file as the lesson calls it: the draft's own name in front says nothing to who writes it."""
    name = Path(fault.file).name
    said = f"{fault.where}: {fault.what}" if fault.where else fault.what
    return {"level": "refusal", "file": name, "what": said, "line": None}


def _of_finding(finding: Finding) -> dict[str, Any]:
    return {"level": finding.level, "file": LESSON, "what": finding.what, "line": finding.line}
