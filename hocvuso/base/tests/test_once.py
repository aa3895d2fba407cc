"""With one key a thing is done once, also by several at the same time, and only by who has the key it is given back."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from hocvuso.base import once
from hocvuso.base.errors import Refusal
from hocvuso.base.models import DoneOnce, Tries

pytestmark = pytest.mark.django_db


def make(bucket="a"):
    return Tries.objects.create(bucket=bucket, since=timezone.now())


def test_the_second_is_given_what_the_first_made():
    assert once.do("k", "", make).pk == once.do("k", "", lambda: 1 / 0).pk == once.done_before("k", "")[0].pk


@pytest.mark.parametrize("value", [None, 7, True, "chữ", [], ["a", [1, None]]])
def test_texts_numbers_and_lists_are_given_back_too(value):
    once.do("k", "", lambda: value)
    assert once.done_before("k", "") == [value]


def test_what_is_gone_is_nothing():
    once.do("k", "", make).delete()
    assert once.done_before("k", "") == [None]


def test_a_refusal_leaves_nothing_and_may_be_tried_again():
    def refused():
        make()
        raise Refusal

    with pytest.raises(Refusal):
        once.do("k", "", refused)
    assert not Tries.objects.exists() and not DoneOnce.objects.exists()
    assert once.do("k", "", make).pk == "a"


def test_other_content_is_refused():
    once.do("k", "a", make)
    for again in (lambda: once.do("k", "b", make), lambda: once.done_before("k", "b")):
        with pytest.raises(once.OtherContent):
            again()


def test_after_a_day_it_is_forgotten():
    once.do("k", "", make)
    DoneOnce.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert once.done_before("k", "") == [] and once.clean_up() == 1
    assert once.do("k", "", lambda: make("b")).pk == "b"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_of_many_at_a_time_one_acts():
    made, given, start = [], [], threading.Barrier(8)

    def act():
        made.append(make(f"bucket-{len(made)}"))
        return made[-1]

    def press():
        start.wait()
        try:
            given.append(once.do("k", "", act).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert given == ["bucket-0"] * 8 and Tries.objects.count() == 1
