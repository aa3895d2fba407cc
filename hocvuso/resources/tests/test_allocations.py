"""Allocations: parts of pledges found for needs, given, handed over, taken back; no day is given twice."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection

from hocvuso.base.errors import EndsBeforeItStarts, IllegalMove, NotAllowed, Refusal
from hocvuso.resources import queries
from hocvuso.resources.models import Allocation, AllocationMove, NeedMove, Pledge, PledgeMove
from hocvuso.resources.rules import ALLOCATION_MOVES, LIVE, AllocationState, NeedState
from hocvuso.resources.services import allocations
from hocvuso.resources.services import common as outreach
from hocvuso.units.models import Place

from .world import NOON, TODAY, ask, available, day, give, noon, offer, state

pytestmark = pytest.mark.django_db


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
            ({"ends_on": day(-1)}, "ends_on", EndsBeforeItStarts),
            ({"starts_on": day(-3), "ends_on": day(-1)}, "ends_on", allocations.DaysOver),
            ({"starts_on": day(-1)}, "starts_on", allocations.OutsideTheSpan),
            ({"ends_on": day(61)}, "ends_on", allocations.OutsideTheSpan),
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
        assert queries.nearness(None, there.place) == queries.nearness(country, country) == queries.Nearness("", None)
        assert queries.nearness(there.place.parent, there.place.parent).same == "province"
        assert list(queries.nearest_first(Pledge.objects.all(), None)) == [pledge]
        assert list(queries.nearest_first(Pledge.objects.all(), country)) == [pledge]

    def test_a_commune_sees_what_it_has(self, there, pledge, need, given, django_assert_num_queries):
        around = available(there, place=there.place)
        with django_assert_num_queries(3):
            had = queries.pledges_near(there.committee, TODAY)
            assert (had.given, had.needs, had.around) == ([given], [need], [around])
            assert had.given[0].pledge.unit == there.next_door


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("kind", ["device", "staff"])
def test_random_events_keep_the_promise(there, kind, seed):
    """150 events: no day is over-allocated, states follow the table, every need's sum is right."""
    chance, today = random.Random(seed), 0
    pledge = available(there, kind=kind, ends_on=day(60))
    asked = [ask(there, kind=kind, quantity=12, ends_on=day(60)) for _n in range(3)]
    made, now = [], {}
    verbs = {"hand_over": AllocationState.IN_USE, "take_back": AllocationState.RETURNED,
             "cancel": AllocationState.CANCELLED}  # fmt: skip
    for _event in range(150):
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


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_get_the_same(there):
    """Both ask for six of ten on the same days; whoever comes second waits, and is told that four are left."""
    pledge, asked = available(there), [ask(there), ask(there, unit=there.team)]

    def try_it(need):
        try:
            return give(there, pledge, need, 6)
        except allocations.NotEnough as refusal:
            return refusal.values["left"]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        got = list(pool.map(try_it, asked))
    assert 4 in got and Allocation.objects.total() == 6
