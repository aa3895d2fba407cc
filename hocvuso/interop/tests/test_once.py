"""Sent twice with one `Idempotency-Key`, done once: the first answer is given again, for a day, to the same client."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from hocvuso.base.models import DoneOnce, Tries
from hocvuso.base.secrets import derive
from hocvuso.helpdesk.models import ResidentRequest
from hocvuso.indicators.models import Indicator, Value
from hocvuso.interop import services
from hocvuso.interop.models import ApiClient, Webhook
from hocvuso.people.rules import Role
from tests.commune import commune

pytestmark = pytest.mark.django_db
HOOK = {"url": "http://127.0.0.1:9/", "events": ["plan.moved"]}
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"


def secret_of(unit, role=Role.STEWARD):
    return services.make_client(name="Máy", scopes=list(ApiClient.Scope.values), unit=unit, role=role, by=None)[1]


@pytest.fixture
def send(client, cast):
    bearer = secret_of(cast.here)

    def sent(body=HOOK, key=KEY, bearer=bearer, path="hooks"):
        headers = {"Authorization": f"Bearer {bearer}"} | ({"Idempotency-Key": key} if key is not None else {})
        return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)

    return sent


def test_the_same_request_gets_the_same_answer_with_what_is_told_once(send):
    first, second = send(), send()
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content and first.json()["secret"].startswith("whsec_")
    assert first["Content-Type"] == second["Content-Type"] and Webhook.objects.count() == 1


def test_without_a_key_twice_is_two(send):
    send(key=None)
    send(key=None)
    assert Webhook.objects.count() == 2 and not DoneOnce.objects.exists()


def test_another_key_is_another_request(send):
    send()
    send(key=KEY + "-b")
    assert Webhook.objects.count() == 2


def test_the_same_key_for_something_else_is_refused(send):
    send()
    answer = send(body={**HOOK, "events": ["plan.moved", "report.moved"]})
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["type"] == "urn:hocvuso:problem:key-used" and Webhook.objects.count() == 1


def test_somebody_elses_key_is_another(send, cast):
    send()
    answer = send(bearer=secret_of(cast.school))
    assert answer.status_code == 201 and Webhook.objects.count() == 2


def test_what_was_refused_may_be_asked_again(send):
    bad = {**HOOK, "events": ["nothing"]}
    assert send(bad).status_code == 409 and not DoneOnce.objects.exists()
    assert send(HOOK).status_code == 201


def test_a_key_serves_for_a_day(send):
    send()
    DoneOnce.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert send().status_code == 201 and Webhook.objects.count() == 2


@pytest.mark.parametrize("key", ["", "short", "x" * 256, "có dấu tiếng việt", "a b c d e f"])
def test_a_key_that_is_none_is_refused(send, key):
    assert send(key=key).status_code == 400 and not Webhook.objects.exists()


def test_without_a_secret_nothing_is_kept(send):
    assert send(bearer="x").status_code == 401 and not DoneOnce.objects.exists()


def test_nothing_kept_tells_what_was_answered(send):
    told = send().json()["secret"]
    [row] = DoneOnce.objects.all()
    assert told not in str(vars(row)) and KEY not in str(vars(row))


def test_a_table_is_stored_once(client, cast):
    Indicator.objects.create(key="may", title="Máy", kind="declared", period_type="year", minimum=0, maximum=99)
    headers = {"Authorization": f"Bearer {secret_of(cast.here)}", "Idempotency-Key": KEY}

    def table(value):
        file = SimpleUploadedFile("a.csv", f"indicator,unit,period,value\nmay,SO-1,2026,{value}\n".encode())
        return client.post("/api/v1/values", {"file": file}, headers=headers)

    assert table(1).json() == table(1).json() == {"stored": 1, "rows": 1, "faults": [], "more_faults": 0}
    assert table(2).status_code == 422 and Value.objects.get().value == 1


def test_a_residents_request_is_written_down_once(client, db):
    there = commune()
    headers = {"Authorization": f"Bearer {secret_of(there.committee, Role.OFFICER)}", "Idempotency-Key": KEY}
    body = json.dumps({"unit": there.committee.code, "topic": "device", "text": "Máy tắt", "name": "Bà Sáu"})
    said = [client.post("/api/v1/requests", body, content_type="application/json", headers=headers) for _ in range(3)]
    assert len({answer.content for answer in said}) == 1 and said[0].status_code == 201, said[0].text
    assert ResidentRequest.objects.count() == 1


def test_who_may_not_any_more_is_told_nothing_of_what_was_done(send):
    send()
    ApiClient.objects.update(scopes=[])
    assert send().status_code == 403
    services.end_client(client=ApiClient.objects.get(), by=None)
    assert send().status_code == 401


def test_requests_with_a_key_count_as_others_do_also_refused_ones(send):
    for key in (KEY, None):
        send({**HOOK, "events": ["nothing"]}, key=key)
    assert Tries.objects.get().count == 2


def test_the_way_a_secret_is_written_makes_no_other_client(client, cast):
    bearer = secret_of(cast.here)
    for scheme in ("Bearer", "bearer"):
        headers = {"Authorization": f"{scheme} {bearer}", "Idempotency-Key": KEY}
        client.post("/api/v1/hooks", json.dumps(HOOK), content_type="application/json", headers=headers)
    assert Webhook.objects.count() == 1


def test_what_is_too_large_is_told_so_with_a_key_too(client, cast):
    headers = {"Authorization": f"Bearer {secret_of(cast.here)}", "Idempotency-Key": KEY}
    answer = client.post("/api/v1/hooks", b"x" * 3_000_000, content_type="application/json", headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")


def test_what_is_done_once_fills_no_memory(send):
    for number in range(300):
        send(key=f"{KEY}-{number}")
    assert derive.cache_info().currsize <= 256
