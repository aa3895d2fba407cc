"""The API for programs: who may, what comes back, values sent."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hocvuso.indicators.models import Indicator, ReplacedValue, Value
from hocvuso.interop import services
from hocvuso.interop.models import ApiClient
from hocvuso.people.rules import Role

ALL = list(ApiClient.Scope.values)


@pytest.fixture
def token(cast):
    """A steward's program at the department here."""
    return services.make_client(name="Máy", scopes=ALL, unit=cast.here, role=Role.STEWARD, by=None)[1]


@pytest.fixture
def get(client, token):
    return lambda path, **params: client.get(f"/api/v1/{path}", params, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def send(client, token):
    def post(text, token=token, **params):
        file = SimpleUploadedFile("so-lieu.csv", text.encode())
        query = "&".join(f"{k}={v}" for k, v in params.items())
        return client.post(f"/api/v1/values?{query}", {"file": file}, headers={"Authorization": f"Bearer {token}"})

    return post


@pytest.fixture
def indicator(db):
    return Indicator.objects.create(
        key="may-tinh", title="Máy tính", kind="declared", period_type="year", minimum=0, maximum=999
    )


TABLE = "indicator,unit,period,value\nmay-tinh,SO-1,2026,12\nmay-tinh,T-1,2026,3\n"


class TestWhoMay:
    def test_without_a_secret_nothing(self, client, db):
        assert client.get("/api/v1/units").status_code == 401

    def test_an_ended_client_is_nobody(self, get, token):
        services.end_client(client=services.client_of(token), by=None)
        assert get("units").status_code == 401

    def test_a_scope_that_was_not_given_is_refused(self, client, cast):
        _made, secret = services.make_client(
            name="Máy", scopes=["plans:read"], unit=cast.here, role=Role.STEWARD, by=None
        )
        answer = client.get("/api/v1/units", headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == 403 and answer["Content-Type"] == "application/problem+json"

    def test_only_units_in_reach_are_listed(self, get):
        assert {row["code"] for row in get("units").json()["items"]} == {"SO-1", "T-1"}

    def test_the_secret_is_not_kept(self, token):
        assert token not in str(ApiClient.objects.values())

    def test_unknown_scopes_are_refused(self, cast):
        with pytest.raises(services.UnknownScope):
            services.make_client(name="Máy", scopes=["all"], unit=cast.here, role=Role.STEWARD, by=None)


class TestValues:
    def test_sent_values_are_stored_and_read_back(self, send, get, indicator):
        answer = send(TABLE)
        assert answer.status_code == 200 and answer.json()["stored"] == 2
        found = get("figures", indicator="may-tinh", unit=["SO-1", "T-1"], period="2026").json()
        assert {(f["unit"], f["value"]) for f in found} == {("SO-1", 12.0), ("T-1", 3.0)}

    def test_sending_again_replaces(self, send, indicator):
        send(TABLE)
        send(TABLE.replace("12", "13"))
        assert sorted(Value.objects.values_list("value", flat=True)) == [3.0, 13.0]

    def test_a_dry_run_stores_nothing(self, send, indicator):
        assert send(TABLE, dry_run="true").json() == {"stored": 0, "rows": 2, "faults": [], "more_faults": 0}
        assert not Value.objects.exists()

    def test_one_fault_and_nothing_is_stored_unless_told_otherwise(self, send, indicator):
        bad = (
            TABLE
            + "may-tinh,SO-2,2026,5\nmay-tinh,SO-1,2026-01,5\nmay-tinh,T-1,2026,3\n"
            + "khac,T-1,2026,3\nmay-tinh,T-1,2025,x\n"
        )
        answer = send(bad)
        assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
        assert answer.json()["status"] == 422 and answer.json()["title"] and not Value.objects.exists()
        assert [(f["row"], f["column"]) for f in answer.json()["faults"]] == [
            (4, "unit"), (5, "period"), (6, "unit"), (7, "indicator"), (8, "value"),
        ]  # fmt: skip
        assert send(bad, partial="true").json()["stored"] == 2

    def test_a_value_outside_the_range_is_named(self, send, indicator):
        assert send(TABLE.replace("12", "1000")).json()["faults"][0]["column"] == "value"

    def test_what_is_no_table_gets_a_problem_document(self, send, indicator):
        answer = send("một,hai\n1,2\n")
        assert answer.status_code == 409 and "unit" in answer.json()["title"]


def test_the_description_names_every_address(client, db):
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert {"/api/v1/catalogue", "/api/v1/figures", "/api/v1/values", "/api/v1/hooks"} <= set(described["paths"])


def test_a_period_that_is_none_is_a_problem(get):
    assert get("figures", indicator="a", unit="SO-1", period="hôm qua").status_code == 409


def test_what_an_import_replaces_is_kept_beside(send, indicator):
    send(TABLE)
    send(TABLE.replace("12", "13"))
    [kept] = ReplacedValue.objects.all()
    assert (kept.value, kept.unit.code, kept.period) == (12.0, "SO-1", "2026")


def test_more_than_a_request_may_hold_is_refused(get):
    weeks = [f"{year}-W{week:02}" for year in (2024, 2025) for week in range(1, 53)]
    answer = get("figures", indicator="a", unit="SO-1", period=weeks)
    assert answer.status_code == 409 and "500" in answer.json()["title"]


def test_an_index_that_is_not_there_is_not_there(get):
    assert get("indices/khac/2026/2026").status_code == 404


def test_a_stranger_gets_a_problem_document(client, db):
    assert client.get("/api/v1/units")["Content-Type"] == "application/problem+json"
