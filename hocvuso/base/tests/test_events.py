"""Events reach every listener once, whatever befalls one of them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest
from django.db import transaction
from django.utils import timezone

from hocvuso.base import events
from hocvuso.base.models import PendingEvent, Tries

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class SomethingHappened:
    kind: ClassVar = "test.happened"

    what: str


heard: list[str] = []
ill: set[str] = set()


@events.on(SomethingHappened, "first")
def _first(happened: SomethingHappened) -> None:
    if "first" in ill:
        raise RuntimeError("listener is ill")
    heard.append(f"first {happened.what}")


@events.on(SomethingHappened, "second")
def _second(happened: SomethingHappened) -> None:
    Tries.objects.create(bucket=happened.what, since=timezone.now())
    if happened.what in ill:
        raise RuntimeError("poison")
    heard.append(f"second {happened.what}")


@pytest.fixture(autouse=True)
def _quiet():
    heard.clear()
    ill.clear()


@pytest.fixture
def emit(django_capture_on_commit_callbacks):
    def emitted(what):
        with django_capture_on_commit_callbacks(execute=True):
            events.emit(SomethingHappened(what))

    return emitted


def later(**wait):
    return timezone.now() + timedelta(**wait)


def test_it_is_heard_after_commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        events.emit(SomethingHappened("x"))
        assert heard == []
    assert heard == ["first x", "second x"] and not PendingEvent.objects.exists()


def test_a_change_that_is_undone_tells_nobody():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        events.emit(SomethingHappened("x"))
        raise ZeroDivisionError
    assert not PendingEvent.objects.exists() and heard == []


def test_what_nobody_listens_to_is_not_written():
    @dataclass(frozen=True)
    class Unheard:
        kind: ClassVar = "test.unheard"

    events.emit(Unheard())
    assert not PendingEvent.objects.exists()


def test_an_ill_listener_hears_it_later_and_the_others_only_once(emit):
    ill.add("first")
    emit("x")
    assert heard == ["second x"] and PendingEvent.objects.get().taken == ["second"]
    ill.clear()
    assert events.deliver_pending(now=later(minutes=2)) == 1
    assert heard == ["second x", "first x"] and not PendingEvent.objects.exists()


def test_what_a_listener_did_before_it_failed_is_undone(emit):
    ill.add("x")
    emit("x")
    assert not Tries.objects.exists()


def test_pauses_grow(emit):
    ill.add("first")
    emit("x")
    for tries, minutes in [(1, 1), (2, 2), (3, 4), (4, 8)]:
        row = PendingEvent.objects.get()
        assert row.tries == tries and abs(row.next_at - later(minutes=minutes)) < timedelta(seconds=30)
        assert events.deliver_pending() == 0 and PendingEvent.objects.get().tries == tries
        events.deliver_pending(now=later(minutes=minutes + 1))


def test_an_operator_need_not_wait(emit):
    ill.add("first")
    emit("x")
    ill.clear()
    assert events.deliver_pending(waiting=True) == 1


def test_one_poisoned_row_blocks_no_other(emit):
    ill.add("poisoned")
    emit("poisoned")
    PendingEvent.objects.create(kind="test.happened", data={"what": "sound"})
    PendingEvent.objects.create(kind="test.happened", data={"other": "shape"})
    events.deliver_pending(now=later(hours=1))
    assert "second sound" in heard
    assert {row.last_error.split(":")[0] for row in events.undelivered()} == {"second", "first"}


def test_a_kind_that_nobody_knows_is_kept_and_heard_when_it_is_known_again():
    PendingEvent.objects.create(kind="wing.opened", data={"what": "x"})
    for _again in range(3):
        assert events.deliver_pending(now=later(days=1)) == 0
    assert [row.kind for row in events.undelivered()] == ["wing.opened"]

    @dataclass(frozen=True)
    class WingOpened:
        kind: ClassVar = "wing.opened"

        what: str

    events.on(WingOpened, "test")(lambda event: heard.append(event.what))
    assert events.deliver_pending(now=later(days=1)) == 1 and heard == ["x"]


def test_a_listener_s_word_is_its_own():
    with pytest.raises(ValueError, match="taken"):
        events.on(SomethingHappened, "first")(_first)
