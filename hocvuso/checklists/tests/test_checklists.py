"""Checklists: as lines of text, as XLSForm workbooks, and what an answer may be."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from hocvuso.checklists import rules
from hocvuso.checklists import rules_xlsform as xlsform

SURVEY = ["type", "name", "label::Vietnamese (vi)", "required", "relevant"]
words = st.text("abcđêư019XYZ", min_size=1, max_size=8)
plain_question = st.builds(
    lambda label, kind, required: {"label": label, "kind": kind, "required": required},
    words,
    st.sampled_from(["yes-no", "integer", "number", "text", "photo", "note"]),
    st.booleans(),
)
choice_question = st.builds(
    lambda label, options, required, kind: {
        "label": label,
        "required": required,
        "kind": kind,
        "choices": [{"value": f"c{n}", "label": o} for n, o in enumerate(options, 1)],
    },
    words,
    st.lists(words, min_size=1, max_size=5),
    st.booleans(),
    st.sampled_from(["choice", "choices"]),
)


def numbered(sections):
    """Codes as they stand in a checklist from text."""
    count = 0
    for section in sections:
        for question in section["questions"]:
            count += 1
            question["code"] = f"q{count}"
    return {"sections": sections}


checklists = st.lists(
    st.fixed_dictionaries(
        {"title": words | st.just(""), "questions": st.lists(plain_question | choice_question, min_size=1, max_size=4)}
    ),
    min_size=1,
    max_size=4,
).map(numbered)


def workbook(survey, choices=(), head=SURVEY):
    book = Workbook()
    book.active.title = "survey"
    for row in [head, *survey]:
        book.active.append(row)
    sheet = book.create_sheet("choices")
    for row in [["list_name", "name", "label"], *choices]:
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


class TestLines:
    @given(checklists)
    def test_what_is_written_out_is_read_in_again_unchanged(self, checklist):
        assert rules.from_text(rules.to_text(checklist)) == (checklist, [])

    @given(
        st.lists(st.sampled_from(["# ", "A", "*", " | ", "|", "chọn: ", "chọn nhiều:", ";", "b", "số", "\n"])).map(
            "".join
        )
    )
    def test_what_came_of_lines_can_be_said_in_lines(self, text):
        made, faults = rules.from_text(text)
        assert faults or rules.fits_text(made)

    def test_several_of_a_list(self):
        made, _faults = rules.from_text("Thiết bị* | Chọn nhiều: máy tính; máy chiếu")
        assert rules.questions(made) == [
            {"code": "q1", "label": "Thiết bị", "kind": "choices", "required": True,
             "choices": [{"value": "c1", "label": "máy tính"}, {"value": "c2", "label": "máy chiếu"}]},
        ]  # fmt: skip

    @pytest.mark.parametrize("line", ["A | chọn: ;", "A | chọn nhiều:", "| chọn: a", "* | số"])
    def test_a_line_without_words_or_choices_is_refused(self, line):
        assert rules.from_text(line)[1]

    @pytest.mark.parametrize(
        "more", [{"when": ["=", "q1", "yes"]}, {"hint": "Xem sổ"}, {"code": "so_lop"}, {"label": "Nhận xét *"}]
    )
    def test_what_lines_would_lose_is_known(self, more):
        made, _faults = rules.from_text("Có kế hoạch? | có/không\nNhận xét | chữ")
        assert rules.fits_text(made)
        made["sections"][0]["questions"][1] |= more
        assert not rules.fits_text(made)

    def test_a_line_without_a_kind_asks_yes_or_no(self):
        made, _faults = rules.from_text("Có kế hoạch?*")
        assert rules.questions(made) == [{"code": "q1", "label": "Có kế hoạch?", "kind": "yes-no", "required": True}]

    def test_an_unknown_kind_is_refused_with_its_line(self):
        _made, faults = rules.from_text("# Phần\nCâu một | số\nCâu hai | bản đồ")
        assert [(f.row, f.value) for f in faults] == [(3, "Câu hai | bản đồ")]

    def test_more_questions_than_a_phone_bears_are_refused(self):
        _made, faults = rules.from_text("\n".join(f"Câu {n}" for n in range(rules.MOST_QUESTIONS + 1)))
        assert faults


class TestXLSForm:
    @settings(deadline=None, max_examples=40)  # each example is a workbook
    @given(checklists)
    def test_what_is_exported_comes_in_again_unchanged(self, checklist):
        again, faults = xlsform.read(xlsform.write(checklist))
        assert faults == []
        assert again == checklist

    def test_types_groups_and_choices(self):
        content = workbook(
            [
                ["begin group", "g1", "Tổ chức"],
                ["select_one yes_no", "co_ke_hoach", "Có kế hoạch?", "yes"],
                ["select_one muc", "muc_do", "Mức độ"],
                ["begin_group", "g2", "Lớp học"],
                ["integer", "so_lop", "Số lớp"],
                ["end_group"],
                ["end group"],
                ["select_multiple muc", "cac_muc", "Các mức"],
                ["image", "anh", "Ảnh"],
                ["note", "luu_y", "Cảm ơn"],
                ["start", "bat_dau", ""],
            ],
            [["yes_no", "yes", "Có"], ["yes_no", "no", "Không"], ["muc", "tot", "Tốt"], ["muc", "kha", "Khá"]],
        )
        made, faults = xlsform.read(content)
        assert faults == []
        assert [s["title"] for s in made["sections"]] == ["Tổ chức", "Tổ chức · Lớp học", ""]
        kinds = {q["code"]: q["kind"] for q in rules.questions(made)}
        assert kinds == {
            "co_ke_hoach": "yes-no", "muc_do": "choice", "so_lop": "integer", "cac_muc": "choices", "anh": "photo",
            "luu_y": "note",
        }  # fmt: skip
        assert rules.questions(made)[0]["required"]

    def test_choices_that_every_question_has_are_counted_at_each(self):
        survey = [["select_one xa", f"q{n}", "Xã nào?"] for n in range(150)]
        _made, faults = xlsform.read(workbook(survey, [["xa", f"x{n}", "Xã " + "dài " * 20] for n in range(1000)]))
        assert [fault.value for fault in faults] == ["choices"]

    def test_of_groups_without_end_the_first_faults_are_told(self):
        made, faults = xlsform.read(workbook([["begin group", f"g{n}", "Nhóm " * 100] for n in range(3000)]))
        assert made["sections"] == [] and len(faults) < 300

    @pytest.mark.parametrize(
        "row",
        [
            ["select_multiple muc", "a", "A"],
            ["geopoint", "a", "A"],
            ["begin repeat", "a", "A"],
            ["integer", "tên có dấu cách", "A"],
            ["select_one khong_co", "a", "A"],
            ["integer", "a", "A", "", "${b} = 1"],
            ["select_multiple co_dau_cach", "a", "A"],
            ["end group"],
            ["begin group", "a", "A"],
        ],
    )
    def test_what_is_not_supported_is_refused_by_row(self, row):
        _made, faults = xlsform.read(
            workbook([["text", "b", "B"], row], [["co_dau_cach", "máy tính", "Máy"], ["co_dau_cach", "x", "X"]])
        )
        assert [f.row for f in faults] == [3]

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04rubbish", b"a,b,c"])
    def test_what_is_no_workbook_is_said_so(self, content):
        made, faults = xlsform.read(content)
        assert rules.questions(made) == [] and faults

    def test_several_of_yes_and_no_stay_a_list(self):
        survey = [["select_multiple yn", "a", "A"], ["select_one a.list", "yes_no", "B"]]
        choices = [["yn", "yes", "Có"], ["yn", "no", "Không"], ["a.list", "x", "X"]]
        made, _faults = xlsform.read(workbook(survey, choices))
        assert [q["kind"] for q in rules.questions(made)] == ["choices", "choice"]
        assert xlsform.read(xlsform.write(made)) == (made, [])

    def test_a_constraint_is_refused_of_a_group_too(self):
        survey = [["begin group", "g", "G", "x > 1"], ["text", "b", "B"], ["end group"]]
        _made, faults = xlsform.read(workbook(survey, head=["type", "name", "label", "constraint"]))
        assert [(f.row, f.value) for f in faults] == [(2, "x > 1")]

    def test_a_column_that_is_there_twice_is_refused(self):
        _made, faults = xlsform.read(workbook([["text", "b", "B", "C"]], head=["type", "name", "label", "Label "]))
        assert "hai cột" in str(faults[0])

    def test_a_label_that_all_rows_share_is_not_kept_for_each(self):
        survey = [["text", f"b{n}", "ă" * 30_000] for n in range(400)]
        _made, faults = xlsform.read(workbook(survey))
        assert "quá lớn" in str(faults[0])

    def test_a_name_given_twice_is_refused(self):
        _made, faults = xlsform.read(workbook([["text", "b", "B"], ["text", "b", "C"]]))
        assert [f.row for f in faults] == [3]


class TestAnswers:
    CHECKLIST, _ = rules.from_text(
        "A* | có/không\nB | số\nC | chọn: x; y\nD | số nguyên\nE* | ảnh\nF | chữ\nG | chọn nhiều: x; y; z"
    )

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [("1.234,5", 1234.5), ("1234,5", 1234.5), ("1.234", 1234.0), ("0,125", 0.125), ("1 234", 1234.0), ("-3", -3.0)],
    )
    def test_numbers_as_people_write_them(self, typed, kept):
        assert rules.read_answers(self.CHECKLIST, {"q2": typed}) == ({"q2": kept}, {})

    @pytest.mark.parametrize(
        ("code", "typed"),
        [
            ("q1", "maybe"),
            ("q2", "abc"),
            ("q2", "12.5"),
            ("q2", "1,234.5"),
            ("q3", "z"),
            ("q4", "1,5"),
            ("q7", "c1 c9"),
        ],
    )
    def test_an_answer_that_does_not_fit_is_refused_at_its_question(self, code, typed):
        kept, wrong = rules.read_answers(self.CHECKLIST, {code: typed})
        assert kept == {} and list(wrong) == [code]

    def test_an_emptied_answer_is_kept_as_empty(self):
        assert rules.read_answers(self.CHECKLIST, {"q6": " "}) == ({"q6": ""}, {})

    def test_several_choices_in_the_order_of_the_list(self):
        assert rules.read_answers(self.CHECKLIST, {"q7": " c3  c1 c3"}) == ({"q7": "c1 c3"}, {})
        assert rules.read_answers(self.CHECKLIST, {"q7": ""}) == ({"q7": ""}, {})
        assert rules.shown(rules.questions(self.CHECKLIST)[6], "c1 c3") == "x; z"

    def test_needed_answers_and_photos_that_are_missing(self):
        assert rules.missing(self.CHECKLIST, {}, set()) == ["q1", "q5"]
        assert rules.missing(self.CHECKLIST, {"q1": "no"}, {"q5"}) == []

    def test_answers_in_words(self):
        asked = {q["code"]: q for q in rules.questions(self.CHECKLIST)}
        assert [rules.shown(asked["q1"], "yes"), rules.shown(asked["q3"], "c2"), rules.shown(asked["q2"], 3.0)] == [
            "Có",
            "y",
            "3",
        ]

    @given(st.dictionaries(st.sampled_from(["q1", "q2", "q3", "q4", "q6", "x"]), st.text(max_size=30)))
    def test_nothing_that_is_sent_breaks_it(self, raw):
        kept, wrong = rules.read_answers(self.CHECKLIST, raw)
        assert set(kept) | set(wrong) <= {"q1", "q2", "q3", "q4", "q6"}
        assert not set(kept) & set(wrong)

    def test_a_sheet_is_read_in_the_language_in_which_it_was_filled_in(self):
        assert rules.read_answers(self.CHECKLIST, {"q2": "1.234"}, language="en") == ({"q2": 1.234}, {})
        assert rules.read_answers(self.CHECKLIST, {"q2": "1.234"}, language="vi") == ({"q2": 1234.0}, {})

    def test_a_kept_number_is_shown_as_it_is_read(self):
        [_a, number, *_more] = rules.questions(self.CHECKLIST)
        kept, _wrong = rules.read_answers(self.CHECKLIST, {"q2": "2,5"})
        assert rules.read_answers(self.CHECKLIST, {"q2": rules.shown(number, kept["q2"])}) == (kept, {})

    def test_what_is_not_seen_in_an_answer_is_not_kept(self):
        kept, _wrong = rules.read_answers(self.CHECKLIST, {"q6": "một\x0bhai\u200b\x00"})
        assert kept == {"q6": "một\nhai"}
