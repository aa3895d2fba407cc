"""“Nhờ giúp”: from the question to the rating, as a resident does it."""

from __future__ import annotations

import pytest
from django.test import Client

from hocvuso.helpdesk.models import RequestTerm, ResidentRequest
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


@pytest.mark.parametrize("path", [URL, f"{URL}vua-bi-lua/"])
def test_everybody_reads_what_to_do_at_once_before_any_form(client, hoa, there, path):
    for reader in (Client(), hoa):
        page = reader.get(path).text
        first = page.index("Gọi ngân hàng")
        assert 'href="tel:113"' in page and "vneid.gov.vn" in page and "mặt sau thẻ" in page
        assert "<textarea" not in page or first < page.index("<textarea")
        assert "dang-nhap" not in page[page.index("<main") : first]


def test_no_number_of_a_card_or_code_is_stored_and_the_page_says_so(hoa, there):
    answer = ask(hoa, topic="safety", text="Thẻ 4111 1111 1111 1111, mã OTP 482913, nó gọi từ 0912 345 678")
    kept = ResidentRequest.objects.get().text
    assert "4111" not in kept and "482913" not in kept and "0912 345 678" in kept
    assert "chúng tôi đã che đi" in hoa.get(answer["Location"]).text
    page = answer["Location"]
    hoa.post(f"{page}lam/", {"do": "say", "text": "Số sau thẻ là 123"})
    assert "123" not in ResidentRequest.objects.get().replies.filter(by=there.hoa).get().text


def test_the_hour_of_the_answer_and_the_number_are_said_or_that_there_are_none(hoa, there):
    page = hoa.get(URL).text
    assert "chưa hẹn giờ trả lời" in page and "chưa ghi số điện thoại" in page
    first = hoa.get(ask(hoa, topic="safety")["Location"]).text
    assert "chưa hẹn giờ trả lời" in first and "gọi ngay" in first
    RequestTerm.objects.create(unit=there.committee, days=3, answer_hours=4, phone="0256 123 456")
    page = hoa.get(URL).text
    assert "trong 4 giờ" in page and "tel:0256123456" in page
    page = hoa.get(ask(hoa, topic="safety", text="Lại bị lừa")["Location"]).text
    assert "Có người trả lời trước" in page and "0256 123 456" in page


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
    assert "Cán bộ đang giúp bạn" in text and "Tôi qua ngay" in text and str(tu) not in text


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
    assert "Điện thoại không lên" in hoa.get("/tai-khoan/du-lieu/tai/").text


def test_queries_do_not_grow(hoa, there, django_assert_max_num_queries):
    hoa.get(URL)
    for n in range(9):
        ask(hoa, text=f"Việc {n}")
    with django_assert_max_num_queries(6):
        hoa.get(URL)
