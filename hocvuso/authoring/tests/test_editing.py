"""A change of a source text touches what it changes, and no other byte."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.authoring import editing
from hocvuso.authoring.merging import merge
from hocvuso.base import plain_yaml
from tests import world

LESSONS = sorted((world.ROOT / "content").rglob("lesson.md"))
ITEMS = sorted((world.ROOT / "content").rglob("items.yaml"))
words = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff"), max_size=40)
values = st.one_of(words, st.integers(-999, 9999), st.booleans(), st.dates(), st.lists(words, max_size=4))

lines = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n"]), max_size=8).map("".join)


def named(path: Path) -> str:
    return f"{path.parts[-3]}/{path.parts[-2]}"


@pytest.mark.parametrize("path", LESSONS, ids=named)
def test_a_starter_lesson_comes_out_of_the_studio_as_it_went_in(path):
    text = path.read_text("utf-8")
    assert editing.with_body(text, editing.body_of(text)) == text
    assert editing.with_head(text, plain_yaml.load(editing.head_of(text))) == text


@pytest.mark.parametrize("path", ITEMS, ids=named)
def test_starter_questions_come_out_as_they_went_in(path):
    text = path.read_text("utf-8")
    assert editing.with_entries(text, plain_yaml.load(text)) == text


@pytest.mark.parametrize("path", LESSONS[:5], ids=named)
def test_a_changed_title_changes_one_line(path):
    text = path.read_text("utf-8")
    changed = editing.with_head(text, {"title": "Tên khác: # có dấu"})
    differing = [pair for pair in zip(text.split("\n"), changed.split("\n"), strict=True) if pair[0] != pair[1]]
    assert len(differing) == 1 and plain_yaml.load(editing.head_of(changed))["title"] == "Tên khác: # có dấu"


@pytest.mark.parametrize("path", ITEMS[:5], ids=named)
def test_questions_that_stay_keep_their_lines_wherever_they_go(path):
    text = path.read_text("utf-8")
    items = plain_yaml.load(text)
    turned = editing.with_entries(text, [*items[1:], {**items[0], "stem": "Câu khác\nhai dòng: #"}])
    assert plain_yaml.load(turned) == [*items[1:], {**items[0], "stem": "Câu khác\nhai dòng: #"}]
    assert turned.startswith(text[text.index("\n- ") + 1 :].rstrip("\n"))


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), values, max_size=6), st.data())
def test_what_a_form_writes_is_what_is_read(data, draw):
    text = editing.with_keys("", data)
    read = plain_yaml.load(text) or {}
    assert read == data
    if data:
        key = draw.draw(st.sampled_from(sorted(data)))
        value = draw.draw(values)
        assert plain_yaml.load(editing.with_keys(text, {key: value})) == data | {key: value}


@given(st.lists(st.dictionaries(st.sampled_from("abc"), words, min_size=1), max_size=4), st.data())
def test_entries_are_what_was_given_in_that_order(entries, draw):
    other = draw.draw(st.permutations(entries))
    text = editing.with_entries("", entries)
    assert (plain_yaml.load(text) or []) == entries
    assert (plain_yaml.load(editing.with_entries(text, other)) or []) == other


@pytest.mark.parametrize("text", ["- a\n- b\n", "{a: 1}\n", "chỉ có chữ\n", "a: [\n"])
def test_what_is_no_list_of_keys_is_not_written_over(text):
    with pytest.raises(plain_yaml.BadYaml):
        editing.with_keys(text, {"b": 1})


def test_comments_and_order_stay():
    text = "# của Lan\nb: 1\n\n# giữ dòng này\na: 2  # và dòng này\n"
    assert editing.with_keys(text, {"c": 3}) == text + "c: 3\n"
    assert editing.with_keys(text, {"a": 3}) == "# của Lan\nb: 1\n\n# giữ dòng này\na: 3\n"


class TestTwoPeopleInOneText:
    BASE = "một\n\nhai\n\nba\n"

    def test_in_different_places_both_changes_stay(self):
        assert merge(self.BASE, "MỘT\n\nhai\n\nba\n", "một\n\nhai\n\nBA\n") == "MỘT\n\nhai\n\nBA\n"

    def test_the_same_change_is_one(self):
        assert merge(self.BASE, "MỘT\n\nhai\n\nba\n", "MỘT\n\nhai\n\nba\n") == "MỘT\n\nhai\n\nba\n"

    def test_in_one_place_nobody_wins(self):
        assert merge(self.BASE, "mốt\n\nhai\n\nba\n", "MỘT\n\nhai\n\nba\n") is None

    @given(lines, lines)
    def test_who_alone_changed_has_their_text(self, base, mine):
        assert merge(base, mine, base) == mine
        assert merge(base, base, mine) == mine


@pytest.mark.parametrize(
    "text",
    [
        "-\n  key: a\n-\n  key: b\n",
        "  - key: a\n  - key: b\n",
        '- key: a\n  x: "1\n- 2"\n- key: b\n',
        "---\n- key: a\n- # lời nhắn\n  key: b\n",
    ],
)
def test_entries_that_are_laid_out_otherwise_change_places_whole(text):
    now = plain_yaml.load(text)
    assert plain_yaml.load(editing.with_entries(text, [now[1], now[0]])) == [now[1], now[0]]


@pytest.mark.parametrize("text", ["  a: 1\n  b: 2\n", "? a\n: 1\n? b\n: 2\n", "a: 1\n...\n"])
def test_keys_that_are_laid_out_in_an_odd_way_are_changed_right_or_not_at_all(text):
    try:
        made = editing.with_keys(text, {"b": 3, "c": 4})
    except plain_yaml.BadYaml:
        return
    assert plain_yaml.load(made) == {"a": 1, "b": 3, "c": 4}


def test_what_is_no_entry_is_not_written_over():
    with pytest.raises(plain_yaml.BadYaml):
        editing.with_entries("- key: a\n- chữ\n", [{"key": "a"}])
