"""My learning: where I stopped, what I am about to forget, my certificates."""

import html
import io
import re
import uuid
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from hocvuso.credentials import services as credentials
from hocvuso.credentials.models import Credential, IssuerKey
from hocvuso.learning.models import LearnersNearby, ReviewCard
from hocvuso.library import services as library
from hocvuso.people.models import Person
from hocvuso.records import services as records
from hocvuso.units.models import Place
from hocvuso.web.learn.my_learning import certificates
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
        attempt = take_final(cast.hoa, programme)
        page = hoa.get("/viec-hoc/").text
        assert "Bạn đã đạt: Hai bài thử." in page and f'href="/kiem-tra/bai/{attempt.pk}/ket-qua/"' in page
        made = credentials.issue(attempt=attempt)
        page = hoa.get("/viec-hoc/").text
        assert f'href="/viec-hoc/chung-nhan/{made.pk}/"' in page and "Bạn đã đạt" not in page

    def test_after_the_certificate_comes_no_test(self, hoa, cast, programme):
        done(cast.hoa, "bai-mot", "bai-hai")
        made = credentials.issue(attempt=take_final(cast.hoa, programme))
        assert f'<a class="button" href="/viec-hoc/chung-nhan/{made.pk}/">' in hoa.get("/viec-hoc/").text
        credentials.revoke(credential=made, reason="sai")
        page = hoa.get("/viec-hoc/").text
        assert '<a class="button" href="/kiem-tra/hai-bai/">' in page and "Bạn đã đạt" not in page

    def test_a_test_that_was_not_passed_leaves_nothing_to_take(self, hoa, cast, programme):
        take_final(cast.hoa, programme, right=False)
        assert "Bạn đã đạt" not in hoa.get("/viec-hoc/").text


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
        assert "câu sắp quên" not in hoa.get("/viec-hoc/").text

    def test_what_is_gone_is_not_counted_and_hides_nothing_that_is_there(self, hoa, due):
        live = ReviewCard.objects.get()
        gone = [
            ReviewCard(
                person=live.person,
                lesson=live.lesson,
                item=f"gone-{n}",
                card=live.card,
                due=live.due - timedelta(days=n + 1),
            )
            for n in range(10)
        ]
        ReviewCard.objects.bulk_create(gone)
        assert "1 câu sắp quên" in hoa.get("/viec-hoc/").text
        assert "Câu trong bài?" in hoa.get("/viec-hoc/on-tap/").text

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
        assert "Chứng nhận đã bị thu hồi." in hoa.get("/viec-hoc/chung-nhan/").text

    def test_of_a_stolen_key_none_is_called_valid(self, hoa, credential):
        IssuerKey.objects.update(compromised_at=timezone.now())
        for address in ("", f"{credential.pk}/"):
            page = hoa.get(f"/viec-hoc/chung-nhan/{address}").text
            assert "Chứng nhận đã bị thu hồi." in page and "còn hiệu lực" not in page

    def test_the_printed_form(self, hoa, credential):
        answer = hoa.get(f"/viec-hoc/chung-nhan/{credential.pk}.pdf")
        assert answer.content.startswith(b"%PDF-") and "inline" in answer.headers["Content-Disposition"]

    def test_drawing_has_an_end_for_one_person_and_not_for_others(self, hoa, binh, credential, monkeypatch):
        monkeypatch.setattr(certificates.pdf, "render", lambda _credential: b"%PDF-")
        monkeypatch.setattr(certificates.pictures, "for_holder", lambda _credential, _shape: b"")
        address = f"/viec-hoc/chung-nhan/{credential.pk}"
        for _n in range(certificates.MOST_DRAWN // 2):
            assert hoa.get(f"{address}.pdf").status_code == hoa.get(f"{address}.png").status_code == 200
        refused = hoa.get(f"{address}.pdf")
        assert refused.status_code == 429 and "Hãy đợi" in refused.text
        assert binh.get(f"{address}.pdf").status_code == 404

    def test_the_holder_decides_whether_the_name_is_shown(self, hoa, credential, client):
        hoa.post(f"/viec-hoc/chung-nhan/{credential.pk}/hien-ten/", {"show": "1"})
        assert 'sheet-name">Hoa<' in world.flat(client.get(f"/xac-minh/{credential.pk}").text)
        hoa.post(f"/viec-hoc/chung-nhan/{credential.pk}/hien-ten/", {"show": "0"})
        assert 'sheet-name">Hoa<' not in world.flat(client.get(f"/xac-minh/{credential.pk}").text)

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


class TestOneCertificate:
    """To print, to show to others, to put its name right."""

    @pytest.fixture
    def credential(self, hoa, cast, programme):
        return credentials.issue(attempt=take_final(cast.hoa, programme), holder_name="Nguyễn Thị Hoa")

    def test_its_ways_out_are_at_hand(self, hoa, credential):
        page = hoa.get(f"/viec-hoc/chung-nhan/{credential.pk}/").text
        own, public = f"/viec-hoc/chung-nhan/{credential.pk}", f"/xac-minh/{credential.pk}"
        for link in (f"{own}.pdf", f"{own}.png?hinh=dung&amp;tep", f"{own}.png?tep", public, f"{public}?dang=json"):
            assert f'"{link}"' in page

    def test_linkedin_is_given_what_its_form_asks_for(self, hoa, credential, settings):
        page = html.unescape(hoa.get(f"/viec-hoc/chung-nhan/{credential.pk}/").text)
        [link] = re.findall(r'href="(https://www\.linkedin\.com/profile/add\?[^"]+)"', page)
        told = dict(parse_qsl(urlsplit(link).query))
        day = timezone.localtime(credential.issued_at)
        assert told == {
            "startTask": "CERTIFICATION_NAME",
            "name": "Hai bài thử",
            "organizationName": settings.ENV["HOCVUSO_ISSUER_NAME"],
            "issueYear": str(day.year),
            "issueMonth": str(day.month),
            "certUrl": f"{settings.BASE_URL}/xac-minh/{credential.pk}",
            "certId": str(credential.pk),
        }

    @pytest.mark.parametrize(("query", "size"), [("", (1200, 630)), ("?hinh=dung&tep", (1080, 1350))])
    def test_its_picture_lies_or_stands(self, hoa, credential, query, size):
        answer = hoa.get(f"/viec-hoc/chung-nhan/{credential.pk}.png{query}")
        assert answer["Content-Type"] == "image/png" and ("attachment" in answer["Content-Disposition"]) == bool(query)
        assert Image.open(io.BytesIO(answer.content)).size == size

    def test_a_slip_is_shown_confirmed_and_put_right(self, hoa, credential, client):
        address = f"/viec-hoc/chung-nhan/{credential.pk}/ten/"
        shown = hoa.post(address, {"name": "Nguyễn Thị Hoà"})
        assert "Nguyễn Thị Hoà</p>" in shown.text and Credential.objects.count() == 1
        answer = hoa.post(address, {"name": "Nguyễn Thị Hoà", "confirmed": "Nguyễn Thị Hoà"})
        new = Credential.objects.get(supersedes=credential)
        assert answer["Location"] == f"/viec-hoc/chung-nhan/{new.pk}/"
        assert "đã được thay bằng bản mới" in hoa.get(f"/viec-hoc/chung-nhan/{credential.pk}/").text
        listed = hoa.get("/viec-hoc/chung-nhan/").text
        assert str(new.pk) in listed and str(credential.pk) not in listed

    def test_why_a_name_is_not_taken_stands_beside_it(self, hoa, credential):
        page = hoa.post(
            f"/viec-hoc/chung-nhan/{credential.pk}/ten/", {"name": "Nguyễn Thị Hoa", "confirmed": "Nguyễn Thị Hoa"}
        )
        assert page.status_code == 400 and "Chứng nhận đang ghi đúng tên này." in page.text

    def test_others_find_nothing(self, binh, credential):
        own = f"/viec-hoc/chung-nhan/{credential.pk}"
        assert binh.get(f"{own}/").status_code == binh.get(f"{own}.png").status_code == 404
        assert binh.post(f"{own}/ten/", {"name": "Bình", "confirmed": "Bình"}).status_code == 404


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
