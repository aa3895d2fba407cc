"""A request past its day is urged on like any other duty; the words of the resident stay where they are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from hocvuso.helpdesk.models import ResidentRequest
from hocvuso.helpdesk.services import requests
from hocvuso.reminders import queries as questions
from hocvuso.reminders.models import Reminder
from hocvuso.reminders.services import reminding as urging
from hocvuso.reminders.services.run import close_done, tell
from tests import world
from tests.commune import commune

pytestmark = pytest.mark.django_db


@pytest.fixture
def there():
    return commune()


@pytest.fixture
def late(there):
    asked = requests.ask(unit=there.committee, topic="service", text="Mẹ tôi ốm", by=there.hoa)
    ResidentRequest.objects.update(due_on=timezone.localdate() - timedelta(days=2))
    return asked


def test_it_stands_among_what_is_owed(there, late):
    [row] = questions.owed("request", due=(None, timezone.localdate()), units=[there.committee])
    assert (row.id, row.unit_id, row.url) == (late.pk, there.committee.pk, f"/dieu-hanh/yeu-cau/{late.pk}/")
    assert "Mẹ tôi ốm" not in row.title and "Người dân chờ giúp" in row.title


def test_whoever_helps_there_is_told_once_until_it_is_solved(client, there, late):
    urging.set_rule(
        unit=there.committee, kinds=["request"], offset=1, recipients=["officers"], by=there.tu, weekends=True
    )
    assert tell(timezone.now()) == 1 and tell(timezone.now()) == 0
    world.sign_in(client, there.tu)
    assert "Người dân chờ giúp" in client.get("/dieu-hanh/don-doc/hop-thu/").text
    assert client.get(f"/dieu-hanh/yeu-cau/{late.pk}/").status_code == 200
    requests.take(request=late, by=there.tu)
    requests.solve(request=late, by=there.tu, text="Đã xong")
    assert close_done(timezone.now()) == 1 and Reminder.objects.get().over_at


def test_one_without_a_day_is_not_owed(there):
    requests.ask(unit=there.committee, topic="service", text="x", by=there.hoa)
    ResidentRequest.objects.update(due_on=None)
    assert questions.owed("request", due=(None, None)) == []
