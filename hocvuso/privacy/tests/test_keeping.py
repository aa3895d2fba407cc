"""Each kind of data goes at its time, and not a moment earlier."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hocvuso.base.models import DoneOnce, OutboxMessage, Tries
from hocvuso.base.once import KEPT
from hocvuso.people.models import Guardianship, OneTimeCode, RoleOffer
from hocvuso.people.rules import Role
from hocvuso.people.services import guardians, roles, signin
from hocvuso.privacy import keeping
from hocvuso.reminders.models import Notice, ReminderMessage
from hocvuso.reminders.services import notices

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def ended(key, now):
    return keeping.of(key).end(now)


@pytest.mark.parametrize("key", ["codes", "guardian-requests", "offers", "notices"])
def test_what_ends_by_a_time_of_its_own_goes_then(cast, key):
    now = timezone.now()
    if key == "codes":
        signin.send_code(address="0912 345 678", asker="x")
    elif key == "guardian-requests":
        guardians.ask_guardian(child=cast.hoa, address="0900 000 002", name="Bố")
    elif key == "offers":
        roles.offer(address="0911 222 333", role=Role.OFFICER, unit=cast.here, by=cast.lan)
    else:
        notices.tell(about="x", people=[cast.hoa], subject="a", text="b")
    model = {"codes": OneTimeCode, "guardian-requests": Guardianship, "offers": RoleOffer, "notices": Notice}[key]
    row = keeping.of(key)
    long = timedelta(minutes=row.number) if key == "codes" else row.number * DAY
    assert ended(key, now + long - timedelta(minutes=1)) == 0
    assert ended(key, now + long + timedelta(minutes=1)) == 1
    assert key == "offers" or not model.objects.exists()
    if key == "offers":
        assert (RoleOffer.objects.get().sealed, RoleOffer.objects.get().lookup) == ("", "")


def test_counters_and_traces_of_sending_twice_go_after_a_day(db):
    now = timezone.now()
    Tries.objects.create(bucket="x", since=now - DAY - timedelta(minutes=1))
    row = DoneOnce.objects.create(key="k", content="c")
    DoneOnce.objects.filter(pk=row.pk).update(created_at=now - KEPT)
    assert ended("counters", now) == 2


def message(cast):
    out = OutboxMessage.objects.create(id=cast.hoa.pk, source=ReminderMessage.word, receiver="phone:x")
    return ReminderMessage.objects.create(
        outgoing=out, id=out.pk, person=cast.hoa, day=timezone.localdate(), channel="phone", title="a", text="b"
    )


def test_the_words_of_messages_go_and_their_rows_stay(cast, settings):
    message(cast)
    settings.ENV = {**settings.ENV, "HOCVUSO_KEEP_MESSAGES_DAYS": 10}
    assert ended("message-words", timezone.now() + 10 * DAY - timedelta(minutes=1)) == 0
    assert ended("message-words", timezone.now() + 10 * DAY + timedelta(minutes=1)) == 1
    assert (ReminderMessage.objects.get().title, ReminderMessage.objects.get().text) == ("", "")


def test_to_whom_a_notice_went_is_forgotten_and_what_waits_stays(cast):
    notices.tell(about="x", people=[cast.hoa, cast.binh], subject="a", text="b")
    sent = OutboxMessage.objects.first()
    OutboxMessage.objects.filter(pk=sent.pk).update(state=OutboxMessage.State.SENT)
    later = timezone.now() + (keeping.of("sent").number + 1) * DAY
    assert ended("sent", timezone.now() + DAY) == 0 and ended("sent", later) == 1
    assert OutboxMessage.objects.get().state == OutboxMessage.State.QUEUED
