"""What goes out comes in again, to the letter: the items of our lessons, and any others."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings

from hocvuso.interop.packages import FORMATS, LeftOut, read_items, write_items
from hocvuso.interop.packages.reading import read
from hocvuso.library.source.reader import read_programme
from hocvuso.library.source.schema import ItemSource

from .questions import CHOICE, ITEMS, LESSONS, MULTI, ORDER, read_back

PROGRAMMES = sorted(Path(__file__).parents[3].joinpath("content").iterdir())
TRICKY = [
    CHOICE.model_copy(update={"stem": "[html]<b>1</b> {=a ~b} \\n \\\\ ####x\n\n// y", "why": "#đúng#"}),
    MULTI.model_copy(update={"stem": "::tên:: &amp; %50% ]]> <!-- -->"}),
    ORDER.model_copy(update={"sequence": ["// một", "\\// hai", "#####", "{>3 ALL", "[plain]năm", "}"]}),
]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("folder", PROGRAMMES, ids=lambda folder: folder.name)
def test_the_items_of_our_lessons_come_in_as_they_went_out(folder, format):
    for lesson in read_programme(folder).lessons:
        assert read_back(write_items(lesson.items, format=format, title=lesson.head.title)) == lesson.items


@pytest.mark.parametrize("format", FORMATS)
@given(items=LESSONS)
@example(items=TRICKY)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_items_come_in_as_they_went_out(format, items):
    assert read_back(write_items(items, format=format, title="Bài")) == items


@pytest.mark.parametrize("format", FORMATS)
def test_the_format_is_seen_by_the_content(format):
    assert read("tệp.pdf", write_items(ITEMS, format=format, title="Bài")).format == format


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_items_give_the_same_bytes(format):
    first, second = (write_items(ITEMS, format=format, title="Bài -- ]]> <1>\n// {") for _once in range(2))
    assert first == second
    assert read_back(first) == ITEMS


@pytest.mark.parametrize("format", FORMATS)
def test_items_of_two_lessons_get_keys_of_their_own(format):
    assert [item.key for item in read_back(write_items([CHOICE, CHOICE], format=format, title=""))] == ["c1", "c1-2"]


@pytest.mark.parametrize("format", FORMATS)
def test_ends_of_lines_are_written_one_way(format):
    item = CHOICE.model_copy(update={"stem": "một\r\nhai\rba"})
    assert read_back(write_items([item], format=format, title="Bài"))[0].stem == "một\nhai\nba"


@pytest.mark.parametrize("format", FORMATS)
def test_the_door_reads_apart_what_is_read_here(format):
    content = write_items(ITEMS, format=format, title="Bài")
    assert read_items("tệp", content) == read("tệp", content)


def test_the_door_tells_what_was_left_out():
    assert read_items("câu.txt", b"::One::Essay?{}").left_out == [
        LeftOut("dòng 1 “One”", "không nhận câu này: câu tự luận")
    ]


def test_an_item_without_outcome_and_why_lacks_them():
    [item] = read("tệp", b"Two?{=2 ~3 ~4}").items
    assert item == {
        "key": "cau", "use": "test", "type": "choice", "difficulty": "medium", "stem": "Two?",
        "options": [{"text": "2", "right": True}, {"text": "3"}, {"text": "4"}],
    }  # fmt: skip
    assert ItemSource.model_validate(item | {"outcome": "AI-08", "why": "Vì thế."})
