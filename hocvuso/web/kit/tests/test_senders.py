"""Who may send a long body: people while their session is good, staff more, programs whose secret holds."""

import pytest
from django.conf import settings
from django.test import Client

from hocvuso.base.attachments import MAX_BYTES
from hocvuso.web import senders
from hocvuso.web.senders import most_bytes
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _connection(monkeypatch):
    """A test stays within its transaction, so its connection is not looked at."""
    monkeypatch.setattr(senders, "close_old_connections", lambda: None)


def environ(client=None, **more):
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value if client else ""
    name = settings.SESSION_COOKIE_NAME
    return {"REQUEST_METHOD": "POST", "PATH_INFO": "/", "HTTP_COOKIE": f"{name}={cookie}", **more}


@pytest.mark.parametrize("header", ["", "Bearer nobody", "bearer ", "Basic YTpi"])
def test_a_stranger_may_send_nothing_more(header):
    assert most_bytes(environ(HTTP_AUTHORIZATION=header)) == 0


def test_a_person_may_send_a_file_and_staff_several(cast):
    learner, leader = Client(), Client()
    world.sign_in(learner, cast.hoa)
    world.sign_in(leader, cast.lan)
    assert MAX_BYTES < most_bytes(environ(learner)) < 2 * MAX_BYTES < most_bytes(environ(leader))


def test_a_session_that_was_ended_may_send_nothing_more(cast):
    client = Client()
    world.sign_in(client, cast.hoa)
    kept = environ(client)
    client.post("/tai-khoan/dang-xuat/")
    assert most_bytes(kept) == 0
