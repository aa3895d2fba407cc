"""What a reader found: questions as our items have them, and in words what of the file has no place in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from hocvuso.library.source.schema import ItemSource

MOST_QUESTIONS = 2000
MOST_OPTIONS = 500  # or lines to be put in order, of one question
_KEY = 50  # letters of a key, so that a number still fits
_NO_OUTCOME, _NO_WHY = "XX-00", "?"
_PLACES = {"stem": "câu hỏi", "why": "lời giải thích", "options": "phương án", "sequence": "mục để sắp xếp"}


class BadPackage(ValueError):
    """The file is none that we read; the text says why."""


class Unfit(ValueError):
    """A question that is none of ours; the text says why."""


@dataclass(frozen=True)
class LeftOut:
    """Something of the file that is in no item: where it stands, and what it is."""

    where: str
    what: str


@dataclass(frozen=True)
class Read:
    """Items as `items.yaml` has them; one whose file names no outcome or no explanation lacks `outcome` or `why`."""

    items: list[dict[str, Any]]
    left_out: list[LeftOut]
    format: str


@dataclass
class Found:
    """One question as a reader found it."""

    where: str
    type: str
    stem: str
    options: list[dict[str, Any]] = field(default_factory=list)
    sequence: list[str] = field(default_factory=list)
    why: str = ""
    key: str = ""  # or a name from which to make one
    use: str = ""
    outcome: str = ""
    difficulty: str = ""
    losses: list[str] = field(default_factory=list)


class Collected:
    """The items of a file, each with a key of its own, and what was left out."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.left_out: list[LeftOut] = []
        self._keys: set[str] = set()
        self._met = 0

    def count(self) -> None:
        """One more question is read. Raises BadPackage where they are too many."""
        self._met += 1
        if self._met > MOST_QUESTIONS:
            raise BadPackage(f"tệp có hơn {MOST_QUESTIONS} câu hỏi; hãy chia thành nhiều tệp")

    def leave(self, where: str, *what: str) -> None:
        """Say what is in no item."""
        self.left_out += [LeftOut(where[:200], each[:500]) for each in dict.fromkeys(what)]

    def add(self, found: Found) -> None:
        """Take a question in, or say why not."""
        try:
            item = _item(found, unique_key(found.key, self._keys))
        except Unfit as error:
            self.leave(found.where, f"không nhận câu này: {error}")
            return
        if found.use == "check" and item["use"] == "test":
            found.losses.append("thiếu giải thích cho từng phương án, nên thành câu kiểm tra (use: test)")
        self._keys.add(item["key"])
        self.items.append(item)
        self.leave(found.where, *found.losses)


def unique_key(name: str, taken: Iterable[str]) -> str:
    """A key made from a name (itself, where it is one), other than those taken."""
    letters = unicodedata.normalize("NFD", name[:200].lower().replace("đ", "d"))
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    key = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    key = key if len(key) <= 60 else key[:_KEY].rstrip("-")
    key, number, taken = key or "cau", 1, frozenset(taken)
    tried = key
    while tried in taken:
        number += 1
        tried = f"{key[:_KEY].rstrip('-')}-{number}"
    return tried


def weighed(single: bool, weights: list[float]) -> tuple[str, list[bool], list[str]]:
    """Of the shares of the mark that the options give: the kind of the question, which are right, what is lost.

    Raises Unfit.
    """
    if single:
        right = [weight > 99.9 for weight in weights]
        if sum(right) != 1:
            raise Unfit(f"câu chọn một cần đúng một phương án trọn điểm, ở đây có {sum(right)}")
        partial = any(weight and not full for weight, full in zip(weights, right, strict=True))
        return "choice", right, ["bỏ điểm từng phần của phương án"] if partial else []
    right = [weight > 0 for weight in weights]
    shares = {round(weight, 2) for weight in weights if weight > 0}
    taken = {round(weight, 2) for weight in weights if weight <= 0}
    return "multi", right, ["bỏ điểm từng phần của phương án"] if len(shares) > 1 or len(taken) > 1 else []


def _item(found: Found, key: str) -> dict[str, Any]:
    if found.type == "order" and len(found.sequence) < 3:
        raise Unfit(f"có {len(found.sequence)} mục để sắp xếp, ở đây cần ít nhất 3")
    if found.type != "order" and not 3 <= len(found.options) <= 6:
        raise Unfit(f"có {len(found.options)} phương án, ở đây cần từ 3 đến 6")
    explained = all(option.get("why") for option in found.options)
    data = {
        "key": key,
        "use": "check" if found.use == "check" and explained else "test",
        "type": found.type,
        "outcome": found.outcome or _NO_OUTCOME,
        "difficulty": found.difficulty or "medium",
        "stem": found.stem,
        "options": [{name: value for name, value in option.items() if value} for option in found.options],
        "sequence": found.sequence,
        "why": found.why or _NO_WHY,
    }
    try:
        item = ItemSource.model_validate(data).model_dump(exclude_defaults=True)
    except ValidationError as error:
        raise Unfit("; ".join(dict.fromkeys(_said(fault) for fault in error.errors()))) from None
    if not found.outcome:
        del item["outcome"]
    if not found.why:
        del item["why"]
    return item


def _said(fault: Any) -> str:
    place = next((_PLACES[part] for part in fault["loc"] if part in _PLACES), "")
    if fault["type"] == "string_too_long":
        return f"{place} dài hơn {fault['ctx']['max_length']} ký tự"
    if fault["type"] in ("string_too_short", "missing"):
        return f"{place} không có chữ"
    return str(fault.get("ctx", {}).get("error", "không hợp với mẫu câu hỏi"))
