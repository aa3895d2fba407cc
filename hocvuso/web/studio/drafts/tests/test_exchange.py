"""Questions of a lesson go out as files of other software and come in from them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hocvuso.authoring import services
from hocvuso.authoring.tests.test_drafts import SOURCE
from hocvuso.interop.packages import FORMATS, read_items, write_items
from hocvuso.interop.tests.questions import CHOICE
from hocvuso.library import services as library
from hocvuso.library.source.schema import ItemSource
from hocvuso.web.studio.drafts.lessons import items_of
from tests import world

from .test_drafts import at, page, signed_in

pytestmark = pytest.mark.django_db
GIFT = "::Số::113 là gì?{=Công an ~Cứu hoả ~[html]<b>Cấp cứu</b>}\n\n::Vì sao::Vì sao?{}\n"


@pytest.fixture
def draft(cast):
    world.frameworks()
    edition = library.draft_from(folder=SOURCE, by=cast.an)
    return services.go_on_from(edition=edition, unit=cast.here, by=cast.an)


@pytest.fixture
def an(cast):
    return signed_in(cast.an)


@pytest.fixture
def minh(cast):
    return signed_in(cast.minh)


def sent(client, draft, content, **more):
    file = SimpleUploadedFile("câu hỏi.txt", content.encode())
    return client.post(at("draft-items-bring", draft, "bai-mot"), {"file": file, **more})


class TestOut:
    @pytest.mark.parametrize("format", FORMATS)
    def test_what_goes_out_is_what_the_lesson_holds(self, an, draft, format):
        answer = an.get(at("draft-items-carry", draft, "bai-mot", format))
        assert f"bai-mot-{format}.{FORMATS[format]}" in answer["Content-Disposition"]
        found = read_items("tệp", answer.content)
        assert [ItemSource(**item) for item in found.items] == [ItemSource(**i) for i in items_of(draft, "bai-mot")]

    def test_a_reviewer_may_take_them(self, minh, draft):
        page(minh, at("draft-items-carry", draft, "bai-mot", "moodle"))

    def test_an_unknown_format_is_not_there(self, an, draft):
        page(an, at("draft-items-carry", draft, "bai-mot", "docx"), 404)

    def test_questions_with_faults_are_mended_first(self, an, draft, cast):
        services.save(draft=draft, path="bai-mot/items.yaml", text="- key: a\n", by=cast.an)
        answer = an.get(at("draft-items-carry", draft, "bai-mot", "gift"), follow=True)
        assert "có câu hỏi đang lỗi" in answer.content.decode()


class TestIn:
    def test_what_was_read_and_what_was_left_out_is_shown_before_it_is_added(self, an, draft):
        before = items_of(draft, "bai-mot")
        shown = sent(an, draft, GIFT).content.decode()
        assert "113 là gì?" in shown and "Đọc được 1 câu hỏi." in shown
        assert "câu tự luận" in shown and "chữ đậm" in shown
        assert items_of(draft, "bai-mot") == before

    def test_then_they_stand_behind_those_of_the_lesson(self, an, draft):
        before = items_of(draft, "bai-mot")
        ticket = sent(an, draft, GIFT).context["waiting"]
        answer = an.post(at("draft-items-bring", draft, "bai-mot"), {"waiting": ticket, "apply": "1"}, follow=True)
        assert "Đã thêm 1 câu hỏi." in answer.content.decode()
        *others, new = items_of(draft, "bai-mot")
        assert others == before
        assert list(new) == ["key", "use", "type", "outcome", "difficulty", "stem", "options", "why"]
        assert (new["key"], new["why"], new["outcome"]) == ("so", "…", before[0]["outcome"])

    def test_a_second_press_adds_nothing_more(self, an, draft):
        before = len(items_of(draft, "bai-mot"))
        ticket = sent(an, draft, GIFT).context["waiting"]
        for _press in range(2):
            an.post(at("draft-items-bring", draft, "bai-mot"), {"waiting": ticket, "apply": "1", "once": "một lần"})
        assert len(items_of(draft, "bai-mot")) == before + 1

    def test_a_key_that_is_taken_gets_a_number(self, an, draft):
        key = items_of(draft, "bai-mot")[0]["key"]
        ticket = sent(an, draft, f"// [id:{key}]\n{GIFT}").context["waiting"]
        an.post(at("draft-items-bring", draft, "bai-mot"), {"waiting": ticket, "apply": "1"})
        assert items_of(draft, "bai-mot")[-1]["key"] == f"{key}-2"

    def test_an_outcome_of_another_programme_becomes_the_chosen_one(self, an, draft):
        content = write_items([CHOICE], format="gift", title="Bài").decode()
        assert sent(an, draft, content).context["new"][0]["outcome"] == items_of(draft, "bai-mot")[0]["outcome"]

    def test_what_is_no_file_of_questions_is_said(self, an, draft):
        answer = sent(an, draft, "Một lá thư.")
        assert answer.status_code == 400
        assert "không nhận ra dạng tệp" in answer.content.decode()

    def test_a_file_without_a_question_that_fits_adds_nothing(self, an, draft):
        answer = sent(an, draft, "::A::B?{}", apply="1")
        assert "không có câu nào nhận được" in answer.content.decode()

    def test_who_only_reviews_brings_nothing_in(self, minh, draft):
        assert sent(minh, draft, GIFT).status_code in (403, 404)
