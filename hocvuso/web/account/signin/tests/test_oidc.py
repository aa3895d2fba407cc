"""Signing in with an outside identity, and every way in which a provider, or somebody in its name, answers wrongly."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client
from joserfc import jwk, jwt

from hocvuso.people.models import Person
from hocvuso.people.queries import person_with
from hocvuso.web.account.signin import provider

pytestmark = pytest.mark.django_db
GO, BACK = "/tai-khoan/dang-nhap/ngoai/", "/tai-khoan/dang-nhap/ngoai/ve/"
KEY = jwk.RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER = jwk.RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
STRANGE = jwk.RSAKey.generate_key(2048, {"kid": "strange", "use": "sig"})
WORDS = "Chưa đăng nhập được bằng danh tính số."


class Provider:
    """An OpenID Connect provider on this machine, of which every answer can be made wrong."""

    def __init__(self):
        self.wrong = {}  # by path: bytes or a function that answers the request
        self.claims, self.header, self.key = {}, {}, KEY
        self.token = {}
        self.nonce = ""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.answer(self)

            do_POST = do_GET

            def log_message(self, *_args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, handler):
        path = urlsplit(handler.path).path
        handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        wrong = self.wrong.get(path)
        if callable(wrong):
            wrong(handler)
        else:
            say(handler, 200, self.right(path) if wrong is None else wrong)

    def right(self, path):
        if path == "/token":
            return {"access_token": "a", "token_type": "Bearer", "id_token": self.id_token()} | self.token
        if path == "/keys":
            return {"keys": [KEY.as_dict(private=False)]}
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }

    def id_token(self):
        now = int(time.time())
        claims = {"iss": self.url, "sub": "77", "aud": "hocvuso", "exp": now + 300, "iat": now, "nonce": self.nonce}
        claims = {k: v for k, v in (claims | {"name": "Hoa"} | self.claims).items() if v is not None}
        header = {"alg": "RS256", "kid": self.key.kid} | self.header
        if header["alg"] == "none":
            return jwt.encode(header, claims, jwk.OctKey.import_key("x" * 32), algorithms=["none"])
        return jwt.encode(header, claims, self.key, algorithms=[header["alg"]])


def say(handler, status, body):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json" if content[:1] in b"{[" else "text/html")
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def says(status, body):
    return lambda handler: say(handler, status, body)


def hangs(handler):
    time.sleep(3)


def trickles(handler):
    handler.send_response(200)
    handler.end_headers()
    for _ in range(30):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


def hangs_up(handler):
    handler.connection.close()


def leads_elsewhere(handler):
    handler.send_response(302)
    handler.send_header("Location", "/else")
    handler.end_headers()


@pytest.fixture
def outside(settings, monkeypatch):
    made = Provider()
    monkeypatch.setattr(provider, "DEADLINE", 0.6)
    settings.ENV = {
        **settings.ENV,
        "HOCVUSO_OIDC_ISSUER": made.url,
        "HOCVUSO_OIDC_CLIENT_ID": "hocvuso",
        "HOCVUSO_OIDC_CLIENT_SECRET": "s" * 32,
        "HOCVUSO_OIDC_NAME": "VNeID",
    }
    provider.client.cache_clear()
    yield made
    provider.client.cache_clear()
    made.server.shutdown()


def journey(client, outside, onward="/tim/", **changed):
    """To the provider and back, as a browser goes; `changed` is what the way back says otherwise (None: not at all)."""
    there = client.get(GO, {"next": onward})
    if there.status_code != 302:
        return there
    asked = dict(parse_qsl(urlsplit(there["Location"]).query))
    outside.nonce = asked["nonce"]
    query = {k: v for k, v in ({"code": "c", "state": asked["state"]} | changed).items() if v is not None}
    return client.get(f"{BACK}?{urlencode(query)}")


def is_refused_in_words(page):
    return page.status_code == 400 and WORDS in page.text and "Gửi mã cho tôi" in page.text


def test_whom_the_provider_confirms_comes_in_and_goes_on(client, outside):
    answer = journey(client, outside)
    assert answer["Location"] == "/tai-khoan/sua/?moi=1&next=/tim/"
    assert person_with("oidc", f"{outside.url}|77").name == "Hoa"
    assert journey(Client(), outside)["Location"] == "/tai-khoan/dong-y/?next=/tim/" and Person.objects.count() == 1


def test_the_way_there_asks_with_a_challenge_and_bears_no_secret(client, outside):
    asked = parse_qs(urlsplit(client.get(GO)["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["scope"] == ["openid profile"]
    assert "s" * 32 not in client.get(GO)["Location"]


def test_journeys_given_up_do_not_fill_the_cookie(client, outside):
    for _ in range(15):
        client.get(GO)
    assert len(client.cookies["hv_session"].value) < 2000


@pytest.mark.parametrize(
    "changed",
    [
        {"error": "access_denied"},
        {"error": "server_error", "error_description": "<script>x</script>"},
        {"error": "x" * 3000},
        {"state": None},
        {"state": ""},
        {"state": "another"},
        {"state": "\x00"},
        {"state": None, "code": None},
    ],
    ids=str,
)
def test_a_way_back_that_is_not_ours_is_refused(client, outside, changed):
    assert is_refused_in_words(journey(client, outside, **changed)) and not Person.objects.exists()


def test_without_a_way_there_there_is_no_way_back(client, outside):
    assert is_refused_in_words(client.get(f"{BACK}?code=c&state=s"))
    assert is_refused_in_words(client.get(BACK))


def test_a_way_back_serves_once(client, outside):
    there = client.get(GO)
    asked = dict(parse_qsl(urlsplit(there["Location"]).query))
    outside.nonce = asked["nonce"]
    back = f"{BACK}?code=c&state={asked['state']}"
    assert client.get(back).status_code == 302
    assert is_refused_in_words(client.get(back))


NOT_AS_ASKED = {
    "400": says(400, {"error": "invalid_grant"}),
    "401": says(401, {"error": "invalid_client"}),
    "500": says(500, b"<h1>Internal Server Error</h1>"),
    "page": says(200, b"<html>maintenance</html>"),
    "nothing": says(200, b""),
    "list": says(200, []),
    "text": says(200, b'"x"'),
    "number": says(200, b"1"),
    "null": says(200, b"null"),
    "half": says(200, b'{"access_token": "a'),
    "not text": says(200, b"\xff\xfe\x00{"),
    "deep": says(200, b"[" * 100_000),
    "huge": says(200, b'{"x": "' + b"x" * 2_000_000 + b'"}'),
    "hangs": hangs,
    "trickles": trickles,
    "hangs up": hangs_up,
    "elsewhere": leads_elsewhere,
    "empty": says(200, {}),
}


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
@pytest.mark.parametrize("wrong", NOT_AS_ASKED)
def test_an_answer_that_is_not_as_asked_is_refused_and_soon_right_again(client, outside, path, wrong):
    outside.wrong[path] = NOT_AS_ASKED[wrong]
    began = time.monotonic()
    assert is_refused_in_words(journey(client, outside)) and time.monotonic() - began < 2.5
    assert not Person.objects.exists()
    outside.wrong.clear()
    assert journey(Client(), outside).status_code == 302


@pytest.mark.parametrize("missing", ["authorization_endpoint", "token_endpoint", "jwks_uri", "issuer"])
def test_a_description_without_what_we_need_is_not_remembered(client, outside, missing):
    path = "/.well-known/openid-configuration"
    outside.wrong[path] = outside.right(path) | {missing: None}
    assert is_refused_in_words(journey(client, outside))
    outside.wrong.clear()
    assert journey(client, outside).status_code == 302


def test_a_description_of_another_issuer_is_refused(client, outside):
    path = "/.well-known/openid-configuration"
    outside.wrong[path] = outside.right(path) | {"issuer": "https://evil.example"}
    outside.claims = {"iss": "https://evil.example"}
    assert is_refused_in_words(journey(client, outside))


@pytest.mark.parametrize("token", [None, "", "a.b.c", 7, "x" * 5000, ["a"]], ids=repr)
def test_a_token_that_names_nobody_is_refused(client, outside, token):
    outside.token = {"id_token": token}
    assert is_refused_in_words(journey(client, outside)) and not Person.objects.exists()


def test_a_token_answer_without_an_identity_is_refused(client, outside):
    outside.wrong["/token"] = {"access_token": "a", "token_type": "Bearer"}
    assert is_refused_in_words(journey(client, outside))


LONG_AGO, LONG_HENCE = 1_600_000_000, 4_000_000_000


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another", "third"]},
        {"aud": None},
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": 7},
        {"exp": LONG_AGO},
        {"exp": None},
        {"exp": "tomorrow"},
        {"nbf": LONG_HENCE},
        {"iat": LONG_HENCE},
        {"sub": None},
        {"sub": ""},
        {"sub": 77},
        {"sub": {"a": 1}},
        {"sub": "x" * 300},
        {"azp": "another", "aud": ["hocvuso", "another"]},
    ],
    ids=str,
)
def test_an_identity_that_is_not_for_us_now_is_refused(client, outside, claims):
    outside.claims = claims
    assert is_refused_in_words(journey(client, outside)) and not Person.objects.exists()


@pytest.mark.parametrize("case", ["another key", "unknown key", "none", "shared secret"])
def test_an_identity_that_the_provider_did_not_sign_is_refused(client, outside, case):
    if case == "another key":
        outside.key = OTHER
    elif case == "unknown key":
        outside.key = STRANGE
    elif case == "none":
        outside.header = {"alg": "none"}
    else:
        outside.header, outside.key = {"alg": "HS256"}, jwk.OctKey.import_key("s" * 32, {"kid": "one"})
    assert is_refused_in_words(journey(client, outside)) and not Person.objects.exists()


@pytest.mark.parametrize("name", [7, ["Hoa"], "\x00Hoa\u202e", "x" * 5000, None], ids=repr)
def test_a_name_that_is_none_keeps_nobody_out(client, outside, name):
    outside.claims = {"name": name}
    assert journey(client, outside).status_code == 302
    assert "\x00" not in Person.objects.get().name and len(Person.objects.get().name) <= 120


def test_who_is_barred_does_not_come_in(client, outside):
    journey(Client(), outside)
    Person.objects.update(is_active=False)
    assert is_refused_in_words(journey(client, outside))
