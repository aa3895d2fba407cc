"""Inspections: prepared, made, concluded, remedied, closed; and what is refused on the way."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base.errors import EndsBeforeItStarts, IllegalMove, NeedsTitle, NeedsWords, NotAllowed, TwoEyes
from hocvuso.base.models import JournalEntry
from hocvuso.inspections import queries
from hocvuso.inspections.models import Finding, Inspection, Remedy, RemedyState, Visit, VisitSheet
from hocvuso.inspections.rules import MOVES, REMEDY_MOVES, InspectionState, merged, remedy_late
from hocvuso.inspections.services import inspecting, remedying, visiting
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.plans.models import Plan, Task
from hocvuso.plans.services import working
from hocvuso.units import services as units

from .world import PNG, prepare

today = timezone.localdate


@pytest.fixture
def world(cast):
    return prepare(cast)


def fresh(person):
    """The same person without remembered roles."""
    return Person.objects.get(pk=person.pk)


class TestPreparing:
    def test_only_an_inspector_of_the_unit_prepares(self, cast):
        with pytest.raises(NotAllowed):
            inspecting.plan_inspection(unit=cast.ministry, by=cast.lan, title="Kiểm tra")

    def test_it_needs_a_title_and_days_in_order(self, cast):
        with pytest.raises(NeedsTitle):
            inspecting.plan_inspection(unit=cast.here, by=cast.lan, title=" ")
        with pytest.raises(EndsBeforeItStarts):
            inspecting.plan_inspection(
                unit=cast.here, by=cast.lan, title="A", starts_on=today(), ends_on=today() - timedelta(days=1)
            )

    def test_units_outside_the_sphere_are_refused(self, cast):
        made = inspecting.plan_inspection(unit=cast.here, by=cast.lan, title="Kiểm tra trường")
        inspecting.set_scope(inspection=made, units=[cast.school], by=cast.lan)
        with pytest.raises(inspecting.NotAddressable):
            inspecting.set_scope(inspection=made, units=[cast.next_door], by=cast.lan)

    def test_only_inspectors_go(self, cast):
        made = inspecting.plan_inspection(unit=cast.here, by=cast.lan, title="Kiểm tra trường")
        with pytest.raises(inspecting.NotAddressable):
            inspecting.set_team(inspection=made, people=[cast.an], by=cast.lan)
        inspecting.set_team(inspection=made, people=[cast.lan], by=cast.lan)

    def test_it_begins_with_questions_units_and_people(self, cast):
        made = inspecting.plan_inspection(unit=cast.here, by=cast.lan, title="Kiểm tra trường")
        with pytest.raises(inspecting.NothingToAsk):
            inspecting.start(inspection=made, by=cast.lan)
        checklist, _faults = inspecting.read_checklist(text="Có kế hoạch?")
        inspecting.set_checklist(inspection=made, checklist=checklist, by=cast.lan)
        with pytest.raises(inspecting.NobodyToVisit):
            inspecting.start(inspection=made, by=cast.lan)
        inspecting.set_scope(inspection=made, units=[cast.school], by=cast.lan)
        with pytest.raises(inspecting.NobodyGoes):
            inspecting.start(inspection=made, by=cast.lan)

    def test_once_begun_checklist_and_scope_are_fixed(self, world, cast):
        with pytest.raises(inspecting.FixedNow):
            inspecting.set_scope(inspection=world.inspection, units=[cast.here], by=cast.hoa)
        with pytest.raises(inspecting.FixedNow):
            inspecting.set_checklist(inspection=world.inspection, checklist=world.inspection.checklist, by=cast.hoa)

    def test_a_visit_for_every_unit(self, world, cast):
        assert {v.unit for v in world.inspection.visits.all()} == {cast.here, cast.next_door}


class TestSheets:
    def test_the_same_sheet_twice_is_taken_once(self, world, cast):
        visit, sheet = world.visit(cast.here), uuid.uuid4()
        for _try in range(3):
            visiting.take_sheet(
                visit=visit, id=sheet, answers={"q1": "yes"}, findings=[{"text": "Thiếu máy"}], by=cast.hoa
            )
        assert VisitSheet.objects.count() == Finding.objects.count() == 1

    def test_the_same_id_with_other_content_is_refused(self, world, cast):
        visit, sheet = world.visit(cast.here), uuid.uuid4()
        visiting.take_sheet(visit=visit, id=sheet, answers={"q1": "yes"}, by=cast.hoa)
        with pytest.raises(visiting.SheetDiffers):
            visiting.take_sheet(visit=visit, id=sheet, answers={"q1": "no"}, by=cast.hoa)
        with pytest.raises(visiting.SheetDiffers):
            visiting.take_sheet(visit=world.visit(cast.next_door), id=sheet, answers={"q1": "yes"}, by=cast.hoa)
        visit.refresh_from_db()
        assert visit.answers == {"q1": "yes"}

    def test_two_phones_complete_each_other(self, world, cast):
        world.send(cast.here, answers={"q1": "yes", "q6": "tốt"})
        visiting.take_sheet(visit=world.visit(cast.here), id=uuid.uuid4(), answers={"q2": "3", "q6": ""}, by=cast.binh)
        assert world.visit(cast.here).answers == {"q1": "yes", "q2": 3}

    def test_a_sheet_sent_again_after_the_end_is_still_taken_as_known(self, world, cast):
        sheet = uuid.uuid4()
        for _try in range(2):
            visit = visiting.take_sheet(
                visit=world.visit(cast.here), id=sheet, answers={"q1": "yes"}, finish=True, by=cast.hoa
            )
        assert visit.state == "finished"
        with pytest.raises(IllegalMove):
            world.send(cast.here)

    def test_the_end_needs_the_needed_answers(self, world, cast):
        with pytest.raises(visiting.BadSheet) as refusal:
            world.send(cast.here, answers={"q2": "1"}, finish=True)
        assert list(refusal.value.wrong) == ["q1"] and world.visit(cast.here).answers == {}

    def test_nothing_of_a_refused_sheet_is_kept(self, world, cast):
        with pytest.raises(visiting.BadSheet):
            world.send(cast.here, answers={"q1": "yes", "q2": "mười"}, findings=[{"text": "Thiếu máy"}])
        assert not VisitSheet.objects.exists() and not Finding.objects.exists()

    def test_only_the_team_visits(self, world, cast):
        for person in (cast.oanh, cast.lan, cast.xuan):
            with pytest.raises(NotAllowed):
                visiting.take_sheet(visit=world.visit(cast.here), id=uuid.uuid4(), answers={}, by=person)

    def test_a_photo_is_kept_once(self, world, cast):
        photo = {"id": uuid.uuid4(), "question": "q5", "name": "a.png", "content": PNG}
        for _try in range(2):
            visiting.add_photo(visit=world.visit(cast.here), by=cast.hoa, **photo)
        with pytest.raises(visiting.SheetDiffers):
            visiting.add_photo(visit=world.visit(cast.here), by=cast.hoa, **photo | {"content": PNG + b"1"})
        assert world.visit(cast.here).photos.count() == 1

    @pytest.mark.parametrize(("question", "content"), [("q1", PNG), ("q5", b"%PDF-1.4"), ("q5", b"MZ"), ("q5", b"")])
    def test_what_is_no_photo_is_refused(self, world, cast, question, content):
        with pytest.raises(visiting.BadFile):
            visiting.add_photo(
                visit=world.visit(cast.here), id=uuid.uuid4(), question=question, name="a", content=content, by=cast.hoa
            )

    def test_a_finding_is_put_in_better_words_and_the_journal_keeps_the_first(self, world, cast):
        finding = world.find(cast.here, "thieu may")
        visiting.amend_finding(
            finding=finding, text="Thiếu máy tính", severity="major", evidence="biên bản", by=cast.binh
        )
        finding.refresh_from_db()
        assert (finding.text, finding.severity) == ("Thiếu máy tính", "major")
        assert JournalEntry.objects.get(act="finding.amended").data["before"]["text"] == "thieu may"


answers = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "1", "2"]))


class TestMerging:
    @given(answers, answers)
    def test_the_later_sheet_holds_for_what_it_says(self, first, second):
        made = merged(merged({}, first), second)
        expected = {code: second.get(code, first.get(code, "")) for code in {*first, *second}}
        assert made == {code: value for code, value in expected.items() if value}

    @given(answers, answers)
    def test_sheets_about_different_questions_come_in_any_order(self, first, second):
        second = {code: value for code, value in second.items() if code not in first}
        assert merged(merged({}, first), second) == merged(merged({}, second), first)


class TestRemedies:
    def test_a_remedy_is_a_task_of_the_inspected_unit(self, world, cast):
        remedy = world.ask(world.find(cast.here))
        assert remedy.task.lead_unit == cast.here == remedy.task.plan.unit
        assert remedy.task.plan.kind == Plan.Kind.REMEDIES
        assert world.ask(world.find(cast.here)).task.plan == remedy.task.plan
        assert world.ask(world.find(cast.next_door)).task.plan != remedy.task.plan
        assert Plan.objects.visible_to(cast.lan).contains(remedy.task.plan)
        assert not Plan.objects.visible_to(cast.xuan).contains(remedy.task.plan)

    def test_it_needs_words_and_a_day_to_come(self, world, cast):
        finding = world.find(cast.here)
        with pytest.raises(remedying.NeedsADay):
            remedying.ask_remedy(finding=finding, title="A", due_on=today() - timedelta(days=1), by=cast.hoa)
        with pytest.raises(NeedsTitle):
            remedying.ask_remedy(finding=finding, title=" ", due_on=today(), by=cast.hoa)
        world.ask(finding)
        with pytest.raises(remedying.AskedAlready):
            world.ask(finding)
        assert Task.objects.count() == 1

    def test_reported_confirmed_done_on_the_day_it_was_reported(self, world, cast):
        remedy = world.ask(world.find(cast.here), days=1)
        remedying.propose(remedy=remedy, text="Đã lập", file=("kh.pdf", b"%PDF-1.4"), by=cast.an)
        later = timezone.now() + timedelta(days=9)
        remedy = remedying.verify(remedy=remedy, by=cast.hoa, at=later)
        assert remedy.state == RemedyState.VERIFIED and remedy.task.done_on == today() and remedy.task.produced

    def test_only_the_inspected_unit_reports_and_only_inspectors_confirm(self, world, cast):
        remedy = world.ask(world.find(cast.here))
        for person in (cast.hoa, cast.xuan):
            with pytest.raises(NotAllowed):
                remedying.propose(remedy=remedy, text="Xong", by=person)
        remedying.propose(remedy=remedy, text="Xong", by=cast.an)
        for person in (cast.an, cast.lan, cast.xuan):
            with pytest.raises(NotAllowed):
                remedying.verify(remedy=remedy, by=person)

    def test_nobody_confirms_what_they_reported(self, world, cast):
        remedy = world.ask(world.find(cast.here))
        remedying.propose(remedy=remedy, text="Xong", by=cast.oanh)  # an operator may both
        with pytest.raises(TwoEyes):
            remedying.verify(remedy=remedy, by=cast.oanh)

    def test_the_database_holds_two_eyes_too(self, world, cast):
        remedy = world.ask(world.find(cast.here))
        with pytest.raises(IntegrityError), transaction.atomic():
            Remedy.objects.filter(pk=remedy.pk).update(state="verified", proposed_by=cast.an, verified_by=cast.an)

    def test_sent_back_with_a_reason_and_reported_again(self, world, cast):
        remedy = world.ask(world.find(cast.here))
        remedying.propose(remedy=remedy, text="Xong", by=cast.an)
        with pytest.raises(NeedsWords):
            remedying.reopen(remedy=remedy, why="", by=cast.hoa)
        remedying.reopen(remedy=remedy, why="Chưa có chữ ký", by=cast.hoa)
        remedying.propose(remedy=remedy, text="Đã ký", by=cast.an)
        remedy = remedying.verify(remedy=remedy, by=cast.binh)
        assert [n.text for n in remedy.task.notes.all()] == ["Xong", "Chưa có chữ ký", "Đã ký"]

    def test_what_did_not_last_is_opened_again(self, world, cast):
        remedy = world.ask(world.find(cast.here))
        remedying.propose(remedy=remedy, text="Xong", by=cast.an)
        remedying.verify(remedy=remedy, by=cast.hoa)
        remedy = remedying.reopen(remedy=remedy, why="Lại hỏng", by=cast.hoa)
        assert remedy.task.done_on is None and remedy.verified_by is None

    def test_it_is_not_ended_as_other_tasks_are(self, world, cast):
        remedy = world.ask(world.find(cast.here))
        with pytest.raises(working.InspectorsConfirm):
            working.complete(task=remedy.task, by=cast.an)
        remedying.propose(remedy=remedy, text="Xong", by=cast.an)
        task = remedying.verify(remedy=remedy, by=cast.hoa).task
        with pytest.raises(working.InspectorsConfirm):
            working.reopen(task=task, reason="Chưa xong", by=cast.an)
        task.refresh_from_db()
        assert task.done_on == today()

    @given(st.dates(), st.none() | st.dates(), st.sampled_from(list(RemedyState)), st.dates())
    def test_waiting_for_the_inspector_makes_nobody_late(self, due, reported, state, today):
        late = remedy_late(due_on=due, proposed_on=reported, state=state, today=today)
        if state in (RemedyState.PROPOSED, RemedyState.VERIFIED) and reported is not None:
            assert late == (reported > due)
        else:
            assert late == (today > due)


class TestConcluding:
    def finished(self, world, cast):
        for unit in (cast.here, cast.next_door):
            world.send(unit, finish=True)
        inspecting.draft_conclusion(inspection=world.inspection, text="Nhìn chung tốt.", by=cast.hoa)

    def test_visits_must_be_finished(self, world, cast):
        world.send(cast.here, finish=True)
        with pytest.raises(inspecting.VisitsUnderWay):
            inspecting.conclude(inspection=world.inspection, by=cast.oanh)

    def test_findings_must_have_remedies_but_remarks_need_none(self, world, cast):
        self.finished(world, cast)
        visiting.record_finding(visit=world.visit(cast.here), text="Nên có biển chỉ dẫn", severity="note", by=cast.hoa)
        finding = world.find(cast.here)
        with pytest.raises(inspecting.FindingsWithoutRemedy):
            inspecting.conclude(inspection=world.inspection, by=cast.oanh)
        assert not queries.conclusions_waiting_for(cast.oanh)
        world.ask(finding)
        assert list(queries.conclusions_waiting_for(cast.oanh)) == [world.inspection]
        assert not queries.conclusions_waiting_for(cast.hoa) and not queries.conclusions_waiting_for(cast.lan)
        assert inspecting.conclude(inspection=world.inspection, by=cast.oanh).state == "concluded"

    def test_whoever_drafted_does_not_issue(self, world, cast):
        self.finished(world, cast)
        with pytest.raises(TwoEyes):
            inspecting.conclude(inspection=world.inspection, by=cast.hoa)
        with pytest.raises(NotAllowed):
            inspecting.conclude(inspection=world.inspection, by=cast.lan)

    def test_it_needs_a_text(self, world, cast):
        for unit in (cast.here, cast.next_door):
            world.send(unit, finish=True)
        with pytest.raises(inspecting.NoConclusion):
            inspecting.conclude(inspection=world.inspection, by=cast.oanh)

    def test_closed_when_every_remedy_is_confirmed(self, world, cast):
        self.finished(world, cast)
        remedy = world.ask(world.find(cast.here))
        inspecting.conclude(inspection=world.inspection, by=cast.oanh)
        with pytest.raises(inspecting.RemediesOpen):
            inspecting.close(inspection=world.inspection, by=cast.oanh)
        remedying.propose(remedy=remedy, text="Xong", by=cast.an)
        remedying.verify(remedy=remedy, by=cast.hoa)
        assert inspecting.close(inspection=world.inspection, by=cast.oanh).state == "closed"
        with pytest.raises(inspecting.FixedNow):
            remedying.reopen(remedy=remedy, why="Lại hỏng", by=cast.hoa)

    def test_the_conclusion_lists_findings_and_remedies(self, world, cast):
        self.finished(world, cast)
        world.ask(world.find(cast.here, "Thiếu máy"))
        inspecting.conclude(inspection=world.inspection, by=cast.oanh)
        told = queries.conclusion(Inspection.objects.get(pk=world.inspection.pk))
        assert told.text == "Nhìn chung tốt." and told.units == ["Sở Một", "Sở Hai"]
        assert [(x.unit, x.text, x.remedy) for x in told.remedies] == [("Sở Một", "Thiếu máy", "Lập kế hoạch")]

    @pytest.mark.parametrize("state", list(InspectionState))
    @pytest.mark.parametrize("verb", [("start", "running"), ("conclude", "concluded"), ("close", "closed")])
    def test_every_move_outside_the_table_is_refused(self, world, cast, state, verb):
        name, to = verb
        if InspectionState(to) in MOVES[state]:
            return
        Inspection.objects.filter(pk=world.inspection.pk).update(state=state)
        with pytest.raises(IllegalMove):
            getattr(inspecting, name)(inspection=world.inspection, by=cast.oanh)

    @pytest.mark.parametrize("state", list(RemedyState))
    @pytest.mark.parametrize("to", list(RemedyState))
    def test_remedies_move_by_their_table(self, world, cast, state, to):
        remedy = world.ask(world.find(cast.here))
        Remedy.objects.filter(pk=remedy.pk).update(
            state=state, proposed_by=cast.an, verified_by=cast.hoa, proposed_on=today()
        )
        verbs = {
            RemedyState.PROPOSED: lambda: remedying.propose(remedy=remedy, text="Xong", by=cast.an),
            RemedyState.VERIFIED: lambda: remedying.verify(remedy=remedy, by=cast.binh),
            RemedyState.REOPENED: lambda: remedying.reopen(remedy=remedy, why="Lại", by=cast.hoa),
        }
        if to not in verbs:
            assert all(to not in moves for moves in REMEDY_MOVES.values())
        elif to in REMEDY_MOVES[state]:
            assert verbs[to]().state == to
        else:
            with pytest.raises(IllegalMove):
                verbs[to]()


class TestWhoSees:
    def test_the_inspected_unit_sees_it_once_begun_and_only_its_own_visit(self, cast):
        world = prepare(cast, begin=False)
        assert not Inspection.objects.visible_to(cast.lan).exists()
        inspecting.start(inspection=world.inspection, by=cast.hoa)
        world.find(cast.here)
        world.find(cast.next_door)
        assert [v.unit for v in Visit.objects.visible_to(cast.lan)] == [cast.here]
        assert [f.visit.unit for f in Finding.objects.visible_to(cast.lan)] == [cast.here]
        assert Finding.objects.visible_to(cast.hoa).count() == 2

    def test_a_school_s_manager_sees_nothing_of_its_department(self, world, cast):
        roles.grant(person=cast.minh, role=Role.MANAGER, unit=cast.school, by=None)
        world.find(cast.here)
        minh = fresh(cast.minh)
        assert not Inspection.objects.visible_to(minh).exists() and not Finding.objects.visible_to(minh).exists()

    def test_a_team_member_from_elsewhere_sees_what_they_inspect(self, world, cast):
        third = units.open_unit(code="SO-3", name="Sở Ba", kind="provincial-department", parent=cast.ministry)
        tam = Person.objects.create(name="Tám")
        roles.grant(person=tam, role=Role.INSPECTOR, unit=third, by=None)
        assert not Visit.objects.visible_to(tam).exists()
        inspecting.set_team(inspection=world.inspection, people=[cast.hoa, tam], by=cast.hoa)
        assert Visit.objects.visible_to(tam).count() == 2

    def test_findings_by_unit_with_the_overdue_first(self, world, cast):
        world.ask(world.find(cast.here))
        late = world.ask(world.find(cast.next_door))
        world.find(cast.next_door)
        Task.objects.filter(pk=late.task_id).update(due_on=today() - timedelta(days=1))
        rows = list(queries.findings_by_unit(Finding.objects.all(), today=today()))
        told = [(r["visit__unit__name"], r["findings"], r["waiting"], r["overdue"]) for r in rows]
        assert told == [("Sở Hai", 2, 1, 1), ("Sở Một", 1, 1, 0)]

    def test_what_waits_for_whom(self, world, cast):
        remedy = world.ask(world.find(cast.here))
        assert list(queries.remedies_waiting_for(cast.an)) == [remedy]
        assert not queries.remedies_waiting_for(cast.hoa).exists()
        remedying.propose(remedy=remedy, text="Xong", by=cast.an)
        assert not queries.remedies_waiting_for(cast.an).exists()
        assert list(queries.remedies_waiting_for(cast.hoa)) == [remedy]
        assert not queries.remedies_waiting_for(cast.xuan).exists()
