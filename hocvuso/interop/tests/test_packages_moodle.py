"""Moodle XML, as Moodle 5 writes it and as older ones did."""

from __future__ import annotations

import pytest
from lxml import etree

from hocvuso.interop.packages import moodle

from .questions import CHOICE, ITEMS, told

ANSWERS = "".join(
    f'<answer fraction="{share}"><text>{text}</text><feedback><text>{why}</text></feedback></answer>'
    for share, text, why in (("100", "vàng", "Đúng."), ("0", "đỏ", ""), ("0", "xanh", "Sai."))
)


def quiz(*questions: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><quiz>{"".join(questions)}</quiz>'


def question(
    kind: str = "multichoice", *, stem: str = "Màu gì?", inside: str = f"<single>true</single>{ANSWERS}"
) -> str:
    return (
        f'<question type="{kind}"><name><text>Màu</text></name>'
        f'<questiontext format="html"><text>{stem}</text></questiontext>{inside}</question>'
    )


def test_one_right_answer():
    items, left = told(quiz(question()))
    assert items == [
        {
            "key": "mau", "use": "test", "type": "choice", "difficulty": "medium", "stem": "Màu gì?",
            "options": [
                {"text": "vàng", "right": True, "why": "Đúng."}, {"text": "đỏ"}, {"text": "xanh", "why": "Sai."},
            ],
        }
    ]  # fmt: skip
    assert left == []


def test_html_in_cdata_or_escaped_becomes_plain_text():
    stem = "<![CDATA[<p>M&agrave;u <em>g&igrave;</em>&nbsp;?</p><!-- x --><script>1</script>]]>"
    items, left = told(quiz(question(stem=stem)))
    assert items[0]["stem"] == "Màu gì ?"
    assert left == ["chỉ giữ chữ, bỏ: chữ đậm, nghiêng, trên, dưới; mã lệnh"]
    assert told(quiz(question(stem="&lt;p&gt;1 &amp;lt; 2&lt;/p&gt;")))[0][0]["stem"] == "1 < 2"


def test_html_that_nobody_escaped_keeps_its_text():
    assert told(quiz(question(stem="<p>Màu <b>gì</b>?</p>")))[0][0]["stem"] == "Màu gì?"


def test_pictures_and_files_are_lost_and_told():
    stem = '<![CDATA[Đây? <img src="@@PLUGINFILE@@/a.png" alt="bản đồ">]]>'
    inside = f'<single>true</single>{ANSWERS}<hint><text>x</text></hint><file name="a.png" encoding="base64">aa</file>'
    items, left = told(quiz(question(stem=stem, inside=inside)))
    assert items[0]["stem"] == "Đây? [bản đồ]"
    assert left == ["chỉ giữ chữ, bỏ: hình", "bỏ gợi ý", "bỏ tệp đi kèm (hình, âm thanh)"]


def test_plain_text_is_kept_to_the_letter():
    stem = '<questiontext format="plain_text"><text>&lt;b&gt;  1\n2</text></questiontext>'
    source = quiz(f'<question type="multichoice">{stem}<single>1</single>{ANSWERS}</question>')
    assert told(source)[0][0]["stem"] == "<b>  1\n2"


@pytest.mark.parametrize("kind", ["multichoice", "multichoiceset", "oumultiresponse"])
def test_several_right_answers(kind):
    inside = "<single>false</single>" + ANSWERS.replace('"0"', '"50"', 1).replace('"100"', '"50"')
    items, left = told(quiz(question(kind, inside=inside)))
    assert (items[0]["type"], [o.get("right", False) for o in items[0]["options"]]) == ("multi", [True, True, False])
    assert left == []


def test_lines_to_be_put_in_order_stand_by_their_fraction():
    inside = "".join(
        f'<answer fraction="{n}"><text>{text}</text></answer>' for n, text in ((2, "b"), (1, "a"), (3, "c"))
    )
    assert told(quiz(question("ordering", inside=inside)))[0][0]["sequence"] == ["a", "b", "c"]


def test_shares_of_the_mark_and_general_words_are_lost_and_told():
    inside = (
        f"<single>true</single>{ANSWERS.replace('"0"', '"33.3"', 1)}<correctfeedback><text>Tốt</text></correctfeedback>"
    )
    assert told(quiz(question(inside=inside)))[1] == [
        "bỏ điểm từng phần của phương án",
        "bỏ lời báo chung khi đúng, khi sai",
    ]


@pytest.mark.parametrize(
    "kind, why",
    [
        ("essay", "câu tự luận"),
        ("matching", "câu ghép cặp"),
        ("numerical", "câu trả lời bằng số"),
        ("shortanswer", "câu trả lời ngắn, người học tự gõ"),
        ("cloze", "câu nhiều chỗ điền (cloze)"),
        ("truefalse", "câu đúng hay sai: chỉ có hai phương án, ở đây cần ít nhất 3"),
        ("stack", "kiểu câu 'stack'"),
    ],
)
def test_other_questions_are_named(kind, why):
    assert told(quiz(question(kind), question())) == (told(quiz(question()))[0], [f"không nhận câu này: {why}"])


def test_a_category_is_named():
    source = quiz('<question type="category"><category><text>top/Bài 1</text></category></question>', question())
    assert told(source)[1] == ["bỏ tên danh mục: top/Bài 1"]


def test_keys_are_unique():
    assert [item["key"] for item in told(quiz(question(), question(), question()))[0]] == ["mau", "mau-2", "mau-3"]


def test_a_check_needs_a_why_for_each_option():
    tags = "<tags><tag><text>use:check</text></tag></tags>"
    items, left = told(quiz(question(inside=f"<single>true</single>{ANSWERS}{tags}")))
    assert items[0]["use"] == "test"
    assert left == ["thiếu giải thích cho từng phương án, nên thành câu kiểm tra (use: test)"]


def test_written_as_moodle_writes_it():
    root = etree.fromstring(moodle.write(ITEMS, "Bài 1"))
    choice, multi, order = root.iter("question")
    assert [q.get("type") for q in root.iter("question")] == ["multichoice", "multichoice", "ordering"]
    assert (choice.findtext("idnumber"), choice.findtext("single")) == ("c1", "true")
    assert choice.findtext("generalfeedback/text") == CHOICE.why
    assert [answer.get("fraction") for answer in choice.iter("answer")] == ["100", "0", "0"]
    assert [answer.get("fraction") for answer in multi.iter("answer")] == ["50", "50", "-100", "-100"]
    assert [answer.get("fraction") for answer in order.iter("answer")] == ["1", "2", "3"]
    assert order.findtext("gradingtype") == "ALL_OR_NOTHING"
    assert [tag.text for tag in order.iterfind("tags/tag/text")] == ["use:test", "outcome:NG-01", "difficulty:medium"]
