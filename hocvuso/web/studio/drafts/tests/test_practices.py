"""The practice of a lesson through its forms: what is not changed stays to the byte, what is wrong is said where."""

import difflib
from pathlib import Path

import pytest
from django.urls import reverse

from hocvuso.authoring import queries, services
from hocvuso.authoring.editing import dumped
from hocvuso.authoring.models import DraftFile
from hocvuso.authoring.patching import with_data
from hocvuso.authoring.starting import new_practice
from hocvuso.base import plain_yaml
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.web.studio.drafts import practices
from hocvuso.web.studio.drafts.practice_words import FORMS, PARTS, told_of
from tests import world

from .test_drafts import an, at, draft, edition, minh, page, signed_in, text_of  # noqa: F401  fixtures among them

PRACTICES = sorted((world.ROOT / "content").rglob("practice.yaml"))
LESSON = "bai-mot"
FILE = f"{LESSON}/practice.yaml"
OF_KIND = {kind: next(p for p in PRACTICES if p.read_text("utf-8").startswith(f"kind: {kind}")) for kind in FORMS}


def named(path: Path) -> str:
    return f"{path.parts[-3]}/{path.parts[-2]}"


def sent(form) -> dict[str, str]:
    """What a browser sends of a form that is shown."""

    def of(fields):
        for field in fields:
            value = field.value()
            if field.widget_type == "checkbox":
                yield from [(field.html_name, "on")] if value else ()
            else:
                yield field.html_name, "" if value is None else str(value)

    data = dict(of(form))
    for rows in form.rows.values():
        data |= dict(of(rows.management_form))
        for row in rows:
            data |= dict(of(row))
    return data


def forms_of(file: DraftFile):
    """Each form of a practice."""
    data = plain_yaml.load(file.text)
    yield FORMS[data["kind"]], None
    for name in practices.PARTS_OF.get(data["kind"], ()):
        yield from ((PARTS[name], (name, n)) for n in range(len(data[name])))


def through(file: DraftFile, made, where, **changed: str) -> str:
    """The text after a form was sent as it was shown, but for what was changed."""
    form = made(sent(made(file=file, where=where)) | changed, file=file, where=where)
    assert form.is_valid(), (form.errors, [rows.errors for rows in form.rows.values()])
    assert not list(practices._faults(form))
    return with_data(file.text, practices._placed(form.practice, where, form.built()))


@pytest.mark.parametrize("path", PRACTICES, ids=named)
def test_a_starter_practice_comes_out_of_its_forms_as_it_went_in(path):
    file = DraftFile(text=path.read_text("utf-8"), version=1)
    for made, where in forms_of(file):
        form = made(sent(made(file=file, where=where)), file=file, where=where)
        assert form.is_valid(), (where, form.errors, [rows.errors for rows in form.rows.values()])
        assert not list(practices._faults(form))
        assert practices._placed(form.practice, where, form.built()) == plain_yaml.load(file.text)
    assert told_of(file.text) == []


@pytest.mark.parametrize("kind", FORMS)
def test_an_empty_practice_of_each_kind_too_and_says_what_is_to_write(kind):
    file = DraftFile(text=dumped(new_practice(kind, "Bài")), version=1)
    for made, where in forms_of(file):
        assert through(file, made, where) == file.text
    assert any("chưa viết" in one.what for one in told_of(file.text))


@pytest.mark.parametrize(
    ("kind", "where", "field", "value"),
    [
        ("inbox", None, "messages-2-why", "Vì thế."),
        ("inbox", None, "bins-0-label", "Ngăn đổi tên"),
        ("chat", None, "partner", "Bà Tư"),
        ("chat", ("turns", 1), "replies-0-why", "Vì thế."),
        ("making", None, "rubric", "Một\nHai"),
        ("making", None, "rules-0-say", "Nhắc."),
        ("simulation", None, "title", "Tên khác"),
        ("simulation", ("screens", 0), "elements-1-label", "Chữ khác"),
        ("simulation", ("steps", 1), "hint", "Gợi ý khác"),
        ("simulation", ("steps", 0), "wrong-0-says", "Nói khác"),
    ],
)
def test_one_change_changes_that_part_only(kind, where, field, value):
    file = DraftFile(text=OF_KIND[kind].read_text("utf-8"), version=1)
    made = PARTS[where[0]] if where else FORMS[kind]
    after = through(file, made, where, **{field: value})
    lines = [one for one in difflib.ndiff(file.text.splitlines(), after.splitlines()) if one[0] in "+-"]
    added = [one for one in lines if one[0] == "+"]
    assert value.splitlines()[0] in " ".join(added)
    assert len(added) <= 1 + value.count("\n") + 1


def test_what_no_form_shows_stays():
    data = plain_yaml.load(OF_KIND["chat"].read_text("utf-8"))
    data["turns"][0]["replies"][0]["sau-nay"] = "giữ"
    file = DraftFile(text=dumped(data), version=1)
    form = PARTS["turns"](
        sent(PARTS["turns"](file=file, where=("turns", 0))) | {"replies-0-why": "Khác."}, file=file, where=("turns", 0)
    )
    assert form.is_valid()
    assert form.built()["replies"][0] == data["turns"][0]["replies"][0] | {"why": "Khác."}


class TestTheForms:
    def of(self, kind, where=None, **changed):
        file = DraftFile(text=OF_KIND[kind].read_text("utf-8"), version=1)
        made = PARTS[where[0]] if where else FORMS[kind]
        form = made(sent(made(file=file, where=where)) | changed, file=file, where=where)
        if form.is_valid():
            for place, what in practices._faults(form):
                form.refuse(practices.Faulty(field=place, what=what))
        return form

    def test_a_new_bin_and_a_new_element_get_an_id_and_the_others_keep_theirs(self):
        form = self.of("inbox", **{"bins-3-label": "Để sau"})
        assert form.is_valid() and [one["id"] for one in form.built()["bins"]][-1] == "de-sau"
        before = form.practice["bins"]
        assert form.built()["bins"][:-1] == before
        form = self.of("simulation", ("screens", 0), **{"elements-0-label": "Tên mới"})
        assert form.built()["elements"][0]["id"] == form.old["elements"][0]["id"]

    def test_a_bin_that_messages_need_is_missed_at_the_message(self):
        form = self.of("inbox", **{"bins-0-DELETE": "on"})
        gone = form.practice["bins"][0]["id"]
        at = next(n for n, one in enumerate(form.practice["messages"]) if one["bin"] == gone)
        assert "không có ngăn" in form.rows["messages"].forms[at].errors["bin"][0]

    def test_too_few_are_said(self):
        form = self.of("inbox", **{f"messages-{n}-DELETE": "on" for n in range(8)})
        assert "cần ít nhất 4 mục" in str(form.faults)

    def test_all_good_replies_are_no_turn(self):
        data = plain_yaml.load(OF_KIND["chat"].read_text("utf-8"))
        ticked = {f"replies-{n}-good": "on" for n in range(len(data["turns"][0]["replies"]))}
        assert "ít nhất một câu trả lời tốt" in str(self.of("chat", ("turns", 0), **ticked).faults)

    def test_a_rule_says_what_it_lacks(self):
        form = self.of("making", **{"rules-0-asks": "words", "rules-0-what": "nhiều"})
        assert form.rows["rules"].forms[0].errors["what"] == ["Hãy ghi một số nguyên."]
        form = self.of("making", **{"rules-0-asks": "must", "rules-0-what": "<la>"})
        assert "không có dạng" in str(form.rows["rules"].forms[0].errors)
        form = self.of("making", exemplar="Ngắn.")
        assert "chưa đạt chính quy tắc" in form.errors["exemplar"][0]

    def test_a_step_says_what_does_not_fit(self):
        form = self.of("simulation", ("steps", 0), act="field")
        assert form.errors["target"] == ["Muốn gõ thì chọn một ô để gõ."] and "type" in form.errors
        assert "at_least" in self.of("simulation", ("steps", 0), at_least="3").errors
        assert "type" in self.of("simulation", ("steps", 0), type="a").errors

    def test_a_step_may_go_to_another_screen(self):
        data = plain_yaml.load(OF_KIND["simulation"].read_text("utf-8"))
        place = next(
            (screen["id"], one["id"])
            for screen in data["screens"]
            for one in screen["elements"]
            if screen["id"] != data["steps"][0]["screen"] and one["kind"] == "button"
        )
        slips = {f"wrong-{n}-DELETE": "on" for n in range(len(data["steps"][0].get("wrong", {})))}
        form = self.of("simulation", ("steps", 0), target="/".join(place), act="tap", **slips)
        assert form.is_valid(), form.errors
        assert (form.built()["screen"], form.built()["tap"]) == place and "wrong" not in form.built()


@pytest.mark.django_db
class TestThePages:
    @pytest.fixture
    def put(self, draft, cast):  # noqa: F811
        def put(kind):
            services.save(draft=draft, path=FILE, text=OF_KIND[kind].read_text("utf-8"), by=cast.an)
            return draft.files.get(path=FILE)

        return put

    @pytest.mark.parametrize("kind", FORMS)
    def test_a_practice_is_shown_saved_and_played(self, kind, put, an, draft):  # noqa: F811
        file = put(kind)
        shown = page(an, at("draft-practice", draft, LESSON))
        assert at("draft-preview", draft, LESSON) in shown and "Còn phải sửa" not in shown
        answer = an.post(at("draft-practice", draft, LESSON), sent(FORMS[kind](file=file)) | {"title": "Tên mới"})
        assert answer["Location"] == at("draft-practice", draft, LESSON)
        assert plain_yaml.load(text_of(draft, FILE)) == plain_yaml.load(file.text) | {"title": "Tên mới"}
        for name in practices.PARTS_OF.get(kind, ()):
            page(an, at("draft-practice-part", draft, LESSON, practices.SLUG_OF[name], 1))
            page(an, at("draft-practice-part", draft, LESSON, practices.SLUG_OF[name], 99), 404)

    def test_what_was_not_changed_makes_no_revision(self, put, an, draft):  # noqa: F811
        file = put("simulation")
        where = ("steps", 0)
        an.post(at("draft-practice-part", draft, LESSON, "buoc", 1), sent(PARTS["steps"](file=file, where=where)))
        file.refresh_from_db()
        assert file.version == 2 and file.text == OF_KIND["simulation"].read_text("utf-8")

    def test_two_people_are_shown_both(self, put, an, draft):  # noqa: F811
        file = put("chat")
        typed = sent(FORMS["chat"](file=file))
        an.post(at("draft-practice", draft, LESSON), typed | {"partner": "Bà Tư"})
        answer = an.post(at("draft-practice", draft, LESSON), typed | {"partner": "Ông Năm"})
        assert answer.status_code == 409
        assert "Bà Tư" in answer.content.decode() and "Ông Năm" in answer.content.decode()

    def test_another_kind_begins_anew_and_the_old_stays_in_the_history(self, put, an, draft):  # noqa: F811
        put("inbox")
        assert "Chữ cũ còn trong lịch sử" in page(an, at("draft-practice-kind", draft, LESSON))
        for kind in FORMS:
            an.post(at("draft-practice-kind", draft, LESSON), {"kind": kind})
            assert plain_yaml.load(text_of(draft, FILE))["kind"] == kind
            assert "chưa viết" in page(an, at("draft-practice", draft, LESSON))
        assert queries.history(draft, FILE).count() >= 2

    def test_turns_screens_and_steps_are_added_moved_and_taken_out(self, put, an, draft):  # noqa: F811
        put("simulation")

        def press(act, part, place=""):
            version = draft.files.get(path=FILE).version
            return an.post(
                at("draft-practice-act", draft, LESSON), {"act": act, "part": part, "at": place, "version": version}
            )

        before = plain_yaml.load(text_of(draft, FILE))
        for part, slug in (("screens", "man-hinh"), ("steps", "buoc")):
            added = press("add", part)["Location"]
            assert added == at("draft-practice-part", draft, LESSON, slug, len(before[part]) + 1)
            page(an, added)
            press("remove", part, str(len(before[part]) + 1))
        press("down", "steps", "1")
        press("up", "steps", "2")
        assert text_of(draft, FILE) == OF_KIND["simulation"].read_text("utf-8")
        press("up", "steps", "2")
        first, second = before["steps"][:2]
        assert plain_yaml.load(text_of(draft, FILE))["steps"][:2] == [second, first]
        stale = {"act": "remove", "part": "steps", "at": "1", "version": "1"}
        an.post(at("draft-practice-act", draft, LESSON), stale)
        assert len(plain_yaml.load(text_of(draft, FILE))["steps"]) == len(before["steps"])

    def test_what_is_wrong_leads_to_its_place(self, put, an, draft, cast):  # noqa: F811
        data = plain_yaml.load(put("simulation").text)
        data["steps"][1]["tap"] = "khong-co"
        services.save(draft=draft, path=FILE, text=dumped(data), by=cast.an)
        shown = page(an, at("draft-practice", draft, LESSON))
        assert at("draft-practice-part", draft, LESSON, "buoc", 2) + "#target" in shown and "Bước 2" in shown
        page(an, at("draft-practice-part", draft, LESSON, "buoc", 2))

    @pytest.mark.parametrize("text", ["kind: la", "- a", "a: [", "kind: inbox\nbins: 3\nmessages: [a, {bin: 4}]\n", ""])
    def test_what_is_no_practice_is_still_shown(self, text, an, draft, cast):  # noqa: F811
        services.save(draft=draft, path=FILE, text=text, by=cast.an)
        shown = page(an, at("draft-practice", draft, LESSON))
        assert at("draft-lesson-file", draft, LESSON, "practice.yaml") in shown and "Còn phải sửa" in shown

    def test_a_reviewer_reads_only(self, put, minh, draft):  # noqa: F811
        file = put("chat")
        assert "<fieldset disabled>" in page(minh, at("draft-practice", draft, LESSON))
        assert "<fieldset disabled>" in page(minh, at("draft-practice-part", draft, LESSON, "luot", 1))
        minh.post(at("draft-practice", draft, LESSON), sent(FORMS["chat"](file=file)) | {"partner": "Bà Tư"})
        for name in ("draft-practice-act", "draft-practice-kind"):
            assert minh.post(at(name, draft, LESSON), {"kind": "inbox"}).status_code in (403, 404)
        assert text_of(draft, FILE) == file.text

    def test_of_the_neighbour_it_is_not_there(self, draft, cast):  # noqa: F811
        roles.grant(person=cast.binh, role=Role.AUTHOR, unit=cast.next_door, by=None)
        client = signed_in(cast.binh)
        page(client, at("draft-practice", draft, LESSON), 404)
        page(client, at("draft-practice-kind", draft, LESSON), 404)
        page(client, at("draft-practice-part", draft, LESSON, "buoc", 1), 404)
        assert client.post(reverse("draft-practice-act", args=[draft.pk, LESSON])).status_code == 404


def test_the_preview_beside_the_form_does_not_pull_the_page_down_to_itself(an, draft):  # noqa: F811
    frame = page(an, at("draft-practice", draft, LESSON)).partition("<iframe")[2].partition(">")[0]
    assert f'src="{at("draft-preview", draft, LESSON)}"' in frame  # a place named in it would be scrolled to
