"""Conditions: what they say of a sheet, in XLSForm, in words, and the same in the browser."""

from __future__ import annotations

import json
import subprocess
from base64 import b64encode
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from hocvuso.checklists import rules
from hocvuso.checklists import rules_expressions as expressions
from hocvuso.checklists import rules_xlsform as xlsform
from hocvuso.checklists.rules_expressions import Known, NotUnderstood
from hocvuso.checklists.rules_relevance import asked, holds

from .test_checklists import words, workbook

SCRIPT = Path(__file__).parents[3] / "frontend" / "src" / "js" / "office" / "relevance.js"
CHOICES = [{"value": value, "label": value.upper()} for value in ("a", "b", "khác")]
ASKED = {
    "yn": {"kind": "yes-no"},
    "one": {"kind": "choice", "choices": CHOICES},
    "many": {"kind": "choices", "choices": CHOICES},
    "n": {"kind": "integer"},
    "d": {"kind": "number"},
    "t": {"kind": "text"},
}
CHECKLIST = {"sections": [{"title": "", "questions": [{"code": c, "label": c.upper(), **q} for c, q in ASKED.items()]}]}
numbers = st.integers(-2000, 2000) | st.decimals(-2000, 2000, places=3).map(float)
texts = st.text("abc đ'", max_size=5) | st.text('"01', max_size=5)


def values_of(question):
    """What a condition may compare a question with."""
    return ["yes", "no"] if question["kind"] == "yes-no" else [c["value"] for c in question.get("choices", [])]


def comparisons(code, question):
    """Conditions on one question."""
    equal = st.sampled_from(["=", "!="])
    of = st.just(code)
    empty = st.tuples(equal, of, st.just(""))
    match question["kind"]:
        case "yes-no" | "choice":
            chosen = st.sampled_from(values_of(question))
            found = empty | st.tuples(equal, of, chosen) | st.tuples(st.just("selected"), of, chosen)
        case "choices":
            found = empty | st.tuples(st.just("selected"), of, st.sampled_from(values_of(question)))
        case "text":
            found = empty | st.tuples(equal, of, texts)
        case _:
            found = st.tuples(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), of, numbers)
    return found.map(list)


def conditions(by_code):
    """Any conditions on these questions."""
    return st.recursive(
        st.one_of([comparisons(code, question) for code, question in by_code.items()]),
        lambda inner: (
            inner.map(lambda part: ["not", part])
            | st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3)).map(
                lambda drawn: [drawn[0], *drawn[1]]
            )
        ),
        max_leaves=6,
    )


typed = st.fixed_dictionaries(
    {},
    optional={
        "yn": st.sampled_from(["", "yes", "no"]),
        "one": st.sampled_from(["", "a", "b", "khác"]),
        "many": st.lists(st.sampled_from(["a", "b", "khác"]), unique=True).map(" ".join),
        "n": st.integers(-2000, 2000).map(str),
        "d": st.text("0123456789., -", max_size=9) | numbers.map(lambda n: str(n).replace(".", ",")),
        "t": texts.map(str.strip),
    },
)


@st.composite
def checklists(draw):
    """Checklists whose sections and questions are asked under conditions on earlier questions."""
    by_code, sections = {}, []
    for _section in range(draw(st.integers(1, 3))):
        section = {"title": draw(words | st.just("")), "questions": []} | draw(maybe(by_code))
        for _question in range(draw(st.integers(1, 3))):
            question = {"label": draw(words), "required": draw(st.booleans()), "code": f"c.{len(by_code)}-x"}
            question |= draw(st.sampled_from(list(ASKED.values()))) | draw(maybe(by_code))
            section["questions"].append(question)
            by_code[question["code"]] = question
        sections.append(section)
    return {"sections": sections}


def maybe(by_code):
    return st.just({}) | conditions(by_code).map(lambda when: {"when": when}) if by_code else st.just({})


class TestInTheWorkbook:
    @settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(checklists())
    def test_conditions_and_choices_go_out_and_come_in_again(self, checklist):
        assert xlsform.read(xlsform.write(checklist)) == (checklist, [])

    @settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
    @given(checklists())
    def test_others_take_our_workbook(self, checklist):
        done = convert(BytesIO(xlsform.write(checklist)), file_type=".xlsx", form_name="phieu", validate=False)
        count = sum("when" in thing for s in checklist["sections"] for thing in (s, *s["questions"]))
        assert done.xform.count(' relevant="') == count

    @pytest.mark.parametrize(
        ("text", "when"),
        [
            ("${yn} = 'co'", ["=", "yn", "yes"]),
            ('selected(${many}, "b")', ["selected", "many", "b"]),
            ("${n}>=5 and ${n} < 10 or ${t}!=''", ["or", ["and", [">=", "n", 5], ["<", "n", 10]], ["!=", "t", ""]]),
            ("not( ${d} = -2.5 ) and (${one}='a' or ${ one } = 'b')",
             ["and", ["not", ["=", "d", -2.5]], ["or", ["=", "one", "a"], ["=", "one", "b"]]]),
        ],
    )  # fmt: skip
    def test_expressions(self, text, when):
        assert expressions.read(text, KNOWN) == when

    @pytest.mark.parametrize(
        "text",
        [
            "${sau} = 'x'", "${yn} = 'maybe'", "${yn} = 1", "${one} > 3", "${many} = 'a'", "${n} = 'năm'", "${t} < 3",
            "${photo} != ''", "selected(${n}, '3')", "selected(${many}, '')", "5 < ${n}", "${n} = ${d}", "${n} + 1 = 2",
            "${n}", "${n} =", "${n} = 1 and", "(${n} = 1", "${n} = 1)", "not ${n} = 1", "true()", ". > 3", "AND",
            "${n} = 1 ${d} = 2", "count-selected(${many}) > 1", "${t} = 'x", "('a')",
            "(" * 500 + "${n} = 1" + ")" * 500,
            "not(" * 30 + "${n} = 1" + ")" * 30, " or ".join(["${n} = 1"] * 300), "${n} = 1.1234567", "${t} = “x”",
        ],
    )  # fmt: skip
    def test_all_else_is_refused(self, text):
        with pytest.raises(NotUnderstood):
            expressions.read(text, KNOWN)

    @settings(deadline=None)
    @given(
        st.lists(
            st.sampled_from(["${n}", "${t}", "'x'", "1", "=", "<", "and", "or", "not", "(", ")", "selected", ",", "$"])
        )
    )
    def test_nothing_written_there_breaks_it(self, parts):
        try:
            when = expressions.read(" ".join(parts), KNOWN)
        except NotUnderstood as why:
            assert str(why)
        else:
            assert expressions.read(expressions.written(when), KNOWN) == when

    def test_conditions_of_groups_hold_for_the_groups_within(self):
        survey = [
            ["integer", "n", "N"],
            ["begin group", "g", "Ngoài", "", "${n} > 1"],
            ["text", "a", "A"],
            ["begin group", "h", "Trong", "", "${a} = 'x'"],
            ["text", "b", "B"],
            ["end group"],
            ["text", "c", "C"],
            ["end group"],
            ["text", "d", "D"],
        ]
        made, faults = xlsform.read(workbook(survey))
        outer = [">", "n", 1]
        assert faults == []
        assert [s.get("when") for s in made["sections"]] == [None, outer, ["and", outer, ["=", "a", "x"]], outer, None]

    @pytest.mark.parametrize("head", ["relevant", "relevance", "bind::relevant"])
    def test_a_condition_that_is_not_understood_is_a_fault_with_row_column_and_value(self, head):
        survey = [["integer", "n", "N", ""], ["begin group", "g", "G", "${n} + 1 = 2"], ["end group"]]
        _made, faults = xlsform.read(workbook(survey, head=["type", "name", "label", head]))
        assert [(f.row, f.value) for f in faults] == [(3, "${n} + 1 = 2")] and "relevant" in str(faults[0])

    def test_a_question_does_not_depend_on_itself_or_on_a_later_one(self):
        survey = [["integer", "n", "N", "", "${n} = 1"], ["text", "a", "A", "", "${b} = ''"], ["text", "b", "B"]]
        _made, faults = xlsform.read(workbook(survey))
        assert [f.row for f in faults] == [2, 3]

    def test_yes_and_no_by_other_names(self):
        survey = [["select_one ck", "a", "A"], ["text", "b", "B", "", "${a} = '0' or selected(${a}, '1')"]]
        made, faults = xlsform.read(workbook(survey, [["ck", 1, "Có"], ["ck", 0, "Không"]]))
        assert faults == []
        assert rules.questions(made)[1]["when"] == ["or", ["=", "a", "no"], ["selected", "a", "yes"]]


KNOWN = {code: Known(q["kind"], {value: value for value in values_of(q)}) for code, q in ASKED.items()} | {
    "yn": Known("yes-no", {"co": "yes", "khong": "no"}),
    "photo": Known("photo"),
}


class TestAsking:
    CHAIN = {
        "sections": [
            {"title": "", "questions": [
                {"code": "a", "label": "A", "kind": "yes-no"},
                {"code": "b", "label": "B", "kind": "integer", "required": True, "when": ["=", "a", "yes"]},
            ]},
            {"title": "Phần", "when": [">", "b", 3], "questions": [
                {"code": "c", "label": "C", "kind": "photo", "required": True},
                {"code": "d", "label": "D", "kind": "text", "required": True, "when": ["!=", "a", "no"]},
            ]},
        ]
    }  # fmt: skip

    def test_what_is_not_asked_counts_as_not_answered(self):
        assert asked(self.CHAIN, {"a": "yes", "b": 5}) == {"a", "b", "c", "d"}
        assert asked(self.CHAIN, {"a": "no", "b": 5, "d": "x"}) == {"a"}

    def test_only_what_is_asked_is_needed(self):
        assert rules.missing(self.CHAIN, {"a": "no"}, set()) == []
        assert rules.missing(self.CHAIN, {"a": "yes"}, set()) == ["b"]
        assert rules.missing(self.CHAIN, {"a": "yes", "b": 5}, {"c"}) == ["d"]

    @given(conditions(ASKED))
    def test_nothing_answered_is_an_answer_too(self, when):
        assert holds(["not", when], {}) != holds(when, {})

    @pytest.mark.parametrize(
        ("when", "said"),
        [
            (["=", "yn", "yes"], "“YN” là “Có”"),
            (["!=", "n", 5], "“N” không phải là 5"),
            (["!=", "t", ""], "“T” đã được trả lời"),
            (["not", ["selected", "many", "a"]], "không phải (“MANY” có chọn “A”)"),
            (["and", [">=", "n", 5], ["or", ["=", "t", ""], ["<=", "d", 2.5]]],
             "“N” từ 5 trở lên và (“T” để trống hoặc “D” không quá 2.5)"),
        ],
    )  # fmt: skip
    def test_in_words(self, when, said):
        assert rules.in_words(when, {q["code"]: q for q in rules.questions(CHECKLIST)}) == said

    @given(conditions(ASKED))
    def test_every_condition_has_words(self, when):
        assert rules.in_words(when, {q["code"]: q for q in rules.questions(CHECKLIST)})


@pytest.fixture(scope="module")
def browser():
    """Asks the page's own script whether a condition holds, a line a question."""
    script = json.dumps("data:text/javascript;base64," + b64encode(SCRIPT.read_bytes()).decode())
    program = f"""import {{ createInterface }} from "node:readline";
        const {{ holds }} = await import({script});
        for await (const line of createInterface({{ input: process.stdin }})) {{
          const [when, answers] = JSON.parse(line);
          console.log(holds(when, new Map(Object.entries(answers))));
        }}"""
    command = ["node", "--input-type=module", "-e", program]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as node:

        def ask(when, answers):
            node.stdin.write(json.dumps([when, answers]) + "\n")
            node.stdin.flush()
            return node.stdout.readline().strip() == "true"

        yield ask
        node.stdin.close()


class TestInTheBrowser:
    @settings(deadline=None, max_examples=500)
    @given(when=conditions(ASKED), raw=typed)
    def test_the_script_says_the_same(self, browser, when, raw):
        kept, _wrong = rules.read_answers(CHECKLIST, raw)
        filled = {code: value for code, value in kept.items() if value != ""}
        assert browser(when, {code: value.strip() for code, value in raw.items()}) == holds(when, filled)

    @settings(deadline=None, max_examples=300)
    @given(raw=st.text("0123456789., -", max_size=8), value=numbers)
    def test_numbers_are_read_alike(self, browser, raw, value):
        number = rules._number(raw.strip())
        same = ["=", "d", value if number is None else number]
        assert browser(same, {"d": raw.strip()}) == (number is not None)
