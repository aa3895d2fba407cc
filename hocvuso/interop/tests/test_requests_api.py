"""The movement for programs: requests without anything of the resident, pledges, needs; a hot line writes down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from hocvuso.base.models import JournalEntry
from hocvuso.helpdesk.models import ResidentRequest
from hocvuso.helpdesk.queries import phone_of
from hocvuso.helpdesk.services import requests, terms
from hocvuso.people.rules import Role
from hocvuso.resources.tests import world as giving
from tests.commune import commune

from .machine import ALL, machine

CALLER = requests.Caller("Cụ Lành", "0912 345 678")
SAID = {
    "unit": "X-1",
    "topic": "service",
    "text": "Tôi muốn khai sinh cho cháu",
    "name": "Cụ Lành",
    "phone": "0912 345 678",
}


@pytest.fixture
def there(db):
    return commune()


@pytest.fixture
def committee(there):
    return machine(there.committee)


@pytest.fixture
def asked(there):
    terms.set_term(unit=there.province, days=2, by=there.lan)
    return requests.write_down(
        unit=there.committee,
        topic="device",
        text="Máy của bà Lành không lên mạng",
        channel="phone",
        caller=CALLER,
        by=there.tu,
        at=timezone.now() - timedelta(days=5),
    )


class TestRequests:
    def test_they_show_how_it_goes_and_nothing_of_the_resident(self, there, committee, asked):
        requests.take(request=asked, by=there.tu)
        requests.solve(request=asked, text="Đã đến nhà bà Lành", by=there.tu)
        [row] = committee.rows("requests", state="solved", topic="device", unit="SO")
        assert set(row) == {
            "id", "unit", "topic", "channel", "state", "asked_at", "due_on", "solved_at", "late_days", "rating",
        }  # fmt: skip
        assert (row["unit"], row["channel"], row["late_days"], row["rating"]) == ("X-1", "phone", 3, None)
        text = committee.get("requests").text
        for personal in ("Lành", "345 678", "345678", "Máy của", "Đã đến", "Tư"):
            assert personal not in text

    def test_one_that_is_asked_again_is_not_solved(self, there, committee, asked):
        requests.solve(request=asked, text="Xong", by=there.tu)
        ResidentRequest.objects.filter(pk=asked.pk).update(state="asked")
        [row] = committee.rows("requests")
        assert row["solved_at"] is row["late_days"] is None

    def test_next_door_and_other_roles_see_none(self, there, asked):
        assert machine(there.next_door).rows("requests") == []
        assert machine(there.committee, Role.STEWARD).rows("requests") == []

    def test_they_take_a_fixed_number_of_queries(self, there, committee, asked):
        before = committee.queries("requests")
        for _n in range(3):
            requests.write_down(unit=there.team, topic="other", text="x", channel="desk", caller=CALLER, by=there.tu)
        assert committee.queries("requests") == before


class TestHotLine:
    def test_what_a_resident_asks_waits_at_the_commune(self, there, committee):
        terms.set_term(unit=there.province, days=2, by=there.lan)
        answer = committee.post("requests", **SAID)
        assert answer.status_code == 201 and set(answer.json()) == {"id", "state", "due_on"}
        made = ResidentRequest.objects.get(pk=answer.json()["id"])
        assert answer.json()["due_on"] == (timezone.localdate() + timedelta(days=2)).isoformat()
        assert (made.unit, made.channel, made.contact_name, phone_of(made)) == (
            there.committee, "phone", "Cụ Lành", "+84912345678",
        )  # fmt: skip
        assert made.recorded_by_id == committee.client.account_id
        assert JournalEntry.objects.filter(act="request.asked", actor=str(committee.client.account_id)).exists()

    def test_the_journal_and_the_answer_keep_the_resident_out(self, committee):
        assert "Lành" not in committee.post("requests", **SAID).text
        assert "Lành" not in str(list(JournalEntry.objects.values_list("data", flat=True)))

    @pytest.mark.parametrize(
        ("wrong", "status", "field"),
        [
            ({"phone": "mười hai"}, 409, "phone"),
            ({"text": "  "}, 409, "text"),
            ({"unit": "X-2"}, 409, "unit"),
            ({"unit": "khong-co"}, 409, "unit"),
        ],
    )
    def test_what_is_wrong_is_named_and_nothing_is_kept(self, committee, wrong, status, field):
        answer = committee.post("requests", **SAID | wrong)
        assert (answer.status_code, answer.json()["field"]) == (status, field)
        assert not ResidentRequest.objects.exists()

    def test_a_topic_out_of_the_list_does_not_fit(self, committee):
        assert committee.post("requests", **SAID | {"topic": "khac"}).status_code == 400
        assert committee.post("requests", **SAID | {"text": "x" * 2001}).status_code == 400

    def test_a_province_line_reaches_every_commune_beneath(self, there):
        province = machine(there.province, scopes=["requests:write"])
        assert province.post("requests", **SAID | {"unit": "X-2"}).status_code == 201
        assert province.post("requests", **SAID | {"unit": "SO"}).json()["type"].endswith("no-commune")

    def test_role_and_scope_decide(self, there):
        assert machine(there.committee, Role.STEWARD).post("requests", **SAID).status_code == 403
        reader = machine(there.committee, scopes=[scope for scope in ALL if scope != "requests:write"])
        assert reader.post("requests", **SAID).status_code == 403


class TestGiving:
    @pytest.fixture
    def given(self, there):
        return giving.give(there, giving.available(there), giving.ask(there))

    def test_pledges_needs_and_allocations(self, committee, given):
        [pledge] = committee.rows("pledges", state="available", kind="device", unit="X-2")
        assert (pledge["unit"], pledge["quantity"], pledge["free"], pledge["place"]) == ("X-2", 10, 6, "00002")
        [need] = committee.rows("needs", state="open", kind="device", unit="SO")
        assert (need["unit"], need["given"], need["missing"]) == ("X-1", 4, 6)
        [row] = committee.rows("allocations", state="allocated", unit="X-1")
        assert (row["pledge"], row["need"], row["giver"], row["receiver"]) == (pledge["id"], need["id"], "X-2", "X-1")
        assert row["overdue"] is False

    def test_what_is_not_yet_available_stays_with_its_unit(self, there, committee):
        giving.offer(there)
        assert committee.rows("pledges") == []
        assert len(machine(there.next_door).rows("pledges")) == 1

    def test_a_role_that_does_not_give_sees_none(self, there, given):
        steward = machine(there.province, Role.STEWARD)
        assert [steward.rows(path) for path in ("pledges", "needs", "allocations")] == [[], [], []]

    def test_they_take_a_fixed_number_of_queries(self, there, committee, given):
        paths = ("pledges", "needs", "allocations")
        before = [committee.queries(path) for path in paths]
        giving.give(there, giving.available(there, title="Nữa"), giving.ask(there, title="Nữa"))
        assert [committee.queries(path) for path in paths] == before
