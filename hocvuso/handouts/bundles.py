"""What a published edition holds, read from its bundle: what the writers of books, courses and papers begin with."""

from __future__ import annotations

import datetime
import json
import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from lxml import html

from hocvuso.base.addresses import address_of
from hocvuso.library.rendering.pictures import ALLOWED, ATTRIBUTES
from hocvuso.library.source.schema import ItemSource

PUBLISHER = "Học vụ số"
SVG = "http://www.w3.org/2000/svg"
LICENCES = {
    "CC-BY-4.0": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
    "CC0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
}
_WRITTEN = {name.lower(): name for name in (*ALLOWED, *ATTRIBUTES) if name != name.lower()}
_STORED = re.compile(r"/b/([0-9a-f]{64})/")


@dataclass(frozen=True)
class Lesson:
    """A lesson of a bundle: its row in the index, its article and guide as HTML, its check questions."""

    key: str
    about: dict[str, Any]
    article: str
    guide: str
    checks: Sequence[ItemSource]

    @property
    def title(self) -> str:
        return str(self.about["title"])

    def body(self) -> Any:
        """The article as a tree of its own."""
        return tree(self.article)


@dataclass(frozen=True)
class Whole:
    """A bundle, or the part of it that goes out. `site`: where it can be read; `day`: when it was published."""

    bundle: str
    store: Path
    site: str
    day: datetime.date
    lessons: Sequence[Lesson]
    content: dict[str, Any]

    @property
    def alone(self) -> Lesson | None:
        """The lesson, where one goes out and not its programme."""
        return self.lessons[0] if len(self.lessons) < len(self.content["lessons"]) else None

    @property
    def title(self) -> str:
        return self.alone.title if self.alone else str(self.content["title"])

    @property
    def summary(self) -> str:
        return str(self.alone.about["promise"] if self.alone else self.content["summary"])

    @property
    def address(self) -> str:
        """The page of what goes out."""
        key = self.content["key"]
        path = address_of("lesson", f"{key}/{self.alone.key}") if self.alone else address_of("programme", key)
        return self.site + path

    @cached_property
    def id(self) -> uuid.UUID:
        """The same for the same edition."""
        return uuid.uuid5(uuid.NAMESPACE_URL, f"urn:hocvuso:{self.bundle}/{self.alone.key if self.alone else ''}")

    @property
    def licence(self) -> tuple[str, str]:
        """Its name and its address."""
        return LICENCES[self.content["licence"]]

    @property
    def attribution(self) -> str:
        """What whoever passes it on says of it, in one line."""
        name, address = self.licence
        return f"“{self.title}”, {self.content['authors']}, {PUBLISHER}, {self.address}. Giấy phép {name}: {address}"

    def modules(self) -> Iterator[tuple[dict[str, Any], list[Lesson]]]:
        """The modules that have lessons among those that go out, with them."""
        known = {lesson.key: lesson for lesson in self.lessons}
        for module in self.content["modules"]:
            if found := [known[key] for key in module["lessons"] if key in known]:
                yield module, found

    def photograph(self, src: str) -> tuple[str, bytes] | None:
        """The name and content of a photograph by its address in an article; None where it is no file of the store."""
        found = _STORED.match(src)
        path = self.store / src.removeprefix("/b/") if found else None
        if found is None or path is None or ".." in src or not path.is_file():
            return None
        return f"{found[1][:16]}-{path.name}", path.read_bytes()


def read(bundle: str, store: Path, *, site: str, day: datetime.date, lesson: str = "") -> Whole:
    """What goes out of a bundle: one lesson, or all of the programme in the order of its modules."""
    folder = store / bundle
    content = json.loads((folder / "index.json").read_text("utf-8"))
    keys = [lesson] if lesson else [key for module in content["modules"] for key in module["lessons"]]
    lessons = [_lesson(folder / "lessons" / key, key, content["lessons"][key]) for key in keys]
    return Whole(bundle, store, site.rstrip("/"), day, lessons, content)


def _lesson(folder: Path, key: str, about: dict[str, Any]) -> Lesson:
    checks = json.loads((folder / "practice.json").read_text("utf-8"))["checks"]
    article, guide = ((folder / name).read_text("utf-8") for name in ("article.html", "guide.html"))
    return Lesson(key, about, article, guide, [ItemSource.model_validate(check) for check in checks])


def tree(text: str) -> Any:
    """Our own HTML as a tree; the names of drawings as SVG writes them, which a reader of HTML makes small."""
    root = html.fragment_fromstring(text, create_parent="div")
    for drawing in root.iter("svg"):
        for node in drawing.iter():
            node.tag = _WRITTEN.get(node.tag, node.tag)
            for name in [name for name in node.attrib if name in _WRITTEN]:
                node.set(_WRITTEN[name], node.attrib.pop(name))
    return root


def words_of(node: Any) -> str:
    """All words of a node in one line."""
    return " ".join("".join(node.itertext()).split())


def named(node: Any, name: str) -> bool:
    """Whether a node has this class."""
    return name in (node.get("class") or "").split()


def right_of(check: ItemSource) -> str:
    """The right answer of a check question, in words."""
    if check.type == "order":
        return " → ".join(check.sequence)
    return "; ".join(option.text for option in check.options if option.right)
