"""Many rows in one go, each by itself; what is not taken stands in a list until it is."""

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from hocvuso.base import batches
from hocvuso.base.models import NotTaken, Tries

pytestmark = pytest.mark.django_db
tried = []
COUNTING = batches.Batch("test-batch", "thử", lambda name: keep(int(name)) and tried.append(name))
READING = batches.Batch("test-reading", "đọc")


def keep(number):
    Tries.objects.create(bucket=str(number), since=timezone.now())
    return 12 // number


def run(numbers, work=keep):
    return batches.each(numbers, work, batch=COUNTING)


def test_what_is_done_is_summed_and_nothing_is_listed():
    assert run([1, 2, 3]) == 12 + 6 + 4 and not NotTaken.objects.exists()


def test_a_bad_row_is_undone_and_listed_and_stops_no_other():
    assert run([1, 0, 3]) == 12 + 4
    row = NotTaken.objects.get()
    assert (row.batch, row.thing, row.tries) == ("test-batch", "0", 1) and "ZeroDivisionError" in row.why
    assert set(Tries.objects.values_list("bucket", flat=True)) == {"1", "3"}


def test_tried_again_in_vain_it_counts_and_keeps_its_first_moment():
    run([0])
    first = NotTaken.objects.get()
    run([0])
    again = NotTaken.objects.get()
    assert again.tries == 2 and again.created_at == first.created_at and again.last_at > first.last_at


def test_taken_or_gone_it_is_struck_off():
    run([0, -0.5], lambda number: 1 // number if number == 0 else 1 // 0)
    assert NotTaken.objects.count() == 2
    run([0], lambda number: 1)
    assert not NotTaken.objects.exists()


def test_a_database_that_is_away_is_no_fault_of_a_row():
    def away(_number):
        raise OperationalError("locked")

    with pytest.raises(OperationalError):
        run([1], away)
    assert not NotTaken.objects.exists()


def test_by_hand_a_row_is_tried_once_more():
    batches.not_taken(COUNTING, "4", "it was dark")
    assert batches.try_again(NotTaken.objects.get()) and tried == ["4"] and not NotTaken.objects.exists()
    batches.not_taken(COUNTING, "0", "it was dark")
    assert not batches.try_again(NotTaken.objects.get())
    assert "ZeroDivisionError" in NotTaken.objects.get().why and NotTaken.objects.get().tries == 2


def test_a_reason_with_what_a_database_cannot_store_is_kept_without_it():
    batches.not_taken(COUNTING, "a\0b", "c\0d" * 400)
    assert NotTaken.objects.get().thing == "ab" and len(NotTaken.objects.get().why) == 500


@pytest.fixture
def one_unreadable():
    for name in "abc":
        Tries.objects.create(bucket=name, since=timezone.now())
    bad = "'infinity'" if connection.vendor == "postgresql" else "'2026-99-99 10:00:00'"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE base_tries SET since = {bad} WHERE bucket = 'b'")


def test_what_cannot_even_be_read_is_listed_and_the_others_are_read(one_unreadable):
    found = batches.readable(Tries.objects.order_by("bucket"), batch=READING)
    assert [row.bucket for row in found] == ["a", "c"] and NotTaken.objects.get().thing == "tries:b"


def test_what_breaks_a_count_is_found_by_halves(one_unreadable):
    found = batches.breaking(Tries.objects.all(), lambda rows: list(rows.values_list("since")))
    assert set(found) == {"b"}
