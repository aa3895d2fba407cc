"""What a programme must satisfy before it may be published, and what its author is warned of. No database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from .blocks import Block, UnknownBlock, parse
from .durations import MAX_MINUTES, duration, syllables
from .files import beside
from .giveaways import giveaways
from .reader import LessonSource, Source

MIN_PRACTICE_SHARE = 0.4
MAX_PICTURE_BYTES = 2 * 1024 * 1024
SOURCE_READ_WITHIN = timedelta(days=365)
# Mean syllables a sentence above which a reader of each audience is likely to lose the thread.
MAX_SENTENCE = {"elderly": 18, "pupils-lower-secondary": 22}
DEFAULT_MAX_SENTENCE = 25
OPEN = "…"  # what stands where an author has yet to write


@dataclass(frozen=True)
class Finding:
    """One result of a check: `refusal` blocks publishing, `warning` does not."""

    level: Literal["refusal", "warning"]
    lesson: str
    what: str
    line: int | None = field(default=None, compare=False)  # of the lesson's body


def check_programme(source: Source, *, on: date | None = None) -> list[Finding]:
    """Every finding about `source`, refusals first; the age of its sources is counted on the day `on`."""
    findings = list(_outcome_findings(source))
    items = [item for lesson in source.lessons for item in lesson.items]
    findings += [Finding("warning", "", what) for what in giveaways(items)]
    for lesson in source.lessons:
        findings += check_lesson(lesson, source.programme.audience, on=on)
    return sorted(findings, key=lambda f: f.level)


def check_lesson(lesson: LessonSource, audience: str, *, on: date | None = None) -> list[Finding]:
    """Every finding about one lesson by itself; the age of its sources is counted on the day `on`."""
    findings = [*_lesson_findings(lesson, audience), *_source_findings(lesson, on or date.today())]
    return [*findings, *(_finding("refusal", lesson, f"chưa viết: {place}") for place in _open_places(lesson))]


def _open_places(lesson: LessonSource) -> Iterator[str]:
    """Where nothing is written yet, as its author would look for it."""
    yield from _open_in(lesson.head.model_dump(), "")
    yield from _open_in(lesson.practice.model_dump(), "thực hành, ")
    for item in lesson.items:
        yield from _open_in(item.model_dump(), f"câu hỏi {item.key}, ")


def _open_in(data: Any, place: str) -> Iterator[str]:
    if isinstance(data, str) and data.rstrip("0123456789 ") == OPEN:
        yield place.rstrip(", .")
    elif isinstance(data, dict | list | tuple):
        pairs = data.items() if isinstance(data, dict) else enumerate(data, 1)
        for key, value in pairs:
            yield from _open_in(value, f"{place}{key}.")


def _outcome_findings(source: Source) -> list[Finding]:
    declared = {o.code for o in source.programme.outcomes}
    taught = {code for lesson in source.lessons for code in lesson.head.outcomes}
    tested = {i.outcome for lesson in source.lessons for i in lesson.items if i.use == "test"}
    findings = [
        Finding("refusal", "", f"yêu cầu cần đạt {c} chưa có bài học và thực hành") for c in sorted(declared - taught)
    ]
    findings += [
        Finding("refusal", "", f"yêu cầu cần đạt {c} chưa có câu hỏi kiểm tra") for c in sorted(declared - tested)
    ]
    for lesson in source.lessons:
        unknown = {*lesson.head.outcomes, *(i.outcome for i in lesson.items)} - declared
        findings += [
            Finding("refusal", lesson.head.key, f"yêu cầu cần đạt {c} không có trong chương trình")
            for c in sorted(unknown)
        ]
    return findings


def _lesson_findings(lesson: LessonSource, audience: str) -> list[Finding]:
    try:
        blocks = parse(lesson.body)
    except UnknownBlock as error:
        return [_finding("refusal", lesson, str(error))]
    refusals = [*_picture_faults(lesson, blocks), *_text_faults(lesson, blocks)]
    warnings = _warnings(lesson, blocks, audience)
    return [
        *(_finding("refusal", lesson, what) for what in refusals),
        *(_finding("warning", lesson, what) for what in warnings),
    ]


def _finding(level: Literal["refusal", "warning"], lesson: LessonSource, what: str) -> Finding:
    """A finding about a lesson; what says in words where it is, is found there."""
    line = re.match(r"dòng (\d+):", what)
    return Finding(level, lesson.head.key, what, int(line[1]) if line else None)


def _source_findings(lesson: LessonSource, on: date) -> list[Finding]:
    """Sources said to be read on a day to come, and those that nobody has read for a year."""
    findings = []
    for source in lesson.head.sources:
        if source.checked is None:
            continue
        said = f"nguồn “{source.title}” đọc lại ngày {source.checked:%d/%m/%Y}"
        if source.checked > on:
            findings.append(Finding("refusal", lesson.head.key, f"{said}: ngày này chưa tới"))
        elif on - source.checked > SOURCE_READ_WITHIN:
            findings.append(Finding("warning", lesson.head.key, f"{said}: đã quá một năm, hãy đọc lại"))
    return findings


def _picture_faults(lesson: LessonSource, blocks: list[Block]) -> list[str]:
    faults = []
    for block in blocks:
        if block.kind != "picture":
            continue
        path = beside(lesson.folder, block.name)
        if not block.alt:
            faults.append(f"dòng {block.line}: hình {block.name} thiếu lời mô tả thay thế")
        if block.name not in lesson.head.pictures:
            faults.append(f"hình {block.name} thiếu nguồn và giấy phép trong pictures")
        if not path.is_file():
            faults.append(f"dòng {block.line}: không có tệp hình {block.name} cạnh lesson.md")
        elif path.stat().st_size > MAX_PICTURE_BYTES:
            faults.append(f"hình {block.name} lớn hơn {MAX_PICTURE_BYTES // 1024 // 1024} MB")
    return faults


def _text_faults(lesson: LessonSource, blocks: list[Block]) -> list[str]:
    checks = {item.key for item in lesson.items if item.use == "check"}
    faults = [
        f"dòng {b.line}: không có câu hỏi check nào tên {b.name!r}"
        for b in blocks
        if b.kind == "question" and b.name not in checks
    ]
    if lesson.head.legal and not lesson.head.sources:
        faults.append("bài nêu quy định hoặc thủ tục (legal: true) nhưng chưa dẫn nguồn trong sources")
    if not any(b.kind in ("text", "steps") for b in blocks):
        faults.append("bài chưa có nội dung để đọc")
    if sum(item.use == "test" for item in lesson.items) < 4:
        faults.append("bài cần ít nhất 4 câu hỏi kiểm tra (use: test)")
    if not checks:
        faults.append("bài cần ít nhất một câu hỏi trong bài (use: check)")
    return faults


def _warnings(lesson: LessonSource, blocks: list[Block], audience: str) -> list[str]:
    time = duration(lesson, blocks, audience)
    warnings = []
    if time.total > MAX_MINUTES:
        warnings.append(f"bài dài khoảng {time.total:.1f} phút, quá {MAX_MINUTES:.0f} phút")
    if time.practice_share < MIN_PRACTICE_SHARE:
        warnings.append(f"thực hành chỉ chiếm {time.practice_share:.0%} thời gian, dưới {MIN_PRACTICE_SHARE:.0%}")
    limit = MAX_SENTENCE.get(audience, DEFAULT_MAX_SENTENCE)
    mean = _mean_sentence(blocks)
    if mean > limit:
        warnings.append(f"câu dài trung bình {mean:.0f} tiếng, quá {limit} tiếng với người học này")
    if not any(b.kind == "picture" for b in blocks):
        warnings.append("bài chưa có hình nào")
    return warnings


def _mean_sentence(blocks: list[Block]) -> float:
    text = "\n".join(b.markdown for b in blocks if b.kind not in ("teacher", "question", "practice"))
    counts = [len(syllables(s)) for s in re.split(r"[.!?…:;\n]+", text)]
    counts = [c for c in counts if c]
    return sum(counts) / len(counts) if counts else 0.0
