"""Pledges, needs, allocations: offered, verified by another, given to needs, handed over, taken back, counted."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from hocvuso.base.errors import IllegalMove, NotAllowed, Refusal
from hocvuso.base.journal import name_of
from hocvuso.base.models import JournalEntry
from hocvuso.indicators.rules import REGISTER
from hocvuso.movement.models import Allocation, AllocationMove, Need, NeedMove, Pledge, PledgeMove
from hocvuso.movement.queries import pledges as queries
from hocvuso.movement.rules_pledges import ALLOCATION_MOVES, LIVE, AllocationState, NeedState, PledgeState
from hocvuso.movement.services import allocations, needs, outreach, pledges
from hocvuso.movement.services.requests import NoWords
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.units.models import Place

from .commune import close_unit, commune, helper

pytestmark = pytest.mark.django_db
NOON = timezone.make_aware(datetime(2026, 11, 2, 12))
TODAY = NOON.date()
FIELDS = {"kind": "device", "title": "Máy tính bảng", "details": "Còn tốt", "quantity": 10, "place": None,
          "starts_on": TODAY, "ends_on": date(2026, 12, 31)}  # fmt: skip


def day(number):
    return TODAY + timedelta(days=number)


def noon(number):
    return NOON + timedelta(days=number)


@pytest.fixture
def there():
    """The commune next door gives (Nga), the committee here needs (Tư), the province above looks (Lan)."""
    return commune()


def offer(there, **changes):
    return pledges.offer(**{"unit": there.next_door, "by": there.nga, "at": NOON} | FIELDS | changes)


def available(there, **changes):
    made = offer(there, **changes)
    pledges.verify(pledge=made, by=there.lan, at=NOON)
    pledges.make_available(pledge=made, by=there.nga, at=NOON)
    made.refresh_from_db()
    return made


def ask(there, **changes):
    return needs.ask_need(**{"unit": there.committee, "by": there.tu, "at": NOON} | FIELDS | changes)


def give(there, pledge, need, quantity=4, first=0, last=9, **changes):
    fields = {"pledge": pledge, "need": need, "quantity": quantity, "by": there.nga, "at": NOON}
    return allocations.allocate(**fields | {"starts_on": day(first), "ends_on": day(last)} | changes)


@pytest.fixture
def pledge(there):
    return available(there)


@pytest.fixture
def need(there):
    return ask(there)


@pytest.fixture
def given(there, pledge, need):
    return give(there, pledge, need)


def state(thing):
    thing.refresh_from_db()
    return thing.state


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
                with pytest.raises(pledges.TwoEyes):
                    verb(pledge=pledge, by=leader, **more)
        pledges.verify(pledge=changed, by=there.lan)

    def test_the_database_refuses_it_too(self, there):
        made = offer(there)
        for changes in ({"verified_by": made.offered_by}, {"state": "available"}, {"state": "refused"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Pledge.objects.filter(pk=made.pk).update(**changes)

    def test_refused_with_a_reason_changed_and_offered_again(self, there):
        made = offer(there)
        with pytest.raises(NoWords):
            pledges.refuse(pledge=made, why=" ", by=there.lan)
        pledges.refuse(pledge=made, why="Máy hỏng", by=there.lan)
        assert state(made) == PledgeState.REFUSED and made.refusal == "Máy hỏng"
        pledges.edit(pledge=made, by=there.nga, **FIELDS | {"quantity": 3})
        assert state(made) == PledgeState.OFFERED and made.refusal == "" and made.quantity == 3

    def test_what_is_verified_is_not_changed(self, there, pledge):
        with pytest.raises(IllegalMove):
            pledges.edit(pledge=pledge, by=there.nga, **FIELDS | {"quantity": 300})


class TestAllocating:
    def test_part_of_it_for_a_time(self, there, pledge, need, given):
        assert state(given) == AllocationState.ALLOCATED and state(need) == NeedState.OPEN
        assert (need.given, need.missing) == (4, 6)
        assert queries.free_today([pledge], TODAY) == {pledge.pk: 6}

    def test_never_more_than_is_free_on_every_day(self, there, pledge, given):
        other = ask(there, unit=there.team)
        with pytest.raises(allocations.NotEnough) as refusal:
            give(there, pledge, other, 7, first=9, last=20)
        assert refusal.value.values["left"] == 6
        give(there, pledge, other, 7, first=10, last=20)

    def test_never_more_than_is_missing(self, there, pledge):
        need = ask(there, quantity=3)
        with pytest.raises(allocations.MoreThanNeeded):
            give(there, pledge, need, 4)

    def test_all_of_it_meets_the_need_and_cancelling_opens_it_again(self, there, pledge, need):
        given = give(there, pledge, need, 10)
        assert state(need) == NeedState.MET
        with pytest.raises(allocations.NotOpen):
            give(there, available(there), need, 1)
        allocations.cancel(allocation=given, by=there.tu)
        assert state(need) == NeedState.OPEN and need.given == 0

    def test_days_of_work_are_used_up_whatever_the_days(self, there):
        pledge, need = available(there, kind="staff"), ask(there, kind="staff", quantity=20)
        give(there, pledge, need, 6, first=0, last=2)
        with pytest.raises(allocations.NotEnough):
            give(there, pledge, need, 5, first=10, last=12)
        give(there, pledge, need, 4, first=10, last=12)

    @pytest.mark.parametrize(
        ("changes", "field", "kind"),
        [
            ({"quantity": None}, "quantity", outreach.BadQuantity),
            ({"starts_on": None}, "starts_on", outreach.NoDay),
            ({"ends_on": None}, "ends_on", outreach.NoDay),
            ({"ends_on": day(-1)}, "ends_on", outreach.EndsBeforeItBegins),
            ({"starts_on": day(-3), "ends_on": day(-1)}, "ends_on", allocations.DaysOver),
            ({"starts_on": day(-1)}, "starts_on", allocations.OutsideTheSpan),
            ({"ends_on": date(2027, 1, 1)}, "ends_on", allocations.OutsideTheSpan),
        ],
    )
    def test_what_cannot_be_is_refused_at_its_field(self, there, pledge, need, changes, field, kind):
        with pytest.raises(kind) as refusal:
            give(there, pledge, need, **changes)
        assert refusal.value.field == field and not Allocation.objects.exists()

    def test_what_is_open_ended_may_be_given_to_any_day(self, there):
        pledge, need = available(there, ends_on=None), ask(there, ends_on=None)
        give(there, pledge, need, starts_on=TODAY, ends_on=date.max)
        assert queries.pledges_fitting(need, TODAY)[0].free == 6

    def test_not_of_another_kind_nor_what_is_not_available(self, there, need):
        with pytest.raises(allocations.OtherKind):
            give(there, available(there, kind="hall"), need)
        with pytest.raises(allocations.NotAvailable):
            give(there, offer(there), need)

    def test_only_by_the_giver_or_above(self, there, pledge, need):
        for person in (there.tu, there.hoa):
            with pytest.raises(NotAllowed):
                give(there, pledge, need, by=person)
        give(there, pledge, need, by=there.lan)


class TestHandingOver:
    @pytest.mark.parametrize("who", ["tu", "nga", "lan"])
    def test_giver_or_receiver_confirms(self, there, given, who):
        allocations.hand_over(allocation=given, by=getattr(there, who), at=NOON)
        assert state(given) == AllocationState.IN_USE

    def test_within_its_days(self, there, pledge, need):
        given = give(there, pledge, need, first=2, last=4)
        for number in (1, 5):
            with pytest.raises(allocations.NotItsTime):
                allocations.hand_over(allocation=given, by=there.tu, at=noon(number))

    def test_returned_early_it_is_free_from_the_next_day(self, there, pledge, given):
        allocations.hand_over(allocation=given, by=there.tu, at=NOON)
        allocations.take_back(allocation=given, by=there.nga, at=noon(3))
        assert state(given) == AllocationState.RETURNED
        assert [queries.free_today([pledge], day(n))[pledge.pk] for n in (3, 4)] == [6, 10]
        assert given.need.given == 4

    def test_not_returned_in_time_it_is_not_free(self, there, pledge, given):
        allocations.hand_over(allocation=given, by=there.tu, at=NOON)
        given.refresh_from_db()
        assert given.is_overdue(day(10)) and not given.is_overdue(day(9))
        assert queries.free_today([pledge], day(12))[pledge.pk] == 6

    def test_the_receiver_does_not_say_that_the_giver_has_it_back(self, there, given):
        allocations.hand_over(allocation=given, by=there.tu, at=NOON)
        with pytest.raises(NotAllowed):
            allocations.take_back(allocation=given, by=there.tu)

    def test_what_is_in_use_is_not_cancelled(self, there, given):
        allocations.hand_over(allocation=given, by=there.tu, at=NOON)
        with pytest.raises(IllegalMove):
            allocations.cancel(allocation=given, by=there.nga)


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


class TestFinding:
    @pytest.fixture
    def lands(self, there):
        """Xã Kia lies some 11 km north of Xã Đây; Xã Xa in another province, 20 km to the east of Xã Đây."""
        for place, north in ((there.place, 21.0), (there.next_door.place, 21.1)):
            Place.objects.filter(pk=place.pk).update(latitude=north, longitude=105.0)
            place.refresh_from_db()
        other = Place.objects.create(code="02", name="Tỉnh Hai", kind="province", type="tinh")
        return Place.objects.create(
            code="00003", name="Xã Xa", kind="commune", type="xa", parent=other, latitude=21.0, longitude=105.19
        )

    def test_same_commune_then_same_province_then_kilometres(self, there, lands, django_assert_num_queries):
        unknown = Place.objects.create(code="00004", name="Xã Ẩn", kind="commune", type="xa", parent=lands.parent)
        far, hidden = available(there, place=lands), available(there, place=unknown)
        province, same = available(there), available(there, place=there.place)
        need = ask(there)
        with django_assert_num_queries(2):
            fits = queries.pledges_fitting(need, TODAY)
        assert [fit.pledge for fit in fits] == [same, province, far, hidden]
        assert [(fit.near.same, fit.near.km) for fit in fits] == [
            ("commune", None), ("province", 11), ("", 20), ("", None),
        ]  # fmt: skip
        assert far.place == lands
        with django_assert_num_queries(1):
            assert [need for need, _near in queries.needs_fitting(far, TODAY)] == [need]

    def test_only_what_is_free_of_its_kind_in_its_days(self, there, lands, pledge):
        need = ask(there, starts_on=day(5), ends_on=day(20))
        give(there, pledge, ask(there), 10, first=20, last=30)
        available(there, kind="hall")
        available(there, ends_on=day(4))
        available(there, starts_on=day(21))
        offer(there)
        assert queries.pledges_fitting(need, TODAY) == []
        short = ask(there, starts_on=day(5), ends_on=day(19))
        (fit,) = queries.pledges_fitting(short, day(7))
        assert (fit.free, fit.starts_on, fit.ends_on) == (10, day(7), day(19))
        assert queries.pledges_fitting(short, day(40)) == []

    def test_where_nothing_is_known_of_places(self, there, pledge):
        country = Place.objects.create(code="VN", name="Việt Nam", kind="country", type="quoc-gia")
        assert (
            queries.nearness(None, there.place) == queries.nearness(country, there.place) == queries.Nearness("", None)
        )
        assert queries.nearness(there.place.parent, there.place.parent).same == "province"
        assert list(queries.nearest_first(Pledge.objects.all(), None)) == [pledge]
        assert list(queries.nearest_first(Pledge.objects.all(), country)) == [pledge]

    def test_a_commune_sees_what_it_has(self, there, pledge, need, given, django_assert_num_queries):
        around = available(there, place=there.place)
        with django_assert_num_queries(3):
            had = queries.pledges_near(there.committee, TODAY)
            assert (had.given, had.needs, had.around) == ([given], [need], [around])
            assert had.given[0].pledge.unit == there.next_door


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
            text, address = REGISTER[name].record(counted[name][0])
            assert text and address.startswith("/dong-gop/")

    def test_every_move_is_written_once(self, there, given):
        assert [m.to for m in given.pledge.moves.all()] == ["offered", "verified", "available"]
        assert [m.to for m in given.moves.all()] == ["allocated"] and given.need.moves.count() == 1


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["device", "staff"])
def test_random_events_keep_the_promise(there, kind, seed):
    """200 events: no day is over-allocated, states follow the table, every need's sum is right."""
    chance, today = random.Random(seed), 0
    pledge = available(there, kind=kind, ends_on=day(60))
    asked = [ask(there, kind=kind, quantity=12, ends_on=day(60)) for _n in range(3)]
    made, now = [], {}
    verbs = {"hand_over": AllocationState.IN_USE, "take_back": AllocationState.RETURNED,
             "cancel": AllocationState.CANCELLED}  # fmt: skip
    for _event in range(200):
        today += chance.random() < 0.15
        verb = chance.choice(["allocate", *verbs])
        try:
            if verb == "allocate":
                first, many, whom = today + chance.randint(-1, 10), chance.randint(1, 6), chance.choice(asked)
                new = give(there, pledge, whom, many, first, first + chance.randint(0, 6), at=noon(today))
                made.append(new)
                now[new.pk] = AllocationState.ALLOCATED
            elif made:
                some = chance.choice(made)
                getattr(allocations, verb)(allocation=some, by=there.nga, at=noon(today))
                assert verbs[verb] in ALLOCATION_MOVES[now[some.pk]]
                now[some.pk] = verbs[verb]
        except Refusal:
            pass
        _check(pledge, asked, now, today)
    assert len(made) > 3


def _check(pledge, asked, now, today):
    kept = {a.pk: a for a in Allocation.objects.all()}
    assert {pk: a.state for pk, a in kept.items()} == now
    counting = [a for a in kept.values() if a.state != AllocationState.CANCELLED]
    if pledge.kind == "staff":
        assert sum(a.quantity for a in counting) <= pledge.quantity
    for number in range(today, 61):  # what was late coming back in the past was late; nothing to come is promised twice
        held = [a for a in counting if a.starts_on <= day(number) <= (a.returned_on or a.ends_on)]
        assert sum(a.quantity for a in held if a.state in LIVE or a.returned_on >= day(number)) <= pledge.quantity
    for need in asked:
        need.refresh_from_db()
        assert need.given == sum(a.quantity for a in counting if a.need_id == need.pk) <= need.quantity
        assert (need.state == NeedState.MET) == (need.given == need.quantity)
    assert AllocationMove.objects.count() == sum({"allocated": 1, "returned": 3}.get(s, 2) for s in now.values())
    assert PledgeMove.objects.count() == 3 and NeedMove.objects.filter(to="open", first=True).count() == 3
