"""Programs of a unit: made by its leader, shown once, ended; next door knows nothing of them."""

from __future__ import annotations

import pytest

from hocvuso.interop.models import ApiClient
from hocvuso.people.models import RoleGrant
from hocvuso.people.rules import Role
from hocvuso.people.services import roles as grant
from tests import world

pytestmark = pytest.mark.django_db
URL = "/dieu-hanh/api/"
TYPED = {"name": "Kho dữ liệu Sở", "unit": "SO-1", "role": "steward", "scopes": ["figures:read", "hooks"]}


@pytest.fixture
def lan(cast, client):
    world.sign_in(client, cast.lan)
    return client


def asks(client, secret):
    return client.get("/api/v1/units", headers={"Authorization": f"Bearer {secret}"})


class TestClients:
    def test_the_secret_is_shown_once_and_works_until_the_client_is_ended(self, lan, cast):
        made = lan.post(URL, TYPED)
        secret = made.context["secret"]
        assert secret in made.text and "Kho dữ liệu Sở" in made.text
        assert secret not in lan.get(URL).text
        assert {row["code"] for row in asks(lan, secret).json()["items"]} >= {"SO-1"}
        ended = lan.post(f"{URL}{ApiClient.objects.get().pk}/dung/", follow=True)
        assert "Đã dừng" in ended.text and asks(lan, secret).status_code == 401

    @pytest.mark.parametrize(
        ("changes", "field"),
        [({"name": " "}, "name"), ({"scopes": []}, "scopes"), ({"unit": "SO-2"}, "unit"), ({"unit": "?"}, "unit"),
         ({"role": "operator"}, "role"), ({"role": "king"}, "role"), ({"scopes": ["all"]}, "scopes"),
         ({"name": "x" * 100_000}, "name"), ({"unit": "\0"}, "unit")],
    )  # fmt: skip
    def test_what_cannot_be_is_said_at_its_field_and_the_rest_stays(self, lan, cast, changes, field):
        before = RoleGrant.objects.count()
        page = lan.post(URL, TYPED | changes)
        assert page.status_code == 400 and f'id="error-{field}"' in page.text and "figures:read" in page.text
        assert changes.get("name", TYPED["name"]).strip() in page.text
        assert not ApiClient.objects.exists() and RoleGrant.objects.count() == before

    def test_all_that_is_wrong_is_said_at_once(self, lan, cast):
        page = lan.post(URL, {"name": "", "unit": "SO-2", "role": "king", "scopes": ["all"]})
        assert all(f'id="error-{field}"' in page.text for field in ("name", "unit", "role", "scopes"))
        assert "Có 4 chỗ cần sửa" in page.text and 'value="SO-2"' in page.text and not ApiClient.objects.exists()

    def test_a_role_that_one_may_not_grant_is_refused_at_its_field(self, cast, client):
        grant.grant(person=cast.hoa, role=Role.MANAGER, unit=cast.school, by=cast.lan)
        world.sign_in(client, cast.hoa)
        page = client.post(URL, TYPED | {"unit": "T-1", "role": "leader"})
        assert page.status_code == 400 and 'id="error-role"' in page.text and not ApiClient.objects.exists()

    def test_next_door_neither_sees_nor_ends_it(self, lan, cast, client):
        lan.post(URL, TYPED)
        made = ApiClient.objects.get()
        world.sign_in(client, cast.xuan)
        assert "Kho dữ liệu Sở" not in client.get(URL).text
        assert client.post(f"{URL}{made.pk}/dung/").status_code == 404
        made.refresh_from_db()
        assert made.ended_at is None

    def test_without_the_right_to_grant_there_is_no_such_page(self, cast, client):
        world.sign_in(client, cast.an)
        assert client.get(URL).status_code == 404
