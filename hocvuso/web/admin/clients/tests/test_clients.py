"""Programs of a unit: made by its leader, shown once, ended; next door knows nothing of them."""

from __future__ import annotations

import pytest

from hocvuso.interop import services
from hocvuso.interop.models import ApiClient
from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.rules import Role
from hocvuso.people.services import profile
from hocvuso.people.services import roles as grant
from hocvuso.reminders.models import Notice
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


class TestAProgramWhoseMakerLeft:
    """Its secret works, and whoever made it may know it: those who can end it are told, on the page too."""

    WARNING = "người tạo không còn quyền"

    @pytest.fixture
    def made(self, lan):
        lan.post(URL, TYPED)
        return ApiClient.objects.get()

    @pytest.fixture
    def second(self, cast, client):
        """Minh leads the department too, from before."""
        grant.grant(person=cast.minh, role=Role.LEADER, unit=cast.here, by=None)
        return cast.minh

    def said(self):
        return [(client.name, role.unit.code) for client, role in services.orphans()]

    @pytest.mark.parametrize("how", ["role ended", "account erased"])
    def test_who_can_end_it_is_told(self, made, second, cast, client, how, django_capture_on_commit_callbacks):
        assert self.said() == [] and not Notice.objects.exists()
        with django_capture_on_commit_callbacks(execute=True):
            if how == "role ended":
                grant.end(grant=cast.lan.grants.get(), by=cast.oanh)
            else:
                profile.erase(person=Person.objects.get(pk=cast.lan.pk))
        told = Notice.objects.get(person=second, text__contains="Kho dữ liệu Sở")
        assert "Sở Một" in told.text and "dừng mã cũ" in told.text
        assert self.said() == [("Kho dữ liệu Sở", "SO-1")]
        world.sign_in(client, second)
        assert self.WARNING in client.get(URL).text

    def test_also_when_the_role_ended_by_its_date(self, made, cast):
        RoleGrant.objects.filter(person=cast.lan).update(starts_at="2020-01-01T00:00Z", ends_at="2020-01-02T00:00Z")
        assert len(self.said()) == 1

    def test_ending_it_settles_it(self, made, cast):
        grant.end(grant=cast.lan.grants.get(), by=cast.oanh)
        services.end_client(client=made, by=Person.objects.get(pk=cast.oanh.pk))
        assert self.said() == []

    def test_nothing_is_said_while_the_maker_has_the_right_by_another_role(self, lan, made, cast, second):
        grant.grant(person=cast.lan, role=Role.LEADER, unit=cast.ministry, by=None)
        grant.end(grant=cast.lan.grants.get(unit=cast.here), by=cast.oanh)
        assert self.said() == [] and self.WARNING not in lan.get(URL).text

    def test_nor_of_what_the_operator_made_at_the_command_line(self, cast):
        services.make_client(name="x", scopes=["figures:read"], unit=cast.here, role=Role.STEWARD, by=None)
        assert self.said() == []
