"""Web hooks: signed, told once, tried again; against a real receiver."""

from __future__ import annotations

import base64
import hmac
import json
import threading
from datetime import timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.utils import timezone

from hocvuso.base import outbox
from hocvuso.base.errors import TooMany
from hocvuso.base.models import OutboxMessage
from hocvuso.base.pauses import pause_after
from hocvuso.helpdesk.services import requests
from hocvuso.interop import services
from hocvuso.interop.models import Delivery
from hocvuso.people.models import RoleGrant
from hocvuso.people.rules import Role
from hocvuso.resources.tests import world as giving
from tests.commune import commune


@pytest.fixture
def receiver():
    """A listener that keeps what it gets and answers with `status`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.got.append((dict(self.headers), body))
            self.send_response(server.status)
            self.end_headers()

        def log_message(self, *_arguments):
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.got, server.status = [], 204
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def hook(cast, receiver):
    client, _secret = services.make_client(name="Máy", scopes=["hooks"], unit=cast.here, role=Role.STEWARD, by=None)
    return services.subscribe(client=client, url=f"http://127.0.0.1:{receiver.server_port}/", events=["plan.moved"])


def test_a_delivery_is_signed_by_standard_webhooks(hook, receiver):
    services.tell(event="plan.moved", key="1", data={"plan": "x"})
    assert outbox.send_due().sent == 1
    headers, body = receiver.got[0]
    secret = base64.b64decode(hook[1].removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(secret, signed, sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_the_same_happening_is_told_once(hook, receiver):
    for _again in range(3):
        services.tell(event="plan.moved", key="1", data={})
        outbox.send_due()
    assert len(receiver.got) == 1


def test_a_hook_hears_only_of_units_its_account_reaches(hook, cast):
    assert services.tell(event="plan.moved", key="1", data={}, unit=cast.school) == 1
    assert services.tell(event="plan.moved", key="2", data={}, unit=cast.next_door) == 0


def test_only_events_that_were_asked_for(hook):
    assert services.tell(event="report.moved", key="1", data={}) == 0


def test_the_same_key_with_other_content_is_refused(hook):
    services.tell(event="plan.moved", key="1", data={"state": "approved"})
    with pytest.raises(services.SameKey):
        services.tell(event="plan.moved", key="1", data={"state": "ended"})


def test_a_later_hook_hears_the_same_happening_too(hook, cast):
    services.tell(event="plan.moved", key="1", data={})
    services.subscribe(client=hook[0].client, url=hook[0].url, events=["plan.moved"])
    services.tell(event="plan.moved", key="1", data={})
    assert Delivery.objects.count() == OutboxMessage.objects.count() == 2


def test_a_refused_delivery_is_tried_again_ever_more_slowly_and_given_up(hook, receiver):
    receiver.status = 500
    services.tell(event="plan.moved", key="1", data={})
    now = timezone.now()
    for tried in range(1, outbox.MOST_TRIES + 1):
        now += pause_after(tried)
        outbox.send_due(now=now)
    row = Delivery.objects.get().outgoing
    assert (row.state, row.tries, row.error) == ("failed", outbox.MOST_TRIES, "answered 500")
    assert len(receiver.got) == outbox.MOST_TRIES


def test_what_was_for_a_client_that_ended_is_not_sent(hook, receiver):
    services.tell(event="plan.moved", key="1", data={})
    services.end_client(client=hook[0].client, by=None)
    outbox.send_due()
    assert receiver.got == [] and OutboxMessage.objects.get().state == "needless"


@pytest.mark.parametrize(
    "url", ["ftp://example.com/", "http://10.0.0.1/", "https://192.168.1.1/", "http://169.254.169.254/", "nonsense"]
)
def test_private_addresses_are_not_called(cast, url):
    client, _secret = services.make_client(name="Máy", scopes=["hooks"], unit=cast.here, role=Role.STEWARD, by=None)
    with pytest.raises(services.BadHook):
        services.subscribe(client=client, url=url, events=["plan.moved"])


def test_taking_a_hook_in_asks_no_name_server_and_has_an_end(cast, monkeypatch):
    monkeypatch.setattr("hocvuso.base.calling.socket.getaddrinfo", lambda *_a, **_k: pytest.fail("looked up"))
    client, _secret = services.make_client(name="Máy", scopes=["hooks"], unit=cast.here, role=Role.STEWARD, by=None)
    for _time in range(services.SUBSCRIBED_AN_HOUR):
        services.subscribe(client=client, url="https://slow.example/", events=["plan.moved"])
    with pytest.raises(TooMany):
        services.subscribe(client=client, url="https://slow.example/", events=["plan.moved"])


def test_what_happens_in_the_movement_is_told_without_a_word_of_the_resident(
    db, receiver, django_capture_on_commit_callbacks
):
    there = commune()
    client, _secret = services.make_client(
        name="Máy", scopes=["hooks"], unit=there.province, role=Role.STEWARD, by=None
    )
    events = ["request.moved", "pledge.moved", "need.moved", "allocation.moved"]
    services.subscribe(client=client, url=f"http://127.0.0.1:{receiver.server_port}/", events=events)
    with django_capture_on_commit_callbacks(execute=True):
        requests.ask(unit=there.committee, topic="device", text="Máy của bà Sáu tắt", by=there.hoa)
        giving.give(there, giving.available(there), giving.ask(there))
    outbox.send_due()
    told = [json.loads(body) for _headers, body in receiver.got]
    assert {t["type"] for t in told} == set(events)
    assert ("X-1", "asked") in {(t["data"]["unit"], t["data"]["state"]) for t in told}
    assert not any("Sáu" in str(t) or "Hoa" in str(t) for t in told)


class TestEndedRoles:
    """A hook hears what its account's role reaches today."""

    def test_nothing_is_told_any_more_of_a_unit_or_of_the_whole(self, hook, cast):
        assert services.tell(event="plan.moved", key="1", data={}, unit=cast.here) == 1
        RoleGrant.objects.filter(person=hook[0].client.account).update(ends_at=timezone.now())
        assert services.tell(event="plan.moved", key="2", data={}, unit=cast.here) == 0
        assert services.tell(event="plan.moved", key="3", data={}) == 0

    def test_what_waited_is_not_sent(self, hook, receiver, cast):
        services.tell(event="plan.moved", key="1", data={}, unit=cast.here)
        RoleGrant.objects.filter(person=hook[0].client.account).update(ends_at=timezone.now())
        outbox.send_due()
        assert receiver.got == []

    def test_a_role_with_a_last_day_hears_until_then_and_one_to_come_not_yet(self, hook, cast):
        grants = RoleGrant.objects.filter(person=hook[0].client.account)
        grants.update(ends_at=timezone.now() + timedelta(days=1))
        assert services.tell(event="plan.moved", key="1", data={}, unit=cast.here) == 1
        grants.update(ends_at=None, starts_at=timezone.now() + timedelta(days=1))
        assert services.tell(event="plan.moved", key="2", data={}, unit=cast.here) == 0
