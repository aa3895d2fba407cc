"""The part of the XLSForm expression language that conditions are written in; all else is refused.

`${q} = 'x'`, `!=`, with numbers also `<`, `<=`, `>`, `>=`; `selected(${q}, 'x')`, `not(…)`, `and`, `or`, parentheses;
about earlier questions only. `''` is the empty answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from .rules import CHOICE, CHOICES, INTEGER, NOTE, NUMBER, PHOTO, TEXT, YES_NO
from .rules_relevance import When

DEEPEST, LONGEST = 20, 2000
_TOKEN = re.compile(
    r"\$\{\s*[\w.-]+\s*\}|'[^']*'|\"[^\"]*\"|-?[0-9]{1,15}(?:\.[0-9]{1,6})?(?![\w.])"
    r"|!=|<=|>=|[=<>(),]|(?:and|or|not|selected)(?![\w.:-])"
)
_COMPARE = {"=", "!=", "<", "<=", ">", ">="}
_NUMBERS, _LISTS = {INTEGER, NUMBER}, {YES_NO, CHOICE, CHOICES}


class NotUnderstood(ValueError):
    """An expression outside of what is understood; says why."""


@dataclass(frozen=True)
class Known:
    """A question that a condition may mention: its kind, and its choices from the workbook's name to the kept one."""

    kind: str
    values: dict[str, str] = field(default_factory=dict)


def read(text: str, known: Mapping[str, Known]) -> When:
    """The condition that an expression says. Raises NotUnderstood."""
    if len(text) > 5 * LONGEST:  # however it is spaced and bracketed
        raise _too_long()
    when = _Expression(_tokens(text), known).whole()
    check_size(when)
    return when


def check_size(when: When) -> None:
    """Raise NotUnderstood for a condition that is too deep or long to be kept and written again."""
    if len(written(when)) > LONGEST or _depth(when) > DEEPEST:
        raise _too_long()


def written(when: When) -> str:
    """The expression from which `read` makes the same condition again."""
    match when:
        case ["and" | "or" as word, *parts]:
            return f" {word} ".join(f"({written(p)})" if p[0] in ("and", "or") else written(p) for p in parts)
        case ["not", part]:
            return f"not({written(part)})"
        case ["selected", code, value]:
            return f"selected(${{{code}}}, {_literal(value)})"
    word, code, value = when
    return f"${{{code}}} {word} {_literal(value)}"


def _literal(value: str | float) -> str:
    if isinstance(value, str):
        return f'"{value}"' if "'" in value else f"'{value}'"
    return f"{value:f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _depth(when: When) -> int:
    return 1 + max((_depth(part) for part in when if isinstance(part, list)), default=0)


def _tokens(text: str) -> list[str]:
    found, rest = [], text.strip()
    while rest:
        token = _TOKEN.match(rest)
        if token is None:
            raise _outside(rest[:40])
        found.append(token[0])
        rest = rest[token.end() :].lstrip()
    return found


def _too_long() -> NotUnderstood:
    return NotUnderstood(_("điều kiện quá dài hoặc quá nhiều tầng"))


def _outside(part: str) -> NotUnderstood:
    return NotUnderstood(
        _("không hiểu từ “%(part)s”; chỉ dùng ${câu} =, !=, <, <=, >, >= một giá trị, selected, not, and, or, ngoặc")
        % {"part": part}
    )


class _Expression:
    """Reads tokens from left to right: `or` binds loosest, then `and`."""

    def __init__(self, tokens: list[str], known: Mapping[str, Known]) -> None:
        self.tokens, self.known, self.depth = tokens[::-1], known, 0

    def whole(self) -> When:
        when = self._either()
        if self.tokens:
            raise _outside(self.tokens[-1])
        return when

    def _either(self) -> When:
        return self._several("or", lambda: self._several("and", self._one))

    def _several(self, word: str, one: Callable[[], When]) -> When:
        parts = [one()]
        while self._takes(word):
            parts.append(one())
        return parts[0] if len(parts) == 1 else [word, *parts]

    def _one(self) -> When:
        if self._takes("("):
            return self._inside()
        if self._takes("not"):
            self._needs("(")
            return ["not", self._inside()]
        if self._takes("selected"):
            return self._selected()
        code = self._code()
        word = self._next()
        if word not in _COMPARE:
            raise _outside(word)
        return [word, code, self._compared(word, code, self._value())]

    def _inside(self) -> When:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _too_long()
        when = self._either()
        self._needs(")")
        self.depth -= 1
        return when

    def _selected(self) -> When:
        self._needs("(")
        code = self._code()
        self._needs(",")
        value = self._value()
        self._needs(")")
        if self.known[code].kind not in _LISTS:
            raise _unfit(code)
        return ["selected", code, self._choice(code, value)]

    def _compared(self, word: str, code: str, value: Any) -> Any:
        kind, equal = self.known[code].kind, word in ("=", "!=")
        if value == "" and equal:
            return value
        if kind in (YES_NO, CHOICE) and equal:
            return self._choice(code, value)
        if not (kind == TEXT and equal and isinstance(value, str) or kind in _NUMBERS and not isinstance(value, str)):
            raise _unfit(code)
        return value

    def _choice(self, code: str, value: Any) -> str:
        values = self.known[code].values
        if not isinstance(value, str) or value not in values:
            raise NotUnderstood(_("${%(code)s} không có lựa chọn '%(value)s'") % {"code": code, "value": value})
        return values[value]

    def _code(self) -> str:
        token = self._next()
        if not token.startswith("$"):
            raise _outside(token)
        code = token[2:-1].strip()
        if code not in self.known:
            raise NotUnderstood(_("${%(code)s} không phải câu hỏi đứng trước") % {"code": code})
        if self.known[code].kind in (PHOTO, NOTE):
            raise _unfit(code)
        return code

    def _value(self) -> Any:
        token = self._next()
        if token[0] in "'\"":
            return token[1:-1]
        if token[-1].isdigit():
            return float(token) if "." in token else int(token)
        raise _outside(token)

    def _takes(self, token: str) -> bool:
        if self.tokens and self.tokens[-1] == token:
            self.tokens.pop()
            return True
        return False

    def _needs(self, token: str) -> None:
        if not self._takes(token):
            raise _outside(self._next())

    def _next(self) -> str:
        if not self.tokens:
            raise NotUnderstood(_("điều kiện chưa viết hết"))
        return self.tokens.pop()


def _unfit(code: str) -> NotUnderstood:
    return NotUnderstood(_("${%(code)s} thuộc loại không so sánh như vậy được") % {"code": code})
