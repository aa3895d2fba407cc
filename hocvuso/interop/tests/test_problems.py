"""Whatever goes wrong at the API is a problem document (RFC 9457), whoever finds it wrong."""

import json

import pytest

from hocvuso.interop import services
from hocvuso.people.rules import Role

from .machine import machine

pytestmark = pytest.mark.django_db
SECRET_URL = "/api/v1/hooks"


@pytest.fixture
def bearer(cast):
    scopes = ["hooks", "values:write"]
    made = services.make_client(name="Máy", scopes=scopes, unit=cast.here, role=Role.STEWARD, by=None)
    return {"Authorization": f"Bearer {made[1]}"}


def is_problem(answer, status):
    told = json.loads(answer.content)
    assert (answer.status_code, told["status"]) == (status, status)
    assert answer["Content-Type"] == "application/problem+json"
    assert told["type"].startswith("urn:hocvuso:problem:") and told["title"]
    return True


@pytest.mark.parametrize("path", ["", "khong-co", "hooks/khong-co/nua", "../tim/x", "units/%00"])
@pytest.mark.parametrize("method", ["get", "post", "delete", "put"])
def test_an_address_that_is_not_there(client, bearer, path, method):
    assert is_problem(getattr(client, method)(f"/api/v1/{path}", headers=bearer), 404)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "MUA"])
def test_a_method_that_an_address_does_not_take(client, bearer, method):
    answer = client.generic(method, SECRET_URL, headers=bearer)
    assert is_problem(answer, 405) and "POST" in answer["Allow"]


LONG = json.dumps({"url": f"https://a.vn/{'a' * 500}", "events": ["plan.moved"]})


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", "7", '{"url": 7}', '{"url": "\ud800"}', "[" * 50_000, "\xff", LONG]
)
def test_a_body_that_is_not_as_described(client, bearer, body):
    content = body.encode("utf-8", "surrogatepass") if body != "\xff" else b"\xff"
    assert is_problem(client.post(SECRET_URL, content, content_type="application/json", headers=bearer), 400)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "x"])
def test_a_body_of_another_kind(client, bearer, kind):
    assert is_problem(client.post(SECRET_URL, b"a=b", content_type=kind, headers=bearer), 415)


def test_without_a_secret(client):
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer"}):
        assert is_problem(client.get(SECRET_URL, headers=headers), 401)


def test_a_hook_that_is_not_ones_own(client, bearer):
    there = "00000000-0000-0000-0000-000000000000"
    assert is_problem(client.delete(f"{SECRET_URL}/{there}", headers=bearer), 404)
    other = {"url": "http://127.0.0.1/", "events": ["plan.moved"]}
    made = client.post(SECRET_URL, json.dumps(other), content_type="application/json", headers=bearer).json()
    assert client.delete(f"{SECRET_URL}/{made['id']}", headers=bearer).status_code == 204
    assert is_problem(client.delete(f"{SECRET_URL}/{made['id']}", headers=bearer), 404)


def test_a_body_that_is_too_large(client, bearer):
    body = json.dumps({"url": "x" * 3_000_000, "events": []})
    assert is_problem(client.post(SECRET_URL, body, content_type="application/json", headers=bearer), 413)


def test_a_form_of_parts_that_cannot_be_read(client, bearer):
    kind = "multipart/form-data; boundary=" + "x" * 300
    assert is_problem(client.post("/api/v1/values", b"--x", content_type=kind, headers=bearer), 400)


def test_a_host_that_is_not_ours(client, bearer):
    assert is_problem(client.get(SECRET_URL, headers=bearer | {"Host": "evil.example"}), 400)


def test_our_own_fault(client, bearer, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr(services, "subscribe", lambda **_kwargs: 1 / 0)
    body = {"url": "https://8.8.8.8/", "events": []}
    answer = client.post(SECRET_URL, json.dumps(body), content_type="application/json", headers=bearer)
    assert is_problem(answer, 500) and "division" not in answer.text


@pytest.mark.parametrize(
    ("query", "field"),
    [("?nam=2026", "query.nam"), ("?Page=1", "query.Page"), ("?=1", "query."), ("?page=1&page=2", "query.page")],
)
def test_a_parameter_that_is_not_understood(client, bearer, query, field):
    answer = client.get(f"{SECRET_URL}{query}", headers=bearer)
    assert is_problem(answer, 400) and [fault["field"] for fault in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    "path",
    [
        "documents?kind=%00",
        "consultations?unit=%00",
        "figures?indicator=%00",
        "communes/a%00",
        "schemes/%00",
        "tasks?unit=%00",
    ],
)
def test_a_zero_byte_names_nothing(client, cast, path):
    """PostgreSQL takes it in no text."""
    assert client.get(f"/api/v1/{path}", headers=machine(cast.here, Role.LEADER).headers).status_code < 500
