"""My data: seen, taken away, erased."""

import csv
import json
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.test import Client

from hocvuso.assess import services as assess
from hocvuso.assess.models import Attempt, Item
from hocvuso.credentials import services as credentials
from hocvuso.helpdesk.models import ResidentRequest
from hocvuso.people.models import Person, PrivacyRequest
from hocvuso.records import services as records
from hocvuso.records.models import Statement
from hocvuso.web.account.data import pages
from hocvuso.web.kit.auth import device_key
from hocvuso.web.kit.downloads import is_export
from tests import world
from tests.world import batch, statement, take_final

pytestmark = pytest.mark.django_db
DATA, TAKE, ERASE = "/tai-khoan/du-lieu/", "/tai-khoan/du-lieu/tai/", "/tai-khoan/du-lieu/xoa/"


def line(client, key):
    """One line of the register, as the download tells it."""
    return next(told for told in json.loads(client.get(TAKE).content)["processings"] if told["key"] == key)


def taken(client, key, word):
    """The rows of one table in it."""
    return line(client, key)["tables"][word]


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
        page = world.flat(hoa.get(DATA).text)
        assert "…001" in page and "900000001" not in page
        assert "<dt>Bài kiểm tra: câu trả lời, kết quả</dt><dd>" in page
        assert "<dt>Dân tộc</dt>" not in page and "Số đếm theo nhóm" not in page

    def test_the_page_asks_as_many_queries_for_much_as_for_nothing(self, hoa, cast, django_assert_max_num_queries):
        with django_assert_max_num_queries(12):
            hoa.get(DATA)

    def test_taking_it_is_noted(self, hoa, cast):
        hoa.get(TAKE)
        assert PrivacyRequest.objects.get().kind == "export" and "tải về" in hoa.get(DATA).text

    def test_much_of_it_is_written_by_the_process_for_downloads(self, hoa, monkeypatch):
        monkeypatch.setattr(pages, "LARGE", 3)
        path, _mark, query = hoa.get(TAKE, {"dang": "zip"})["Location"].partition("?")
        assert is_export(path, query) and hoa.get(f"{path}?{query}")["Content-Type"] == "application/zip"


class TestTheDownload:
    def test_own_addresses_are_in_full(self, hoa):
        assert taken(hoa, "sign-in", "identifier")[0]["sealed"] == "+84900000001"

    def test_answers_in_lessons_and_tests_are_in_it(self, hoa):
        assert len(taken(hoa, "learning", "statement")) == 1
        assert {row["correct"] for row in taken(hoa, "tests", "answer")} == {True}

    def test_the_key_of_a_test_under_way_is_not_told(self, cast, programme, client):
        attempt = assess.start(person=cast.hoa, programme=programme, kind=Attempt.Kind.FINAL)
        item = Item.objects.get(pk=attempt.form["items"][0]["id"])
        assess.answer(attempt=attempt, position=0, response=world.right_response(item))
        world.sign_in(client, cast.hoa)
        (row,) = taken(client, "tests", "answer")
        assert row["correct"] is None and row["response"] and taken(client, "tests", "attempt")[0]["form"] is None

    def test_things_are_named_as_people_know_them(self, hoa):
        (row,) = taken(hoa, "learning", "lesson-progress")
        assert row["lesson"] == "hai-bai/bai-mot" and row["person"] == "(bạn)"

    def test_it_says_what_is_not_in_it_and_why(self, hoa):
        withheld = line(hoa, "sign-in")["withheld"]
        assert "bí mật của tài khoản" in withheld["people.Person.totp_sealed"]

    def test_nothing_of_the_neighbour_is_in_it(self, hoa, cast):
        text = hoa.get(TAKE).text
        assert str(cast.hoa.pk) in text and str(cast.binh.pk) not in text and "900000002" not in text

    def test_roles_belong_to_it_and_who_gave_them_is_masked(self, cast, client):
        world.sign_in(client, cast.an)
        (role,) = taken(client, "roles", "role-grant")
        assert role["unit"] == "SO-1" and role["person"] == "(bạn)" and role["granted_by"] in (None, "(người khác)")

    def test_what_an_officer_wrote_down_for_a_resident_is_the_residents(self, hoa, cast, client):
        asked = {"unit": cast.school, "topic": "phone", "reference": "a1", "due_on": "2030-01-01"}
        ResidentRequest.objects.create(**asked, text="Máy hỏng", asker=cast.hoa, recorded_by=cast.lan)
        world.sign_in(client, cast.lan)
        (of_the_officer,) = taken(client, "help", "resident-request")
        assert taken(hoa, "help", "resident-request")[0]["text"] == "Máy hỏng"
        assert of_the_officer["text"] == "(của người khác)" and of_the_officer["recorded_by"] == "(bạn)"

    def test_as_tables_it_opens_in_a_spreadsheet(self, hoa):
        answer = hoa.get(TAKE, {"dang": "zip"})
        assert answer["Content-Disposition"] == 'attachment; filename="du-lieu-cua-toi.zip"'
        with ZipFile(BytesIO(answer.content)) as archive:
            assert "sign-in/ — " in archive.read("doc-truoc.txt").decode()
            rows = list(csv.DictReader(StringIO(archive.read("sign-in/identifier.csv").decode("utf-8-sig"))))
        assert rows[0]["sealed"] == "'+84900000001"  # a text, not a formula


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
        assert hoa.cookies["hv_erased"].value == device_key(cast.hoa)  # what waits on the device goes too
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
