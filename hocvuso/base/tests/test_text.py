"""Finding forgives how people type Vietnamese."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base.text import fold, fold_query, undo_telex


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
