"""Measures of a programme's source, on one small enough to count by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hocvuso.library.source.blocks import parse
from hocvuso.library.source.durations import ORDINARY, PACES, duration
from hocvuso.library.source.reader import read_programme
from hocvuso.library.source.schema import ItemSource
from hocvuso.library.source.statistics import _found, _of_choices, statistics
from tests.world import ROOT


@pytest.fixture(scope="module")
def source():
    return read_programme(ROOT / "tests" / "programmes" / "hai-bai")


def item(*texts, right=0):
    options = [{"text": text, "right": n == right, "why": "x"} for n, text in enumerate(texts)]
    return ItemSource(
        key="x", use="check", type="choice", outcome="TY-01", difficulty="easy", stem="?", options=options, why="x"
    )


class TestMinutes:
    def test_the_practice_is_read_too(self, source):
        [lesson, *_rest] = source.lessons
        whole = duration(lesson, parse(lesson.body), "citizens")
        said = " một hai ba" * 60
        longer = lesson.practice.model_copy(update={"intro": lesson.practice.intro + said})
        more = duration(replace(lesson, practice=longer), parse(lesson.body), "citizens")
        assert more.doing - whole.doing == pytest.approx(180 / ORDINARY.syllables) and more.reading == whole.reading

    def test_slow_readers_get_the_minutes_that_they_need(self, source):
        [lesson, *_rest] = source.lessons
        text = parse(lesson.body)
        ratio = duration(lesson, text, "elderly").reading / duration(lesson, text, "students").reading
        assert ratio == pytest.approx(ORDINARY.syllables / PACES["elderly"].syllables)


class TestGuessing:
    def test_of_equals_any_is_chosen(self):
        assert _found(item("aa", "bb", "c"), lambda option: len(option.text)) == 0.5
        assert _found(item("aa", "bb", "c", right=2), lambda option: len(option.text)) == 0

    @pytest.mark.parametrize(("right", "share"), [(0, 100), (1, 0)])
    def test_rules_that_need_no_knowledge_are_tried(self, right, share):
        asked = item("Dừng lại và hỏi con", "Luôn luôn chuyển", "Gửi mã", right=right)
        found = {name: value for name, value, _unit in _of_choices([asked])}
        assert found["key.most_cautious"] == found["key.longest"] == share and round(found["key.by_chance"]) == 33


def test_every_measure_is_named_once_and_has_a_value(source):
    found = list(statistics(source))
    names = [name for name, _value, _unit in found]
    assert len(names) == len(set(names))
    assert {"minutes.longest", "practice", "key.shortest", "tests.order"} <= set(names)
    assert all(0 <= value <= 100 for _name, value, unit in found if unit == "%")
