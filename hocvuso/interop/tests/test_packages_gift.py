"""GIFT, as its documentation and Moodle read it."""

from __future__ import annotations

import pytest

from hocvuso.interop.packages import gift

from .questions import CHOICE, MULTI, ORDER, told


def test_one_right_answer():
    items, left = told("::Grant::Who's buried here?{~Grant ~Jefferson =no one#Good!}")
    assert (items[0]["key"], items[0]["type"], items[0]["stem"]) == ("grant", "choice", "Who's buried here?")
    assert items[0]["options"] == [
        {"text": "Grant"}, {"text": "Jefferson"}, {"text": "no one", "right": True, "why": "Good!"},
    ]  # fmt: skip
    assert left == []


def test_several_right_answers_share_the_mark():
    items, left = told("Two?{~%-50%No one ~%50%Grant ~%50%his wife ~%-50%his father}")
    assert items[0]["type"] == "multi"
    assert [option.get("right", False) for option in items[0]["options"]] == [False, True, True, False]
    assert left == []


def test_lines_to_be_put_in_order_are_a_question_of_moodle():
    items, left = told(
        "::Moodle::[html]Order.{>2 ALL HORIZONTAL ABSOLUTE SHOW none\nModular\nObject\nOriented\n####Why.}"
    )
    assert (items[0]["type"], items[0]["sequence"]) == ("order", ["Modular", "Object", "Oriented"])
    assert (items[0]["why"], left) == ("Why.", [])


def test_a_missing_word_is_a_line():
    assert told("Grant is {~buried =entombed ~living} here.")[0][0]["stem"] == "Grant is _____ here."


def test_escaped_signs_are_signs():
    items, _left = told(r"Which \{is\} 5\: a\\b?{~ \= 2 + 2 = \= 2 + 3 ~ \# \~ 4 ####General\: \#}")
    assert items[0]["stem"] == r"Which {is} 5: a\b?"
    assert [option["text"] for option in items[0]["options"]] == ["= 2 + 2", "= 2 + 3", "# ~ 4"]
    assert items[0]["why"] == "General: #"


def test_comments_may_name_an_id_and_tags():
    items, left = told("// [id:Câu Đầu 1] [tag:use:test] [tag:difficulty:hard] [tag:vui]\nA?{=1 ~2 ~3}")
    assert (items[0]["key"], items[0]["difficulty"]) == ("cau-dau-1", "hard")
    assert left == ["bỏ thẻ: vui"]


def test_html_and_markdown_become_plain_text_and_it_is_told():
    options = r"=[markdown]**a** ~x &lt; y ~c<img alt\='sông'>"
    items, left = told(f"[html]<p>One&nbsp;<b>two</b></p><p>three<br>four</p>{{{options}}}")
    assert items[0]["stem"] == "One two\nthree\nfour"
    assert [option["text"] for option in items[0]["options"]] == ["a", "x < y", "c[sông]"]
    assert left == ["chỉ giữ chữ, bỏ: chữ đậm, nghiêng, trên, dưới; hình"]


def test_a_share_of_the_mark_is_lost_and_told():
    items, left = told("A?{~wrong ~%50%half =full}")
    assert [option.get("right", False) for option in items[0]["options"]] == [False, False, True]
    assert left == ["bỏ điểm từng phần của phương án"]


@pytest.mark.parametrize(
    "question, why",
    [
        ("A?{}", "câu tự luận"),
        ("A?{#3.14:0.1}", "câu trả lời bằng số"),
        ("A?{=one =two}", "câu trả lời ngắn, người học tự gõ"),
        ("A?{=a -> b =c -> d}", "câu ghép cặp"),
        ("A.{TRUE}", "câu đúng hay sai: chỉ có hai phương án, ở đây cần ít nhất 3"),
        ("A.{F#No.#Yes.}", "câu đúng hay sai: chỉ có hai phương án, ở đây cần ít nhất 3"),
        ("::A::Only text.", "đoạn chữ không có câu trả lời"),
        ("A {=b ~c ~d} e {=f ~g ~h}", "câu có nhiều chỗ điền"),
        ("::A:: B { =c ~d ~e", "ngoặc nhọn { } không khớp"),
        ("A?{=b ~c}", "có 2 phương án, ở đây cần từ 3 đến 6"),
        ("A?{=b ~c ~d ~e ~f ~g ~h}", "có 7 phương án, ở đây cần từ 3 đến 6"),
        ("A?{=b =c ~d}", "câu chọn một cần đúng một phương án trọn điểm, ở đây có 2"),
        ("A?{~%50%b ~%50%c ~%50%d}", "câu chọn nhiều cần có phương án đúng và phương án sai"),
        ("A?{=b ~b ~d}", "trùng phương án: b"),
        ("A?{=b ~ ~d}", "phương án không có chữ"),
        ("{=b ~c ~d}", "câu hỏi không có chữ"),
        ("A?{=b ~c ~" + "d" * 301 + "}", "phương án dài hơn 300 ký tự"),
        ("A?{>2 ALL\nb\nc\n}", "có 2 mục để sắp xếp, ở đây cần ít nhất 3"),
    ],
)
def test_what_is_no_item_is_named(question, why):
    items, left = told(f"::x::y{{=1 ~2 ~3}}\n\n{question}\n\nLast?{{=1 ~2 ~3}}")
    assert [item["stem"] for item in items] == ["y", "Last?"]
    assert left == [f"không nhận câu này: {why}"]


def test_a_category_is_named():
    assert told("$CATEGORY: $course$/Bài 1\n\nA?{=1 ~2 ~3}")[1] == ["bỏ tên danh mục: $course$/Bài 1"]


def test_letters_are_composed():
    assert told("Ho\u0309i?{=a\u0309 ~b ~c}")[0][0]["options"][0]["text"] == "ả"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_of_windows_are_read(encoding):
    assert told("Hỏi?\r\n{\r\n=à\r\n~b\r\n~c\r\n}\r\n".encode(encoding))[0][0]["stem"] == "Hỏi?"


def test_written_as_moodle_writes_it():
    assert gift.write([CHOICE, MULTI, ORDER], "Bài 1").decode() == (
        "// Bài 1\n\n"
        "// [id:c1] [tag:use:check] [tag:outcome:AI-08] [tag:difficulty:easy]\n"
        "::Số nào là 113?::[plain]Số nào là 113?{\n"
        "\t=Công an#Đúng số.\n\t~Cứu hoả#Đó là 114.\n\t~Cấp cứu#Đó là 115.\n\t####113 là công an.\n}\n\n"
        "// [id:t1] [tag:use:test] [tag:outcome:AI-08] [tag:difficulty:hard]\n"
        "::Chọn số khẩn cấp.::[plain]Chọn số khẩn cấp.{\n"
        "\t~%50%113\n\t~%50%115\n\t~%-100%1080\n\t~%-100%116\n\t####Hai số ấy.\n}\n\n"
        "// [id:t2] [tag:use:test] [tag:outcome:NG-01] [tag:difficulty:medium]\n"
        "::Xếp thứ tự.::[plain]Xếp thứ tự.{>3 ALL VERTICAL ALL_OR_NOTHING HIDE none\n"
        "Nghe\nDừng\nGọi lại\n\t####Dừng trước khi gọi.\n}\n"
    )
