"""Reads a programme folder into typed objects; every fault is named by file and place, all of them at once."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from mdit_py_plugins.front_matter import front_matter_plugin
from pydantic import BaseModel, TypeAdapter, ValidationError

from hocvuso.base import plain_yaml

from .faults import said
from .files import BadName, beside, is_real
from .practices import Practice
from .schema import ItemSource, LessonHead, ProgrammeSource

MAX_FILE_BYTES = 512 * 1024
MAX_FAULTS = 200
MAX_WORDS = 500  # letters of what is wrong with one place
# What no column, page or file of XML holds.
UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_PRACTICE: TypeAdapter[Any] = TypeAdapter(Practice)
_ITEMS: TypeAdapter[list[ItemSource]] = TypeAdapter(list[ItemSource])


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a source: which file, where in it, and what."""

    file: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.where}: {self.what}" if self.where else f"{self.file}: {self.what}"


class SourceError(Exception):
    """A source folder cannot be read; `faults` lists everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True)
class LessonSource:
    """One lesson folder."""

    head: LessonHead
    body: str
    guide: str
    practice: Any
    items: list[ItemSource]
    folder: Path


@dataclass(frozen=True)
class Source:
    """One programme folder, its lessons in order of the modules."""

    programme: ProgrammeSource
    lessons: list[LessonSource]
    folder: Path


@dataclass
class _Reading:
    root: Path
    faults: list[Fault] = field(default_factory=list)

    def fault(self, path: Path, where: str, what: str) -> None:
        """Keep a fault; with as many as anybody can read, stop reading."""
        self.faults.append(Fault(str(path.relative_to(self.root.parent)), where[:MAX_WORDS], what[:MAX_WORDS]))
        if len(self.faults) == MAX_FAULTS:
            raise SourceError(self.faults)

    def text(self, path: Path) -> str:
        try:
            path = beside(path.parent, path.name)
            if path.stat().st_size > MAX_FILE_BYTES:
                self.fault(path, "", f"tệp lớn hơn {MAX_FILE_BYTES // 1024} KB")
                return ""
            text = unicodedata.normalize("NFC", path.read_text("utf-8-sig"))
            if unfit := UNFIT.search(text):
                self.fault(path, f"dòng {text.count(chr(10), 0, unfit.start()) + 1}", "có ký tự điều khiển")
                return ""
            return text
        except FileNotFoundError:
            self.fault(path, "", "thiếu tệp này")
        except UnicodeDecodeError as error:
            self.fault(path, f"byte {error.start}", "không phải chữ UTF-8")
        except BadName as error:
            self.fault(path, "", str(error))
        return ""

    def data(self, path: Path, text: str) -> Any:
        try:
            return plain_yaml.load(text)
        except plain_yaml.BadYaml as error:
            self.fault(path, f"dòng {error.line}" if error.line else "", error.what)
        return None

    def typed(self, path: Path, kind: Any, data: Any) -> Any:
        validate = (
            kind.model_validate if isinstance(kind, type) and issubclass(kind, BaseModel) else kind.validate_python
        )
        try:
            return validate(data)
        except ValidationError as error:
            for e in error.errors():
                self.fault(path, ".".join(map(str, e["loc"])), said(dict(e)))
        return None


def read_programme(folder: Path) -> Source:
    """Read `folder` (holding `programme.yaml` and one folder per lesson).

    Raises SourceError naming every fault found in every file, up to MAX_FAULTS.
    """
    reading = _Reading(folder)
    for path in folder.rglob("*"):
        if not is_real(path):
            reading.fault(path, "", "là liên kết hoặc không phải tệp; hãy chép tệp thật vào thư mục")
    if reading.faults:
        raise SourceError(reading.faults)
    path = folder / "programme.yaml"
    programme = _typed_file(reading, path, ProgrammeSource)
    if programme is None:
        raise SourceError(reading.faults)
    keys = [key for module in programme.modules for key in module.lessons]
    lessons = [_read_lesson(reading, folder, key) for key in keys]
    for key in sorted({k for k in keys if keys.count(k) > 1}):
        reading.fault(path, "modules", f"bài {key} có mặt hai lần")
    if reading.faults:
        raise SourceError(reading.faults)
    return Source(programme, [lesson for lesson in lessons if lesson], folder)


def read_lesson(folder: Path) -> tuple[LessonSource | None, list[Fault]]:
    """One lesson's folder by itself, and everything that is wrong with it; no lesson where its head or its practice
    cannot be read.
    """
    reading = _Reading(folder.parent)
    try:
        return _read_lesson(reading, folder.parent, folder.name), reading.faults
    except SourceError:  # more faults than anybody reads
        return None, reading.faults


def read_text[T](kind: type[T], text: str, name: str) -> tuple[T | None, list[Fault]]:
    """A YAML text as one of the typed objects of a source, and everything that is wrong with it."""
    reading = _Reading(Path())
    before = reading.data(Path(name), text)
    read = None if reading.faults else reading.typed(Path(name), kind, before)
    return read, reading.faults


def _read_lesson(reading: _Reading, programme: Path, key: str) -> LessonSource | None:
    folder = programme / key
    if not folder.is_dir():
        reading.fault(programme / "programme.yaml", "modules", f"không có thư mục bài {key}")
        return None
    path = folder / "lesson.md"
    front, body = split_front_matter(reading.text(path))
    head = reading.typed(path, LessonHead, reading.data(path, front) or {})
    if head and head.key != key:
        reading.fault(path, "key", f"phải trùng tên thư mục: {key}")
    practice = _typed_file(reading, folder / "practice.yaml", _PRACTICE)
    items = _typed_file(reading, folder / "items.yaml", _ITEMS) or []
    names = [item.key for item in items]
    for name in sorted({n for n in names if names.count(n) > 1}):
        reading.fault(folder / "items.yaml", name, "hai câu hỏi cùng key")
    guide = reading.text(folder / "guide.md")
    return LessonSource(head, body, guide, practice, items, folder) if head and practice else None


def _typed_file(reading: _Reading, path: Path, kind: Any) -> Any:
    before = len(reading.faults)
    data = reading.data(path, reading.text(path))
    return None if len(reading.faults) > before else reading.typed(path, kind, data)


def split_front_matter(text: str) -> tuple[str, str]:
    """Split Markdown with a `---` header into (YAML text, body)."""
    tokens = MarkdownIt().use(front_matter_plugin).parse(text)
    if not tokens or tokens[0].type != "front_matter" or tokens[0].map is None:
        return "", text
    return tokens[0].content, "".join(text.splitlines(keepends=True)[tokens[0].map[1] :])
