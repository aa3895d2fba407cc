"""Checklists of inspections: sections of questions as plain data, as plain text, and what an answer may be."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .rules_relevance import When, asked

YES_NO, CHOICE, CHOICES, INTEGER, NUMBER = "yes-no", "choice", "choices", "integer", "number"
TEXT, PHOTO, NOTE = "text", "photo", "note"
YES, NO = "yes", "no"
MOST_QUESTIONS = 200
LONGEST_ANSWER = 5000
# How a kind of question is written in the plain-text form of a checklist.
WORDS = {YES_NO: "có/không", INTEGER: "số nguyên", NUMBER: "số", TEXT: "chữ", PHOTO: "ảnh", NOTE: "ghi chú"}
_KINDS = {word: kind for kind, word in WORDS.items()}
Checklist = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """A line that cannot be taken: where, what stands there, why."""

    row: int
    value: str
    reason: Any

    def __str__(self) -> str:
        return str(_("dòng %(row)s: “%(value)s” – %(reason)s")) % {
            "row": self.row, "value": self.value, "reason": self.reason,
        }  # fmt: skip


def questions(checklist: Checklist) -> list[dict[str, Any]]:
    """All questions in order."""
    return [q for section in checklist.get("sections", []) for q in section["questions"]]


def from_text(text: str) -> tuple[Checklist, list[Fault]]:
    """A checklist from lines: `# section`, and `question | kind` with kinds có/không, số, chữ, ảnh, chọn: a; b; c
    or chọn nhiều: a; b; c.

    No kind means yes or no; a star at the end of the question means that an answer is needed.
    """
    sections: list[dict[str, Any]] = []
    faults: list[Fault] = []
    number = 0
    for row, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line:
            continue
        if line.startswith("#"):
            sections.append({"title": line.lstrip("# ").strip(), "questions": []})
            continue
        if not sections:
            sections.append({"title": "", "questions": []})
        number += 1
        made = _question(line, f"q{number}")
        if made is None:
            faults.append(Fault(row, line, _("không có loại câu hỏi này")))
        else:
            sections[-1]["questions"].append(made)
    if number > MOST_QUESTIONS:
        faults.append(Fault(0, str(number), _("nhiều hơn 200 câu hỏi")))
    return {"sections": [s for s in sections if s["questions"]]}, faults


def _question(line: str, code: str) -> dict[str, Any] | None:
    label, _bar, kind = (part.strip() for part in line.rpartition("|")) if "|" in line else (line, "", WORDS[YES_NO])
    required = label.endswith("*")
    made: dict[str, Any] = {"code": code, "label": label.rstrip("* "), "required": required}
    if not made["label"]:
        return None
    if match := re.match(r"chọn(\s+nhiều)?\s*:(.+)", kind, re.IGNORECASE):
        options = [option.strip() for option in match[2].split(";") if option.strip()]
        choices = [{"value": f"c{n}", "label": o} for n, o in enumerate(options, 1)]
        return made | {"kind": CHOICES if match[1] else CHOICE, "choices": choices} if choices else None
    return made | {"kind": _KINDS[kind.lower()]} if kind.lower() in _KINDS else None


def to_text(checklist: Checklist) -> str:
    """The lines from which `from_text` makes the same questions again, where lines can say them (`fits_text`)."""
    lines: list[str] = []
    for section in checklist.get("sections", []):
        if section["title"] or lines:
            lines.append(f"# {section['title']}".strip())
        for q in section["questions"]:
            word = "chọn nhiều" if q["kind"] == CHOICES else "chọn"
            kind = WORDS.get(q["kind"]) or f"{word}: " + "; ".join(c["label"] for c in q["choices"])
            lines.append(f"{q['label']}{'*' if q.get('required') else ''} | {kind}")
    return "\n".join(lines)


def fits_text(checklist: Checklist) -> bool:
    """Whether lines say all of it: they have no conditions, hints, names of questions or values of choices."""
    return from_text(to_text(checklist)) == (checklist, [])


def read_answers(checklist: Checklist, raw: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a sheet says as it is kept (an emptied answer as ""), and what is wrong by question code.

    Several choices are their values with spaces between, as in XLSForm.
    """
    kept: dict[str, Any] = {}
    wrong: dict[str, Any] = {}
    for q in questions(checklist):
        if q["kind"] in (NOTE, PHOTO) or q["code"] not in raw:
            continue
        value = str("" if raw[q["code"]] is None else raw[q["code"]]).strip()[:LONGEST_ANSWER]
        answer = _answer(q, value) if value else ""
        if answer is None:
            wrong[q["code"]] = _("Hãy ghi một số.") if q["kind"] in (NUMBER, INTEGER) else _("Hãy chọn lại.")
        else:
            kept[q["code"]] = answer
    return kept, wrong


def missing(checklist: Checklist, answers: dict[str, Any], photos: Collection[str]) -> list[str]:
    """Codes of questions that are asked, need an answer (or a photo) and have none."""
    open_ = asked(checklist, answers)
    needed = [q for q in questions(checklist) if q.get("required") and q["kind"] != NOTE and q["code"] in open_]
    return [q["code"] for q in needed if q["code"] not in (photos if q["kind"] == PHOTO else answers)]


def _answer(q: dict[str, Any], value: str) -> Any:
    match q["kind"]:
        case "yes-no":
            return value if value in (YES, NO) else None
        case "choice":
            return value if value in {c["value"] for c in q["choices"]} else None
        case "choices":
            return _several(q, set(value.split()))
        case "integer":
            return int(value) if re.fullmatch(r"-?\d{1,12}", value) else None
        case "number":
            return _number(value)
    return value


def _several(q: dict[str, Any], chosen: set[str]) -> str | None:
    values = [c["value"] for c in q["choices"]]
    return " ".join(value for value in values if value in chosen) if chosen <= set(values) else None


def _number(text: str) -> float | None:
    """The Vietnamese and the programmers' way alike: `1.234,5`, `1.234`, `1234.5`, `1 234,5`."""
    text = text.replace(" ", "")
    if re.fullmatch(r"-?[1-9]\d{0,2}(\.\d{3})+", text):
        text = text.replace(".", "")
    elif "," in text and "." in text:
        text = text.replace("." if text.rfind(",") > text.rfind(".") else ",", "")
    text = text.replace(",", ".")
    return float(text) if re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", text) else None


def shown(q: dict[str, Any], value: Any) -> str:
    """An answer in words."""
    if value in ("", None):
        return ""
    if q["kind"] == YES_NO:
        return str(_("Có") if value == YES else _("Không"))
    if q["kind"] == CHOICE:
        return next((c["label"] for c in q["choices"] if c["value"] == value), str(value))
    if q["kind"] == CHOICES:
        return "; ".join(c["label"] for c in q["choices"] if c["value"] in str(value).split())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


_SAID = {
    "=": _("“%(question)s” là %(value)s"),
    "!=": _("“%(question)s” không phải là %(value)s"),
    "<": _("“%(question)s” nhỏ hơn %(value)s"),
    "<=": _("“%(question)s” không quá %(value)s"),
    ">": _("“%(question)s” lớn hơn %(value)s"),
    ">=": _("“%(question)s” từ %(value)s trở lên"),
    "selected": _("“%(question)s” có chọn %(value)s"),
}
_SAID_OF_NOTHING = {"=": _("“%(question)s” để trống"), "!=": _("“%(question)s” đã được trả lời")}


def in_words(when: When, by_code: dict[str, dict[str, Any]]) -> str:
    """A condition in words, with the questions it mentions at hand."""
    match when:
        case ["and" | "or" as word, *parts]:
            said = [f"({in_words(p, by_code)})" if p[0] in ("and", "or") else in_words(p, by_code) for p in parts]
            return str(_(" và ") if word == "and" else _(" hoặc ")).join(said)
        case ["not", part]:
            return str(_("không phải (%(condition)s)")) % {"condition": in_words(part, by_code)}
    word, code, value = when
    q = by_code[code]
    said_of = _SAID_OF_NOTHING if value == "" else _SAID
    words = shown(q, value) if q["kind"] in (NUMBER, INTEGER) else f"“{shown(q, value)}”"
    return str(said_of[word]) % {"question": q["label"], "value": words}
