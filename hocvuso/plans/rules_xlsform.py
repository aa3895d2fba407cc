"""Checklists as XLSForm workbooks (sheets `survey`, `choices`): what a visit needs; the rest is refused by row."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from python_calamine import CalamineError, CalamineWorkbook

from . import rules_checklists as kinds
from .rules_checklists import MOST_QUESTIONS, NO, YES, Checklist, Fault

KINDS = {
    "integer": kinds.INTEGER,
    "decimal": kinds.NUMBER,
    "text": kinds.TEXT,
    "image": kinds.PHOTO,
    "note": kinds.NOTE,
}
TYPES = {kind: type for type, kind in KINDS.items()}
METADATA = {"start", "end", "today", "deviceid", "username", "phonenumber", "audit"}  # filled by the device, not asked
NOT_SUPPORTED = ("relevant", "constraint", "calculation", "choice_filter", "repeat_count")
MOST_ROWS = 2000
_YES = {"yes", "co", "có", "1", "true"}
_NO = {"no", "khong", "không", "0", "false"}
Row = dict[str, str]


def read(content: bytes) -> tuple[Checklist, list[Fault]]:
    """The checklist of a workbook, and what in it cannot be taken."""
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        survey, choices = _rows(book, "survey"), _rows(book, "choices") if "choices" in book.sheet_names else []
    except (CalamineError, OSError, ValueError):
        return {"sections": []}, [Fault(0, "", _("không phải tệp XLSForm (.xlsx có trang “survey”)"))]
    if not survey:
        return {"sections": []}, [Fault(0, "survey", _("trang này không có dòng nào"))]
    lists: dict[str, list[dict[str, str]]] = {}
    for _number, row in choices:
        if row.get("list_name"):
            lists.setdefault(row["list_name"], []).append({"value": row.get("name", ""), "label": _label(row)})
    return _Reader(lists).checklist(survey)


def _rows(book: CalamineWorkbook, sheet: str) -> list[tuple[int, Row]]:
    table = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)[: MOST_ROWS + 1]
    if not table:
        return []
    head = [str(cell).strip().lower() for cell in table[0]]
    rows = [(n, dict(zip(head, (_text(c) for c in cells), strict=False))) for n, cells in enumerate(table[1:], 2)]
    return [(n, row) for n, row in rows if any(row.values())]


def _text(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell or "").strip()


def _label(row: Row) -> str:
    """The label; of several languages the Vietnamese one, else the first."""
    named = {column: text for column, text in row.items() if column.startswith("label") and text}
    vietnamese = next((text for column, text in named.items() if "vi" in column.partition("::")[2]), "")
    return vietnamese or next(iter(named.values()), row.get("name", ""))


class _Reader:
    def __init__(self, lists: dict[str, list[dict[str, str]]]) -> None:
        self.lists = lists
        self.groups: list[str] = []
        self.sections: list[dict[str, Any]] = []
        self.faults: list[Fault] = []
        self.codes: set[str] = set()

    def checklist(self, survey: list[tuple[int, Row]]) -> tuple[Checklist, list[Fault]]:
        for number, row in survey:
            self._row(number, row)
        if self.groups:
            self.faults.append(Fault(survey[-1][0], self.groups[-1], _("nhóm này chưa được đóng (end group)")))
        if len(self.codes) > MOST_QUESTIONS:
            self.faults.append(Fault(0, str(len(self.codes)), _("nhiều hơn 200 câu hỏi")))
        return {"sections": [s for s in self.sections if s["questions"]]}, self.faults

    def _row(self, number: int, row: Row) -> None:
        kind = re.sub(r"[\s_]+", " ", row.get("type", "").lower()).strip()
        if kind in ("begin group", "end group"):
            self._group(number, row, begins=kind == "begin group")
            return
        if kind in METADATA or not kind:
            return
        for column in NOT_SUPPORTED:
            if row.get(column):
                self.faults.append(
                    Fault(number, row[column], _("cột “%(column)s” chưa được hỗ trợ") % {"column": column})
                )
        question = self._question(number, row)
        if question is not None:
            if not self.sections:
                self.sections.append({"title": "", "questions": []})
            self.sections[-1]["questions"].append(question)

    def _group(self, number: int, row: Row, *, begins: bool) -> None:
        if begins:
            self.groups.append(_label(row))
        elif self.groups:
            self.groups.pop()
        else:
            self.faults.append(Fault(number, "end group", _("không có nhóm nào đang mở")))
        self.sections.append({"title": " · ".join(self.groups), "questions": []})

    def _question(self, number: int, row: Row) -> dict[str, Any] | None:
        kind, list_name = self._kind(row)
        code = row.get("name", "")
        if kind is None:
            self.faults.append(Fault(number, row.get("type", ""), _("loại câu hỏi này chưa được hỗ trợ")))
            return None
        if not re.fullmatch(r"[A-Za-z_][\w.-]{0,59}", code) or code in self.codes:
            self.faults.append(Fault(number, code, _("tên câu hỏi phải có, không dấu và không trùng")))
            return None
        self.codes.add(code)
        made: dict[str, Any] = {"code": code, "kind": kind, "label": _label(row)}
        made["required"] = row.get("required", "").lower() in _YES
        if row.get("hint"):
            made["hint"] = row["hint"]
        if kind == kinds.CHOICE:
            return self._with_choices(number, made, list_name)
        return made

    def _kind(self, row: Row) -> tuple[str | None, str]:
        words = row.get("type", "").split()
        if len(words) == 2 and words[0].lower() == "select_one":
            return kinds.CHOICE, words[1]
        return KINDS.get(words[0].lower()) if len(words) == 1 else None, ""

    def _with_choices(self, number: int, made: dict[str, Any], list_name: str) -> dict[str, Any] | None:
        options = self.lists.get(list_name, [])
        names = {o["value"].lower() for o in options}
        if len(options) == 2 and names & _YES and names & _NO:
            return made | {"kind": kinds.YES_NO}
        if not options or "" in names or len(names) < len(options):
            self.faults.append(
                Fault(number, list_name, _("danh sách lựa chọn phải có ở trang “choices”, tên không trùng"))
            )
            return None
        return made | {"choices": options}


def write(checklist: Checklist) -> bytes:
    """The workbook from which `read` makes the same checklist again."""
    book = Workbook()
    survey, choices = book.active, book.create_sheet("choices")
    survey.title = "survey"
    survey.append(["type", "name", "label", "hint", "required"])
    choices.append(["list_name", "name", "label"])
    for value, label in ((YES, "Có"), (NO, "Không")):
        choices.append(["yes_no", value, label])
    for n, section in enumerate(checklist.get("sections", []), 1):
        survey.append(["begin group", f"phan_{n}", _plain(section["title"])])
        for q in section["questions"]:
            kind = {kinds.YES_NO: "select_one yes_no", kinds.CHOICE: f"select_one {q['code']}"}.get(q["kind"]) or TYPES[
                q["kind"]
            ]
            required = "yes" if q.get("required") else ""
            survey.append([kind, q["code"], _plain(q["label"]), _plain(q.get("hint", "")), required])
            for choice in q.get("choices", []):
                choices.append([q["code"], choice["value"], _plain(choice["label"])])
        survey.append(["end group"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(text: str) -> str:
    """Text that a spreadsheet does not run as a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
