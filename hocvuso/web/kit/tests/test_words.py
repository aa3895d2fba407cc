"""What readers see in place of machine keys: acts of the journal, periods."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

import hocvuso
from hocvuso.base import periods
from hocvuso.web.kit.labels import act_in_words, labels


def _written(node: ast.expr) -> list[str]:
    """Patterns of the acts that an expression may name; `act` that was chosen above is not followed."""
    match node:
        case ast.Constant(value=str(act)):
            return [re.escape(act)]
        case ast.IfExp():
            return [*_written(node.body), *_written(node.orelse)]
        case ast.JoinedStr():
            return ["".join(re.escape(p.value) if isinstance(p, ast.Constant) else "[a-z-]+" for p in node.values)]
    return []


def test_every_act_that_is_written_has_its_words():
    found = [
        pattern
        for path in Path(hocvuso.__file__).parent.rglob("*.py")
        if "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "journal.write"
        for pattern in _written(node.args[0])
    ]
    assert len(found) > 100
    assert [p for p in found if not any(re.fullmatch(p, act) for act in labels())] == []


def test_an_act_is_said_in_the_readers_language():
    assert act_in_words("target.set") == "đặt chỉ tiêu"
    with translation.override("en"):
        assert act_in_words("target.set") == "set a target"


@pytest.mark.parametrize(
    ("code", "vietnamese", "english"),
    [
        ("2026-10", "tháng 10/2026", "October 2026"),
        ("2026-Q4", "quý 4/2026", "quarter 4/2026"),
        ("2026-W47", "tuần 47/2026", "week 47/2026"),
        ("2026", "năm 2026", "year 2026"),
        ("no period", "no period", "no period"),
    ],
)
def test_a_period_is_said_in_the_readers_language(code, vietnamese, english):
    assert periods.named(code) == vietnamese
    with translation.override("en"):
        assert periods.named(code) == english
