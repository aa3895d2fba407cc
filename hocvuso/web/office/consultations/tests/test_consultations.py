"""The pages of consultations: preparing, commenting, answering, the summary; with the neighbour at every door."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from hocvuso.consultations.models import Comment, Consultation
from hocvuso.consultations.services import commenting, consulting
from hocvuso.consultations.tests.world import TEXT, prepare
from tests.world import sign_in


@pytest.fixture
def world(cast):
    return prepare(cast)


def page(name, *keys):
    return reverse(name, args=keys)


class TestPreparing:
    def test_from_a_word_file_to_units_asked(self, client, cast):
        prepare(cast, send=False)
        sign_in(client, cast.hoa)
        client.post(page("consultation-new"), {"unit": cast.ministry.pk, "title": "Đề án", "due_on": "2099-01-01"})
        made = Consultation.objects.get(title="Đề án")
        document, out = docx.Document(), BytesIO()
        document.add_paragraph("Điều 1. Một")
        document.add_paragraph("Điều 2. Hai")
        document.save(out)
        upload = SimpleUploadedFile("de-an.docx", out.getvalue())
        client.post(page("consultation-document", made.pk), {"file": upload})
        assert [c.label for c in made.clauses.all()] == ["Điều 1", "Điều 2"]
        client.post(page("consultation-invitations", made.pk), {"kind": ["provincial-department"]})
        client.post(page("consultation-move", made.pk), {"step": "open"})
        made.refresh_from_db()
        assert made.state == "open" and made.invitations.count() == 2

    def test_clauses_are_mended_on_their_own_page(self, client, cast):
        world = prepare(cast, send=False)
        sign_in(client, cast.hoa)
        clause = world.consultation.clauses.get(label="Điều 2")
        assert "Hiệu lực" in client.get(page("clause", clause.pk)).text
        client.post(page("clause", clause.pk), {"label": "Điều 2", "text": "a\r\n---\r\nb"})
        assert world.consultation.clauses.count() == 5
        client.post(page("clause", clause.pk), {"merge": "1"})
        assert world.consultation.clauses.count() == 4

    def test_refusals_keep_what_was_typed(self, client, cast):
        world = prepare(cast, send=False)
        sign_in(client, cast.hoa)
        answer = client.post(page("consultation-new"), {"unit": cast.ministry.pk, "title": "", "about": "Điều 3"})
        assert answer.status_code == 400 and "Điều 3" in answer.text and 'id="error-title"' in answer.text
        wrong = SimpleUploadedFile("a.docx", b"%PDF-1.4")
        answer = client.post(page("consultation-document", world.consultation.pk), {"file": wrong})
        assert answer.status_code == 400 and 'id="error-file"' in answer.text
        answer = client.post(page("consultation-invitations", world.consultation.pk), {"codes": "SAI"})
        assert answer.status_code == 400 and "SAI" in answer.text

    def test_an_invitation_is_taken_back_before_it_goes_out(self, client, cast):
        world = prepare(cast, send=False)
        sign_in(client, cast.hoa)
        key = world.invitation(cast.here).pk
        client.post(page("consultation-invitations", world.consultation.pk), {"remove": str(key)})
        assert world.consultation.invitations.count() == 1


class TestCommenting:
    def test_comment_on_a_clause_and_send(self, client, world, cast):
        sign_in(client, world.an)
        invitation = world.invitation(cast.here)
        clause = world.consultation.clauses.get(label="Điều 1 khoản 2")
        assert page("invitation", invitation.pk) in client.get(page("consultations")).text
        assert "Trừ hải đảo" in client.get(page("invitation", invitation.pk), {"muc": clause.pk}).text
        url = page("invitation", invitation.pk)
        answer = client.post(url, {"muc": clause.pk, "kind": "change", "text": "", "wording": ""})
        assert answer.status_code == 400 and 'id="error-text"' in answer.text
        client.post(url, {"muc": clause.pk, "kind": "change", "text": "Bỏ", "wording": "2. Cả hải đảo."})
        client.post(url, {"muc": "", "kind": "agree"})
        assert Comment.objects.count() == 2
        client.post(page("comment-remove", Comment.objects.get(kind="agree").pk))
        client.post(page("invitation-send", invitation.pk))
        invitation.refresh_from_db()
        assert invitation.sent_on and invitation.comments.get().wording == "2. Cả hải đảo."

    def test_nothing_to_add_with_one_press(self, client, world, cast):
        sign_in(client, world.an)
        client.post(page("invitation-send", world.invitation(cast.here).pk), {"nothing": "1"})
        assert world.invitation(cast.here).nothing_to_add

    def test_sending_nothing_is_refused_on_the_page(self, client, world, cast):
        sign_in(client, world.an)
        assert client.post(page("invitation-send", world.invitation(cast.here).pk)).status_code == 400


@pytest.fixture
def commented(world, cast):
    """The same words from both; sent."""
    for unit, by in ((cast.here, world.an), (cast.next_door, world.xuan)):
        world.say(unit, by)
        commenting.send(invitation=world.invitation(unit), by=by)
    return world


class TestAnswering:
    def test_one_answer_for_duplicates_then_closed_and_reported(self, client, commented, cast):
        key = commented.consultation.pk
        sign_in(client, commented.hoa)
        first = Comment.objects.first()
        sent = {"comment": f"{first.pk}@1", "verdict": "no", "why": "", "alike": "1"}
        answer = client.post(page("consultation-answers", key), sent)
        assert answer.status_code == 400 and 'id="error-why"' in answer.text
        client.post(page("consultation-answers", key), sent | {"why": "Trái luật"})
        assert set(Comment.objects.values_list("why", flat=True)) == {"Trái luật"}
        for step in ("close", "answered"):
            client.post(page("consultation-move", key), {"step": step})
        assert client.post(page("consultation-move", key), {"step": "report", "note": "Tốt"}).status_code == 400
        sign_in(client, cast.oanh)
        client.post(page("consultation-move", key), {"step": "report", "note": "Tốt"})
        commented.consultation.refresh_from_db()
        assert commented.consultation.state == "reported"
        assert "Trái luật" in client.get(page("consultation-summary", key)).text

    def test_ending_says_what_it_cuts_off_and_can_be_undone(self, client, world, cast):
        world.say(cast.here, world.an)
        commenting.send(invitation=world.invitation(cast.here), by=world.an)
        key, theirs = world.consultation.pk, page("invitation", world.invitation(cast.next_door).pk)
        sign_in(client, world.hoa)
        text = client.get(page("consultation", key)).text
        assert 'data-confirm="1 đơn vị chưa gửi, còn 7 ngày mới đến hạn."' in text
        client.post(page("consultation-move", key), {"step": "close"})
        assert "đã kết thúc nhận góp ý" in client.get(page("consultation", key)).text
        sign_in(client, world.xuan)
        ended = "ã kết thúc nhận góp ý ngày " + timezone.localdate().strftime("%d/%m/%Y")
        for url in (theirs, page("consultation", key)):
            assert ended in client.get(url).text
        sign_in(client, world.hoa)
        answer = client.post(page("consultation-move", key), {"step": "open", "due_on": "2020-01-01"})
        assert answer.status_code == 400 and 'id="error-due_on"' in answer.text and 'value="2020-01-01"' in answer.text
        client.post(page("consultation-move", key), {"step": "open", "due_on": "2099-01-01"})
        sign_in(client, world.xuan)
        text = client.get(theirs).text
        assert 'id="viet"' in text and "01/01/2099" in text and ended not in text

    def test_questions_are_explained_and_agreements_need_nothing(self, client, world, cast):
        question, agreed = (world.say(cast.here, world.an, kind=kind, text="Ai làm?") for kind in ("question", "agree"))
        commenting.send(invitation=world.invitation(cast.here), by=world.an)
        sign_in(client, world.hoa)
        url = page("consultation-answers", world.consultation.pk)
        text = client.get(url).text
        assert (
            "Còn 1 ý kiến chưa trả lời." in text and f'value="{question.pk}@1"' in text and str(agreed.pk) not in text
        )
        sent = {"comment": f"{question.pk}@1", "verdict": "accepted", "why": "Các sở"}
        answer = client.post(url, sent)
        assert answer.status_code == 400 and 'id="error-verdict"' in answer.text and "Các sở" in answer.text
        assert 'value="accepted"' not in client.get(url, {"loai": "question"}).text
        client.post(url, sent | {"verdict": "explained"})
        for step in ("close", "answered"):
            client.post(page("consultation-move", world.consultation.pk), {"step": step})
        world.consultation.refresh_from_db()
        assert world.consultation.state == "answered"
        rows = list(
            load_workbook(
                BytesIO(client.get(page("consultation-summary-file", world.consultation.pk)).content)
            ).active.values
        )
        assert [row[6] for row in rows[1:]] == ["đã giải trình", None]

    def test_whoever_may_report_finds_it_and_the_document_from_there(self, client, commented, cast):
        for comment in Comment.objects.all():
            consulting.answer(
                consultation=commented.consultation, comments=[comment], verdict="accepted", why="", by=commented.hoa
            )
        consulting.close(consultation=commented.consultation, by=commented.hoa)
        consulting.finish_answers(consultation=commented.consultation, by=commented.hoa)
        link = page("consultation", commented.consultation.pk)
        for person, waits in ((cast.oanh, True), (commented.hoa, False), (commented.an, False)):
            sign_in(client, person)
            assert (f'href="{link}"' in client.get("/dieu-hanh/").text) is waits
        sign_in(client, cast.oanh)
        assert f"/van-ban/tao/?tu=consultation:{commented.consultation.pk}" in client.get(link).text

    def test_the_summary_as_a_file(self, client, commented, cast):
        sign_in(client, commented.hoa)
        file = client.get(page("consultation-summary-file", commented.consultation.pk)).content
        rows = list(load_workbook(BytesIO(file)).active.values)
        assert [row[2] for row in rows[1:]] == ["Sở Một", "Sở Hai"]
        file = client.get(page("consultation-summary-file", commented.consultation.pk) + "?bang=don-vi").content
        assert len(list(load_workbook(BytesIO(file)).active.values)) == 3

    def test_filters(self, client, commented):
        sign_in(client, commented.hoa)
        url = page("consultation-answers", commented.consultation.pk)
        assert "Bỏ hải đảo" in client.get(url, {"con": "1", "loai": "change"}).text
        assert "Bỏ hải đảo" not in client.get(url, {"loai": "agree"}).text
        assert "Sở Một" not in client.get(page("consultation", commented.consultation.pk), {"ai": "chua-gui"}).text


class TestTheNeighbour:
    def test_the_invited_see_only_their_own(self, client, commented, cast):
        sign_in(client, commented.xuan)
        comment = Comment.objects.get(invitation__unit=cast.here)
        for method, url in [
            ("get", page("invitation", commented.invitation(cast.here).pk)),
            ("post", page("invitation-send", commented.invitation(cast.here).pk)),
            ("post", page("comment-remove", comment.pk)),
            ("get", page("consultation-answers", commented.consultation.pk)),
            ("get", page("consultation-document", commented.consultation.pk)),
            ("get", page("consultation-edit", commented.consultation.pk)),
            ("get", page("consultation-invitations", commented.consultation.pk)),
            ("get", page("clause", commented.consultation.clauses.first().pk)),
            ("post", page("consultation-move", commented.consultation.pk)),
            ("post", page("consultation-edit", commented.consultation.pk)),
            ("post", page("consultation-document", commented.consultation.pk)),
            ("post", page("consultation-answers", commented.consultation.pk)),
            ("post", page("consultation-invitations", commented.consultation.pk)),
            ("post", page("clause", commented.consultation.clauses.first().pk)),
            ("post", page("invitation", commented.invitation(cast.here).pk)),
        ]:
            assert getattr(client, method)(url).status_code == 404, url
        assert "Sở Một" not in client.get(page("consultation-summary", commented.consultation.pk)).text

    def test_a_draft_is_seen_by_its_unit_only(self, client, cast):
        made = consulting.draft(unit=cast.here, by=cast.lan, title="Dự thảo kín")
        sign_in(client, cast.xuan)
        for name in ("consultation", "consultation-summary", "consultation-summary-file"):
            assert client.get(page(name, made.pk)).status_code == 404
        assert "Dự thảo kín" not in client.get(page("consultations")).text

    def test_people_without_a_role_are_not_let_in(self, client, cast):
        sign_in(client, cast.minh)
        assert client.get(page("consultations")).status_code == 404


class TestWeight:
    def test_lists_do_not_ask_more_with_more_rows(self, client, world, cast, django_assert_max_num_queries):
        for number in range(10):
            consulting.draft(unit=cast.ministry, by=world.hoa, title=f"Văn bản {number}")
            world.say(cast.here, world.an, text=f"Ý kiến {number}")
        commenting.send(invitation=world.invitation(cast.here), by=world.an)
        sign_in(client, world.hoa)
        key = world.consultation.pk
        for name in ("consultation", "consultation-answers", "consultation-summary"):
            with django_assert_max_num_queries(22):
                client.get(page(name, key))
        with django_assert_max_num_queries(22):
            client.get(page("consultations"))
        sign_in(client, world.an)
        with django_assert_max_num_queries(22):
            client.get(page("invitation", world.invitation(cast.here).pk))
        assert TEXT
