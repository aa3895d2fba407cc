"""Practice that makes something: a text or a small table, checked by plain rules that its author states.

The rules are applied in the browser (frontend/src/js/later/rules.js); here they hold the author's exemplar to them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Literal

from pydantic import Field, model_validator

from .schema import Line, Strict, Text

# What a rule may ask for or forbid by its look, written <name>; the same expressions stand in rules.js,
# where a digit, a letter and the border of a word are those of ASCII.
LOOKS = {
    "<year>": r"\b(19|20)\d\d\b",
    "<date>": r"\b\d{1,2}( tháng |[/-])\d{1,2}|\b\d{1,2}\.\d{1,2}\.\d{2}",
    "<link>": r"[\w-]+(\.[\w-]+)*\.[a-z]{2,}",
    "<number>": r"\d",
    "<phone>": r"(\+84|\b0)([ .-]?[\dx]){8,10}",
    "<code>": r"(^|\D)\d{6}(\D|$)",
    "<card>": r"(\d[ .-]?){12,19}",
    "<quote>": r"[\"“][^\"“”]+[\"”]",
}
_SPARE = 1  # rows of a table beyond those that are asked for, as in making.js
_ASKED = ("must", "must_not", "words", "at_most", "rows", "sum")


class Rule(Strict):
    """One thing that is asked of what was made (exactly one of the first six), and what is said where it is missing."""

    must: list[Line] = []
    must_not: list[Line] = []
    words: Annotated[int, Field(ge=1, le=200)] | None = None
    at_most: Annotated[int, Field(ge=1, le=300)] | None = None
    rows: Annotated[int, Field(ge=1, le=6)] | None = None
    sum: Line | None = None
    say: Line

    @model_validator(mode="after")
    def _one_thing(self) -> Rule:
        if sum(bool(getattr(self, name)) for name in _ASKED) != 1:
            raise ValueError(f"mỗi quy tắc cần đúng một điều: {', '.join(_ASKED)}")
        for entry in [*self.must, *self.must_not]:
            if entry.startswith("<") and entry not in LOOKS:
                raise ValueError(f"không có dạng {entry!r}; có: {', '.join(LOOKS)}")
            if not entry.startswith("<") and not _spaced(entry).strip():
                raise ValueError(f"{entry!r} không có chữ hay số nào để tìm")
        return self


class Making(Strict):
    """Something to write and take along: rules check it, one ticks a rubric oneself, then an exemplar stands beside it.

    With `columns` it is a table: the first column names, the others hold whole numbers. In an exemplar, and in what is
    copied, a row is a line and `|` stands between cells; where a rule asks for a `sum`, the last row is the total.
    """

    kind: Literal["making"]
    title: Line
    intro: Text
    task: Line
    facts: Annotated[list[Line], Field(max_length=10)] = []
    columns: Annotated[list[Line], Field(max_length=4)] = []
    rules: Annotated[list[Rule], Field(min_length=1, max_length=8)]
    rubric: Annotated[list[Line], Field(min_length=2, max_length=4)]
    exemplar: Text
    done: Text

    @model_validator(mode="after")
    def _shape(self) -> Making:
        if len(self.columns) == 1:
            raise ValueError("bảng cần từ 2 cột trở lên")
        for number, rule in enumerate(self.rules, 1):
            if bool(rule.rows or rule.sum) and not self.columns:
                raise ValueError(f"quy tắc {number}: rows và sum chỉ dùng cho bảng, hãy thêm columns")
            if rule.sum and rule.sum not in self.columns[1:]:
                raise ValueError(f"quy tắc {number}: không có cột số {rule.sum!r}")
        if all(rule.must_not or rule.at_most for rule in self.rules):
            raise ValueError("cần ít nhất một quy tắc về điều phải có: must, words, rows hoặc sum")
        total = any(rule.sum for rule in self.rules)
        room = max(rule.rows or 1 for rule in self.rules) + _SPARE + total
        if self.columns and self.exemplar.count("\n") >= room:
            raise ValueError(f"bài mẫu (exemplar) dài hơn bảng: bảng có {room} dòng, kể cả dòng cộng nếu có")
        if missing := [rule.say for rule in self.rules if not met(rule, self.exemplar, self.columns, total=total)]:
            raise ValueError(f"bài mẫu (exemplar) chưa đạt chính quy tắc của bài: {' / '.join(missing)}")
        return self

    @property
    def length(self) -> int:
        """Words to be written: as many as the rules ask for, else as many as the exemplar has."""
        return next((rule.words for rule in self.rules if rule.words), len(_words(self.exemplar)))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", _composed(text))


def _spaced(text: str) -> str:
    """Words with a space between and around them, so that only whole words are found; a number is one (60.000đ)."""
    return f" {' '.join(re.findall(r'\d+|[^\W\d_]+|%', _composed(text).lower()))} "


def plain(text: str) -> str:
    """As people type in haste: without marks on letters."""
    return re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFD", text)).replace("đ", "d").replace("Đ", "D")


def _found(entry: str, text: str, *, marks: bool) -> bool:
    """Whether an entry of a rule stands in a text; what is forbidden is told apart by its marks (nhất, nhặt)."""
    if entry in LOOKS:
        return re.search(LOOKS[entry], _composed(text).lower(), re.ASCII) is not None
    return _spaced(entry) in _spaced(text) if marks else _spaced(plain(entry)) in _spaced(plain(text))


def _number(cell: str) -> int:
    return int(re.sub(r"\D", "", cell, flags=re.ASCII) or 0)


def met(rule: Rule, text: str, columns: list[str], *, total: bool = False) -> bool:
    """Whether a text is as a rule asks; nothing at all never is. total: the last row of the table is one."""
    if not _spaced(text).strip():
        return False
    if rule.must:
        return any(_found(entry, text, marks=False) for entry in rule.must)
    if rule.must_not:
        return not any(_found(entry, text, marks=True) for entry in rule.must_not)
    count = len(_words(text))
    if rule.words or rule.at_most:
        return count >= (rule.words or 0) and count <= (rule.at_most or count)
    rows = [[cell.strip() for cell in line.split("|")] for line in text.split("\n")]
    if rule.rows:
        return sum(bool(row[0]) and any(row[1:]) for row in rows[: -1 if total else None]) >= rule.rows
    at = columns.index(rule.sum or "")
    *parts, last = [_number(row[at]) if at < len(row) else 0 for row in rows]
    return sum(parts) == last > 0
