"""One outbox: each receiver by itself, ever slower, with an end; against real receivers."""

import socketserver
import threading
import time
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone

from hocvuso.base import gateways, outbox
from hocvuso.base.ids import uuid7
from hocvuso.base.models import NotTaken, OutboxMessage, OutboxReceiver

pytestmark = pytest.mark.django_db
NOW = timezone.now() + timedelta(minutes=1)
answers, done, gone = {}, [], []


@outbox.source("test-thing", sent=lambda key, at: done.append(key))
def _write(keys, now):
    found = {}
    for key in keys:
        if isinstance(answers.get(key), Exception):
            raise answers[key]
        if key in answers:
            found[key] = answers[key]
    return found


@outbox.source("test-guest", gone=lambda key, at: gone.append(key))
def _write_to_guest(keys, now):
    return {key: answers[key] for key in keys}


@pytest.fixture(autouse=True)
def _empty():
    answers.clear()
    done.clear()
    gone.clear()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        there, name = self.server.there, self.path[1:]
        there.got.append((name, self.rfile.read(int(self.headers["Content-Length"])).decode()))
        status = there.status.get(name, 204)
        if status == "hang":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not there.over.wait(0.05):  # a byte now and then, so that no pause between bytes is long
                self.wfile.write(b"X")
            return
        self.send_response(200 if status == "flood" else status)
        self.end_headers()
        while status == "flood" and not there.over.is_set():
            self.wfile.write(b"x" * 65536)

    def handle(self):
        with suppress(OSError):  # whoever asked may have gone
            super().handle()

    def log_message(self, *_arguments):
        """Silent."""


@pytest.fixture
def server():
    """Notes what comes to `/name`; answers with `status[name]`, or "hang": a head, or "flood": a body, without end."""
    there = SimpleNamespace(got=[], status={}, over=threading.Event())
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.there, made.daemon_threads = there, True
    threading.Thread(target=made.serve_forever, daemon=True).start()
    there.url = f"http://127.0.0.1:{made.server_port}"
    yield there
    there.over.set()
    made.shutdown()
    made.server_close()


@pytest.fixture
def put(server):
    """Queue a call to the receiver `name`."""

    def queued(name, text="x", at=NOW, word="test-thing"):
        key = uuid7()
        answers[key] = gateways.Call(f"{server.url}/{name}", {}, text.encode())
        outbox.queue(word, [(key, name, at)])
        return OutboxMessage.objects.get(pk=key)

    return queued


def state(message):
    message.refresh_from_db()
    return message.state


class TestSending:
    def test_what_is_due_goes_out_once(self, put, server):
        message = put("a")
        assert outbox.send_due(now=NOW) == outbox.Sent(sent=1) and outbox.send_due(now=NOW) == outbox.Sent()
        assert server.got == [("a", "x")] and state(message) == "sent" and done == [message.pk]

    def test_what_is_not_due_waits(self, put, server):
        put("a", at=NOW + timedelta(hours=1))
        outbox.send_due(now=NOW)
        assert server.got == []

    def test_what_was_undone_is_not_sent(self, put, server):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            put("a")
            raise ZeroDivisionError
        outbox.send_due(now=NOW)
        assert server.got == []

    def test_the_same_thing_is_queued_once(self, put):
        message = put("a")
        outbox.queue("test-thing", [(message.pk, "a", NOW)])
        assert OutboxMessage.objects.count() == 1

    def test_what_one_receiver_is_sent_comes_in_order(self, put, server):
        for number in range(5):
            put("a", str(number))
        outbox.send_due(now=NOW)
        assert [text for _name, text in server.got] == list("01234")

    def test_a_source_that_no_room_has_is_kept_and_seen(self, put):
        outbox.queue("wing", [(uuid7(), "a", NOW)])
        assert outbox.send_due(now=NOW) == outbox.Sent()
        assert [row.source for row in outbox.unsent()] == ["wing"]

    def test_one_source_can_be_sent_alone(self, put, server):
        put("a")
        assert outbox.send_due(now=NOW, word="other") == outbox.Sent() and server.got == []


class TestReceiversThatAreGone:
    @pytest.mark.parametrize("status", [404, 410])
    def test_a_room_that_asks_is_told_and_nothing_is_tried_again(self, put, server, status):
        server.status["a"] = status
        message = put("a", word="test-guest")
        outbox.send_due(now=NOW)
        outbox.send_due(now=NOW + timedelta(days=1))
        assert gone == [message.pk] and state(message) == "needless" and len(server.got) == 1

    def test_for_one_that_does_not_it_is_a_failure_like_others(self, put, server):
        server.status["a"] = 410
        message = put("a")
        assert outbox.send_due(now=NOW) == outbox.Sent(failed=1) and state(message) == "queued"
        assert outbox.unsent().get().error == "answered 410"


class TestWhatTheRoomSays:
    def test_what_it_leaves_out_is_needless(self, put):
        message = put("a")
        del answers[message.pk]
        outbox.send_due(now=NOW)
        assert state(message) == "needless" and not outbox.unsent()

    def test_later_is_asked_again_then(self, put, server):
        message = put("a")
        call, answers[message.pk] = answers[message.pk], outbox.Later(NOW + timedelta(hours=9))
        outbox.send_due(now=NOW)
        answers[message.pk] = call
        outbox.send_due(now=NOW + timedelta(hours=8))
        assert server.got == []
        assert outbox.send_due(now=NOW + timedelta(hours=9)).sent == 1

    def test_never_ends_it_in_the_list(self, put):
        message = put("a")
        answers[message.pk] = outbox.Never("no address")
        assert outbox.send_due(now=NOW) == outbox.Sent(failed=1)
        assert state(message) == "failed" and [row.error for row in outbox.unsent()] == ["no address"]

    def test_one_that_breaks_it_stops_no_other(self, put, server):
        poisoned, sound = put("a"), put("b")
        answers[poisoned.pk] = ZeroDivisionError("poison")
        outbox.send_due(now=NOW)
        assert [name for name, _text in server.got] == ["b"] and state(sound) == "sent"
        assert state(poisoned) == "queued" and "poison" in poisoned.error


class Refusing(socketserver.StreamRequestHandler):
    """A mail server that refuses at a step, naming the recipient in its words as servers do."""

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            word = line.split(b":")[0].strip().upper()
            refused = word == self.server.refused
            self.wfile.write(b"550 5.1.1 <hoa@example.vn>: not here\r\n" if refused else b"250 ok\r\n")


class TestRefusedMail:
    @pytest.mark.parametrize(
        ("step", "said"), [(b"RCPT TO", "answered 550 to the recipient"), (b"MAIL FROM", "answered 550")]
    )
    def test_no_address_is_kept_of_it(self, settings, step, said):
        with socketserver.TCPServer(("127.0.0.1", 0), Refusing) as server:
            server.refused = step
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
            options = {"host": "127.0.0.1", "port": server.server_address[1]}
            backend = "django.core.mail.backends.smtp.EmailBackend"
            settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": options}}
            settings.ENV = {**settings.ENV, "HOCVUSO_SMTP_URL": options}
            key = uuid7()
            answers[key] = gateways.Letter("email", "hoa@example.vn", "s", "t")
            outbox.queue("test-thing", [(key, "person:1", NOW)])
            OutboxMessage.objects.update(tries=outbox.MOST_TRIES - 1)
            outbox.send_due(now=NOW)
            server.shutdown()
        assert OutboxMessage.objects.get().error == NotTaken.objects.get().why == said

    def test_nor_of_one_that_cannot_be_written(self, settings):
        settings.ENV = {**settings.ENV, "HOCVUSO_SMTP_URL": {"host": "127.0.0.1"}}
        with pytest.raises(OSError) as refused:  # noqa: PT011
            gateways.send("email", "hoa@example.vn\nBcc: x@example.vn", subject="s", text="t")
        assert "example" not in str(refused.value)


class TestCleaningUp:
    def test_with_what_failed_go_its_line_and_its_receiver(self, put, server):
        server.status["a"] = 500
        message = put("a")
        OutboxMessage.objects.update(tries=outbox.MOST_TRIES - 1)
        outbox.send_due(now=NOW)
        assert NotTaken.objects.exists() and OutboxReceiver.objects.exists() and state(message) == "failed"
        outbox.clean_up(["test-thing"], NOW + timedelta(days=6))
        assert NotTaken.objects.exists() and OutboxReceiver.objects.exists()
        assert outbox.clean_up(["test-thing"], NOW + timedelta(days=8)) == 1
        assert not NotTaken.objects.exists() and not OutboxReceiver.objects.exists()

    def test_a_receiver_for_whom_something_waits_stays_alone(self, put, server):
        server.status["a"] = 500
        for text in "xy":
            put("a", text)
        outbox.send_due(now=NOW)
        OutboxMessage.objects.filter(tries=1).update(state="failed", queued_at=NOW - timedelta(days=8))
        assert outbox.clean_up(["test-thing"], NOW) == 1 and OutboxReceiver.objects.exists()

    def test_a_receiver_left_alone_for_a_week_goes(self):
        OutboxReceiver.objects.create(name="a", next_at=NOW)
        outbox.clean_up([], NOW + timedelta(days=8))
        assert not OutboxReceiver.objects.exists()

    def test_what_cannot_be_tried_again_is_not_listed(self, put):
        message = put("a")
        answers[message.pk] = outbox.Never("too old", listed=False)
        outbox.send_due(now=NOW)
        assert state(message) == "failed" and not NotTaken.objects.exists()


class TestFailing:
    def test_pauses_grow_and_end(self, put, server):
        server.status["a"] = 500
        message, now = put("a"), NOW
        for tries in range(1, outbox.MOST_TRIES + 1):
            outbox.send_due(now=now)
            assert state(message) == ("queued" if tries < outbox.MOST_TRIES else "failed") and message.tries == tries
            outbox.send_due(now=message.next_at - timedelta(seconds=1))
            now = message.next_at
        assert len(server.got) == outbox.MOST_TRIES and [row.error for row in outbox.unsent()] == ["answered 500"]

    def test_it_is_queued_again_by_hand(self, put, server):
        message = put("a")
        answers[message.pk], call = outbox.Never("no address"), answers[message.pk]
        outbox.send_due(now=NOW)
        answers[message.pk] = call
        assert outbox.queue_again([message.pk], NOW) == 1 and outbox.send_due(now=NOW).sent == 1

    def test_a_receiver_that_fails_is_left_alone_as_a_whole_ever_longer(self, put, server):
        server.status["a"] = 500
        for number in range(5):
            put("a", str(number))
        assert outbox.send_due(now=NOW).failed == 1
        assert outbox.send_due(now=NOW + timedelta(seconds=61)).failed == 1
        assert outbox.send_due(now=NOW + timedelta(seconds=122)).failed == 0
        assert outbox.send_due(now=NOW + timedelta(seconds=182)).failed == 1
        assert OutboxReceiver.objects.get().failures == 3

    def test_a_message_that_keeps_failing_holds_up_none_behind_it(self, put, server):
        server.status["a"] = 500
        put("a", "first")
        outbox.send_due(now=NOW)
        put("a", "second")
        server.status["a"] = 204
        outbox.send_due(now=NOW + timedelta(minutes=2))
        assert [text for _name, text in server.got] == ["first", "second", "first"]
        assert not OutboxReceiver.objects.exists()

    def test_a_way_that_is_down_is_left_alone_for_the_rest_of_the_run(self, settings):
        settings.ENV = {**settings.ENV, "HOCVUSO_CODES_ON_CONSOLE": False}
        for number in range(100):
            key = uuid7()
            answers[key] = gateways.Letter("email", f"{number}@example.vn", "", "")
            outbox.queue("test-thing", [(key, f"email:{number}", NOW)])
        assert outbox.send_due(now=NOW).failed == outbox.DOWN
        assert OutboxMessage.objects.filter(state="queued", tries=0).count() == 100 - outbox.DOWN


class TestHanging:
    @pytest.fixture(autouse=True)
    def _soon(self, monkeypatch):
        monkeypatch.setattr(gateways, "DEADLINE", 0.5)

    def test_a_hanging_receiver_delays_no_other(self, put, server):
        server.status["a"] = "hang"
        for name in "aaabcd":
            put(name)
        began = time.monotonic()
        assert outbox.send_due(now=NOW) == outbox.Sent(sent=3, failed=1)
        assert time.monotonic() - began < 1.5
        assert [name for name, _text in server.got].count("a") == 1

    def test_an_answer_without_end_is_not_read(self, put, server):
        server.status["a"] = "flood"
        began = time.monotonic()
        put("a")
        assert outbox.send_due(now=NOW).sent == 1 and time.monotonic() - began < 0.5

    def test_a_run_begins_nothing_when_its_time_is_over(self, put, server):
        put("a")
        assert outbox.send_due(now=NOW, seconds=0) == outbox.Sent() and server.got == []

    def test_who_waits_for_a_code_is_refused_in_time(self, server, settings):
        server.status["sms"] = "hang"
        settings.ENV = {**settings.ENV, "HOCVUSO_SMS_URL": f"{server.url}/sms"}
        with pytest.raises(OSError, match="no answer"):
            gateways.send("phone", "+84912345678", subject="", text="1")
