"""The pages of a draft: from an empty studio to an edition, by two people, with and without the editor's script."""

import json
import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hocvuso.authoring import queries, services
from hocvuso.authoring.editing import body_of
from hocvuso.authoring.models import Draft
from hocvuso.authoring.tests.test_drafts import PNG, SOURCE
from hocvuso.library import services as library
from hocvuso.library.models import Edition
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from tests import world

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


def signed_in(person):
    client = Client()
    world.sign_in(client, person)
    return client


@pytest.fixture
def an(cast):
    return signed_in(cast.an)


@pytest.fixture
def minh(cast):
    return signed_in(cast.minh)


@pytest.fixture
def edition(cast):
    world.frameworks()
    return library.draft_from(folder=SOURCE, by=cast.an)


@pytest.fixture
def draft(edition, cast):
    return services.go_on_from(edition=edition, unit=cast.here, by=cast.an)


def at(name, draft, *more):
    return reverse(name, args=[draft.pk, *more])


def text_of(draft, path="bai-mot/lesson.md"):
    return draft.files.get(path=path).text


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


class TestFromAnEmptyStudio:
    def test_to_a_lesson_that_says_what_is_still_to_write(self, an, cast):
        world.frameworks()
        begun = an.post("/bien-soan/soan/moi/", {"title": "Gọi hình cho cháu", "audience": "elderly"})
        draft = Draft.objects.get()
        assert begun["Location"] == at("draft-outcomes", draft)
        row = {"code": "GO-01", "competency": "TT02-2025/2.1", "tier": "1", "can_do": "Gọi hình", "can_do_en": ""}
        rows = {"outcomes-TOTAL_FORMS": "1", "outcomes-INITIAL_FORMS": "0"}
        rows |= {f"outcomes-0-{name}": value for name, value in row.items()}
        assert an.post(at("draft-outcomes", draft), rows | {"version": "1"})["Location"] == at("draft", draft)
        new = {"title": "Gọi đi", "outcome": "GO-01", "module": "+", "module_title": "Gọi"}
        assert an.post(at("draft-lesson-add", draft), new)["Location"] == at("draft-lesson", draft, "goi-di")
        assert "chưa viết: title_en" in page(an, at("draft-lesson", draft, "goi-di"))
        assert "chỗ phải sửa" in page(an, at("draft", draft))

    def test_a_new_module_needs_a_title(self, an, draft):
        faulty = an.post(at("draft-lesson-add", draft), {"title": "A", "outcome": "AA-01", "module": "+"})
        assert faulty.status_code == 400 and "Hãy ghi tên chương." in faulty.content.decode()


class TestFromAnEdition:
    def test_its_page_leads_to_a_draft(self, an, edition):
        assert reverse("draft-from-edition", args=[edition.pk]) in page(an, reverse("edition", args=[edition.pk]))
        gone_on = an.post(reverse("draft-from-edition", args=[edition.pk]))
        assert gone_on["Location"] == at("draft", Draft.objects.get())
        assert Draft.objects.get().title in page(an, "/bien-soan/")

    def test_and_back_to_the_next_edition(self, an, draft):
        an.post(at("draft-programme", draft), {**self.head(draft), "title": "Tên mới"})
        an.post(at("draft-act", draft), {"act": "send-on"})
        assert Edition.objects.latest("number").content["title"] == "Tên mới"

    def head(self, draft):
        data = queries.outline(draft).data
        names = ("title", "title_en", "summary", "summary_en", "audience", "authors", "licence")
        return {name: data[name] for name in names} | {"version": "1"}


class TestTheEditor:
    def send(self, client, draft, **fields):
        return client.post(at("draft-lesson", draft, "bai-mot"), fields, headers=JSON)

    def test_saves_while_one_types_and_is_told_what_the_checks_find(self, an, draft):
        body = body_of(text_of(draft))
        answer = self.send(an, draft, text=body + "\n![](la.svg)\n", base=body, version="1")
        told = answer.json()
        assert told["version"] == 2 and told["by"] == "An" and not told["merged"]
        line = (body + "\n![](la.svg)\n").splitlines().index("![](la.svg)") + 1
        assert [one["line"] for one in told["findings"] if "thiếu lời mô tả" in one["what"]] == [line]
        assert an.get(at("draft-lesson", draft, "bai-mot"), headers=JSON).json()["text"] == told["text"]

    def test_two_people_in_different_places_have_both(self, an, draft, cast):
        roles.grant(person=cast.minh, role=Role.AUTHOR, unit=cast.here, by=None)
        body = body_of(text_of(draft))
        self.send(an, draft, text="Đầu.\n\n" + body, base=body, version="1")
        told = self.send(signed_in(cast.minh), draft, text=body + "\nCuối.\n", base=body, version="1").json()
        assert told["merged"] and told["text"].startswith("Đầu.") and told["text"].endswith("Cuối.\n")

    def test_in_one_place_the_second_has_both_texts(self, an, draft):
        body = body_of(text_of(draft))
        self.send(an, draft, text=body + "\nMột.\n", base=body, version="1")
        answer = self.send(an, draft, text=body + "\nHai.\n", base=body, version="1")
        assert answer.status_code == 409 and answer.json()["text"].endswith("Một.\n")
        without_script = an.post(
            at("draft-lesson", draft, "bai-mot"), {"text": body + "\nHai.\n", "base": body, "version": "1"}
        )
        shown = without_script.content.decode()
        assert without_script.status_code == 409 and "Hai." in shown and "Một." in shown

    def test_what_is_refused_is_said_in_words(self, an, draft):
        answer = self.send(an, draft, text="a\0", version="1")
        assert answer.status_code == 400 and "ký tự điều khiển" in answer.json()["faults"][0]

    def test_a_picture_dropped_in_is_named_and_shown(self, an, draft):
        file = SimpleUploadedFile("anh.png", PNG)
        told = an.post(at("draft-pictures", draft, "bai-mot"), {"file": file}, headers=JSON).json()
        shown = an.get(told["url"])
        assert told["name"] == "anh.png" and shown.content == PNG and "sandbox" in shown["Content-Security-Policy"]
        bad = an.post(at("draft-pictures", draft, "bai-mot"), {"file": SimpleUploadedFile("a.png", b"x")}, headers=JSON)
        assert bad.status_code == 400 and bad.json()["faults"]


class TestThePreview:
    def test_is_the_lesson_as_learners_see_it_and_may_stand_in_our_frame_only(self, an, draft):
        answer = an.get(at("draft-preview", draft, "bai-mot"))
        assert 'class="practice' in answer.content.decode() or "data-practice" in answer.content.decode()
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]

    def test_of_what_cannot_be_made_says_so(self, an, draft, cast):
        services.save(draft=draft, path="bai-mot/practice.yaml", text="kind: la", by=cast.an)
        assert "Chưa dựng được bài này" in page(an, at("draft-preview", draft, "bai-mot"))


class TestQuestions:
    def test_one_is_changed_and_the_others_keep_their_lines(self, an, draft):
        before = text_of(draft, "bai-mot/items.yaml")
        item = next(one for one in self.items(draft) if one["type"] == "choice")
        fields = {n: item[n] for n in ("use", "type", "outcome", "difficulty", "why")}
        fields |= {"version": "1", "stem": "Mới?"}
        fields |= {"options-TOTAL_FORMS": str(len(item["options"])), "options-INITIAL_FORMS": "0"}
        for n, option in enumerate(item["options"]):
            fields |= {f"options-{n}-{name}": "on" if value is True else value for name, value in option.items()}
        answer = an.post(at("draft-item", draft, "bai-mot", item["key"]), fields)
        assert answer["Location"] == at("draft-items", draft, "bai-mot")
        changed = next(one for one in self.items(draft) if one["key"] == item["key"])
        assert changed == item | {"stem": "Mới?"}
        others = [one for one in before.split("\n- ") if f"key: {item['key']}\n" not in one]
        assert all(one.strip("- \n") in text_of(draft, "bai-mot/items.yaml") for one in others)

    def test_one_is_taken_out(self, an, draft):
        key = self.items(draft)[0]["key"]
        an.post(at("draft-items", draft, "bai-mot"), {"act": "remove", "lesson": key})
        assert key not in [one["key"] for one in self.items(draft)]

    def items(self, draft):
        from hocvuso.web.studio.drafts.lessons import items_of

        return items_of(draft, "bai-mot")


class TestFilesAndHistory:
    def test_every_page_opens(self, an, draft):
        assert "Lịch sử" in page(an, at("draft-file", draft, "programme.yaml"))
        for name in ("practice.yaml", "guide.md", "items.yaml"):
            assert "Lịch sử" in page(an, at("draft-lesson-file", draft, "bai-mot", name))
            assert "An" in page(an, at("draft-history", draft, f"bai-mot/{name}"))
        for name in ("draft-head", "draft-items", "draft-item-new"):
            page(an, at(name, draft, "bai-mot"))
        for name in ("draft-programme", "draft-outcomes", "draft-lesson-add"):
            page(an, at(name, draft))

    def test_a_revision_shows_what_changed_and_comes_back(self, an, draft, cast):
        first = text_of(draft)
        services.save(draft=draft, path="bai-mot/lesson.md", text=first + "\nthêm\n", by=cast.an)
        latest, oldest = queries.history(draft, "bai-mot/lesson.md")
        assert "<ins>thêm</ins>" in page(an, at("draft-revision", draft, latest.pk))
        an.post(at("draft-revision", draft, oldest.pk))
        assert text_of(draft) == first

    def test_all_of_it_is_taken_home_as_it_can_be_sent_in(self, an, draft):
        with zipfile.ZipFile(BytesIO(an.get(at("draft-download", draft)).content)) as archive:
            assert f"{draft.key}/programme.yaml" in archive.namelist()


class TestWhoMayWhat:
    def test_a_reviewer_reads_and_does_not_write(self, minh, draft):
        shown = page(minh, at("draft-lesson", draft, "bai-mot"))
        assert "data-lesson-editor" not in shown
        assert minh.post(at("draft-programme", draft), {}).status_code in (403, 404)

    def test_a_draft_of_the_neighbour_is_not_there(self, draft, cast):
        roles.grant(person=cast.binh, role=Role.AUTHOR, unit=cast.next_door, by=None)
        client = signed_in(cast.binh)
        for name, *more in (("draft",), ("draft-lesson", "bai-mot"), ("draft-file", "programme.yaml")):
            page(client, at(name, draft, *more), 404)


def test_a_lesson_is_shown_with_a_constant_number_of_queries(an, draft, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        page(an, at("draft-lesson", draft, "bai-mot"))
    with django_assert_max_num_queries(9):
        page(an, at("draft", draft))


def test_lesson_parts_hold_what_the_text_may_place(an, draft):
    shown = page(an, at("draft-lesson", draft, "bai-mot"))
    parts = json.loads(shown.partition('id="lesson-parts" type="application/json">')[2].partition("</script>")[0])
    assert {"key", "use", "stem"} == set(parts["items"][0]) and parts["practice"]["kind"]
