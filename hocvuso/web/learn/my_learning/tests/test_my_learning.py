"""My learning: where I stopped, what I am about to forget, my certificates."""

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from hocvuso.credentials import services as credentials
from hocvuso.learning.models import LearnersNearby, ReviewCard
from hocvuso.library import services as library
from hocvuso.people.models import Person
from hocvuso.records import services as records
from hocvuso.units.models import Place
from tests import world
from tests.world import batch, statement, take_final

pytestmark = pytest.mark.django_db


@pytest.fixture
def hoa(cast, programme):
    client = Client()
    world.sign_in(client, cast.hoa)
    return client


@pytest.fixture
def binh(cast, programme):
    client = Client()
    world.sign_in(client, cast.binh)
    return client


def done(person, *lessons):
    records.append(
        person=person,
        batch=batch(*(statement(verb="completed", kind="lesson", address=f"hai-bai/{key}") for key in lessons)),
    )


class TestMyLearning:
    def test_it_begins_empty_and_shows_the_way(self, hoa):
        page = hoa.get("/viec-hoc/").text
        assert "Bạn chưa học bài nào." in page and "Hai bài thử" not in page

    def test_it_goes_on_where_one_stopped(self, hoa, cast):
        done(cast.hoa, "bai-mot")
        page = hoa.get("/viec-hoc/").text
        assert "Đã xong 1 trên 2 bài" in page and "50 %" in page
        assert '<a class="button" href="/hoc/hai-bai/bai-hai/">' in page

    def test_after_the_last_lesson_comes_the_test(self, hoa, cast):
        done(cast.hoa, "bai-mot", "bai-hai")
        page = hoa.get("/viec-hoc/").text
        assert "Đã xong 2 trên 2 bài" in page and '<a class="button" href="/kiem-tra/hai-bai/">' in page

    def test_it_is_ones_own(self, hoa, binh, cast):
        done(cast.hoa, "bai-mot")
        assert "Bạn chưa học bài nào." in binh.get("/viec-hoc/").text

    def test_what_was_learned_stays_when_the_programme_is_withdrawn(self, hoa, cast, programme):
        done(cast.hoa, "bai-mot")
        library.withdraw(edition=programme.current)
        page = hoa.get("/viec-hoc/")
        assert page.status_code == 200 and "Hai bài thử" in page.text

    def test_a_child_is_told_what_is_missing(self, hoa, cast):
        cast.hoa.birth_year = timezone.localdate().year - 12
        cast.hoa.save()
        assert 'href="/tai-khoan/giam-ho/"' in hoa.get("/viec-hoc/").text

    def test_certificates_are_at_hand(self, hoa, cast, programme):
        made = credentials.issue(attempt=take_final(cast.hoa, programme))
        assert f'href="/xac-minh/{made.pk}"' in hoa.get("/viec-hoc/").text


class TestReviews:
    @pytest.fixture
    def due(self, hoa, cast):
        records.append(person=cast.hoa, batch=batch(statement()))
        ReviewCard.objects.update(due=timezone.now())

    def test_nothing_due_says_so(self, hoa, cast):
        records.append(person=cast.hoa, batch=batch(statement()))
        assert "Hôm nay không có câu nào cần ôn." in hoa.get("/viec-hoc/on-tap/").text
        assert "câu sắp quên" not in hoa.get("/viec-hoc/").text

    def test_a_question_about_to_be_forgotten_is_asked_again(self, hoa, due):
        assert "1 câu sắp quên" in hoa.get("/viec-hoc/").text
        page = hoa.get("/viec-hoc/on-tap/").text
        assert "Câu trong bài?" in page and "Phương án sai hai" in page and 'href="/hoc/hai-bai/bai-mot/"' in page

    def test_it_is_ones_own(self, due, binh):
        assert "Câu trong bài?" not in binh.get("/viec-hoc/on-tap/").text

    def test_a_question_the_lesson_no_longer_has_is_passed_over(self, hoa, due):
        ReviewCard.objects.update(item="c9")
        page = hoa.get("/viec-hoc/on-tap/")
        assert page.status_code == 200 and "Câu trong bài?" not in page.text

    def test_of_a_withdrawn_programme_nothing_is_asked(self, hoa, due, programme):
        library.withdraw(edition=programme.current)
        assert "Hôm nay không có câu nào cần ôn." in hoa.get("/viec-hoc/on-tap/").text


class TestCertificates:
    @pytest.fixture
    def credential(self, hoa, cast, programme):
        return credentials.issue(attempt=take_final(cast.hoa, programme))

    def test_none_yet(self, hoa):
        assert "Bạn chưa có chứng nhận nào." in hoa.get("/viec-hoc/chung-nhan/").text

    def test_each_with_its_standing(self, hoa, credential, cast):
        page = hoa.get("/viec-hoc/chung-nhan/").text
        assert "Hai bài thử" in page and "còn hiệu lực" in page and f"/viec-hoc/chung-nhan/{credential.pk}.pdf" in page
        credentials.revoke(credential=credential, reason="sai")
        assert "đã thu hồi" in hoa.get("/viec-hoc/chung-nhan/").text

    def test_the_printed_form(self, hoa, credential):
        answer = hoa.get(f"/viec-hoc/chung-nhan/{credential.pk}.pdf")
        assert answer.content.startswith(b"%PDF-") and "inline" in answer.headers["Content-Disposition"]

    def test_the_holder_decides_whether_the_name_is_shown(self, hoa, credential, client):
        hoa.post(f"/viec-hoc/chung-nhan/{credential.pk}/hien-ten/", {"show": "1"})
        assert "<dd>Hoa</dd>" in world.flat(client.get(f"/xac-minh/{credential.pk}").text)
        hoa.post(f"/viec-hoc/chung-nhan/{credential.pk}/hien-ten/", {"show": "0"})
        assert "<dd>Hoa</dd>" not in world.flat(client.get(f"/xac-minh/{credential.pk}").text)

    def test_a_member_of_staff_decides_that_with_both_factors(self, cast, programme):
        own = credentials.issue(attempt=take_final(cast.lan, programme))
        lan = Client()
        world.sign_in(lan, cast.lan, strong=False)
        answer = lan.post(f"/viec-hoc/chung-nhan/{own.pk}/hien-ten/", {"show": "1"})
        own.refresh_from_db()
        assert answer["Location"].startswith("/tai-khoan/buoc-hai/") and not own.show_name

    def test_others_find_nothing(self, binh, credential):
        assert binh.get(f"/viec-hoc/chung-nhan/{credential.pk}.pdf").status_code == 404
        assert binh.post(f"/viec-hoc/chung-nhan/{credential.pk}/hien-ten/", {"show": "1"}).status_code == 404
        credential.refresh_from_db()
        assert not credential.show_name
        assert "Hai bài thử" not in binh.get("/viec-hoc/chung-nhan/").text

    def test_one_that_is_not_there(self, hoa):
        assert hoa.get(f"/viec-hoc/chung-nhan/{uuid.uuid4()}.pdf").status_code == 404


class TestNearby:
    @pytest.fixture
    def commune(self, cast, programme):
        vn = Place.objects.create(code="VN", name="Việt Nam", kind="country", type="quoc-gia")
        made = Place.objects.create(code="00004", name="Xã Đây", kind="commune", type="xa", parent=vn)
        Person.objects.filter(pk=cast.hoa.pk).update(home_place=made)
        done(cast.hoa, "bai-mot")
        return made

    def test_who_told_their_commune_reads_how_many_there_have_learned(self, hoa, commune, programme):
        counted = {"place": commune, "programme": programme, "people": 12, "counted_at": timezone.now()}
        LearnersNearby.objects.create(**counted)
        assert "Ở Xã Đây, 12 người đã học chương trình này." in hoa.get("/viec-hoc/").text
        told = hoa.get("/viec-hoc/trang-thai.json?programme=hai-bai").json()
        assert told["near"] == "Ở Xã Đây, 12 người đã học chương trình này."

    def test_too_few_is_said_in_words(self, hoa, commune):
        assert "chưa đủ người học chương trình này để nói con số" in hoa.get("/viec-hoc/").text

    def test_who_told_none_reads_nothing_of_it(self, binh, cast, programme):
        done(cast.binh, "bai-mot")
        assert "người học chương trình này" not in binh.get("/viec-hoc/").text

    def test_a_programme_is_one_to_invite_to(self, hoa, cast):
        done(cast.hoa, "bai-mot")
        assert 'data-invite="http' in hoa.get("/viec-hoc/").text
