"""A placement without an account: it adapts, says where to begin, and leaves nothing behind."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing

from hocvuso.assess.models import Attempt, Item
from hocvuso.assess.placements import Placement
from hocvuso.people.models import Person
from tests.world import right_response, wrong_response

from .sitting import INTRO, START, signed_in

PLACEMENT = "/kiem-tra/hai-bai/xep-bac/"

pytestmark = pytest.mark.django_db


def under_way(programme, url):
    [token] = parse_qs(urlsplit(url).query)["bai"]
    return Placement.of(programme, token)


def response_to(client, programme, page, *, right):
    """What a browser sends for the question on a page: the address of its form, and the fields."""
    there = Placement.of(programme, page.context["token"])
    item = Item.objects.get(pk=there.items[-1])
    response = right_response(item) if right else wrong_response(item)
    typed = {"position": len(there.responses), "type": item.content["type"]}
    if item.content["type"] == "order":
        typed |= {f"place-{option}": place for place, option in enumerate(response, 1)}
    else:
        typed |= {"option": response}
    return client.post(f"{PLACEMENT}?bai={page.context['token']}", typed)


def walk(client, programme, *, right=True):
    """Answer all: the page of the result."""
    page = client.get(PLACEMENT)
    for _question in range(13):
        if not page.context.get("question"):
            return page
        page = client.get(response_to(client, programme, page, right=right)["Location"])
    raise AssertionError("it does not end")


class TestAStranger:
    def test_is_offered_it_without_signing_in(self, client, programme):
        assert f'href="{PLACEMENT}"' in client.get(INTRO).text
        assert "Không cần đăng nhập, không lưu lại gì." in client.get(INTRO).text

    @pytest.mark.parametrize("right", [True, False])
    def test_learns_where_to_begin(self, client, programme, right):
        page = walk(client, programme, right=right)
        result = page.context["attempt"].result
        assert "Bạn nên bắt đầu từ bậc 1." in page.text and result["asked"] >= 4
        assert result["right"] == (result["asked"] if right else 0)
        assert bool(page.context["study"]) is not right

    def test_leaves_nothing_behind(self, client, programme):
        before = list(Item.objects.order_by("pk").values())
        walk(client, programme)
        assert not Attempt.objects.exists() and list(Item.objects.order_by("pk").values()) == before
        assert set(client.cookies) <= {"csrftoken", "messages"}

    def test_is_kept_by_nobody_on_the_way(self, client, programme):
        assert "no-store" in client.get(PLACEMENT)["Cache-Control"]

    def test_goes_back_and_answers_again(self, client, programme):
        first = client.get(PLACEMENT)
        wrong = under_way(programme, response_to(client, programme, first, right=False)["Location"])
        right = under_way(programme, response_to(client, programme, first, right=True)["Location"])
        assert wrong.responses != right.responses and len(right.responses) == 1

    def test_who_answers_nothing_is_told_so_at_the_same_question(self, client, programme):
        first = client.get(PLACEMENT)
        again = client.post(f"{PLACEMENT}?bai={first.context['token']}", {"position": 0, "type": "choice"})
        assert again.status_code == 400 and again.context["question"] == first.context["question"]

    def test_the_address_tells_no_key(self, client, programme):
        first = client.get(PLACEMENT)
        said = signing.loads(first.context["token"], salt="placement")
        assert said == ["hai-bai", said[1], list(Placement.of(programme, first.context["token"]).items), []]

    @pytest.mark.parametrize("token", ["x", "a:b:c", ""])
    def test_an_address_that_is_not_ours_is_said_to_be_outworn(self, client, programme, token):
        answer = client.get(PLACEMENT, {"bai": f"{token}z"})
        assert answer.status_code == 409 and "không còn dùng được" in answer.text

    def test_one_of_another_programme_is_none_of_this(self, client, programme):
        token = signing.dumps(["khac", 1, [], []], salt="placement", compress=True)
        assert client.get(PLACEMENT, {"bai": token}).status_code == 409

    def test_a_programme_that_is_not_there_has_none(self, client, db):
        assert client.get("/kiem-tra/khong-co/xep-bac/").status_code == 404


class TestWhoHasAnAccount:
    def test_has_theirs_kept(self, cast, programme):
        client = signed_in(cast.hoa)
        assert f'action="{START}"' in client.get(INTRO).text and PLACEMENT not in client.get(INTRO).text

    def test_without_consent_has_one_of_which_nothing_is_kept(self, programme):
        client = signed_in(Person.objects.create(name="Na"))
        assert PLACEMENT in client.get(INTRO).text
        assert walk(client, programme).status_code == 200 and not Attempt.objects.exists()
