"""The forms of consultations: what cannot be read is named at its field, neighbours' rows are refused, nobody
overwrites what they did not see."""

from __future__ import annotations

import pytest
from django.urls import reverse

from hocvuso.consultations.models import Comment, Consultation
from hocvuso.consultations.services import commenting, consulting
from hocvuso.consultations.tests.world import prepare
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from tests.world import sign_in

LONG = "x" * 100_000
GARBAGE = ["\x00", "abc", "31/02/2026", "-1", "01a22679-a510-728a-8e46-34e3accb9319", LONG]


@pytest.fixture
def draft(cast, client):
    made = prepare(cast, send=False)
    sign_in(client, made.hoa)
    return made


@pytest.fixture
def world(cast, client):
    made = prepare(cast)
    sign_in(client, made.an)
    return made


def page(name, *keys):
    return reverse(name, args=keys)


def faults(answer, *ids):
    assert answer.status_code == 400
    for name in ids:
        assert f'id="error-{name}"' in answer.text, name


class TestTheHead:
    def test_faults_are_named_at_once_and_what_was_typed_stays(self, client, draft):
        url = page("consultation-edit", draft.consultation.pk)
        typed = {"title": "Đ" * 301, "number": "S" * 61, "about": LONG, "due_on": "31/02/2026", "version": "x"}
        answer = client.post(url, typed)
        faults(answer, "title", "number", "about", "due_on")
        assert 'value="31/02/2026"' in answer.text and LONG in answer.text
        assert Consultation.objects.get().title == "Dự thảo kế hoạch"

    def test_a_neighbour_s_unit_is_refused(self, client, draft, cast):
        answer = client.post(page("consultation-new"), {"unit": cast.next_door.pk, "title": "Đề án"})
        faults(answer, "unit")
        assert Consultation.objects.count() == 1

    def test_two_people_open_it_and_both_save(self, client, draft):
        url, key = page("consultation-edit", draft.consultation.pk), draft.consultation.pk
        seen = client.get(url).context["form"]["version"].value()
        consulting.edit(consultation=draft.consultation, by=draft.hoa, title="Của Hoa", number="12/BGDĐT")
        mine = {"title": "Của tôi", "number": "", "about": "", "due_on": "2099-01-01", "version": seen}
        answer = client.post(url, mine)
        assert answer.status_code == 409 and "Của Hoa" in answer.text and 'value="Của tôi"' in answer.text
        assert Consultation.objects.get(pk=key).title == "Của Hoa"
        now = answer.context["form"]["version"].value()
        assert client.post(url, mine | {"version": now}).status_code == 302
        assert Consultation.objects.get(pk=key).title == "Của tôi"


class TestTheDocument:
    def test_a_file_that_is_none_and_a_text_too_long(self, client, draft):
        answer = client.post(page("consultation-document", draft.consultation.pk), {"text": "x" * 1_000_001})
        faults(answer, "text")
        assert draft.consultation.clauses.count() == 4

    def test_another_document_does_not_take_the_place_of_one_that_was_mended_meanwhile(self, client, draft):
        url = page("consultation-document", draft.consultation.pk)
        seen = client.get(url).context["form"]["version"].value()
        clause = draft.consultation.clauses.get(label="Điều 2")
        consulting.edit_clause(clause=clause, label="Điều 2", text="Điều 2. Sửa rồi", by=draft.hoa)
        answer = client.post(url, {"text": "Điều 1. Bản khác", "version": seen})
        assert answer.status_code == 409 and "Điều 2. Sửa rồi" in answer.text and "Điều 1. Bản khác" in answer.text
        again = {"text": "Điều 1. Bản khác", "version": answer.context["form"]["version"].value()}
        assert client.post(url, again).status_code == 302
        assert draft.consultation.clauses.count() == 1

    def test_two_people_mend_one_clause(self, client, draft):
        clause = draft.consultation.clauses.get(label="Điều 2")
        url = page("clause", clause.pk)
        seen = client.get(url).context["form"]["version"].value()
        consulting.edit_clause(clause=clause, label="Điều 2", text="Bản của Hoa", by=draft.hoa)
        answer = client.post(url, {"label": "Điều 2", "text": "Bản của tôi", "version": seen})
        assert answer.status_code == 409 and "Bản của Hoa" in answer.text and "Bản của tôi" in answer.text
        now = answer.context["form"]["version"].value()
        assert client.post(url, {"label": "Điều 2", "text": "Bản của tôi", "version": now}).status_code == 302
        clause.refresh_from_db()
        assert clause.text == "Bản của tôi"

    def test_two_clauses_are_mended_side_by_side(self, client, draft):
        one, other = draft.consultation.clauses.all()[:2]
        seen = client.get(page("clause", one.pk)).context["form"]["version"].value()
        consulting.edit_clause(clause=other, label="", text="Khác", by=draft.hoa)
        assert client.post(page("clause", one.pk), {"text": "Tôi", "version": seen}).status_code == 302

    def test_a_clause_that_is_too_long_is_kept_on_the_page(self, client, draft):
        clause = draft.consultation.clauses.first()
        answer = client.post(page("clause", clause.pk), {"label": "n" * 121, "text": "x" * 200_001, "version": "x"})
        faults(answer, "label", "text")


class TestInviting:
    def test_faults_are_named_at_once(self, client, draft, cast):
        url = page("consultation-invitations", draft.consultation.pk)
        faults(client.post(url, {"kind": "castle", "codes": LONG, "due_on": "31/02/2026"}), "kind", "codes", "due_on")
        faults(client.post(url, {"kind": "provincial-department", "within": cast.school.pk}), "within")
        faults(client.post(url, {"kind": "provincial-department", "due_on": "2020-01-01"}), "due_on")

    @pytest.mark.parametrize("key", GARBAGE)
    def test_an_invitation_that_is_none_is_not_taken_back(self, client, draft, key):
        url = page("consultation-invitations", draft.consultation.pk)
        assert client.post(url, {"remove": key}).status_code == 400
        assert draft.consultation.invitations.count() == 2


class TestCommenting:
    def test_faults_are_named_at_once_and_the_words_stay(self, client, world, cast):
        url = page("invitation", world.invitation(cast.here).pk)
        typed = {"muc": "abc", "kind": "hay", "text": "t" * 4001, "wording": "w" * 8001}
        answer = client.post(url, typed)
        faults(answer, "kind", "text", "wording")
        assert "t" * 4001 in answer.text and not Comment.objects.exists()

    def test_a_clause_of_another_document_is_refused(self, client, world, cast):
        other = consulting.draft(unit=cast.ministry, by=world.hoa, title="Khác")
        consulting.set_document(consultation=other, text="Điều 1. Khác", by=world.hoa)
        typed = {"muc": other.clauses.first().pk, "kind": "change", "text": "Bỏ"}
        answer = client.post(page("invitation", world.invitation(cast.here).pk), typed)
        assert answer.status_code == 400 and not Comment.objects.exists()

    def test_what_is_written_after_a_colleague_sent_is_not_lost(self, client, world, cast):
        commenting.send(invitation=world.invitation(cast.here), by=world.an, nothing_to_add=True)
        typed = {"kind": "change", "text": "Viết dở"}
        answer = client.post(page("invitation", world.invitation(cast.here).pk), typed)
        assert answer.status_code == 400 and "Viết dở" in answer.text


class TestAnswering:
    @pytest.fixture
    def sent(self, client, world, cast):
        comment = world.say(cast.here, world.an)
        commenting.send(invitation=world.invitation(cast.here), by=world.an)
        sign_in(client, world.hoa)
        return comment

    def test_faults_are_named_at_once_and_ticks_stay(self, client, world, sent):
        typed = {"comment": [f"{sent.pk}@1", "x@1"], "verdict": "hay", "why": "y" * 2001}
        answer = client.post(page("consultation-answers", world.consultation.pk), typed)
        faults(answer, "verdict", "why")
        assert answer.context["form"].ticked == {str(sent.pk), "x"}

    def test_a_comment_that_is_not_sent_is_refused(self, client, world, sent, cast):
        kept = world.say(cast.next_door, world.xuan)
        typed = {"comment": f"{kept.pk}@1", "verdict": "accepted"}
        assert client.post(page("consultation-answers", world.consultation.pk), typed).status_code == 400
        kept.refresh_from_db()
        assert kept.verdict == ""

    def test_two_people_answer_the_same_comment(self, client, world, sent):
        url = page("consultation-answers", world.consultation.pk)
        seen = f"{sent.pk}@{sent.version}"
        assert seen in client.get(url).text
        consulting.answer(consultation=world.consultation, comments=[sent], verdict="no", why="Trái luật", by=world.hoa)
        typed = {"comment": seen, "verdict": "partly", "why": "Lấy ý thứ hai"}
        answer = client.post(url, typed)
        assert answer.status_code == 409 and "Trái luật" in answer.text and "Lấy ý thứ hai" in answer.text
        now = f"{sent.pk}@{sent.version + 1}"
        assert f'value="{now}"' in answer.text
        assert client.post(url, typed | {"comment": now}).status_code == 302
        sent.refresh_from_db()
        assert sent.why == "Lấy ý thứ hai"


class TestTheNextStep:
    @pytest.mark.parametrize("step", ["", "burn", *GARBAGE])
    def test_a_step_that_is_none_is_refused(self, client, world, step):
        sign_in(client, world.hoa)
        url = page("consultation-move", world.consultation.pk)
        assert client.post(url, {"step": step}).status_code == 400
        assert client.post(url, {"step": "close", "version": "x"}).status_code == 400

    def test_what_was_changed_meanwhile_does_not_go_out_unseen(self, client, draft):
        key = draft.consultation.pk
        seen = client.get(page("consultation", key)).context["opening"]["version"].value()
        clause = draft.consultation.clauses.first()
        consulting.edit_clause(clause=clause, label="", text="Khác", by=draft.hoa)
        answer = client.post(page("consultation-move", key), {"step": "open", "version": seen})
        assert answer.status_code == 409 and "Có người đã lưu thay đổi khác" in answer.text
        now = answer.context["opening"]["version"].value()
        assert client.post(page("consultation-move", key), {"step": "open", "version": now}).status_code == 302
        assert Consultation.objects.get(pk=key).state == "open"

    def test_of_two_who_open_again_the_second_sees_both_days(self, client, world):
        sign_in(client, world.hoa)
        key = world.consultation.pk
        held = consulting.close(consultation=world.consultation, by=world.hoa)
        seen = client.get(page("consultation", key)).context["opening"]["version"].value()
        held = consulting.open_consultation(consultation=held, by=world.hoa)
        consulting.close(consultation=held, by=world.hoa)
        typed = {"step": "open", "due_on": "2099-01-01", "version": seen}
        answer = client.post(page("consultation-move", key), typed)
        assert answer.status_code == 409 and "2099-01-01" in answer.text and 'value="open"' in answer.text
        now = answer.context["form"]["version"].value()
        assert client.post(page("consultation-move", key), typed | {"version": now}).status_code == 302
        assert Consultation.objects.get(pk=key).due_on.year == 2099

    def test_a_note_too_long_is_named(self, client, world, cast):
        held = consulting.close(consultation=world.consultation, by=world.hoa)
        consulting.finish_answers(consultation=held, by=world.hoa)
        roles.grant(person=cast.oanh, role=Role.OFFICER, unit=cast.ministry, by=None)
        sign_in(client, cast.oanh)
        faults(client.post(page("consultation-move", held.pk), {"step": "report", "note": "n" * 20_001}), "note")


class TestFilters:
    @pytest.mark.parametrize("value", GARBAGE)
    def test_what_cannot_be_read_is_named_and_not_applied(self, client, world, cast, value):
        sign_in(client, world.hoa)
        answer = client.get(page("consultations"), {"trang-thai": value, "trang": value})
        faults(answer, "trang-thai")
        assert "Dự thảo kế hoạch" in answer.text
        faults(client.get(page("consultation-answers", world.consultation.pk), {"loai": value}), "loai")
        answer = client.get(page("consultation", world.consultation.pk), {"ai": value})
        assert answer.status_code == 400 and 'role="alert">Ai đã góp ý' in answer.text
        sign_in(client, world.an)
        answer = client.get(page("invitation", world.invitation(cast.here).pk), {"muc": value})
        assert answer.status_code == 200 and 'role="alert">Mục: ' in answer.text
