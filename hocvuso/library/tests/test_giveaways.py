"""A question is answered by who learned: neither by the look of its options nor by the words of the wrong ones."""

import pytest

from hocvuso.library.source.giveaways import ENOUGH, giveaways
from hocvuso.library.source.schema import ItemSource


def choice(texts, right, use="test"):
    options = [{"text": text, "right": n == right, "why": "vì thế"} for n, text in enumerate(texts)]
    return _item("choice", use, options=options)


def _item(kind, use, **what):
    given = {"key": "k1", "use": use, "type": kind, "outcome": "TH-01", "difficulty": "easy", "stem": "?", "why": "."}
    return ItemSource(**given, **what)


def fair(count=27):
    """The right one is longest, shortest and in between, first, second and third equally often."""
    texts = [("aaaa", "bb", "ccc"), ("cc", "aaaa", "bbb"), ("aaa", "bb", "cccc")]
    rights = [(0, 1, 2), (1, 2, 0), (2, 0, 1)]
    return [choice(texts[n % 3], rights[n % 3][n // 3 % 3], "check") for n in range(count)]


def test_fair_questions_are_let_be():
    assert list(giveaways(fair())) == []


@pytest.mark.parametrize(("length", "said"), [("aaaaaa", "dài nhất ở 100%"), ("a", "ngắn nhất ở 100%")])
def test_a_right_one_that_is_known_by_its_length(length, said):
    found = [choice([length, "bbb", "cccc"], 0) for _n in range(ENOUGH)]
    assert any(said in what for what in giveaways(found))


def test_one_that_is_never_the_longest_is_as_easily_told():
    found = [choice(["aaa", "bb", "cccc"], 0) for _n in range(ENOUGH)]
    assert any("dài nhất ở 0%" in what for what in giveaways(found))


def test_a_right_one_that_always_stands_in_one_place():
    found = [choice(["aaa", "bb", "cccc"], 0) for _n in range(ENOUGH)]
    assert any("câu đúng đứng thứ 1 ở 100%" in what for what in giveaways(found))


def test_a_word_of_excess_that_only_wrong_ones_bear():
    wrong = [choice(["aaa", "Luôn b", "cccc"], 0, "check") for _n in range(3)]
    [said] = [what for what in giveaways(fair(36) + wrong) if "từ" in what]
    assert "“luôn” chỉ có ở câu sai (3 lần)" in said
    right = choice(["luôn a", "b", "cc"], 0, "check")
    assert not [what for what in giveaways([*fair(36), *wrong, right]) if "từ" in what]


def test_a_kind_of_question_that_was_never_met_in_a_lesson():
    order = _item("order", "test", sequence=["a", "b", "c"])
    assert list(giveaways([*fair(), order])) == ["loại câu order có trong bài kiểm tra mà chưa gặp trong bài nào"]
    met = order.model_copy(update={"use": "check"})
    assert list(giveaways([*fair(), order, met])) == []


def test_of_a_handful_nothing_is_said():
    assert list(giveaways([choice(["aaaaaa", "b", "c"], 0)] * (ENOUGH - 1))) == []
