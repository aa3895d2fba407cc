"""Who asked is told that somebody answered: once, without the words, by day, if they want to be told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from hocvuso.base import outbox
from hocvuso.base.models import OutboxMessage
from hocvuso.helpdesk.models import RequestReply
from hocvuso.helpdesk.services import requests, telling
from hocvuso.people.services import signin
from tests.commune import helper

pytestmark = pytest.mark.django_db
NOON = timezone.localtime().replace(hour=12, minute=0) + timedelta(days=1)
PHONE = "+84912345678"


@pytest.fixture
def asked(there):
    signin.add_identifier(person=there.hoa, kind="phone", value=PHONE)
    return ask(there)


@pytest.fixture
def out(monkeypatch, capsys):
    """Lines that went out, by the console; `out.down()` leaves no gateway."""
    monkeypatch.setitem(settings.ENV, "HOCVUSO_CODES_ON_CONSOLE", True)

    class Out:
        def down(self, is_down=True):
            monkeypatch.setitem(settings.ENV, "HOCVUSO_CODES_ON_CONSOLE", not is_down)

        def __call__(self):
            return [line.strip() for line in capsys.readouterr().err.splitlines() if "[phone]" in line]

    return Out()


def tell(now=NOON):
    return outbox.send_due(now=now).sent


def ask(there, **more):
    fields = {"unit": there.committee, "topic": "service", "text": "Nộp hồ sơ thế nào", "by": there.hoa}
    return requests.ask(**fields | more)


def test_an_answer_is_told_once_and_not_its_words(there, asked, out):
    requests.say(request=asked, text="Mời bà ra nhà văn hoá", by=there.tu)
    assert tell() == 1 and tell() == 0
    [line] = out()
    assert line.startswith(f"[phone] {PHONE}: Yêu cầu của bạn đã có trả lời.") and "/nho-giup/" in line
    assert "văn hoá" not in line


def test_several_answers_are_one_message_and_later_ones_another(there, asked, out):
    requests.say(request=asked, text="Một", by=there.tu)
    requests.solve(request=ask(there, text="Việc khác"), text="Hai", by=there.tu)
    assert tell() == 1
    requests.say(request=asked, text="Ba", by=there.tu)
    assert tell() == 1 and len(out()) == 2


def test_what_one_says_oneself_and_what_the_assistant_finds_is_not_told(there, asked, out):
    requests.say(request=asked, text="Tôi vẫn chờ", by=there.hoa)
    RequestReply.objects.create(request=asked, by=None, lessons=["/hoc/a/b/"])
    assert tell() == 0 and out() == []


def test_who_does_not_want_to_be_told_is_not(there, asked, out):
    requests.say(request=ask(there, tell=False), text="Một", by=there.tu)
    assert tell() == 0 and out() == []


def test_without_an_address_nothing_goes_out_and_nothing_is_lost(there, out):
    request = ask(there, by=helper("Nam", there.committee))
    requests.say(request=request, text="Một", by=there.tu)
    assert tell() == 0
    assert RequestReply.objects.get(text="Một").told_at is None


@pytest.mark.parametrize(("hour", "told"), [(6, 0), (7, 1), (20, 1), (21, 0), (2, 0)])
def test_nobody_is_woken(there, asked, out, hour, told):
    requests.say(request=asked, text="Một", by=there.tu)
    assert tell(NOON.replace(hour=hour)) == told


def test_a_gateway_that_is_down_is_tried_again(there, asked, out):
    requests.say(request=asked, text="Một", by=there.tu)
    out.down()
    assert tell() == 0
    out.down(False)
    assert tell(NOON + timedelta(minutes=2)) == 1 and len(out()) == 1


def test_after_a_week_it_is_too_late_to_tell(there, asked, out):
    requests.say(request=asked, text="Một", by=there.tu)
    assert tell(NOON + timedelta(days=8)) == 0


def test_it_speaks_the_language_of_who_asked(there, asked, out):
    type(there.hoa).objects.filter(pk=there.hoa.pk).update(language="en")
    requests.say(request=asked, text="Một", by=there.tu)
    tell()
    assert "Your request has an answer" in out()[0]


def test_two_who_asked_are_written_to_with_as_few_queries_as_one(there, asked, out, django_assert_num_queries):
    signin.add_identifier(person=there.tu, kind="phone", value="+84912345679")
    for request, by in [(asked, there.tu), (ask(there, by=there.tu), helper("Nam", there.committee))]:
        requests.say(request=request, text="Một", by=by)
    keys = list(OutboxMessage.objects.values_list("pk", flat=True))
    with django_assert_num_queries(3):
        assert len(telling._letters(keys, NOON)) == len(keys) == 2
