"""The arithmetic of pledges against counting day by day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hocvuso.resources.rules import AllocationState, Taken, both, kilometres, left, taken_until

FIRST = date(2026, 11, 1)
spans = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(
    lambda pair: (FIRST + timedelta(days=min(pair)), FIRST + timedelta(days=max(pair)))
)
parts = st.builds(lambda quantity, span: Taken(quantity, *span), st.integers(1, 5), spans)


def days(starts_on, ends_on):
    return [starts_on + timedelta(days=n) for n in range((ends_on - starts_on).days + 1)]


def used(taken, day):
    return sum(part.quantity for part in taken if part.starts_on <= day <= part.ends_on)


@given(st.integers(1, 12), st.lists(parts, max_size=8), spans)
def test_left_is_the_least_of_any_day(quantity, taken, span):
    assert left(quantity, taken, *span) == max(0, min(quantity - used(taken, day) for day in days(*span)))


@given(st.integers(1, 12), st.lists(parts, max_size=8), spans)
def test_of_a_pool_days_do_not_matter(quantity, taken, span):
    assert left(quantity, taken, *span, pooled=True) == max(0, quantity - sum(part.quantity for part in taken))


@given(st.integers(1, 8), st.lists(st.tuples(parts, st.sampled_from(["keep", "cancel", "return"]), st.integers(0, 30))))
def test_no_day_is_over_allocated_whatever_comes_and_goes(quantity, events):
    """Each is let in only when there is enough left; some are cancelled, some come back early."""
    kept = []
    for part, then, number in events:
        if part.quantity > left(quantity, kept, part.starts_on, part.ends_on):
            continue
        returned = max(part.starts_on, FIRST + timedelta(days=number))
        if then == "return":
            until = taken_until(AllocationState.RETURNED, part.ends_on, returned, FIRST)
            kept.append(Taken(part.quantity, part.starts_on, until))
        elif then == "keep":
            kept.append(part)
        assert all(used(kept, day) <= quantity for day in days(FIRST, FIRST + timedelta(days=30)))


@given(spans, spans)
def test_shared_days(first, second):
    shared = [day for day in days(*first) if second[0] <= day <= second[1]]
    assert both(first, second) == ((shared[0], shared[-1]) if shared else None)


def test_open_ends_and_the_last_day_there_is():
    assert both((FIRST, None), (FIRST, None)) == (FIRST, date.max)
    assert left(3, [Taken(1, FIRST, date.max)], FIRST, date.max) == 2


def test_what_is_overdue_is_held_until_it_is_back():
    late = FIRST + timedelta(days=5)
    assert taken_until(AllocationState.IN_USE, FIRST, None, late) == late
    assert taken_until(AllocationState.ALLOCATED, FIRST, None, late) == FIRST
    assert taken_until(AllocationState.RETURNED, FIRST, late, late) == FIRST


def test_kilometres_of_hanoi_and_saigon():
    assert 1130 < kilometres((21.03, 105.85), (10.78, 106.70)) < 1160
    assert kilometres((21, 105), (21, 105)) == 0
