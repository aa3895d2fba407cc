"""Devices send what was done, as often as they like; a person's progress comes back to the pages."""

import json
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from hocvuso.learning.models import LessonProgress
from hocvuso.records.models import Statement
from hocvuso.web.kit.auth import device_key
from tests import world
from tests.world import statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def hoa(cast, programme):
    client = Client()
    world.sign_in(client, cast.hoa)
    return client


def send(client, *statements, body=None):
    body = json.dumps({"statements": list(statements)}) if body is None else body
    return client.post("/ghi/", body, content_type="application/json")


class TestWhose:
    """A device says whose the batch is by the key of that account's cookie."""

    def send(self, client, whose):
        batch = json.dumps({"statements": [statement()]})
        return client.post("/ghi/", batch, content_type="application/json", headers={"Hv-Person": whose})

    def test_ones_own_is_taken(self, hoa, cast):
        assert self.send(hoa, device_key(cast.hoa)).status_code == 200

    def test_anothers_is_not_and_the_device_is_told_who_is_signed_in(self, hoa, cast):
        answer = self.send(hoa, device_key(cast.binh))
        assert answer.status_code == 409 and answer.json()["type"] == "urn:hocvuso:problem:another-person"
        assert answer.cookies["hv_in"].value == device_key(cast.hoa)
        assert not Statement.objects.exists()

    def test_a_device_that_knows_an_older_mark_learns_the_key(self, hoa, cast):
        hoa.cookies["hv_in"] = "1"
        assert hoa.get("/viec-hoc/trang-thai.json?programme=hai-bai").cookies["hv_in"].value == device_key(cast.hoa)
        assert "hv_in" not in hoa.get("/viec-hoc/trang-thai.json?programme=hai-bai").cookies

    @pytest.mark.parametrize("ask", ["post", "get"])
    def test_a_mark_that_outlived_its_session_is_taken_back(self, cast, ask):
        client = Client()
        client.cookies["hv_in"] = device_key(cast.hoa)
        answer = self.send(client, device_key(cast.hoa)) if ask == "post" else client.get("/viec-hoc/trang-thai.json")
        assert answer.status_code == 401 and answer.cookies["hv_in"].value == ""
        assert answer.cookies["hv_in"]["max-age"] == 0

    def test_the_mark_lasts_no_longer_than_a_session_may(self, cast, programme):
        for person, longest in ((cast.hoa, 90 * 24 * 3600), (cast.lan, 7 * 24 * 3600)):
            client = Client()
            world.sign_in(client, person)
            assert client.get("/viec-hoc/trang-thai.json").cookies["hv_in"]["max-age"] == longest

    def test_the_key_tells_people_apart_and_says_nothing(self, cast):
        assert device_key(cast.hoa) == device_key(cast.hoa) != device_key(cast.binh)
        assert cast.hoa.pk.hex[:8] not in device_key(cast.hoa)


class TestRecording:
    def test_what_was_done_is_kept(self, hoa, cast):
        one, two = statement(), statement(verb="completed", kind="lesson")
        answer = send(hoa, one, two)
        assert answer.status_code == 200
        assert answer.json() == {"accepted": [one["id"], two["id"]], "refused": [], "later": []}
        assert set(Statement.objects.values_list("person", flat=True)) == {cast.hoa.pk}

    def test_what_staff_learned_is_kept_with_one_factor_and_waits_on_no_device(self, cast, programme):
        lan, one = Client(), statement()
        world.sign_in(lan, cast.lan, strong=False)
        assert send(lan, one).json()["accepted"] == [one["id"]] and Statement.objects.get().person == cast.lan

    def test_the_same_again_is_accepted_and_changes_nothing(self, hoa):
        one = statement(verb="completed", kind="lesson")
        first, second = send(hoa, one).json(), send(hoa, one).json()
        assert first == second == {"accepted": [one["id"]], "refused": [], "later": []}
        assert Statement.objects.count() == 1 and LessonProgress.objects.get().seconds == 20

    def test_an_id_used_for_something_else_is_refused(self, hoa):
        one = statement()
        send(hoa, one)
        answer = send(hoa, one | {"result": {"success": False}}).json()
        assert answer["accepted"] == []
        assert answer["refused"][0]["id"] == one["id"] and answer["refused"][0]["why"].startswith("409")
        assert Statement.objects.get().content["result"]["success"] is True

    def test_nobody_takes_the_id_of_another(self, hoa, cast):
        one = statement()
        send(hoa, one)
        binh = Client()
        world.sign_in(binh, cast.binh)
        assert send(binh, one).json()["refused"][0]["why"].startswith("409")
        assert Statement.objects.get().person == cast.hoa

    def test_one_bad_statement_does_not_hold_up_the_others(self, hoa):
        good = statement()
        answer = send(hoa, statement(address="hai-bai/bai-chin"), good, {"id": "x"}).json()
        assert answer["accepted"] == [good["id"]] and len(answer["refused"]) == 2


class TestRefusals:
    def test_strangers_sign_in_first(self, programme, client):
        answer = send(client, statement())
        assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
        assert json.loads(answer.content)["type"] == "urn:hocvuso:problem:sign-in-first"
        assert not Statement.objects.exists()

    @pytest.mark.parametrize(
        "body",
        [
            "",
            "{",
            "null",
            "[]",
            "3",
            "{}",
            '{"statements": 3}',
            '{"statements": {}}',
            '{"statements": []}',
            '{"statements": [}',
            json.dumps({"statements": [statement()] * 51}),
            b"\xff\xfe",
            b'{"statements": ["\xff"]}',
            "[" * 20_000,
            '{"statements": ' + "[" * 20_000,
        ],
        ids=lambda body: repr(body[:18]),
    )
    def test_what_is_no_batch_is_400(self, hoa, body):
        answer = send(hoa, body=body)
        assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
        assert json.loads(answer.content)["type"] == "urn:hocvuso:problem:bad-batch"

    def test_an_oversized_one_is_413(self, hoa):
        one = statement()
        answer = send(hoa, body=json.dumps({"statements": [one]}) + " " * 300_000)
        assert answer.status_code == 413 and not Statement.objects.exists()

    def test_nothing_is_kept_of_a_child_without_a_guardian(self, hoa, cast):
        cast.hoa.birth_year = timezone.localdate().year - 12
        cast.hoa.save()
        answer = send(hoa, statement())
        assert answer.status_code == 403
        assert json.loads(answer.content)["type"] == "urn:hocvuso:problem:needs-guardian"
        assert not Statement.objects.exists()

    def test_it_is_written_to_and_not_read(self, hoa):
        assert hoa.get("/ghi/").status_code == 405


class TestState:
    def test_it_tells_how_far_one_is(self, hoa):
        send(
            hoa,
            statement(verb="completed", kind="lesson"),
            statement(verb="completed", kind="practice", address="hai-bai/bai-hai", result={"score": {"scaled": 0.8}}),
        )
        answer = hoa.get("/viec-hoc/trang-thai.json?programme=hai-bai")
        told = answer.json()["lessons"]
        assert {address: (one["state"], one["best"]) for address, one in told.items()} == {
            "hai-bai/bai-mot": ("done", 0.0),
            "hai-bai/bai-hai": ("under-way", 0.8),
        }
        assert all(datetime.fromisoformat(one["at"]) <= timezone.now() for one in told.values())
        assert answer.headers["Cache-Control"] == "private, no-store"

    def test_home_asks_for_all_programmes_and_what_is_due(self, hoa, cast):
        send(hoa, statement(verb="completed", kind="lesson"))
        told = hoa.get("/viec-hoc/trang-thai.json").json()
        assert list(told["lessons"]) == ["hai-bai/bai-mot"] and told["due"] == 0

    def test_it_tells_nothing_of_others(self, hoa, cast):
        binh = Client()
        world.sign_in(binh, cast.binh)
        send(binh, statement(verb="completed", kind="lesson"))
        assert hoa.get("/viec-hoc/trang-thai.json?programme=hai-bai").json() == {"lessons": {}}

    @pytest.mark.parametrize("key", ["", "khong-co", "a" * 5000])
    def test_a_programme_that_is_not_there_is_empty(self, hoa, key):
        assert hoa.get("/viec-hoc/trang-thai.json", {"programme": key}).json() == {"lessons": {}}

    def test_strangers_get_401(self, client):
        assert client.get("/viec-hoc/trang-thai.json?programme=hai-bai").status_code == 401
