"""Consultations: prepared, sent out, commented, answered, reported; and what is refused on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from hocvuso.base.errors import FixedNow, IllegalMove, NeedsTitle, NeedsWords, NotAllowed, TwoEyes
from hocvuso.base.models import JournalEntry
from hocvuso.consultations import queries
from hocvuso.consultations.models import Comment, Consultation, ConsultationState
from hocvuso.consultations.rules import MOVES
from hocvuso.consultations.services import commenting, consulting
from hocvuso.documents.composers import compose
from hocvuso.units import services as units
from hocvuso.units.queries import NotAddressable, units_chosen

from .world import prepare

today = timezone.localdate


@pytest.fixture
def world(cast):
    return prepare(cast)


@pytest.fixture
def drafted(cast):
    return prepare(cast, send=False)


def texts(world):
    return [(c.label, c.text) for c in world.consultation.clauses.all()]


class TestPreparing:
    def test_only_the_unit_s_own_people_prepare(self, cast):
        with pytest.raises(NotAllowed):
            consulting.draft(unit=cast.here, by=cast.xuan, title="A")
        with pytest.raises(NeedsTitle):
            consulting.draft(unit=cast.here, by=cast.lan, title="")

    def test_the_document_by_clauses(self, drafted):
        assert texts(drafted) == [
            ("Điều 1", "Điều 1. Phạm vi"),
            ("Điều 1 khoản 1", "1. Cả nước."),
            ("Điều 1 khoản 2", "2. Trừ hải đảo."),
            ("Điều 2", "Điều 2. Hiệu lực"),
        ]

    def test_a_clause_is_cut_joined_and_taken_away(self, drafted):
        clause = drafted.consultation.clauses.get(label="Điều 2")
        consulting.edit_clause(
            clause=clause, label="Điều 2", text="Điều 2. Hiệu lực\n---\nĐiều 3. Thi hành", by=drafted.hoa
        )
        assert texts(drafted)[3:] == [("Điều 2", "Điều 2. Hiệu lực"), ("Điều 3", "Điều 3. Thi hành")]
        first = drafted.consultation.clauses.get(label="Điều 1 khoản 1")
        consulting.merge_up(clause=first, by=drafted.hoa)
        assert texts(drafted)[0] == ("Điều 1", "Điều 1. Phạm vi\n1. Cả nước.")
        consulting.edit_clause(
            clause=drafted.consultation.clauses.get(label="Điều 3"), label="", text=" ", by=drafted.hoa
        )
        assert len(texts(drafted)) == 3

    def test_a_cut_in_the_middle_keeps_the_order(self, drafted):
        clause = drafted.consultation.clauses.get(label="Điều 1 khoản 1")
        consulting.edit_clause(clause=clause, label=clause.label, text="a\n---\nb\n---\nc", by=drafted.hoa)
        assert [t for _label, t in texts(drafted)] == [
            "Điều 1. Phạm vi", "a", "b", "c", "2. Trừ hải đảo.", "Điều 2. Hiệu lực",
        ]  # fmt: skip

    def test_inviting_twice_invites_once(self, drafted, cast):
        assert consulting.invite(consultation=drafted.consultation, units=[cast.here], by=drafted.hoa) == 0
        assert drafted.consultation.invitations.count() == 2

    def test_nobody_consults_themselves_or_another_house(self, drafted, cast):
        stranger = units.open_unit(code="X", name="Bộ khác", kind="ministry", parent=None)
        for unit in (stranger, cast.ministry):
            with pytest.raises(NotAddressable):
                consulting.invite(consultation=drafted.consultation, units=[unit], by=drafted.hoa)

    def test_it_goes_out_with_a_document_units_and_a_day(self, cast):
        made = consulting.draft(unit=cast.here, by=cast.lan, title="A")
        with pytest.raises(consulting.NoClauses):
            consulting.open_consultation(consultation=made, by=cast.lan)
        consulting.set_document(consultation=made, text="Điều 1. A", by=cast.lan)
        with pytest.raises(consulting.NobodyInvited):
            consulting.open_consultation(consultation=made, by=cast.lan)
        with pytest.raises(consulting.NeedsDueDay):
            consulting.invite(consultation=made, units=[cast.school], by=cast.lan)

    def test_once_out_the_document_is_fixed(self, world):
        clause = world.consultation.clauses.first()
        for verb in (
            lambda: consulting.set_document(consultation=world.consultation, text="Điều 9. A", by=world.hoa),
            lambda: consulting.edit_clause(clause=clause, label="", text="", by=world.hoa),
            lambda: consulting.merge_up(clause=clause, by=world.hoa),
            lambda: consulting.uninvite(invitation=world.consultation.invitations.first(), by=world.hoa),
        ):
            with pytest.raises(FixedNow):
                verb()


class TestChoosing:
    def test_by_kind_by_province_and_by_code(self, cast):
        chosen, unknown = units_chosen(by_unit=cast.ministry, kinds=["provincial-department"])
        assert {u.code for u in chosen} == {"SO-1", "SO-2"} and unknown == []
        chosen, _unknown = units_chosen(by_unit=cast.ministry, kinds=["school"], within=cast.next_door)
        assert chosen == []
        chosen, unknown = units_chosen(by_unit=cast.ministry, codes="T-1, SO-2\nKHONG-CO")
        assert {u.code for u in chosen} == {"T-1", "SO-2"} and unknown == ["KHONG-CO"]

    def test_a_department_of_the_ministry_acts_for_the_ministry(self, cast):
        department = units.open_unit(code="CUC", name="Cục", kind="department", parent=cast.ministry)
        chosen, _unknown = units_chosen(by_unit=department, kinds=["provincial-department"])
        assert {u.code for u in chosen} == {"SO-1", "SO-2"}

    def test_a_province_chooses_only_beneath_itself(self, cast):
        _chosen, unknown = units_chosen(by_unit=cast.here, codes="SO-2")
        assert unknown == ["SO-2"]


class TestCommenting:
    def test_comments_are_seen_by_the_asking_unit_once_sent(self, world, cast):
        comment = world.say(cast.here, world.an)
        assert not Comment.objects.visible_to(world.hoa).exists()
        assert queries.summary(world.consultation).tally.comments == 0
        commenting.send(invitation=world.invitation(cast.here), by=world.an)
        assert Comment.objects.visible_to(world.hoa).contains(comment)
        assert queries.summary(world.consultation).tally.comments == 1

    def test_a_neighbour_neither_sees_nor_writes(self, world, cast):
        comment = world.say(cast.here, world.an)
        commenting.send(invitation=world.invitation(cast.here), by=world.an)
        assert not Comment.objects.visible_to(world.xuan).exists()
        with pytest.raises(NotAllowed):
            world.say(cast.here, world.xuan)
        with pytest.raises(NotAllowed):
            commenting.withdraw(comment=comment, by=world.xuan)
        with pytest.raises(NotAllowed):
            commenting.send(invitation=world.invitation(cast.here), by=world.xuan)

    def test_who_asks_does_not_answer_for_the_asked(self, world, cast):
        for person in (world.hoa, cast.oanh):
            with pytest.raises(NotAllowed):
                world.say(cast.here, person)

    def test_after_sending_nothing_changes(self, world, cast):
        comment = world.say(cast.here, world.an)
        commenting.send(invitation=world.invitation(cast.here), by=world.an)
        for verb in (
            lambda: world.say(cast.here, world.an),
            lambda: commenting.withdraw(comment=comment, by=world.an),
            lambda: commenting.send(invitation=world.invitation(cast.here), by=world.an),
        ):
            with pytest.raises(commenting.SentAlready):
                verb()

    def test_nothing_to_add_and_comments_exclude_each_other(self, world, cast):
        invitation = world.invitation(cast.here)
        with pytest.raises(commenting.NothingToSend):
            commenting.send(invitation=invitation, by=world.an)
        comment = world.say(cast.here, world.an)
        with pytest.raises(commenting.CommentsThere):
            commenting.send(invitation=invitation, nothing_to_add=True, by=world.an)
        commenting.withdraw(comment=comment, by=world.an)
        assert commenting.send(invitation=invitation, nothing_to_add=True, by=world.an).nothing_to_add

    def test_agreeing_needs_no_words_anything_else_does(self, world, cast):
        world.say(cast.here, world.an, kind="agree", text="")
        world.say(cast.here, world.an, label=None, text="", wording="Điều 2 mới")
        with pytest.raises(NeedsWords):
            world.say(cast.here, world.an, text=" ")
        with pytest.raises(NeedsWords):
            world.say(cast.here, world.an, kind="praise")

    def test_late_is_late_for_good(self, world, cast):
        later = timezone.now() + timedelta(days=8)
        commenting.send(invitation=world.invitation(cast.here), nothing_to_add=True, by=world.an, at=later)
        told = queries.summary(world.consultation)
        assert (told.invited, told.answered, told.late, told.silent, told.nothing_to_add) == (2, 1, 1, 1, 1)

    def test_clauses_of_another_document_are_refused(self, world, cast):
        other = consulting.draft(unit=cast.ministry, by=world.hoa, title="Khác")
        consulting.set_document(consultation=other, text="Điều 1. A", by=world.hoa)
        with pytest.raises(NotAllowed):
            commenting.comment(
                invitation=world.invitation(cast.here), clause=other.clauses.first(), kind="agree", by=world.an
            )


@pytest.fixture
def commented(world, cast):
    """The same words from both departments, a question and an agreement; closed."""
    world.say(cast.here, world.an, text="đề nghị bỏ hải đảo")
    world.say(cast.here, world.an, label="Điều 2", kind="question", text="Từ bao giờ?")
    world.say(cast.next_door, world.xuan, text="Đề nghị bỏ  hải đảo")
    world.say(cast.next_door, world.xuan, label=None, kind="agree", text="")
    for unit, by in ((cast.here, world.an), (cast.next_door, world.xuan)):
        commenting.send(invitation=world.invitation(unit), by=by)
    consulting.close(consultation=world.consultation, by=world.hoa)
    return world


class TestOpeningAgain:
    def test_who_sent_keeps_it_and_the_others_have_a_new_day(self, world, cast):
        world.say(cast.here, world.an)
        commenting.send(invitation=world.invitation(cast.here), by=world.an)
        first = world.invitation(cast.here).due_on
        closed = consulting.close(consultation=world.consultation, by=world.hoa)
        assert closed.get_state_display() == "đã kết thúc nhận góp ý"
        with pytest.raises(FixedNow):
            world.say(cast.next_door, world.xuan)
        later = first + timedelta(days=5)
        opened = consulting.open_consultation(consultation=world.consultation, due_on=later, by=world.hoa)
        assert (opened.state, opened.due_on, opened.closed_on) == (ConsultationState.OPEN, later, None)
        assert opened.opened_on == today()
        world.say(cast.next_door, world.xuan)
        with pytest.raises(commenting.SentAlready):
            world.say(cast.here, world.an)
        assert [i.due_on for i in opened.invitations.all()] == [first, later]
        entry = JournalEntry.objects.filter(act="consultation.moved").latest("number")
        assert (entry.data["before"], entry.data["after"], entry.data["due_on"]) == ("closed", "open", str(later))

    def test_a_day_that_is_still_to_come_holds_and_nobody_s_is_drawn_nearer(self, world, cast):
        far = today() + timedelta(days=60)
        world.consultation.invitations.filter(unit=cast.here).update(due_on=far)
        consulting.close(consultation=world.consultation, by=world.hoa)
        opened = consulting.open_consultation(consultation=world.consultation, by=world.hoa)
        assert opened.due_on == world.consultation.due_on and world.invitation(cast.here).due_on == far

    def test_it_needs_a_day_to_come_and_the_unit_s_own_people(self, world):
        consulting.close(consultation=world.consultation, by=world.hoa)
        with pytest.raises(consulting.NeedsDueDay) as refused:
            yesterday = today() - timedelta(days=1)
            consulting.open_consultation(consultation=world.consultation, due_on=yesterday, by=world.hoa)
        assert refused.value.field == "due_on"
        with pytest.raises(NotAllowed):
            consulting.open_consultation(consultation=world.consultation, by=world.an)


def answer(world, comments, verdict="accepted", why=""):
    return consulting.answer(consultation=world.consultation, comments=comments, verdict=verdict, why=why, by=world.hoa)


def settle(world):
    """Every proposal accepted, every question explained."""
    answer(world, Comment.objects.filter(kind="change"))
    answer(world, Comment.objects.filter(kind="question"), "explained", "Từ 01/01/2027")


class TestAnswering:
    def test_all_that_need_an_answer_must_have_it_first(self, commented):
        answer(commented, Comment.objects.filter(kind="change"))
        with pytest.raises(consulting.Unanswered):
            consulting.finish_answers(consultation=commented.consultation, by=commented.hoa)
        answer(commented, Comment.objects.filter(kind="question"), "explained", "Từ 01/01/2027")
        assert Comment.objects.get(kind="agree").verdict == ""
        done = consulting.finish_answers(consultation=commented.consultation, by=commented.hoa)
        assert done.state == ConsultationState.ANSWERED

    def test_a_no_needs_its_why(self, commented):
        for verdict in ("no", "partly", "explained"):
            with pytest.raises(consulting.NeedsWhy):
                answer(commented, Comment.objects.all(), verdict)
        assert answer(commented, Comment.objects.filter(kind="change"), "no", "Trái luật") == 2

    @pytest.mark.parametrize(
        ("kind", "verdict"),
        [("change", "explained"), ("question", "accepted"), ("question", "no"), ("agree", "accepted")],
    )
    def test_an_answer_fits_what_the_comment_says(self, commented, kind, verdict):
        with pytest.raises(consulting.WrongAnswer) as refused:
            answer(commented, Comment.objects.filter(kind=kind), verdict, "Vì vậy")
        assert refused.value.field == "verdict" and Comment.objects.unanswered().count() == 3

    def test_duplicates_are_found_and_answered_together(self, commented):
        first = Comment.objects.get(text="đề nghị bỏ hải đảo")
        assert [c.text for c in queries.alike(first)] == ["Đề nghị bỏ  hải đảo"]

    def test_what_a_colleague_answered_meanwhile_is_no_duplicate_to_answer(self, commented):
        first = Comment.objects.get(text="đề nghị bỏ hải đảo")
        answer(commented, queries.alike(first), "no", "Trái luật")
        assert queries.alike(first) == []

    def test_only_the_asking_unit_answers(self, commented):
        with pytest.raises(NotAllowed):
            consulting.answer(
                consultation=commented.consultation,
                comments=Comment.objects.all(),
                verdict="accepted",
                why="",
                by=commented.an,
            )

    def test_answers_are_fixed_once_closed(self, commented):
        settle(commented)
        consulting.finish_answers(consultation=commented.consultation, by=commented.hoa)
        with pytest.raises(FixedNow):
            answer(commented, Comment.objects.all(), "no", "Đổi ý")

    def test_comments_of_another_consultation_are_not_touched(self, commented, cast):
        other = consulting.draft(unit=cast.ministry, by=commented.hoa, title="Khác", due_on=today())
        consulting.set_document(consultation=other, text="Điều 1. A", by=commented.hoa)
        consulting.invite(consultation=other, units=[cast.here], by=commented.hoa)
        consulting.open_consultation(consultation=other, by=commented.hoa)
        with pytest.raises(consulting.NothingChosen):
            consulting.answer(
                consultation=other, comments=Comment.objects.all(), verdict="accepted", why="", by=commented.hoa
            )

    def test_another_person_reports(self, commented, cast):
        settle(commented)
        assert not queries.reports_waiting_for(cast.oanh)
        consulting.finish_answers(consultation=commented.consultation, by=commented.hoa)
        with pytest.raises(TwoEyes):
            consulting.report(consultation=commented.consultation, by=commented.hoa)
        assert list(queries.reports_waiting_for(cast.oanh)) == [commented.consultation]
        assert not queries.reports_waiting_for(commented.hoa) and not queries.reports_waiting_for(commented.an)
        done = consulting.report(consultation=commented.consultation, by=cast.oanh, note="Đồng thuận cao")
        assert done.state == ConsultationState.REPORTED and done.report_note == "Đồng thuận cao"

    def test_the_database_holds_two_eyes_too(self, commented, cast):
        with pytest.raises(IntegrityError), transaction.atomic():
            Consultation.objects.update(answered_by=cast.hoa, reported_by=cast.hoa)

    def test_the_summary_by_clause(self, commented):
        answer(commented, Comment.objects.filter(kind="change"), "partly", "Ghi rõ đảo nào")
        told = queries.summary(commented.consultation)
        assert [(c.label, c.tally.comments, c.tally.partly) for c in told.clauses] == [
            ("", 1, 0),
            ("Điều 1 khoản 2", 2, 2),
            ("Điều 2", 1, 0),
        ]
        assert sum(c.tally.comments for c in told.clauses) == told.tally.comments == 4
        head, rows = queries.summary_table(told)
        assert len(rows) == 4 and all(len(row) == len(head) for row in rows)

    def test_only_proposals_count_as_taken_over_or_not(self, commented):
        settle(commented)
        counts = queries.summary(commented.consultation).tally
        assert (counts.comments, counts.change, counts.question, counts.agree) == (4, 2, 1, 1)
        assert (counts.accepted, counts.partly, counts.no, counts.explained, counts.unanswered) == (2, 0, 0, 1, 0)
        told = str(compose(commented.consultation)["body"])
        assert "đề nghị sửa: 2; hỏi: 1" in told and "tiếp thu: 2;" in told and "đã giải trình: 1" in told

    def test_the_invited_see_their_part_and_answers_only_at_the_end(self, commented, cast):
        answer(commented, Comment.objects.filter(kind="change"), "no", "Trái luật")
        answer(commented, Comment.objects.filter(kind="question"), "explained", "Trái luật")
        told = queries.summary_for(commented.consultation, commented.an)
        assert (told.tally.comments, told.tally.no, told.tally.explained, told.tally.unanswered) == (2, 0, 0, 2)
        assert {c.verdict for x in told.clauses for c in x.comments} == {""}
        assert [r.unit for r in told.responses] == ["Sở Một"]
        consulting.finish_answers(consultation=commented.consultation, by=commented.hoa)
        told = queries.summary_for(Consultation.objects.get(), commented.an)
        assert {c.why for x in told.clauses for c in x.comments} == {"Trái luật"}

    @pytest.mark.parametrize("state", list(ConsultationState))
    @pytest.mark.parametrize("to", list(ConsultationState))
    def test_every_move_outside_the_table_is_refused(self, commented, cast, state, to):
        verbs = {
            ConsultationState.OPEN: consulting.open_consultation,
            ConsultationState.CLOSED: consulting.close,
            ConsultationState.ANSWERED: consulting.finish_answers,
            ConsultationState.REPORTED: consulting.report,
        }
        settle(commented)
        Consultation.objects.update(state=state, answered_by=cast.hoa)
        if to not in verbs:
            assert all(to not in moves for moves in MOVES.values())
        elif to in MOVES[state]:
            assert verbs[to](consultation=commented.consultation, by=cast.oanh).state == to
        else:
            with pytest.raises(IllegalMove):
                verbs[to](consultation=commented.consultation, by=cast.oanh)


class TestWhoSees:
    def test_the_invited_see_it_once_it_is_out(self, cast):
        drafted = prepare(cast, send=False)
        assert not Consultation.objects.visible_to(drafted.an).exists()
        consulting.open_consultation(consultation=drafted.consultation, by=drafted.hoa)
        assert Consultation.objects.visible_to(drafted.an).exists()
        assert list(queries.invitations_waiting_for(drafted.an)) == [drafted.invitation(cast.here)]

    def test_others_do_not(self, world, cast):
        assert not Consultation.objects.visible_to(cast.minh).exists()
