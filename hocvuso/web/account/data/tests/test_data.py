"""My data: seen, taken away, erased."""

import json

import pytest
from django.test import Client

from hocvuso.credentials import services as credentials
from hocvuso.people.models import Person, PrivacyRequest
from hocvuso.records import services as records
from hocvuso.records.models import Statement
from tests import world
from tests.world import batch, statement, take_final

pytestmark = pytest.mark.django_db
DATA, TAKE, ERASE = "/tai-khoan/du-lieu/", "/tai-khoan/du-lieu/tai/", "/tai-khoan/du-lieu/xoa/"


@pytest.fixture
def hoa(cast, programme):
    """Hoa has learned, passed, and holds a certificate; Bình has learned too."""
    for person in (cast.hoa, cast.binh):
        records.append(person=person, batch=batch(statement(verb="completed", kind="lesson")))
    credentials.issue(attempt=take_final(cast.hoa, programme))
    client = Client()
    world.sign_in(client, cast.hoa)
    return client


class TestSeeing:
    def test_the_page_counts_what_is_kept(self, hoa):
        page = hoa.get(DATA).text
        assert "…001" in page and "900000001" not in page
        for what in ("Bản ghi học tập", "Bài kiểm tra", "Chứng nhận"):
            assert f"<dt>{what}</dt><dd>1</dd>" in world.flat(page)

    def test_the_download_holds_all_of_it_and_nothing_of_others(self, hoa, cast):
        answer = hoa.get(TAKE)
        assert answer.headers["Content-Disposition"] == 'attachment; filename="du-lieu-cua-toi.json"'
        data = json.loads(answer.content)
        assert (data["person"]["id"], data["person"]["name"]) == (str(cast.hoa.pk), "Hoa")
        assert len(data["learning"]["statements"]) == len(data["tests"]) == len(data["credentials"]) == 1
        assert data["learning"]["progress"][0]["lesson__address"] == "hai-bai/bai-mot"
        assert str(cast.binh.pk) not in answer.text and "900000001" not in answer.text

    def test_taking_it_is_noted(self, hoa, cast):
        hoa.get(TAKE)
        assert PrivacyRequest.objects.get().kind == "export" and "tải về" in hoa.get(DATA).text

    def test_roles_belong_to_it(self, cast):
        client = Client()
        world.sign_in(client, cast.an)
        assert json.loads(client.get(TAKE).content)["roles"][0]["unit__code"] == "SO-1"


class TestErasing:
    @pytest.mark.parametrize(("send", "status"), [("get", 200), ("post", 400)])
    def test_it_asks_first(self, hoa, cast, send, status):
        page = getattr(hoa, send)(ERASE)
        assert page.status_code == status and "Tôi hiểu và muốn xoá." in page.text
        assert Person.objects.get(pk=cast.hoa.pk).is_active

    def test_sure_erases_and_signs_out(self, hoa, cast, django_capture_on_commit_callbacks):
        hoa.cookies["hv_in"] = "1"
        with django_capture_on_commit_callbacks(execute=True):
            assert hoa.post(ERASE, {"sure": "1"})["Location"] == "/"
        assert hoa.cookies["hv_erased"].value == "1"  # what waits on the device goes too
        assert hoa.cookies["hv_in"].value == "" and hoa.get("/viec-hoc/").status_code == 302
        gone = Person.objects.get(pk=cast.hoa.pk)
        assert (gone.name, gone.is_active, gone.identifiers.count()) == ("", False, 0)
        assert set(Statement.objects.values_list("person", flat=True)) == {cast.binh.pk}

    def test_the_next_page_confirms_it(self, hoa):
        hoa.post(ERASE, {"sure": "1"})
        assert "Tài khoản và dữ liệu của bạn đã được xoá." in hoa.get("/").text

    def test_roles_end_with_the_account_and_the_page_says_what_follows(self, cast, client):
        world.sign_in(client, cast.lan)
        assert "Sau bạn, ở Sở Một không còn ai mời được người khác" in client.get(ERASE).text
        assert client.post(ERASE, {"sure": "1"})["Location"] == "/"
        assert cast.lan.grants.get().ends_at and not Person.objects.get(pk=cast.lan.pk).is_active

    def test_one_factor_erases_no_account_that_holds_roles(self, cast, client):
        world.sign_in(client, cast.lan, strong=False)
        assert client.post(ERASE, {"sure": "1"})["Location"].startswith("/tai-khoan/buoc-hai/")
        assert Person.objects.get(pk=cast.lan.pk).is_active
