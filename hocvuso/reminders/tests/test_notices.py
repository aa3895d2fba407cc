"""A few words about one act: to whom it concerns, once, by day, in their language."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from hocvuso.base import outbox
from hocvuso.people.models import Person
from hocvuso.people.rules import Role, by_day
from hocvuso.people.services import profile, roles
from hocvuso.reminders.models import Notice
from hocvuso.reminders.services import notices
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def then(django_capture_on_commit_callbacks):
    """Do something, and what follows from it."""

    def act(verb, **given):
        with django_capture_on_commit_callbacks(execute=True):
            return verb(**given)

    return act


def told():
    return [(notice.person, notice.text) for notice in Notice.objects.all()]


class TestRoles:
    def test_who_lays_a_role_down_is_missed_by_those_who_can_fill_it(self, cast, then):
        then(roles.end, grant=cast.an.grants.get(), by=cast.an)
        [(person, text)] = told()
        assert person == cast.lan and "người soạn ở Sở Một vừa thôi vai trò" in text and "An" not in text

    def test_whose_role_others_end_is_told(self, cast, then):
        then(roles.end, grant=cast.an.grants.get(), by=cast.lan)
        [(person, text)] = told()
        assert person == cast.an and "người soạn của bạn ở Sở Một" in text

    def test_an_erased_account_is_missed_and_told_nothing(self, cast, then):
        then(roles.end, grant=cast.an.grants.get(), by=cast.lan)
        roles.grant(person=cast.an, role=Role.TEACHER, unit=cast.school, by=None)
        then(profile.erase, person=cast.an)
        [(person, text)] = told()
        assert person == cast.lan and "giáo viên ở Trường Một vừa thôi vai trò" in text

    def test_who_declines_is_not_named_to_who_offered(self, cast, then):
        made = roles.offer(address=world.PHONES["hoa"], role=Role.TEACHER, unit=cast.school, by=cast.lan)
        then(roles.decline, offer=made, by=cast.hoa)
        [(person, text)] = told()
        assert person == cast.lan and "giáo viên ở Trường Một đã bị từ chối" in text and "Hoa" not in text


class TestSending:
    @pytest.fixture
    def noon(self, monkeypatch):
        monkeypatch.setitem(settings.ENV, "HOCVUSO_CODES_ON_CONSOLE", True)
        return timezone.localtime().replace(hour=12) + timedelta(days=1)

    def test_they_go_out_by_day_once_in_the_readers_language(self, cast, then, noon, capsys):
        Person.objects.filter(pk=cast.lan.pk).update(language="en")
        then(roles.end, grant=cast.an.grants.get(), by=cast.an)
        sent = [outbox.send_due(now=noon.replace(hour=hour), word="notice").sent for hour in (2, 12, 12)]
        said = capsys.readouterr().err
        assert sent == [0, 1, 0] and "role of author at Sở Một" in said and "vai trò" not in said

    def test_nobody_is_told_of_one_thing_twice(self, cast, noon):
        for _ in range(2):
            notices.tell(about="x", people=[cast.lan, cast.an], subject="S", text="T")
        assert Notice.objects.count() == 2 and outbox.send_due(now=noon, word="notice").sent == 2

    def test_who_has_no_address_is_no_fault(self, cast, noon):
        notices.tell(about="x", people=[Person.objects.create()], subject="S", text="T")
        assert outbox.send_due(now=noon, word="notice") == outbox.Sent(0, 0) and not outbox.unsent()

    def test_old_ones_are_deleted(self, cast):
        notices.tell(about="x", people=[cast.lan], subject="S", text="T")
        now = timezone.now()
        assert notices.clean_up(now + timedelta(days=29)) == 0 and notices.clean_up(now + timedelta(days=31)) == 1


@pytest.mark.parametrize(("hour", "then"), [(6, (1, 7)), (7, None), (20, None), (21, (2, 7)), (23, (2, 7))])
def test_people_are_written_to_by_day(hour, then):
    morning = by_day(datetime(2026, 11, 1, hour, 30))  # noqa: DTZ001  the time where people live
    assert (morning and (morning.day, morning.hour)) == then
