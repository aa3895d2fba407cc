"""A placement without an account: it adapts, says where to begin, and leaves nothing behind."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.core import signing

from hocvuso.assess import placements
from hocvuso.assess.models import Attempt, Item
from hocvuso.assess.placements import Placement, _pool
from hocvuso.people.models import Person
from tests import world

from .sitting import INTRO, START, signed_in

FEW = world.ROOT / "tests" / "programmes" / "hai-bai"
PLACEMENT = "/kiem-tra/hai-bai/xep-bac/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(programme, tmp_path):
    """With questions enough in its lessons: three more of each kind in both."""
    folder = Path(shutil.copytree(world.ROOT / "tests" / "programmes" / "hai-bai", tmp_path / "hai-bai"))
    for lesson, outcome in (("bai-mot", "TH-01"), ("bai-hai", "TH-02")):
        with (folder / lesson / "items.yaml").open("a") as items:
            for n in range(3):
                about = f"use: check, outcome: {outcome}, difficulty: medium, why: Thế."
                options = "{text: A, right: true, why: a}, {text: B, why: b}, {text: C, right: true, why: c}"
                items.write(f"- {{key: n{n}, type: multi, {about}, stem: Nhiều {n}, options: [{options}]}}\n")
                items.write(f"- {{key: o{n}, type: order, {about}, stem: Xếp {n}, sequence: [Một, Hai, Ba]}}\n")
    return world.publish(folder)


def under_way(programme, url):
    [token] = parse_qs(urlsplit(url).query)["bai"]
    return Placement.of(programme, token)


def answered(client, programme, url, *, right=True):
    """Answer the question at an address as a browser does; where that leads."""
    there = under_way(programme, url)
    _banked, item = _pool(programme)[there.items[-1]]
    said = set(range(len(item.sequence))) or {n for n, o in enumerate(item.options) if o.right is right}
    order = sorted(said, reverse=not right)
    typed = {"position": len(there.responses), "type": item.type}
    if item.type == "order":
        typed |= {f"place-{option}": place for place, option in enumerate(order, 1)}
    else:
        typed |= {"option": order if item.type == "multi" else order[:1]}
    return client.post(url, typed)["Location"]


def walk(client, programme, *, right=True):
    """Answer all: the address of the result."""
    url = client.get(PLACEMENT)["Location"]
    for _question in range(13):
        if under_way(programme, url).question is None:
            return url
        url = answered(client, programme, url, right=right)
    raise AssertionError("it does not end")


class TestAStranger:
    def test_is_offered_it_without_signing_in(self, client, programme):
        assert f'href="{PLACEMENT}"' in client.get(INTRO).text
        assert "Không cần đăng nhập, không lưu lại gì." in client.get(INTRO).text

    @pytest.mark.parametrize("right", [True, False])
    def test_learns_where_to_begin(self, client, programme, right):
        page = client.get(walk(client, programme, right=right))
        result = page.context["attempt"].result
        assert "Bạn nên bắt đầu từ bậc 1." in page.text and result["asked"] >= 4
        assert result["right"] == (result["asked"] if right else 0)
        assert bool(page.context["study"]) is not right and page.context["begin"].key == "bai-mot"

    def test_leaves_nothing_behind(self, client, programme):
        before = list(Item.objects.order_by("pk").values())
        walk(client, programme)
        assert not Attempt.objects.exists() and list(Item.objects.order_by("pk").values()) == before
        assert set(client.cookies) <= {"csrftoken", "messages"}

    def test_is_asked_nothing_that_a_test_asks(self, client, programme):
        asked = under_way(programme, walk(client, programme)).items
        stems = {_pool(programme)[name][1].stem for name in asked}
        assert stems and not stems & {item.content["stem"] for item in Item.objects.all()}

    def test_is_kept_by_nobody_on_the_way(self, client, programme):
        url = client.get(PLACEMENT)["Location"]
        first, again = client.get(url), client.get(url)
        assert "no-store" in first["Cache-Control"] and first.context["question"] == again.context["question"]

    def test_goes_back_and_answers_again(self, client, programme):
        first = client.get(PLACEMENT)["Location"]
        wrong, right = (under_way(programme, answered(client, programme, first, right=good)) for good in (False, True))
        assert wrong.responses != right.responses and len(right.responses) == 1

    def test_who_answers_nothing_is_told_so_at_the_same_question(self, client, programme):
        first = client.get(PLACEMENT)["Location"]
        again = client.post(first, {"position": 0, "type": "choice"})
        assert again.status_code == 400 and again.context["question"] == client.get(first).context["question"]

    @pytest.mark.parametrize("token", ["x", "a:b:c", "of another programme"])
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_an_address_that_is_none_of_ours_leads_to_a_new_one_and_says_so(self, client, programme, token, method):
        if " " in token:
            token = signing.dumps(["khac", 1, [], []], salt="placement")
        answer = getattr(client, method)(f"{PLACEMENT}?{urlencode({'bai': token})}")
        assert under_way(programme, answer["Location"]).responses == ()
        assert "không còn dùng được" in client.get(answer["Location"]).text

    def test_a_day_later_one_begins_anew(self, client, programme, monkeypatch):
        url = client.get(PLACEMENT)["Location"]
        monkeypatch.setattr(placements, "LASTS", timedelta(seconds=-1))
        assert (
            "không còn dùng được" in client.get(url, follow=False).cookies["messages"].value
            or client.get(url).status_code == 302
        )

    def test_a_question_that_no_lesson_asks_any_more_ends_it(self, client, programme):
        token = signing.dumps(["hai-bai", 1, ["hai-bai/bai-mot/het-roi"], []], salt="placement", compress=True)
        assert client.get(PLACEMENT, {"bai": token}).status_code == 302

    def test_a_programme_that_is_not_there_has_none(self, client, db):
        assert client.get("/kiem-tra/khong-co/xep-bac/").status_code == 404


def test_where_lessons_ask_too_little_none_is_offered(client, cast, world_of):
    programme = world_of("few", lambda: (world.frameworks(), world.publish(FEW))[1])
    assert "Bài xếp bậc" not in client.get(INTRO).text
    assert client.get(PLACEMENT).status_code == 409 and programme


class TestWhoHasAnAccount:
    def test_has_theirs_kept_also_after_a_refusal(self, cast, programme):
        client = signed_in(cast.hoa)
        assert f'action="{START}"' in client.get(INTRO).text and PLACEMENT not in client.get(INTRO).text
        client.post(f"{client.post(START, {'kind': 'final'})['Location']}nop/")
        refused = client.post(START, {"kind": "final"})
        assert refused.status_code == 409 and PLACEMENT not in refused.text and "Lần gần nhất:" in refused.text

    def test_without_consent_has_one_of_which_nothing_is_kept(self, programme):
        client = signed_in(Person.objects.create(name="Na"))
        assert PLACEMENT in client.get(INTRO).text
        assert client.get(walk(client, programme)).status_code == 200 and not Attempt.objects.exists()
