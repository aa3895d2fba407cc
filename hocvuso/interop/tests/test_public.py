"""The public read API: what everybody may ask, without a secret."""

import re

import pytest
from django.conf import settings

from hocvuso.credentials import services as credentials
from hocvuso.indicators import services as indicators
from hocvuso.interop.api import shapes
from hocvuso.library import services as library
from hocvuso.library.models import Lesson, LessonSound
from hocvuso.units.services import load_places
from tests.world import ROOT, take_final

pytestmark = pytest.mark.django_db


SHAPES = [shapes.Catalogue, shapes.Frameworks, shapes.Places, shapes.Indicators]


class TestCatalogue:
    def test_it_lists_programmes_and_lessons_with_all_a_catalogue_needs(self, programme, client):
        answer = client.get("/api/v1/catalogue")
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        (row,) = answer.json()["programmes"]
        assert (row["key"], row["title"], row["title_en"]) == ("hai-bai", "Hai bài thử", "Two trial lessons")
        assert row["edition"] == programme.current.bundle
        assert row["outcomes"][0]["competency"] == "TT02-2025/4.2"
        assert [lesson["key"] for lesson in row["lessons"]] == ["hai-bai/bai-mot", "hai-bai/bai-hai"]
        assert {"language", "audience", "kinds", "licence", "url", "minutes", "outcomes"} <= set(row["lessons"][0])

    def test_its_addresses_lead_to_the_pages(self, programme, client):
        (row,) = client.get("/api/v1/catalogue").json()["programmes"]
        for url in [row["url"], *(lesson["url"] for lesson in row["lessons"])]:
            assert client.get(url.removeprefix(settings.BASE_URL)).status_code == 200

    def test_a_lesson_that_is_spoken_says_where(self, programme, client, settings):
        settings.ENV = {**settings.ENV, "HOCVUSO_SPEECH": "built-in"}
        lesson = Lesson.objects.get(address="hai-bai/bai-mot")
        facts = {"script": "1" * 64, "folder": "2" * 64, "seconds": 60, "bytes": 120_000}
        LessonSound.objects.create(lesson=lesson, bundle=programme.current.bundle, **facts)
        (row,) = client.get("/api/v1/catalogue").json()["programmes"]
        one, other = row["lessons"]
        assert one["kinds"] == ["text", "pictures", "sound"] and one["sound"].endswith("/hoc/hai-bai/bai-mot/nghe/")
        assert other["kinds"] == ["text", "pictures"] and other["sound"] == ""

    def test_what_is_withdrawn_is_not_in_it(self, programme, client):
        library.withdraw(edition=programme.current)
        assert client.get("/api/v1/catalogue").json() == {"programmes": []}

    def test_no_key_of_a_test_item_is_in_it(self, programme, client):
        text = client.get("/api/v1/catalogue").text
        assert "KHOA-DUNG" not in text and "BI-MAT" not in text


def test_frameworks_say_where_they_are_taken_whole(programme, client):
    rows = client.get("/api/v1/frameworks").json()["frameworks"]
    assert "TT02-2025" in {row["key"] for row in rows}
    for row in rows:
        assert row["sources"]
        for url in (row["case"], row["csv"]):
            assert client.get(url.removeprefix(settings.BASE_URL)).status_code == 200


class TestPlaces:
    @pytest.fixture(autouse=True)
    def _places(self, db):
        load_places(ROOT / "data" / "places.csv")

    def test_they_come_in_pages(self, client):
        first = client.get("/api/v1/places").json()
        assert (first["page"], len(first["places"])) == (1, 500) and first["pages"] == -(-first["count"] // 500)
        last = client.get("/api/v1/places", {"page": first["pages"]}).json()
        assert len(last["places"]) == first["count"] - 500 * (first["pages"] - 1)
        assert {p["code"] for p in first["places"]}.isdisjoint(p["code"] for p in last["places"])

    def test_kind_and_parent_narrow_them(self, client):
        provinces = client.get("/api/v1/places?kind=province").json()
        assert provinces["count"] == 34 and {p["kind"] for p in provinces["places"]} == {"province"}
        hanoi = client.get("/api/v1/places?parent=01").json()
        assert 0 < hanoi["count"] < 500 and {p["parent_id"] for p in hanoi["places"]} == {"01"}

    def test_a_place_carries_its_source(self, client):
        place = client.get("/api/v1/places?kind=province").json()["places"][0]
        assert (place["code"], place["name"]) == ("01", "Thành phố Hà Nội") and place["source"]

    @pytest.mark.parametrize(
        "query", ["kind=x", "parent=zz", "parent=%27", "kind=%F0%9F%92%A1", "kind=%00", "parent=%00"]
    )
    def test_a_narrowing_that_fits_nothing_is_an_empty_list(self, client, query):
        assert client.get(f"/api/v1/places?{query}").json()["places"] == []

    @pytest.mark.parametrize("page", ["0", "-3", "x", "99999999999"])
    def test_a_page_that_is_not_there_is_the_nearest_one(self, client, page):
        assert client.get("/api/v1/places", {"page": page}).json()["places"]


def test_public_indicators_count_the_country_as_it_is_now(cast, programme, client):
    indicators.load_reference(ROOT / "data")

    def value(name):
        indicators.roll_up()
        rows = client.get("/api/v1/indicators").json()["indicators"]
        return next((row["value"], row["withheld"]) for row in rows if row["name"] == name)

    assert value("certificates-valid") == (0, False)
    made = credentials.issue(attempt=take_final(cast.hoa, programme))
    assert value("certificates-valid") == (1, False)
    credentials.revoke(credential=made, reason="sai")
    assert value("certificates-valid") == (0, False)
    assert value("people-passed") == (None, True)  # one person only
    listed = {row["name"] for row in client.get("/api/v1/indicators").json()["indicators"]}
    assert "learners" in listed and "accounts" not in listed


def test_the_description_tells_only_of_what_is_there(programme, client):
    description = client.get("/api/v1/openapi.json").json()
    assert description["openapi"].startswith("3.1") and description["info"]["version"]
    public = {f"/api/v1/{name}" for name in ("catalogue", "frameworks", "places", "indicators")}
    assert {path for path, acts in description["paths"].items() if acts.get("get", {}).get("security") == []} == public
    for path in public:
        assert client.get(path).status_code == 200
    for path, acts in description["paths"].items():
        for method, act in acts.items():
            assert act["summary"] and act["operationId"], f"{method} {path} is not described"
            if path not in public:
                there = re.sub(r"{\w+}", "x", path)
                assert getattr(client, method)(there).status_code in (401, 403, 404), f"{method} {there} is open"


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_what_is_public_answers_as_it_is_described(programme, client, shape):
    load_places(ROOT / "data" / "places.csv")
    indicators.load_reference(ROOT / "data")
    answer = client.get(f"/api/v1/{shape.__name__.lower()}").json()
    assert shape.model_validate(answer).model_dump(mode="json", exclude_unset=True) == answer
    assert any(answer.values())


@pytest.mark.parametrize("name", ["catalogue", "frameworks", "places", "indicators", "openapi.json"])
def test_any_page_of_any_site_may_ask(client, name):
    assert client.get(f"/api/v1/{name}")["Access-Control-Allow-Origin"] == "*"
    assert client.head(f"/api/v1/{name}").status_code == 200
    assert client.post(f"/api/v1/{name}").status_code == 405
