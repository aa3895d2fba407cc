"""Source → bundle: articles, guides, practice data, pictures, and the manifest that lists them by hash."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from hocvuso.media.pictures import RENDITIONS, BadPicture, renditions

from ..rendering.article import render_article, render_guide
from ..rendering.icons import UnknownIcon
from ..rendering.pictures import BadDrawing
from ..rendering.slides import render_slides
from ..source.blocks import UnknownBlock, parse
from ..source.checks import Finding, check_programme
from ..source.durations import duration
from ..source.files import BadName, beside
from ..source.reader import Fault, LessonSource, Source, SourceError
from . import store

FORMAT = "hocvuso-bundle/1"
_TEXTS = {"key", "title", "title_en", "promise", "promise_en", "goal", "goal_en", "tonight", "tonight_en"}
UNMAKEABLE = (
    UnknownBlock,
    BadDrawing,
    BadPicture,
    UnknownIcon,
    BadName,
)  # of a source, found only when it is made into pages


@dataclass(frozen=True)
class Compiled:
    """A programme made ready: bundle name, index for list pages, test items with keys, findings."""

    bundle: str
    source_hash: str
    content: dict[str, Any]
    items: list[dict[str, Any]]
    findings: list[Finding]


def compile_programme(source: Source) -> Compiled:
    """Compile and store the bundle. Deterministic: the same source gives the same bundle name.

    Raises SourceError naming every lesson with an unknown block or icon, or a file that is no picture.
    """
    files: dict[str, bytes] = {}
    lessons = []
    faults = []
    for lesson in source.lessons:
        try:
            files |= _lesson_files(lesson, store_pictures(lesson))
            lessons.append(_lesson_index(lesson, source.programme.audience))
        except UNMAKEABLE as error:
            file = "/lesson.md" if isinstance(error, UnknownBlock) else ""
            faults.append(Fault(f"{source.folder.name}/{lesson.head.key}{file}", "", str(error)))
    if faults:
        raise SourceError(faults)
    content = _programme_index(source, lessons)
    files["index.json"] = _json(content)
    manifest = _json(
        {
            "format": FORMAT,
            "programme": source.programme.key,
            "licence": source.programme.licence,
            "files": {name: {"sha256": store.digest(data), "bytes": len(data)} for name, data in sorted(files.items())},
        }
    )
    files["manifest.json"] = manifest
    bundle = store.digest(manifest)
    store.put(files, name=bundle)
    return Compiled(bundle, _source_hash(source), content, _test_items(source), check_programme(source))


def page_findings(source: Source) -> list[Finding]:
    """What only making the pages shows: unknown blocks and icons, files that are no pictures. Nothing is stored."""
    findings = []
    for lesson in source.lessons:
        try:
            for path in _photographs(lesson):
                renditions(path)
            render_article(lesson, media=lambda _name: "")
        except UNMAKEABLE as error:
            findings.append(Finding("refusal", lesson.head.key, str(error)))
    return findings


def _photographs(lesson: LessonSource) -> list[Path]:
    """Raster pictures that are there; a missing one is a finding of the checks, and SVG is inlined by the article."""
    paths = (beside(lesson.folder, name) for name in lesson.head.pictures)
    return [path for path in paths if path.suffix.lower() != ".svg" and path.is_file()]


def store_pictures(lesson: LessonSource) -> dict[str, str]:
    """Raster pictures become folders of the store, named by the hash of the original."""
    media = {}
    for path in _photographs(lesson):
        name = store.digest(path.read_bytes())
        if not store.holds(name, RENDITIONS):
            made, _size = renditions(path)
            store.put(made, name=name)
        media[unicodedata.normalize("NFC", path.name)] = f"/b/{name}"
    return media


def _lesson_files(lesson: LessonSource, media: dict[str, str]) -> dict[str, bytes]:
    key = lesson.head.key
    article = render_article(lesson, media=media.__getitem__)
    title = escape(lesson.head.title)
    page = (
        f'<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><h1>{title}</h1>{article}</html>"
    )
    practice = lesson.practice.model_dump(mode="json", exclude_defaults=True)
    checks = [i.model_dump(mode="json", exclude_defaults=True) for i in lesson.items if i.use == "check"]
    return {
        f"lessons/{key}/article.html": article.encode(),
        f"lessons/{key}/index.html": page.encode(),
        f"lessons/{key}/guide.html": render_guide(lesson).encode(),
        f"lessons/{key}/slides.html": render_slides(lesson, media=media.__getitem__).encode(),
        f"lessons/{key}/practice.json": _json({"practice": practice, "checks": checks}),
    }


def _lesson_index(lesson: LessonSource, audience: str) -> dict[str, Any]:
    head = lesson.head
    blocks = parse(lesson.body)
    time = duration(lesson, blocks, audience)
    text = " ".join(b.markdown for b in blocks if b.kind not in ("teacher", "question", "practice"))
    return {
        **head.model_dump(mode="json", include=_TEXTS),
        "icon": head.icon,
        "outcomes": head.outcomes,
        "words": head.words,
        "sources": [c.model_dump(mode="json") for c in head.sources],
        "pictures": {n: p.model_dump(mode="json") for n, p in head.pictures.items()},
        "minutes": max(1, round(time.total)),
        "practice": {"kind": lesson.practice.kind, "title": lesson.practice.title},
        "checks": [i.key for i in lesson.items if i.use == "check"],
        "text": text,
        "seconds_least": round(time.total * 60 / 4),
    }


def _programme_index(source: Source, lessons: list[dict[str, Any]]) -> dict[str, Any]:
    programme = source.programme.model_dump(mode="json")
    return {**programme, "lessons": {lesson["key"]: lesson for lesson in lessons}}


def _test_items(source: Source) -> list[dict[str, Any]]:
    return [
        {"lesson": lesson.head.key, **item.model_dump(mode="json")}
        for lesson in source.lessons
        for item in lesson.items
        if item.use == "test"
    ]


def _source_hash(source: Source) -> str:
    paths = sorted(p for p in source.folder.rglob("*") if p.is_file())
    return store.digest(b"".join(str(p.relative_to(source.folder)).encode() + p.read_bytes() for p in paths))


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
