"""The states of a plan: every move of the table can be made, every other is refused, each is in the journal."""

from __future__ import annotations

import itertools
import random
from datetime import date

import pytest

from hocvuso.base.errors import IllegalMove, NeedsReason, NotAllowed, Refusal, TwoEyes
from hocvuso.base.models import JournalEntry
from hocvuso.base.words import name_of
from hocvuso.plans.models import Plan
from hocvuso.plans.queries.planning import awaiting
from hocvuso.plans.rules import PLAN_MOVES, PlanState
from hocvuso.plans.services import assigning, planning, writing
from hocvuso.plans.services.planning import Empty
from hocvuso.plans.services.writing import PlanText, TaskText

from .cabinet import cabinet, first_task, plan_in_force

pytestmark = pytest.mark.django_db
VERBS = {
    PlanState.SUBMITTED: lambda plan, by: planning.submit(plan=plan, by=by),
    PlanState.RETURNED: lambda plan, by: planning.return_for_revision(plan=plan, reason="Thiếu hạn", by=by),
    PlanState.APPROVED: lambda plan, by: planning.approve(plan=plan, by=by),
    PlanState.IN_FORCE: lambda plan, by: planning.put_in_force(plan=plan, by=by),
    PlanState.REVIEWED: lambda plan, by: planning.review(plan=plan, conclusion="Đạt", by=by),
    PlanState.CLOSED: lambda plan, by: planning.close(plan=plan, by=by),
}


@pytest.fixture
def there():
    return cabinet()


@pytest.fixture
def draft(there):
    """Province one's draft, by Nam."""
    plan = writing.start(unit=there.one, text=PlanText(title="Kế hoạch của Sở"), by=there.nam)
    writing.add_task(plan=plan, text=TaskText(title="Mở lớp"), by=there.nam)
    return plan


@pytest.mark.parametrize(("now", "to"), list(itertools.product(PlanState, VERBS)))
def test_the_table_is_the_law(there, draft, now, to):
    Plan.objects.filter(pk=draft.pk).update(state=now)
    who = there.lan if to in (PlanState.RETURNED, PlanState.APPROVED, PlanState.CLOSED) else there.nam
    before = JournalEntry.objects.count()
    if to in PLAN_MOVES[now]:
        assert VERBS[to](draft, who).state == to
        entry = JournalEntry.objects.order_by("-number")[0]
        assert (entry.act, entry.subject, entry.data["was"]) == (f"plan.{to}", name_of(draft), now)
    else:
        with pytest.raises(IllegalMove):
            VERBS[to](draft, who)
        assert JournalEntry.objects.count() == before


def test_every_state_is_reached_from_a_draft():
    reached, edge = {PlanState.DRAFT}, [PlanState.DRAFT]
    while edge:
        fresh = PLAN_MOVES[edge.pop()] - reached
        reached |= fresh
        edge.extend(fresh)
    assert reached == set(PlanState)


class TestTwoEyes:
    def test_the_writer_does_not_approve(self, there):
        plan = writing.start(unit=there.one, text=PlanText(title="P"), by=there.lan)
        writing.add_task(plan=plan, text=TaskText(title="T"), by=there.lan)
        planning.submit(plan=plan, by=there.nam)
        with pytest.raises(TwoEyes):
            planning.approve(plan=plan, by=there.lan)
        assert planning.approve(plan=plan, by=there.thuy).approved_by == there.thuy

    def test_the_submitter_does_not_approve(self, there, draft):
        planning.submit(plan=draft, by=there.lan)
        for verb in (VERBS[PlanState.APPROVED], VERBS[PlanState.RETURNED]):
            with pytest.raises(TwoEyes):
                verb(draft, there.lan)

    def test_whoever_edited_once_does_not_approve(self, there, draft):
        writing.edit_task(task=first_task(draft), text=TaskText(title="Mở nhiều lớp"), by=there.lan)
        planning.submit(plan=draft, by=there.nam)
        with pytest.raises(TwoEyes):
            planning.approve(plan=draft, by=there.lan)

    def test_an_earlier_hand_is_neither_forgotten_nor_asked_to_approve(self, there, draft):
        planning.submit(plan=draft, by=there.lan)
        planning.withdraw(plan=draft, by=there.nam)
        planning.submit(plan=draft, by=there.nam)
        assert set(draft.writers.all()) == {there.nam, there.lan}
        assert draft not in awaiting(there.lan) and draft in awaiting(there.thuy)
        with pytest.raises(TwoEyes):
            planning.approve(plan=draft, by=there.lan)

    def test_the_database_refuses_it_too(self, there, draft):
        from django.db import IntegrityError

        with pytest.raises(IntegrityError):
            Plan.objects.filter(pk=draft.pk).update(approved_by=there.nam)


class TestApproval:
    def test_an_officer_does_not_approve(self, there, draft):
        planning.submit(plan=draft, by=there.nam)
        for who in (there.ha, there.tu):
            with pytest.raises(NotAllowed):
                planning.approve(plan=draft, by=who)

    def test_the_neighbour_can_do_nothing(self, there, draft):
        for to, verb in VERBS.items():
            sources = [now for now in PlanState if to in PLAN_MOVES[now]]
            Plan.objects.filter(pk=draft.pk).update(state=sources[0])
            with pytest.raises(NotAllowed):
                verb(draft, there.xuan)

    def test_a_child_plan_goes_up_to_the_unit_that_gave_the_task(self, there):
        task = first_task(plan_in_force(there))
        child = assigning.answer(task=task, unit=there.one, by=there.nam)
        planning.submit(plan=child, by=there.nam)
        with pytest.raises(NotAllowed):
            planning.approve(plan=child, by=there.lan)
        assert planning.approve(plan=child, by=there.thuy).state == PlanState.APPROVED

    def test_a_return_says_why(self, there, draft):
        planning.submit(plan=draft, by=there.nam)
        with pytest.raises(NeedsReason) as refusal:
            planning.return_for_revision(plan=draft, reason="  ", by=there.lan)
        assert refusal.value.field == "reason"
        assert planning.return_for_revision(plan=draft, reason="Thiếu hạn", by=there.lan).note == "Thiếu hạn"

    def test_an_empty_plan_is_not_submitted(self, there):
        plan = writing.start(unit=there.one, text=PlanText(title="Rỗng"), by=there.nam)
        with pytest.raises(Empty):
            planning.submit(plan=plan, by=there.nam)

    def test_approval_keeps_what_was_approved(self, there, draft):
        planning.submit(plan=draft, by=there.nam)
        baseline = planning.approve(plan=draft, by=there.lan).baseline
        assert [task["title"] for task in baseline["tasks"].values()] == ["Mở lớp"]

    def test_approved_plans_come_into_force_when_their_day_comes(self, there, draft):
        writing.edit(plan=draft, text=PlanText(title="P", starts_on=date(2027, 1, 1)), by=there.nam)
        planning.submit(plan=draft, by=there.nam)
        planning.approve(plan=draft, by=there.lan)
        assert planning.start_due(today=date(2026, 12, 31)) == 0
        assert planning.start_due(today=date(2027, 1, 1)) == 1
        draft.refresh_from_db()
        assert draft.state == PlanState.IN_FORCE
        assert planning.start_due(today=date(2027, 1, 2)) == 0


def expected(state, to, actor, hands):
    """What the law says, written apart from the verbs: None when allowed, else the refusal."""
    officers, leaders = {"nam", "lan", "ha", "thuy"}, {"lan", "thuy"}
    if to in (PlanState.APPROVED, PlanState.RETURNED):
        if actor not in leaders:
            return NotAllowed
        if actor in hands:
            return TwoEyes
    elif actor not in (leaders if to == PlanState.CLOSED else officers):
        return NotAllowed
    return None if to in PLAN_MOVES[state] else IllegalMove


class Walk:
    """One plan after another, moved by anybody anyhow; beside it what the law says of each event."""

    names = ("nam", "lan", "thuy", "ha", "xuan", "tu")
    writers = ("nam", "lan", "ha", "thuy")

    def __init__(self, there, seed):
        self.there, self.chance = there, random.Random(seed)
        self.begin()

    def begin(self):
        self.plan = writing.start(unit=self.there.one, text=PlanText(title="P"), by=self.there.nam)
        writing.add_task(plan=self.plan, text=TaskText(title="T"), by=self.there.nam)
        self.state, self.hands, self.moves = PlanState.DRAFT, {"nam"}, 0

    def step(self):
        stuck = {"lan", "thuy"} <= self.hands  # nobody is left who may approve
        if stuck or (self.state == PlanState.CLOSED and self.chance.random() < 0.5):
            self.begin()
        actor, to = self.chance.choice(self.names), self.chance.choice([*VERBS, "edit"])
        if to == "edit":
            self.edit(actor)
        else:
            self.move(actor, to)

    def edit(self, actor):
        lawful = self.state in (PlanState.DRAFT, PlanState.RETURNED) and actor in self.writers
        try:
            writing.edit(plan=self.plan, text=PlanText(title="Q"), by=getattr(self.there, actor))
            assert lawful
            self.hands.add(actor)
        except Refusal:
            assert not lawful

    def move(self, actor, to):
        refused = expected(self.state, to, actor, self.hands)
        try:
            VERBS[to](self.plan, getattr(self.there, actor))
            assert refused is None
            self.state, self.moves = to, self.moves + 1
            self.hands |= {actor} if to == PlanState.SUBMITTED else set()
        except Refusal as refusal:
            assert type(refusal) is refused
        assert Plan.objects.values_list("state", flat=True).get(pk=self.plan.pk) == self.state
        written = JournalEntry.objects.filter(subject=name_of(self.plan), act__in=[f"plan.{to}" for to in VERBS])
        assert written.count() == self.moves


@pytest.mark.parametrize("seed", range(4))
def test_ten_thousand_random_events_keep_the_law(there, seed):
    """2,500 events a seed: the plan is where the law says, and so is the journal."""
    walk = Walk(there, seed)
    for _event in range(2500):
        walk.step()
