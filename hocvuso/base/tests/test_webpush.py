"""Messages to browsers that are not open: the known answer of RFC 8291, what only the browser reads, who signs."""

import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base import webpush
from hocvuso.base.webpush import BadSubscription, Subscription, packed, unpacked
from tests.browser_called import CalledBrowser

ADDRESS = "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV"
KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
OURS = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def written(**changes):
    keys = {"p256dh": KEY, "auth": SECRET}
    return json.dumps({"endpoint": ADDRESS, "expirationTime": None, "keys": keys} | changes)


def test_the_known_answer_of_rfc_8291():
    to = Subscription.read(written())
    said = b"When I grow up, I want to be a watermelon"
    assert packed(webpush.encrypt(said, to, salt=unpacked(SALT), once=unpacked(OURS).hex())) == BODY


@given(text=st.binary(max_size=webpush.LONGEST_TEXT))
def test_only_the_browser_reads_what_is_sent(text):
    browser = CalledBrowser("https://push.example.net/x")
    body = webpush.encrypt(text, Subscription.read(browser.subscription()))
    assert browser.read(body) == text and (len(text) < 8 or text not in body)


def test_no_two_messages_look_alike():
    to = Subscription.read(written())
    assert webpush.encrypt(b"x", to) != webpush.encrypt(b"x", to)


def test_what_is_too_long_for_one_record_is_refused():
    with pytest.raises(ValueError):
        webpush.encrypt(b"x" * (webpush.LONGEST_TEXT + 1), Subscription.read(written()))


def test_the_push_service_can_check_who_calls():
    private = webpush.new_key()
    header = webpush.authorization(ADDRESS, private=private, contact="mailto:a@b.vn", now=NOW)
    token, key = header.removeprefix("vapid t=").split(", k=")
    head, claims, signature = token.split(".")
    raw = unpacked(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), unpacked(key))
    public.verify(der, f"{head}.{claims}".encode(), ECDSA(SHA256()))
    told = json.loads(unpacked(claims))
    assert key == webpush.public_key(private) and json.loads(unpacked(head))["alg"] == "ES256"
    assert told == {"aud": "https://push.example.net", "exp": int(NOW.timestamp()) + 12 * 3600, "sub": "mailto:a@b.vn"}


def test_a_subscription_is_kept_as_the_browser_wrote_it():
    read = Subscription.read(written())
    assert Subscription.read(read.written()) == read and read.endpoint == ADDRESS


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", "{}", "7", "[" * 100_000,
        written(endpoint="https://a.vn/\ud800"),
        written(endpoint="javascript:alert(1)"),
        written(endpoint="https:///x"),
        written(endpoint="https://a.vn/" + "x" * 1000),
        written(keys={"p256dh": KEY, "auth": "AAAA"}),
        written(keys={"p256dh": "AAAA", "auth": SECRET}),
        written(keys={"p256dh": "BA" + "A" * 85, "auth": SECRET}),
        written(keys={"p256dh": 7, "auth": SECRET}),
        written(keys=[]),
    ],
)  # fmt: skip
def test_what_is_none_is_refused(text):
    with pytest.raises(BadSubscription):
        Subscription.read(text)


@given(st.text() | st.from_regex(r"\{.*\}"))
def test_no_text_breaks_it(text):
    with pytest.raises(BadSubscription):
        Subscription.read(text)
