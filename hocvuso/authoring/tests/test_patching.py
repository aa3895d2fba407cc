"""Data of several levels are changed where they changed; whatever is changed, the text then holds it."""

import copy
import difflib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvuso.authoring.patching import with_data
from hocvuso.base import plain_yaml
from tests import world

PRACTICES = sorted((world.ROOT / "content").rglob("practice.yaml"))


def named(path: Path) -> str:
    return f"{path.parts[-3]}/{path.parts[-2]}"


def changed_lines(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


def places(data, at=()):
    """Every text in the data, by the way to it."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from places(value, (*at, key))
    elif isinstance(data, list):
        for key, value in enumerate(data):
            yield from places(value, (*at, key))
    elif isinstance(data, str):
        yield at


def put(data, place, value):
    for key in place[:-1]:
        data = data[key]
    data[place[-1]] = value


@pytest.mark.parametrize("path", PRACTICES, ids=named)
def test_one_text_changes_its_lines_only(path):
    text = path.read_text("utf-8")
    data = plain_yaml.load(text)
    assert with_data(text, data) == text
    for place in list(places(data))[:: max(1, len(list(places(data))) // 3)]:
        new = copy.deepcopy(data)
        put(new, place, "Một: “câu” #khác")
        after = with_data(text, new)
        assert plain_yaml.load(after) == new
        assert len([line for line in changed_lines(text, after) if line[0] == "+"]) == 1


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_is_done_to_it_the_text_holds_it(data):
    text = data.draw(st.sampled_from(PRACTICES)).read_text("utf-8")
    new = plain_yaml.load(text)
    for _ in range(data.draw(st.integers(1, 4))):
        lists = [value for value in new.values() if isinstance(value, list) and value]
        rows = data.draw(st.sampled_from(lists))
        at = data.draw(st.integers(0, len(rows) - 1))
        row = rows[at]
        act = data.draw(st.sampled_from(["remove", "move", "copy", "key", "drop", "text"]))
        if act == "remove" and len(rows) > 1:
            del rows[at]
        elif act == "move":
            rows.insert(0, rows.pop(at))
        elif act == "copy":
            rows.append(copy.deepcopy(row))
        elif isinstance(row, dict) and act == "key":
            row["new"] = data.draw(st.sampled_from(["a", "a\nb", True, 3, ["a: b"], {"x": "y"}, "- a", "'", ""]))
        elif isinstance(row, dict) and act == "drop" and len(row) > 1:
            del row[data.draw(st.sampled_from(sorted(row)))]
        else:
            new["done"] = data.draw(st.text(st.sampled_from("ab:#'\"\n -"), min_size=1))
    assert plain_yaml.load(with_data(text, new)) == new


def test_a_row_that_moves_keeps_its_look():
    text = (
        "kind: a\nrows:\n  - {a: 1, b: 2}  # one\n  - {a: 3, b: 4}\n  - a: 5\n    b: |\n      sáu\n      bảy\nend: x\n"
    )
    data = plain_yaml.load(text)
    data["rows"] = [data["rows"][2], *data["rows"][:2]]
    after = with_data(text, data)
    assert after == (
        "kind: a\nrows:\n  - a: 5\n    b: |\n      sáu\n      bảy\n  - {a: 1, b: 2}  # one\n  - {a: 3, b: 4}\nend: x\n"
    )
    data["rows"][0]["b"] = "tám\nchín\n"
    assert with_data(after, data) == after.replace("sáu", "tám").replace("bảy", "chín")
