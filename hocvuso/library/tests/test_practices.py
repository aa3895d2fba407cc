"""What an author may write as a practice: every act, how devices look, and what is made."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from hocvuso.library.rendering.practice import render
from hocvuso.library.source.durations import _practice_acts, practice_text
from hocvuso.library.source.making import LOOKS, Making, Rule, _spaced, met
from hocvuso.library.source.practices import Practice

PRACTICE: TypeAdapter[Practice] = TypeAdapter(Practice)
CASES = json.loads(Path(__file__).with_name("making_cases.json").read_text("utf-8"))
PLAYERS = Path(__file__).parents[3] / "frontend" / "src" / "js"
# Applies the page's own rules to every case; what it takes from the page is no more than how letters lose their marks.
IN_THE_BROWSER = """
globalThis.document = { documentElement: { closest: () => null } };
const from = process.argv[1];
const [{ take }, { plain }, { isMet }] = await Promise.all(
  ["later/kit.js", "lesson/player.js", "later/rules.js"].map((file) => import(`${from}/${file}`)),
);
take({ plain });
const met = ({ rule, text, columns = [], others = [] }) => isMet(rule, text, { columns, rules: [rule, ...others] });
console.log(JSON.stringify(JSON.parse(process.argv[2]).map(met)));
"""
SAID = {"say": "Làm đi.", "hint": "Ở đây.", "ok": "Được."}
ELEMENTS = [
    {"id": "nut", "kind": "button", "label": "Nút", "icon": "x", "swipe": "up", "colour": "red"},
    {"id": "dong", "kind": "row", "label": "Dòng"},
    {"id": "phim", "kind": "keypad", "label": "Bấm số"},
    {"id": "thanh", "kind": "slider", "label": "Độ sáng", "value": 2},
    {"id": "o", "kind": "field", "label": "Ô"},
]
STEPS = [
    {"swipe": "nut"},
    {"hold": "dong"},
    {"dial": "phim", "type": ["115"], "wrong": {"114": "Cứu hoả."}},
    {"drag": "thanh", "at_least": 6, "effect": "bright", "wrong": {"low": "Còn tối."}},
    {"drag": "thanh", "at_most": 1},
]


def simulation(steps=STEPS, elements=ELEMENTS, **screen):
    return {
        "kind": "simulation",
        "device": "phone",
        "title": "Tập",
        "intro": "Tập.",
        "done": "Xong.",
        "screens": [{"id": "m", "title": "Màn hình", "elements": elements, **screen}],
        "steps": [{"screen": "m", **SAID, **step} for step in steps],
    }


def making(**changes):
    return {
        "kind": "making",
        "title": "Viết",
        "intro": "Viết.",
        "task": "Viết đi.",
        "rules": [{"must": ["má"], "say": "Thiếu má."}],
        "rubric": ["Một.", "Hai."],
        "exemplar": "Thưa má.",
        "done": "Xong.",
        **changes,
    }


def refusal(data) -> str:
    with pytest.raises(ValidationError) as refused:
        PRACTICE.validate_python(data)
    return str(refused.value)


class TestActs:
    def test_every_act_is_read_and_rendered(self):
        practice = PRACTICE.validate_python(simulation())
        assert [(step.act, step.target) for step in practice.steps][:4] == [
            ("swipe", "nut"),
            ("hold", "dong"),
            ("dial", "phim"),
            ("drag", "thanh"),
        ]
        html = render(practice)
        for words in ("rồi vuốt lên", "và giữ", "Bấm 115", "nấc 6 đến 10", "Nếu bấm 114:", "Nếu kéo chưa tới:"):
            assert words in html
        assert 'id="i-delete"' in html and 'id="i-phone"' in html

    @pytest.mark.parametrize(
        ("step", "said"),
        [
            ({}, "đúng một hành động"),
            ({"tap": "dong", "hold": "dong"}, "đúng một hành động"),
            ({"dial": "phim"}, "type"),
            ({"tap": "dong", "type": ["x"]}, "type"),
            ({"dial": "phim", "type": ["1 1 5"]}, "bàn phím chỉ bấm được"),
            ({"dial": "phim", "type": ["1234567890123456"]}, "chỉ nhận 15"),
            ({"dial": "pin", "type": ["12#"]}, "không có * và #"),
            ({"dial": "dong", "type": ["115"]}, "cần phần tử kind: keypad"),
            ({"dial": "phim", "type": ["115"], "wrong": {"115": "x"}}, "vừa đúng"),
            ({"dial": "phim", "type": ["115"], "wrong": {"khac": "x"}}, "không có phần tử 'khac'"),
            ({"tap": "phim"}, "không tap được"),
            ({"hold": "thanh"}, "không hold được"),
            ({"swipe": "dong"}, "cần swipe: left"),
            ({"hold": "nut"}, "được vuốt nên không giữ được"),
            ({"drag": "thanh"}, "cần at_least hoặc at_most"),
            ({"drag": "thanh", "at_least": 8, "at_most": 6}, "at_least không quá at_most"),
            ({"drag": "thanh", "at_least": 11}, "at_least"),
            ({"drag": "thanh", "at_most": 5}, "nằm sẵn ở chỗ đúng"),
            ({"drag": "dong", "at_least": 5}, "cần phần tử kind: slider"),
            ({"tap": "dong", "at_least": 5}, "đi cùng drag"),
            ({"tap": "dong", "wrong": {"low": "x"}}, "không có phần tử 'low'"),
            ({"tap": "dong", "effect": "pink"}, "effect"),
            ({"tap": "dong", "wait": 3}, "wait"),
        ],
    )
    def test_what_cannot_be_done_is_refused(self, step, said):
        pin = {"id": "pin", "title": "Mã", "elements": [{"id": "pin", "kind": "keypad", "label": "Mã", "secret": True}]}
        data = simulation([step, {"tap": "dong"}, {"tap": "dong"}])
        data["screens"].append(pin)
        if step.get("dial") == "pin":
            data["steps"][0]["screen"] = "pin"
        assert said in refusal(data)

    def test_a_slider_that_may_lie_right_from_a_step_before_is_refused(self):
        steps = [{"drag": "thanh", "at_least": 6}, {"drag": "thanh", "at_least": 4, "at_most": 6}, {"tap": "dong"}]
        assert "nằm sẵn ở chỗ đúng" in refusal(simulation(steps))
        steps[1]["at_most"] = 5
        PRACTICE.validate_python(simulation(steps))

    @pytest.mark.parametrize(
        ("element", "said"),
        [
            ({"kind": "slider"}, "value"),
            ({"kind": "row", "value": 3}, "value"),
            ({"kind": "slider", "value": 11}, "value"),
            ({"kind": "text", "swipe": "up"}, "chỉ vuốt được"),
            ({"kind": "row", "swipe": "round"}, "swipe"),
            ({"kind": "row", "colour": "red"}, "colour cần icon"),
            ({"kind": "row", "icon": "x", "colour": "pink"}, "colour"),
            ({"kind": "row", "secret": True}, "secret"),
        ],
    )
    def test_what_an_element_cannot_be_is_refused(self, element, said):
        assert said in refusal(simulation([{"tap": "dong"}] * 3, [*ELEMENTS, {"id": "x", "label": "X", **element}]))

    def test_ids_stand_once_and_a_look_is_one_of_those_there_are(self):
        assert "trùng phần tử" in refusal(simulation(elements=[*ELEMENTS, ELEMENTS[0]]))
        assert "look" in refusal(simulation(look="pink"))
        assert "chỉ một keypad" in refusal(simulation(elements=[*ELEMENTS, {**ELEMENTS[2], "id": "phim-hai"}]))

    def test_a_number_takes_longer_to_dial_than_a_tap(self):
        one = PRACTICE.validate_python(simulation([{"dial": "phim", "type": ["0900000123"]}] * 3))
        assert _practice_acts(one) == 3 * 6


class TestRules:
    @pytest.mark.parametrize(
        ("rule", "yes", "no"),
        [
            ({"must": ["tra soát", "giữ tiền"]}, "Xin TRA SOAT giúp", "Xin trả lại"),
            ({"must": ["300 gam"]}, "hộp 300 gam,", "hộp 1300 gam"),
            ({"must": ["<link>"]}, "ở kho-anh.example/a", "ở kho ảnh"),
            ({"must": ["<year>"]}, "năm 2025", "số 12025"),
            ({"must": ["<date>"]}, "ngày 3 tháng 9", "ngày mai"),
            ({"must": ["<date>"]}, "xem 3.9.2026", "giấy phép CC BY 4.0"),
            ({"must": ["60.000"]}, "giá 60.000đ", "giá 160.000đ"),
            ({"must": ["9h10"]}, "lúc 9h10", "lúc 19h10"),
            ({"must": ["<quote>"]}, "bài “Chợ nổi”", "bài Chợ nổi"),
            ({"must_not": ["nhất"]}, "nhặt trứng mỗi sáng", "ngon nhất xã"),
            ({"must_not": ["<phone>"]}, "giá 60.000 đồng", "gọi 0900 000 123"),
            ({"must_not": ["<code>"]}, "chuyển 5000000", "mã 246810 nha"),
            ({"must_not": ["<card>"]}, "ngày 3/9/2026", "thẻ 0000 1111 2222 3333"),
            ({"words": 3}, "một hai ba", "một hai"),
            ({"at_most": 2}, "một hai", "một hai ba"),
        ],
    )
    def test_a_text_is_held_to_its_rules(self, rule, yes, no):
        made = Rule(**rule, say="Thiếu.")
        assert met(made, yes, []) and not met(made, no, [])

    @pytest.mark.parametrize(
        ("rule", "yes", "no"),
        [
            ({"rows": 2}, "Rau | 3 |\nGạo | | 2", "Rau | 3 |\nGạo | |"),
            ({"sum": "Chi"}, "A | | 120.000\nB | 9 | 80.000\nCộng | 9 | 200.000", "A | | 1\nCộng | | 2"),
            ({"sum": "Chi"}, "A | | 1\nCộng | | 1", "Cộng | | "),
        ],
    )
    def test_a_table_is_held_to_its_rules(self, rule, yes, no):
        made = Rule(**rule, say="Thiếu.")
        columns = ["Khoản", "Thu", "Chi"]
        assert met(made, yes, columns) and not met(made, no, columns)

    @pytest.mark.parametrize("case", CASES)
    def test_a_case_is_judged_as_it_says(self, case):
        rule, *others = [Rule(**rule, say="Thiếu.") for rule in [case["rule"], *case.get("others", [])]]
        total = any(one.sum for one in [rule, *others])
        assert met(rule, case["text"], case.get("columns", []), total=total) is case["met"]

    def test_the_browser_judges_every_case_the_same(self):
        command = ["node", "--input-type=module", "-e", IN_THE_BROWSER, PLAYERS.as_uri(), json.dumps(CASES)]
        told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        assert [case for case, said in zip(CASES, told, strict=True) if said is not case["met"]] == []

    @given(st.text(max_size=80), st.sampled_from([*LOOKS, "má", "tra soát"]))
    def test_what_must_not_be_there_is_the_opposite_of_what_must(self, text, entry):
        columns = ["Khoản", "Chi"]
        if entry in LOOKS and _spaced(text).strip():
            assert met(Rule(must=[entry], say="x"), text, columns) != met(
                Rule(must_not=[entry], say="x"), text, columns
            )
        for rule in (Rule(rows=1, say="x"), Rule(sum="Chi", say="x"), Rule(words=2, say="x")):
            met(rule, text, columns)  # whatever somebody types is judged

    @pytest.mark.parametrize(
        ("rule", "said"),
        [
            ({}, "đúng một điều"),
            ({"must": ["a"], "words": 3}, "đúng một điều"),
            ({"must": ["<colour>"]}, "không có dạng"),
            ({"must": ["…"]}, "không có chữ hay số"),
            ({"words": 0}, "words"),
            ({"should": ["a"]}, "should"),
            ({"rows": 2}, "chỉ dùng cho bảng"),
        ],
    )
    def test_a_rule_that_asks_nothing_or_too_much_is_refused(self, rule, said):
        assert said in refusal(making(rules=[{**rule, "say": "Thiếu."}]))


class TestMaking:
    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"rules": []}, "rules"),
            ({"rubric": ["Một."]}, "rubric"),
            ({"rules": [{"must_not": ["ba"], "say": "x"}, {"at_most": 9, "say": "y"}]}, "quy tắc về điều phải có"),
            ({"exemplar": "Thưa ba."}, "bài mẫu (exemplar) chưa đạt chính quy tắc của bài: Thiếu má."),
            ({"columns": ["Khoản"]}, "từ 2 cột"),
            ({"columns": ["Khoản", "Chi"], "rules": [{"sum": "Thu", "say": "x"}]}, "không có cột số 'Thu'"),
            ({"columns": ["Khoản", "Chi"], "rules": [{"sum": "Khoản", "say": "x"}]}, "không có cột số"),
            (
                {
                    "columns": ["Khoản", "Chi"],
                    "rules": [{"sum": "Chi", "say": "x"}],
                    "exemplar": "A | 1\nB | 1\nC | 1\nCộng | 3",
                },
                "dài hơn bảng: bảng có 3 dòng",
            ),
            ({"score": 3}, "score"),
        ],
    )
    def test_what_cannot_be_made_is_refused(self, changes, said):
        assert said in refusal(making(**changes))

    def test_without_a_script_it_can_be_written_on_paper_and_judged(self):
        html = render(Making(**making(facts=["Má ở quê."])))
        for words in ("Viết đi.", "Má ở quê.", "Thiếu má.", "<li>Một.</li>", "Thưa má."):
            assert words in html

    def test_to_write_takes_its_time(self):
        asked = Making(**making(rules=[{"words": 2, "say": "x"}, {"must": ["má"], "say": "y"}]))
        long = Making(**making(exemplar="Thưa má " * 50))
        assert (asked.length, long.length) == (2, 100)
        assert _practice_acts(long) - _practice_acts(asked) == 49
        assert "Thưa má." in list(practice_text(asked))
