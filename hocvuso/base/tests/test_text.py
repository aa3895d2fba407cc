"""Text at the door is kept clean; finding forgives how people type Vietnamese."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base.text import clean, fold, fold_query, same, undo_telex

CASES = json.loads((Path(__file__).parent / "cases/texts.json").read_text())
ANY_TEXT = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lừa đảo", "lua dao"),
        ("lua dao", "lua dao"),
        ("lùa dảo", "lua dao"),
        ("luwaf ddaor", "lua dao"),
        ("tieesng vieejt", "tieng viet"),
        ("NGƯỜI  dùng", "nguoi dung"),
    ],
)
def test_spellings_of_one_thing_meet(typed, meant):
    assert " ".join(fold_query(typed)) == meant


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


def test_foreign_words_keep_their_letters():
    assert undo_telex("google") == "google"
    assert undo_telex("facebook") == "facebook"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Kế\u0302 hoạch ", "Kế\u0302 hoạch"),
        ("Ke\u0302\u0301 hoa\u0323ch", "Kế hoạch"),
        ("một\u000bhai", "một hai"),
        ("một\u2028hai\r\nba", "một hai ba"),
        ("a\x00b\u200bc\ufeffd\u202ee\u00adf", "abcdef"),
        ("\u00a012\u202f", "12"),
        ("\u200b\u3164", ""),
        ("\ufe0f\U000e0100\u180b\u2065", ""),
        ("\U000e0101Mai\ufe00 ❤\ufe0f", "Mai ❤\ufe0f"),
        ("x\ud800\uffffy", "xy"),
        ("tab\tở đây", "tab ở đây"),
        ("00123", "00123"),
    ],
)
def test_what_is_not_seen_is_not_kept(typed, kept):
    assert clean(typed) == kept


def test_breaks_stay_where_there_may_be_lines():
    assert clean("một\r\nhai\u000bba\u2028\n bốn\x00 ", lines=True) == "một\nhai\nba\n\n bốn"


@given(ANY_TEXT, st.booleans())
def test_clean_text_stays_as_it_is_and_can_be_written_anywhere(text, lines):
    kept = clean(text, lines=lines)
    assert clean(kept, lines=lines) == kept == kept.strip() == unicodedata.normalize("NFC", kept)
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in kept if c != "\n" or not lines)
    assert kept.encode().decode() == kept


@pytest.mark.parametrize(("one", "other"), CASES["same"])
def test_two_ways_of_writing_a_name_are_the_same(one, other):
    assert same(one) == same(other)


@pytest.mark.parametrize(("one", "other"), CASES["different"])
def test_two_names_or_codes_are_not(one, other):
    assert same(one) != same(other)


@given(ANY_TEXT)
def test_the_form_for_comparing_is_its_own(text):
    assert same(same(text)) == same(text)
