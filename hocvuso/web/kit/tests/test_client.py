"""Whose request it is: the address of the connection, or what a trusted proxy says of it."""

import pytest
from django.test import Client, RequestFactory

from hocvuso.base import throttle
from hocvuso.base.env import networks
from hocvuso.people.services import codes
from hocvuso.web.kit import client
from hocvuso.web.kit.client import address_of, asker

PROXIES = "10.0.0.0/8 ::1"


@pytest.fixture
def trust(settings):
    def set_to(text):
        settings.ENV = {**settings.ENV, "HOCVUSO_TRUSTED_PROXIES": networks(text)}

    return set_to


def request(peer, forwarded=None):
    more = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=peer, **more)


@pytest.mark.parametrize(
    ("peer", "forwarded", "nearest"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # a stranger says who he is
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),  # what stands before was said by the stranger
        ("10.0.0.1", "127.0.0.1, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),  # two proxies
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),  # somebody inside
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, nonsense, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("::1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("", "198.51.100.1", "None"),
        ("", None, "None"),
    ],
)
def test_the_nearest_address_that_is_no_trusted_proxy(trust, peer, forwarded, nearest):
    trust(PROXIES)
    assert str(address_of(request(peer, forwarded))) == nearest


def test_nobody_is_trusted_unless_named(trust):
    assert str(address_of(request("127.0.0.1", "198.51.100.1"))) == "127.0.0.1"


def test_an_ipv6_line_is_one_asker_whatever_address_it_takes(trust):
    assert asker(request("2001:db8:1:2::3")) == asker(request("2001:db8:1:2:ffff::4")) == "2001:db8:1:2::/64"
    assert asker(request("2001:db8:1:3::3")) != asker(request("2001:db8:1:2::3"))
    assert (asker(request("198.51.100.1")), asker(request(""))) == ("198.51.100.1", "")


@pytest.mark.django_db
class TestBehindAProxy:
    def check(self, client, address):
        return client.post("/xac-minh/", {"text": "{}"}, REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=address)

    def test_one_who_asks_too_often_does_not_shut_the_others_out(self, trust, client):
        trust("10.0.0.1")
        for _ in range(600):
            throttle.count("verify", "198.51.100.1", limit=600, minutes=10)
        assert self.check(client, "198.51.100.1").status_code == 429
        assert self.check(client, "198.51.100.2").status_code == 200

    def test_codes_are_counted_by_who_asks_for_them(self, trust, monkeypatch):
        trust("10.0.0.1")
        monkeypatch.setattr(codes, "UNUSED_AN_HOUR", most := 4)

        def ask(number, address):
            return Client().post(
                "/tai-khoan/dang-nhap/",
                {"address": f"0912 345 {number:03}"},
                REMOTE_ADDR="10.0.0.1",
                HTTP_X_FORWARDED_FOR=f"127.0.0.1, {address}",
            )

        assert {ask(n, "198.51.100.1").status_code for n in range(most)} == {302}
        assert ask(most, "198.51.100.1").status_code == 400 and ask(most + 1, "198.51.100.2").status_code == 302

    def test_metrics_are_closed_to_those_who_come_through_it(self, trust, client):
        trust("127.0.0.1")
        assert client.get("/metrics").status_code == 200
        assert client.get("/metrics", HTTP_X_FORWARDED_FOR="198.51.100.1").status_code == 404

    def test_metrics_are_open_to_the_networks_that_are_named(self, settings, client):
        assert client.get("/metrics", REMOTE_ADDR="192.168.7.7").status_code == 404
        settings.ENV = {**settings.ENV, "HOCVUSO_METRICS_FROM": networks("192.168.7.0/24")}
        assert client.get("/metrics", REMOTE_ADDR="192.168.7.7").status_code == 200
        assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 404


def test_what_a_stranger_says_at_length_is_no_address_and_not_remembered(trust):
    trust(PROXIES)
    long = "[" + "1" * 100_000 + "]"
    before = client._read_short.cache_info().currsize
    assert str(address_of(request("10.0.0.1", long))) == "10.0.0.1"
    assert str(address_of(request("203.0.113.77", "198.51.100.77"))) == "203.0.113.77"
    assert client._read_short.cache_info().currsize <= before + 2  # the two peers, nothing that was said
