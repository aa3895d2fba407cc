"""A source that is broken in any way: every page opens and says so, no form writes over what it cannot read."""

import pytest

from hocvuso.authoring import services
from hocvuso.library.publishing.comparing import compared

from .. import questions
from . import test_drafts
from .test_drafts import at, text_of

pytestmark = pytest.mark.django_db
an, draft, edition = test_drafts.an, test_drafts.draft, test_drafts.edition  # fixtures

MODULES = [
    "modules: chữ",
    "modules: 5",
    "modules: {a: 1}",
    "modules: [1, chữ, null]",
    "modules: [{}]",
    "modules: [{key: a}]",
    "modules: [{key: a, lessons: 5}]",
    "modules: [{key: a, lessons: chữ}]",
    "modules: [{key: [1], title: a, lessons: [bai-mot]}]",
    "modules: [{key: a, title: {b: 1}, lessons: [bai-mot]}]",
    "modules: [{key: a, lessons: [1, [2], {c: 3}, null, a/b, '../x', 'có dấu cách', '']}]",
    "modules: [{key: a, lessons: [khong-co, bai-mot]}]",
    "modules: [{key: a/b, lessons: [bai-mot]}]",
    "modules: [{lessons: [bai-mot]}]",
]
OUTCOMES = [
    "outcomes: 5",
    "outcomes: chữ",
    "outcomes: [1]",
    "outcomes: [{can_do: a}]",
    "outcomes: [{code: [1]}]",
    "outcomes: [{code: {a: 1}, tier: x}]",
    "outcomes: [{code: 2024-01-01, can_do: [1]}]",
    "outcomes: [{code: null}]",
]
HEADS = [
    "",
    "chữ",
    "[1, 2]",
    "a: &x 1",
    "a: *x",
    "key: !!python/name:os.x",
    "{a: 1, a: 2}",
    "title: [1]",
    "title: {a: 1}",
    "audience: [1]\nauthors: {a: 2}\nlicence: 7",
    "a: " + "[" * 40 + "]" * 40,
    "\ttab",
    "title: 'chưa đóng",
]
ITEMS = [
    "",
    "chữ",
    "a: 1",
    "[1, chữ, null]",
    "- stem: không có mã",
    "- key: [1]",
    "- key: a/b",
    "- key: có dấu cách",
    "- key: 5",
    "- key: q1\n  options: 5\n  sequence: chữ",
    "- key: q1\n  options: [1, null]\n  stem: [a]\n  sequence: 7",
    "- key: q1\n  use: {a: 1}\n  outcome: [1]\n  why: 2024-01-01",
    "- {key: q1, stem: a}",
    "- *a",
    "- 'chưa đóng",
]
LESSONS = [
    "",
    "---\n",
    "---\n5\n---\nbài",
    "---\n- 1\n---\nbài",
    "---\noutcomes: 5\nsources: 5\npictures: 5\nwords: 5\n---\nbài",
    "---\noutcomes: [[1]]\nsources: [1, {a: [1]}]\npictures: {a: 1, b: {source: [1]}}\nwords: {a: 1}\n---\nx",
    "---\ntitle: 'chưa đóng\n---\nbài",
    "không có đầu",
]
NAMES = ["draft", "draft-programme", "draft-outcomes", "draft-lesson-add", "draft-lesson-import"]
OF_LESSON = ["draft-lesson", "draft-head", "draft-preview", "draft-items", "draft-item-new", "draft-items-bring"]


def opens(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.parametrize("text", [*MODULES, *OUTCOMES, *HEADS])
def test_every_page_opens_whatever_stands_in_the_programme(text, an, draft, cast):
    services.save(draft=draft, path="programme.yaml", text=text, by=cast.an)
    for name in NAMES:
        opens(an, at(name, draft))
    for name in OF_LESSON:
        opens(an, at(name, draft, "bai-mot"))
    opens(an, "/bien-soan/")
    opens(an, at("draft-file", draft, "programme.yaml"))


@pytest.mark.parametrize("text", [*MODULES, *OUTCOMES, *HEADS])
def test_no_act_fails_or_loses_what_it_cannot_read(text, an, draft, cast):
    services.save(draft=draft, path="programme.yaml", text=text, by=cast.an)
    for act in ("up", "down", "remove"):
        answer = an.post(at("draft-act", draft), {"act": act, "lesson": "bai-la"})
        assert answer.status_code in (302, 409)
    new = {"title": "Bài", "outcome": "AN-01", "module": "+", "module_title": "Chương"}
    assert an.post(at("draft-lesson-add", draft), new).status_code in (200, 302, 400, 409)
    assert text_of(draft, "programme.yaml").rstrip("\n") == text


@pytest.mark.parametrize("text", ITEMS)
def test_every_page_opens_whatever_stands_among_the_questions(text, an, draft, cast):
    services.save(draft=draft, path="bai-mot/items.yaml", text=text, by=cast.an)
    for name in OF_LESSON:
        opens(an, at(name, draft, "bai-mot"))
    for key in ("q1", "5"):
        assert an.get(at("draft-item", draft, "bai-mot", key)).status_code in (200, 404)
    for act in ("up", "remove"):
        answer = an.post(at("draft-items", draft, "bai-mot"), {"act": act, "lesson": "khong-co"})
        assert answer.status_code in (302, 400, 409)
    assert text_of(draft, "bai-mot/items.yaml").rstrip("\n") == text


@pytest.mark.parametrize("text", LESSONS)
def test_every_page_opens_whatever_stands_in_a_lesson(text, an, draft, cast):
    services.save(draft=draft, path="bai-mot/lesson.md", text=text, by=cast.an)
    for name in OF_LESSON:
        opens(an, at(name, draft, "bai-mot"))
    opens(an, at("draft", draft))


def test_thousands_of_lines_alike_are_compared_at_once(draft):
    lines = "\n" * 20_000
    found = compared(lines, f"{lines}a\n{lines}")
    assert found[-1] == ("new", "") and ("new", "a") in found


def test_a_lesson_that_was_taken_out_is_found_and_comes_back(an, draft):
    an.post(at("draft-act", draft), {"act": "remove", "lesson": "bai-mot"})
    assert "Bài đã bỏ" in opens(an, at("draft", draft))
    an.post(at("draft-act", draft), {"act": "bring-back", "lesson": "bai-mot"})
    assert "Bài đã bỏ" not in opens(an, at("draft", draft)) and opens(an, at("draft-lesson", draft, "bai-mot"))


def test_two_who_take_out_questions_do_not_undo_each_other(an, draft, cast, monkeypatch):
    listed = questions.items_of

    def meanwhile(found, lesson):
        items = listed(found, lesson)
        services.save(
            draft=found, path="bai-mot/items.yaml", text=text_of(found, "bai-mot/items.yaml") + "# x\n", by=cast.an
        )
        return items

    monkeypatch.setattr(questions, "items_of", meanwhile)
    key = listed(draft, "bai-mot")[0]["key"]
    assert an.post(at("draft-items", draft, "bai-mot"), {"act": "remove", "lesson": key}).status_code == 409
