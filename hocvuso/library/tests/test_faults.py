"""What is wrong with a source is said in Vietnamese, whatever it is."""

import re

import pytest

from hocvuso.library.source.faults import faults_of
from hocvuso.library.source.practices import Practice
from hocvuso.library.source.schema import ItemSource, LessonHead

ENGLISH = re.compile(r"\b(should|input|field|required|valid|permitted|must|string|than|characters?)\b", re.I)
BIN = {"id": "a", "label": "A"}
MESSAGE = {"sender": "A", "text": "B", "bin": "a", "why": "C"}
INBOX = {"kind": "inbox", "title": "A", "intro": "B", "bins": [BIN, {**BIN, "id": "b"}], "messages": [MESSAGE] * 4,
         "done": "C"}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "where", "what"),
    [
        ({"title": ""}, "title", "chưa ghi gì"),
        ({"title": "a" * 301}, "title", "dài quá 300 ký tự"),
        ({"title": 3}, "title", "cần là chữ"),
        ({"titel": "A"}, "titel", "không dùng được ở đây"),
        ({"bins": [BIN]}, "bins", "cần ít nhất 2 mục, mới có 1"),
        ({"bins": "A"}, "bins", "cần là một danh sách"),
        ({"bins": [BIN, "A"]}, "1", "cần là các dòng"),
        ({"bins": [BIN, {**BIN, "id": "Á"}]}, "id", "chưa đúng dạng"),
        ({"messages": [MESSAGE] * 13}, "messages", "nhiều nhất 12 mục, đang có 13"),
        (
            {"messages": [{**MESSAGE, "channel": "fax"}] * 4},
            "channel",
            "chỉ nhận một trong: sms, email, chat, call, post",
        ),
        ({"messages": [{"sender": "A", "text": "B", "bin": "a"}] * 4}, "why", "thiếu phần này"),
        ({"messages": [{**MESSAGE, "bin": "x"}] * 4}, "inbox", "tin 1: không có ngăn 'x'"),
        ({"kind": "la"}, "", "không có kiểu 'la'; có: simulation, inbox, chat, making"),
    ],
)
def test_a_fault_is_said_in_vietnamese(changed, where, what):
    place, said = faults_of(Practice, INBOX | changed)[0]
    assert str((place or ("",))[-1]) == where and what in said
    assert not ENGLISH.search(said)


@pytest.mark.parametrize("kind", [Practice, ItemSource, LessonHead])
@pytest.mark.parametrize(
    "data", [None, 3, [], {}, {"kind": "making", "rules": [{"words": "a", "sum": 3}, {"words": 0}]}]
)
def test_no_english_is_left(kind, data):
    faults = faults_of(kind, data)
    assert faults and not [said for _place, said in faults if ENGLISH.search(said)]
