"""Which questions are asked: conditions on earlier answers as plain data, and what they say of a sheet.

A condition is a nested list: `["=", code, value]` (also `!=`, `<`, `<=`, `>`, `>=`), `["selected", code, value]`,
`["not", condition]`, `["and", condition, …]`, `["or", condition, …]`. In the browser: `js/office/relevance.js`.
"""

from __future__ import annotations

import operator
from math import nan
from typing import Any

When = list[Any]
_HOLDS = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def holds(when: When, answers: dict[str, Any]) -> bool:
    """Whether a condition holds. As in XLSForm, an empty answer is "" among texts and no number among numbers."""
    match when:
        case ["and", *parts]:
            return all(holds(part, answers) for part in parts)
        case ["or", *parts]:
            return any(holds(part, answers) for part in parts)
        case ["not", part]:
            return not holds(part, answers)
    word, code, value = when
    given = answers.get(code, "")
    if word == "selected":
        return value in str(given).split()
    if not isinstance(value, str) and isinstance(given, str):
        given = nan
    return bool(_HOLDS[word](given, value))


def asked(checklist: dict[str, Any], answers: dict[str, Any]) -> set[str]:
    """Codes of the questions that are asked, given these answers; what is not asked counts as not answered."""
    found: set[str] = set()
    counted: dict[str, Any] = {}
    for section in checklist.get("sections", []):
        open_ = _meets(section, counted)
        for q in section["questions"]:
            if open_ and _meets(q, counted):
                found.add(q["code"])
                counted |= {q["code"]: answers[q["code"]]} if q["code"] in answers else {}
    return found


def _meets(thing: dict[str, Any], counted: dict[str, Any]) -> bool:
    return "when" not in thing or holds(thing["when"], counted)
