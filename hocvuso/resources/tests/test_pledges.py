"""Pledges and needs: offered, verified by another, withdrawn, seen by whom, counted."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from hocvuso.base.errors import IllegalMove, NeedsWords, NotAllowed, Refusal, TwoEyes
from hocvuso.base.models import JournalEntry
from hocvuso.base.words import name_of
from hocvuso.indicators.rules import REGISTER
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.resources import queries
from hocvuso.resources.models import Allocation, Need, Pledge
from hocvuso.resources.rules import NeedState, PledgeState
from hocvuso.resources.services import allocations, needs, pledges
from hocvuso.resources.services import common as outreach
from tests.commune import close_unit, helper

from .world import FIELDS, NOON, TODAY, ask, day, give, noon, offer, state

pytestmark = pytest.mark.django_db

BAD = [
    ({"kind": "x"}, "kind"),
    ({"title": " "}, "title"),
    ({"quantity": 0}, "quantity"),
    ({"quantity": None}, "quantity"),
    ({"quantity": 2_000_000}, "quantity"),
    ({"starts_on": None}, "starts_on"),
    ({"ends_on": day(-1)}, "ends_on"),
]


class TestOffering:
    def test_it_waits_for_somebody_else(self, there):
        made = offer(there)
        assert made.state == PledgeState.OFFERED and made.place == there.next_door.place
        assert [list(queries.to_verify(p)) for p in (there.lan, there.nga, there.tu)] == [[made], [], []]
        assert JournalEntry.objects.filter(act="pledge.moved", subject=name_of(made)).count() == 1

    @pytest.mark.parametrize(("changes", "field"), BAD)
    def test_what_cannot_be_is_refused_at_its_field(self, there, changes, field):
        for verb in (offer, ask):
            with pytest.raises(Refusal) as refusal:
                verb(there, **changes)
            assert refusal.value.field == field and str(refusal.value)
        assert not Pledge.objects.exists() and not Need.objects.exists()

    def test_a_unit_without_a_place_says_where(self, there):
        there.next_door.place = None
        with pytest.raises(outreach.NoPlace):
            offer(there)
        assert offer(there, place=there.place).place == there.place

    def test_a_closed_unit_gives_nothing(self, there):
        close_unit(unit=there.next_door, on=TODAY, by=None)
        there.next_door.refresh_from_db()
        with pytest.raises(outreach.ClosedUnit):
            offer(there)

    def test_only_for_a_unit_of_ones_reach(self, there):
        for verb, who in [(offer, there.tu), (offer, there.hoa), (ask, there.nga)]:
            with pytest.raises(NotAllowed):
                verb(there, by=who)


class TestTwoEyes:
    def test_verified_by_whoever_works_above(self, there):
        officer = helper("Sơn", there.province)
        made = offer(there)
        pledges.verify(pledge=made, by=officer)
        assert state(made) == PledgeState.VERIFIED and made.verified_by == officer

    def test_or_by_the_givers_own_leader_not_by_a_colleague(self, there):
        made = offer(there)
        with pytest.raises(NotAllowed):
            pledges.verify(pledge=made, by=helper("Bạn", there.next_door))
        pledges.verify(pledge=made, by=helper("Trưởng", there.next_door, Role.LEADER))

    def test_never_by_who_offered_or_changed_it(self, there):
        leader = helper("Trưởng", there.next_door, Role.LEADER)
        made, changed = offer(there, by=leader), offer(there)
        pledges.edit(pledge=changed, by=leader, **FIELDS)
        for pledge in (made, changed):
            for verb, more in [(pledges.verify, {}), (pledges.refuse, {"why": "x"})]:
                with pytest.raises(TwoEyes):
                    verb(pledge=pledge, by=leader, **more)
        pledges.verify(pledge=changed, by=there.lan)

    def test_the_database_refuses_it_too(self, there):
        made = offer(there)
        for changes in ({"verified_by": made.offered_by}, {"state": "available"}, {"state": "refused"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Pledge.objects.filter(pk=made.pk).update(**changes)

    def test_refused_with_a_reason_changed_and_offered_again(self, there):
        made = offer(there)
        with pytest.raises(NeedsWords):
            pledges.refuse(pledge=made, why=" ", by=there.lan)
        pledges.refuse(pledge=made, why="Máy hỏng", by=there.lan)
        assert state(made) == PledgeState.REFUSED and made.refusal == "Máy hỏng"
        pledges.edit(pledge=made, by=there.nga, **FIELDS | {"quantity": 3})
        assert state(made) == PledgeState.OFFERED and made.refusal == "" and made.quantity == 3

    def test_what_is_verified_is_not_changed(self, there, pledge):
        with pytest.raises(IllegalMove):
            pledges.edit(pledge=pledge, by=there.nga, **FIELDS | {"quantity": 300})


class TestEnding:
    def test_nothing_is_withdrawn_while_it_is_given(self, there, pledge, need, given):
        with pytest.raises(outreach.StillGiven):
            pledges.withdraw(pledge=pledge, by=there.nga)
        for verb in (needs.withdraw_need, needs.close_need):
            with pytest.raises(outreach.StillGiven):
                verb(need=need, by=there.tu)
        with pytest.raises(outreach.StillGiven):
            needs.edit_need(need=need, by=there.tu, **FIELDS)

    def test_after_it_came_back(self, there, pledge, need, given):
        allocations.cancel(allocation=given, by=there.nga)
        needs.edit_need(need=need, by=there.tu, **FIELDS | {"quantity": 2})
        pledges.withdraw(pledge=pledge, by=there.nga)
        needs.withdraw_need(need=need, by=there.tu)
        assert state(pledge) == PledgeState.WITHDRAWN and state(need) == NeedState.WITHDRAWN
        with pytest.raises(IllegalMove):
            needs.edit_need(need=need, by=there.tu, **FIELDS)

    def test_a_need_that_was_met_is_closed(self, there, pledge, need):
        given = give(there, pledge, need, 10)
        allocations.hand_over(allocation=given, by=there.tu, at=NOON)
        allocations.take_back(allocation=given, by=there.nga, at=noon(1))
        assert state(need) == NeedState.MET
        needs.close_need(need=need, by=there.tu)
        assert state(need) == NeedState.CLOSED


class TestNeighbours:
    def test_whoever_gives_sees_what_is_available_and_what_is_needed(self, there, pledge, need):
        offered = offer(there)
        assert set(Pledge.objects.visible_to(there.tu)) == {pledge}
        assert (
            set(Pledge.objects.visible_to(there.nga)) == {pledge, offered} == set(Pledge.objects.visible_to(there.lan))
        )
        assert set(Need.objects.visible_to(there.nga)) == {need}

    def test_who_gave_or_got_still_sees_it_when_it_is_closed_to_others(self, there, pledge, need):
        stranger = helper("Xa", there.team)
        given = give(there, pledge, need, 10)
        assert set(Need.objects.visible_to(there.nga)) == {need} and not Need.objects.visible_to(stranger).exists()
        allocations.hand_over(allocation=given, by=there.tu, at=NOON)
        allocations.take_back(allocation=given, by=there.nga, at=NOON)
        pledges.withdraw(pledge=pledge, by=there.nga)
        assert set(Pledge.objects.visible_to(there.tu)) == {pledge}
        assert not Pledge.objects.visible_to(stranger).exists()
        assert not Allocation.objects.visible_to(stranger).exists()
        assert set(Allocation.objects.visible_to(there.tu)) == {given} == set(Allocation.objects.visible_to(there.nga))

    def test_people_without_a_role_and_strangers_see_nothing(self, there, given):
        for person in (there.hoa, Person.objects.create(name="Ai"), AnonymousUser()):
            for model in (Pledge, Need, Allocation):
                assert not model.objects.visible_to(person).exists()
            assert not queries.to_verify(person).exists()

    def test_they_do_nothing(self, there, pledge, need, given):
        stranger = helper("Xa", there.team)
        acts = [
            (pledges.edit, {"pledge": pledge, **FIELDS}), (pledges.verify, {"pledge": pledge}),
            (pledges.refuse, {"pledge": pledge, "why": "x"}), (pledges.make_available, {"pledge": pledge}),
            (pledges.withdraw, {"pledge": pledge}), (needs.edit_need, {"need": need, **FIELDS}),
            (needs.withdraw_need, {"need": need}), (needs.close_need, {"need": need}),
            (allocations.hand_over, {"allocation": given}), (allocations.take_back, {"allocation": given}),
            (allocations.cancel, {"allocation": given}),
        ]  # fmt: skip
        for verb, fields in acts:
            with pytest.raises(NotAllowed):
                verb(by=stranger, **fields)


class TestCounting:
    def test_first_moves_where_they_happened(self, there, pledge, need):
        given = give(there, pledge, need, 10)
        allocations.cancel(allocation=given, by=there.tu)
        given = give(there, pledge, need, 10)
        allocations.hand_over(allocation=given, by=there.tu, at=NOON)
        allocations.take_back(allocation=given, by=there.nga, at=NOON)
        pledges.edit(pledge=(offered := offer(there)), by=there.nga, **FIELDS)
        names = ("pledges.offered", "pledges.available", "allocations.begun", "allocations.returned", "needs.asked",
                 "needs.met")  # fmt: skip
        counted = {name: list(REGISTER[name].rows()) for name in names}
        assert [len(counted[name]) for name in names] == [2, 1, 1, 1, 1, 1]
        assert {move.of for move in counted["pledges.offered"]} == {pledge, offered}
        (begun,) = counted["allocations.begun"]
        assert (begun.unit, begun.place) == (there.committee, there.place)
        for name in names:
            text, word, key = REGISTER[name].record(counted[name][0])
            assert text and word in ("pledge", "need") and key

    def test_every_move_is_written_once(self, there, given):
        assert [m.to for m in given.pledge.moves.all()] == ["offered", "verified", "available"]
        assert [m.to for m in given.moves.all()] == ["allocated"] and given.need.moves.count() == 1
