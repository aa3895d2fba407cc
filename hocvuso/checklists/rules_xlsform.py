"""Checklists as XLSForm workbooks (sheets `survey`, `choices`): what a visit needs; the rest is refused by row.

Columns: type, name, label, hint, required, relevant (see `rules_expressions`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook as Written

from hocvuso.base.sheets import BadFile, Workbook, bounded
from hocvuso.base.text import clean

from . import rules as kinds
from . import rules_expressions as expressions
from .rules import MOST_QUESTIONS, NO, YES, Checklist, Fault
from .rules_expressions import Known, NotUnderstood
from .rules_relevance import When

KINDS = {
    "integer": kinds.INTEGER,
    "decimal": kinds.NUMBER,
    "text": kinds.TEXT,
    "image": kinds.PHOTO,
    "note": kinds.NOTE,
}
SELECTS = {"select_one": kinds.CHOICE, "select_multiple": kinds.CHOICES}
TYPES = {kind: type for type, kind in KINDS.items()}
METADATA = {"start", "end", "today", "deviceid", "username", "phonenumber", "audit"}  # filled by the device, not asked
NOT_SUPPORTED = ("constraint", "calculation", "choice_filter", "repeat_count")
OTHER_NAMES = {
    "relevance": "relevant",
    "bind::relevant": "relevant",
    "bind:relevant": "relevant",
    "bind::constraint": "constraint",
    "bind:constraint": "constraint",
    "bind::calculate": "calculation",
    "bind:calculate": "calculation",
    "calculate": "calculation",
}
MOST_ROWS = 10_000
# Cells may all point at one text, and a group is named by all around it: what a form says may swell beyond its file.
DEEPEST, MOST_GROUPS, LONGEST_TITLE = 20, 1000, 1000
MOST_TEXT = 1_000_000  # characters of all questions and their choices
MOST_FAULTS = 200  # after which the rest is not read
_YES = {"yes", "co", "có", "1", "true"}
_NO = {"no", "khong", "không", "0", "false"}
Row = dict[str, str]


def read(content: bytes) -> tuple[Checklist, list[Fault]]:
    """The checklist of a workbook, and what in it cannot be taken."""
    try:
        book = Workbook(BytesIO(content))
        survey, choices = [_rows(book, sheet) for sheet in ("survey", "choices")]
    except BadFile as error:
        return {"sections": []}, [Fault(0, "", str(error))]
    if not survey:
        told = _("không phải tệp XLSForm: không có trang “survey”, hoặc trang này không có dòng nào")
        return {"sections": []}, [Fault(0, "survey", told)]
    lists: dict[str, list[dict[str, str]]] = {}
    for _number, row in choices:
        if row.get("list_name"):
            lists.setdefault(row["list_name"], []).append({"value": row.get("name", ""), "label": _label(row)})
    return _Reader(lists).checklist(survey)


def _rows(book: Workbook, sheet: str) -> list[tuple[int, Row]]:
    """Rows of a sheet, by the names of columns in its first; of a sheet that is not there, none. Raises BadFile."""
    if sheet not in book.sheets:
        return []
    lines = list(islice(bounded(book.lines(sheet)), MOST_ROWS + 2))
    if len(lines) > MOST_ROWS + 1:
        raise BadFile(why=_("trang %(sheet)s có hơn %(most)s dòng.") % {"sheet": sheet, "most": MOST_ROWS})
    if not lines:
        return []
    head = [OTHER_NAMES.get(name, name) for name in (clean(cell).lower() for cell in lines[0][1])]
    if twice := {name for name in head if name and head.count(name) > 1}:
        told = _("trang %(sheet)s có hai cột cùng nghĩa: %(columns)s.")
        raise BadFile(why=told % {"sheet": sheet, "columns": ", ".join(sorted(twice))[:200]})
    rows = [(n, dict(zip(head, (clean(c, lines=True) for c in cells), strict=False))) for n, cells in lines[1:]]
    return [(n, row) for n, row in rows if any(row.values())]


def _label(row: Row) -> str:
    """The label; of several languages the Vietnamese one, else the first."""
    named = {column: text for column, text in row.items() if column.startswith("label") and text}
    vietnamese = next((text for column, text in named.items() if "vi" in column.partition("::")[2]), "")
    return vietnamese or next(iter(named.values()), row.get("name", ""))


def _size(question: dict[str, Any]) -> int:
    """Characters of a question as it is kept: each has its own copy of its choices."""
    texts = [question["label"], question.get("hint", "")]
    texts += [text for choice in question.get("choices", []) for text in choice.values()]
    return sum(map(len, texts)) + len(texts)


class _Reader:
    def __init__(self, lists: dict[str, list[dict[str, str]]]) -> None:
        self.lists = lists
        self.groups: list[tuple[str, When | None]] = []
        self.sections: list[dict[str, Any]] = []
        self.faults: list[Fault] = []
        self.known: dict[str, Known] = {}

    def checklist(self, survey: list[tuple[int, Row]]) -> tuple[Checklist, list[Fault]]:
        for number, row in survey:
            self._row(number, row)
            if len(self.known) > MOST_QUESTIONS or len(self.faults) > MOST_FAULTS:  # enough is wrong with it
                break
        else:
            if self.groups:
                self.faults.append(
                    Fault(survey[-1][0], self.groups[-1][0] or "begin group", _("nhóm này chưa được đóng (end group)"))
                )
        if len(self.known) > MOST_QUESTIONS:
            self.faults.append(Fault(0, str(len(self.known)), _("nhiều hơn 200 câu hỏi")))
        if sum(map(_size, kinds.questions({"sections": self.sections}))) > MOST_TEXT:
            self.faults.append(Fault(0, "choices", _("chữ của các câu hỏi và lựa chọn cộng lại quá dài")))
        return {"sections": [s for s in self.sections if s["questions"]]}, self.faults

    def _row(self, number: int, row: Row) -> None:
        kind = re.sub(r"[\s_]+", " ", row.get("type", "").lower()).strip()
        if kind in METADATA or not kind:
            return
        for column in NOT_SUPPORTED:
            if row.get(column):
                self.faults.append(
                    Fault(number, row[column], _("cột “%(column)s” chưa được hỗ trợ") % {"column": column})
                )
        if kind in ("begin group", "end group"):
            self._group(number, row, begins=kind == "begin group")
            return
        question = self._question(number, row)
        if question is not None:
            if not self.sections:
                self.sections.append({"title": "", "questions": []})
            self.sections[-1]["questions"].append(question)

    def _group(self, number: int, row: Row, *, begins: bool) -> None:
        if begins:
            self.groups.append((_label(row | {"name": ""}), self._when(number, row)))
        elif self.groups:
            self.groups.pop()
        else:
            self.faults.append(Fault(number, "end group", _("không có nhóm nào đang mở")))
        title = " · ".join(title for title, _when in self.groups if title)
        if len(self.groups) > DEEPEST or len(title) > LONGEST_TITLE or len(self.sections) > MOST_GROUPS:
            self.faults.append(Fault(number, row.get("type", ""), _("quá nhiều nhóm, hoặc tên nhóm quá dài")))
            return
        section: dict[str, Any] = {"title": title, "questions": []}
        conditions = [when for _title, when in self.groups if when]
        if conditions:
            section["when"] = conditions[0] if len(conditions) == 1 else ["and", *conditions]
            self._check(number, row, lambda: expressions.check_size(section["when"]))
        self.sections.append(section)

    def _when(self, number: int, row: Row) -> When | None:
        text = row.get("relevant", "")
        return self._check(number, row, lambda: expressions.read(text, self.known)) if text else None

    def _check[T](self, number: int, row: Row, act: Callable[[], T]) -> T | None:
        try:
            return act()
        except NotUnderstood as why:
            reason = _("cột “relevant”: %(reason)s") % {"reason": why}
            self.faults.append(Fault(number, row.get("relevant", ""), reason))
            return None

    def _question(self, number: int, row: Row) -> dict[str, Any] | None:
        kind, list_name = self._kind(row)
        code = row.get("name", "")
        if kind is None:
            self.faults.append(Fault(number, row.get("type", ""), _("loại câu hỏi này chưa được hỗ trợ")))
            return None
        if not re.fullmatch(r"[A-Za-z_][\w.-]{0,59}", code) or code in self.known:
            self.faults.append(Fault(number, code, _("tên câu hỏi phải có, không dấu và không trùng")))
            return None
        made: dict[str, Any] = {"code": code, "kind": kind, "label": _label(row)}
        made["required"] = row.get("required", "").lower() in _YES
        if row.get("hint"):
            made["hint"] = row["hint"]
        if when := self._when(number, row):
            made["when"] = when
        self.known[code] = Known(kind)
        return self._with_choices(number, made, list_name) if list_name else made

    def _kind(self, row: Row) -> tuple[str | None, str]:
        words = row.get("type", "").split()
        if len(words) == 2 and words[0].lower() in SELECTS:
            return SELECTS[words[0].lower()], words[1]
        return KINDS.get(words[0].lower()) if len(words) == 1 else None, ""

    def _with_choices(self, number: int, made: dict[str, Any], list_name: str) -> dict[str, Any] | None:
        options = self.lists.get(list_name, [])
        values = [o["value"] for o in options]
        names = {value.lower() for value in values}
        if made["kind"] == kinds.CHOICE and len(options) == 2 and names & _YES and names & _NO:
            self.known[made["code"]] = Known(kinds.YES_NO, {v: YES if v.lower() in _YES else NO for v in values})
            return made | {"kind": kinds.YES_NO}
        if not options or "" in names or len(names) < len(options):
            self.faults.append(
                Fault(number, list_name, _("danh sách lựa chọn phải có ở trang “choices”, tên không trùng"))
            )
            return None
        spaced = [value for value in values if made["kind"] == kinds.CHOICES and len(value.split()) > 1]
        self.faults += [Fault(number, v, _("tên lựa chọn của câu chọn nhiều không có dấu cách")) for v in spaced]
        self.known[made["code"]] = Known(made["kind"], {value: value for value in values})
        return made | {"choices": options}


def write(checklist: Checklist) -> bytes:
    """The workbook from which `read` makes the same checklist again."""
    book = Written()
    survey, choices = book.active, book.create_sheet("choices")
    survey.title = "survey"
    survey.append(["type", "name", "label", "hint", "required", "relevant"])
    choices.append(["list_name", "name", "label"])
    for value, label in ((YES, "Có"), (NO, "Không")):
        choices.append(["yes_no", value, label])
    group = "phan_"
    while any(q["code"].startswith(group) for q in kinds.questions(checklist)):
        group += "_"
    for n, section in enumerate(checklist.get("sections", []), 1):
        survey.append(["begin group", f"{group}{n}", _plain(section["title"]), "", "", _relevant(section)])
        for q in section["questions"]:
            required = "yes" if q.get("required") else ""
            texts = [_plain(q["label"]), _plain(q.get("hint", ""))]
            survey.append([_type(q), q["code"], *texts, required, _relevant(q)])
            for choice in q.get("choices", []):
                choices.append([_list(q), choice["value"], _plain(choice["label"])])
        survey.append(["end group"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _type(q: dict[str, Any]) -> str:
    if q["kind"] in TYPES:
        return TYPES[q["kind"]]
    if q["kind"] == kinds.YES_NO:
        return "select_one yes_no"
    return f"{'select_one' if q['kind'] == kinds.CHOICE else 'select_multiple'} {_list(q)}"


def _list(q: dict[str, Any]) -> str:
    return f"{q['code']}.list"  # never the list of yes and no


def _relevant(thing: dict[str, Any]) -> str:
    return expressions.written(thing["when"]) if "when" in thing else ""


def _plain(text: str) -> str:
    """Text that a spreadsheet does not run as a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
