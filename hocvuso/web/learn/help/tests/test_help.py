"""“Nhờ giúp”: from the question to the rating, as a resident does it."""

from __future__ import annotations

import pytest

from hocvuso.helpdesk.models import ResidentRequest
from hocvuso.helpdesk.services import requests
from hocvuso.people.models import Person
from tests import world
from tests.commune import commune

pytestmark = pytest.mark.django_db
URL = "/nho-giup/"


@pytest.fixture
def there():
    return commune()


@pytest.fixture
def hoa(client, there):
    world.sign_in(client, there.hoa)
    return client


def ask(client, **changes):
    return client.post(URL, {"topic": "device", "text": "Điện thoại không lên"} | changes)


def test_a_stranger_reads_what_it_is_and_signs_in_to_ask(client, db):
    assert "/tai-khoan/dang-nhap/?next=/nho-giup/" in client.get(URL).text
    assert ask(client)["Location"].startswith("/tai-khoan/dang-nhap/")


def test_asking_brings_to_the_request_and_it_is_listed(hoa, there):
    answer = ask(hoa)
    found = ResidentRequest.objects.get()
    assert answer["Location"] == f"{URL}{found.pk}/" and found.unit == there.committee
    assert "Điện thoại không lên" in hoa.get(answer["Location"]).text
    assert "Điện thoại không lên" in hoa.get(URL).text
    assert "1 việc bạn nhờ đang chờ" in hoa.get("/viec-hoc/").text


@pytest.mark.parametrize(("typed", "kept"), [({}, False), ({"may_call": "1"}, True)])
def test_one_chooses_whether_to_be_called(hoa, typed, kept):
    ask(hoa, **typed)
    assert ResidentRequest.objects.get().may_call is kept


@pytest.mark.parametrize(("changes", "field"), [({"text": " "}, "text"), ({"topic": "x"}, "topic")])
def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_is_kept(hoa, changes, field):
    answer = ask(hoa, **changes)
    assert answer.status_code == 400 and f'id="error-{field}"' in answer.text
    assert changes.get("text", "Điện thoại không lên") in answer.text
    assert not ResidentRequest.objects.exists()


def test_without_a_home_one_is_asked_for_it_first(client, there):
    world.sign_in(client, Person.objects.create(name="Ai"))
    assert "/tai-khoan/sua/?next=/nho-giup/" in client.get(URL).text
    assert ask(client).status_code == 400 and not ResidentRequest.objects.exists()


def test_solved_and_rated(hoa, there):
    page = ask(hoa)["Location"]
    found = ResidentRequest.objects.get()
    requests.take(request=found, by=there.tu)
    assert "Tư đang giúp bạn" in hoa.get(page).text
    hoa.post(f"{page}lam/", {"do": "say", "text": "Máy vẫn tối"})
    requests.solve(request=found, by=there.tu, text="Đã sạc lại")
    assert "Đã sạc lại" in hoa.get(page).text
    wrong = hoa.post(f"{page}lam/", {"do": "rate"})
    assert wrong.status_code == 400 and 'id="error-rating"' in wrong.text
    hoa.post(f"{page}lam/", {"do": "rate", "rating": "4", "text": "Nhanh"})
    assert "Bạn đã đánh giá 4 trên 5" in hoa.get(page).text


def test_a_helper_without_a_name_has_no_mark_for_who_asked(hoa, there):
    page = ask(hoa)["Location"]
    Person.objects.filter(pk=there.tu.pk).update(name="")
    tu = Person.objects.get(pk=there.tu.pk)
    requests.take(request=ResidentRequest.objects.get(), by=tu)
    requests.say(request=ResidentRequest.objects.get(), text="Tôi qua ngay", by=tu)
    text = hoa.get(page).text
    assert "Người học đang giúp bạn" in text and "Tôi qua ngay" in text and str(tu) not in text


def test_not_solved_it_goes_back_with_the_reason(hoa, there):
    page = ask(hoa)["Location"]
    hoa.post(f"{page}lam/", {"do": "solve"})
    assert hoa.post(f"{page}lam/", {"do": "again", "text": ""}).status_code == 400
    hoa.post(f"{page}lam/", {"do": "again", "text": "Lại tắt rồi"})
    found = ResidentRequest.objects.get()
    assert found.state == "asked" and "Lại tắt rồi" in hoa.get(page).text


def test_withdrawn(hoa):
    page = ask(hoa)["Location"]
    hoa.post(f"{page}lam/", {"do": "withdraw"})
    assert ResidentRequest.objects.get().state == "withdrawn"


def test_lessons_are_offered_at_once(hoa, programme):
    text = hoa.get(ask(hoa, text="Có người lạ gọi, tôi sợ bị lừa đảo")["Location"]).text
    assert "/hoc/hai-bai/" in text and world.flat(text).count("Trợ lý ·") == world.flat(text).count("Bạn ·") == 1


def test_nobody_else_opens_it(hoa, client, there):
    page = ask(hoa)["Location"]
    for other in (there.tu, there.nga):
        world.sign_in(client, other)
        assert client.get(page).status_code == 404 == client.post(f"{page}lam/", {"do": "solve"}).status_code


def test_it_is_among_my_data(hoa):
    ask(hoa)
    (kept,) = hoa.get("/tai-khoan/du-lieu/tai/").json()["resident_requests"]
    assert kept["text"] == "Điện thoại không lên"


def test_queries_do_not_grow(hoa, there, django_assert_max_num_queries):
    hoa.get(URL)
    for n in range(9):
        ask(hoa, text=f"Việc {n}")
    with django_assert_max_num_queries(6):
        hoa.get(URL)
