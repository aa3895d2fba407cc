"""Guardians on pages: a message without free text, one telephone for two, one's wards, a teacher who confirms."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hocvuso.base import gateways, outbox
from hocvuso.base.models import OutboxMessage
from hocvuso.people.models import Guardianship, Person
from hocvuso.people.queries import may_keep_records
from hocvuso.people.rules import Role
from hocvuso.people.rules_consent import Purpose, Said
from hocvuso.people.services import consents, guardians, roles
from tests import world

pytestmark = pytest.mark.django_db
ASK, WARDS, CONFIRM = "/tai-khoan/giam-ho/", "/dong-y/", "/dieu-hanh/giam-ho/"


def signed_in(person):
    client = Client()
    world.sign_in(client, person)
    return client


@pytest.fixture
def child(cast):
    """Hoa is twelve."""
    Person.objects.filter(pk=cast.hoa.pk).update(birth_year=timezone.localdate().year - 12)
    return signed_in(cast.hoa)


@pytest.fixture
def sent(child, capfd):
    """Hoa asks her mother by mail; what was sent."""

    def ask(address="me@vi-du.vn"):
        capfd.readouterr()
        child.post(ASK, {"name": "Mẹ Thu", "address": address})
        return capfd.readouterr().err

    return ask


def keeps(cast):
    return may_keep_records(Person.objects.get(pk=cast.hoa.pk))


class TestTheMessage:
    def test_it_says_who_asks_for_what_and_how_to_check(self, sent, settings):
        settings.ENV = {**settings.ENV, "HOCVUSO_HOTLINE": "1900 0000"}
        text = sent()
        assert all(part in text for part in ("Hoa muốn học", "…001", "lưu kết quả học", "1900 0000", "/dong-y/"))

    def test_it_carries_no_free_text(self, sent, cast):
        Person.objects.filter(pk=cast.hoa.pk).update(name="Vay tiền http://xau.example")
        text = sent()
        assert "xau" not in text and "Vay" not in text and "Một em nhỏ muốn học" in text

    def test_the_page_greets_with_no_free_text_either(self, child, client, cast, capfd):
        child.post(ASK, {"name": "http://xau.example", "address": "me@vi-du.vn"})
        page = client.get(re.search(r"/dong-y/[\w-]+/", capfd.readouterr().err).group()).text
        assert "xau" not in page


class TestAtNight:
    """Hoa asks when people sleep."""

    @pytest.fixture
    def morning(self, child, monkeypatch):
        monkeypatch.setattr(gateways, "leave", lambda _kind: True)
        monkeypatch.setattr(outbox, "send_soon", lambda _word: None)
        morning = timezone.localtime() + timedelta(hours=5)
        monkeypatch.setattr(guardians, "by_day", lambda _local: morning)
        return morning

    def test_a_text_message_waits_for_the_morning_and_the_page_says_so(self, child, morning, monkeypatch, capfd):
        page = child.post(ASK, {"name": "Bố", "address": world.PHONES["binh"]}, follow=True).text
        assert "lúc 7 giờ sáng" in page
        assert outbox.send_due(word="guardianship").sent == 0
        OutboxMessage.objects.update(queued_at=timezone.now() - timedelta(hours=3))
        page = child.get(ASK).text
        assert "sẽ nhắn lúc 7 giờ sáng" in page and "chưa gửi được" not in page
        Guardianship.objects.update(created_at=timezone.now() - timedelta(hours=3))
        child.post(ASK, {"name": "Bố", "address": world.PHONES["binh"]})
        assert Guardianship.objects.count() == 1
        monkeypatch.setattr(guardians, "by_day", lambda _local: None)
        assert outbox.send_due(now=morning + timedelta(minutes=2), word="guardianship").sent == 1
        assert "Hoa muốn học" in capfd.readouterr().err and "chờ trả lời" in child.get(ASK).text

    def test_mail_goes_at_once(self, child, morning, capfd):
        child.post(ASK, {"name": "Mẹ", "address": "me@vi-du.vn"})
        assert outbox.send_due(word="guardianship").sent == 1 and "Hoa muốn học" in capfd.readouterr().err


class TestOnTheSamePhone:
    def test_a_code_to_the_guardians_mail_answers_while_the_child_stays_signed_in(self, child, sent, cast, capfd):
        link = re.search(r"/dong-y/[\w-]+/", sent()).group()
        assert "Gửi mã tới me…@vi-du.vn" in child.get(link).text
        assert child.post(link, {"act": "send"})["Location"] == f"{link}#ma"
        code = re.search(r"\b\d{6}\b", capfd.readouterr().err).group()
        refused = child.post(link, {"act": "agree", "code": "000000" if code != "000000" else "1" * 6})
        assert refused.status_code == 400 and not keeps(cast)
        answer = child.post(link, {"act": "agree", "code": code})
        assert "Bạn đã đồng ý ngày" in answer.text and keeps(cast)
        consents.answer(person=cast.hoa, purpose=Purpose.LEARNING, said=Said.WITHDRAWN, evidence="test")
        assert "sau đó em rút lại" in child.get(link).text
        assert "Hoa" in child.get("/tai-khoan/").text

    def test_one_code_is_one_act(self, child, sent, cast, capfd):
        link = re.search(r"/dong-y/[\w-]+/", sent()).group()
        child.post(link, {"act": "send"})
        code = re.search(r"\b\d{6}\b", capfd.readouterr().err).group()
        child.post(link, {"act": "agree", "code": code})
        assert child.post(link, {"act": "year", "code": code, "birth_year": "1960"}).status_code == 400
        assert Person.objects.get(pk=cast.hoa.pk).birth_year == timezone.localdate().year - 12

    def test_declining_is_recorded_and_the_child_sees_it(self, child, sent, cast, capfd):
        link = re.search(r"/dong-y/[\w-]+/", sent()).group()
        assert "chờ trả lời" in child.get(ASK).text
        child.post(link, {"act": "send"})
        code = re.search(r"\b\d{6}\b", capfd.readouterr().err).group()
        child.post(link, {"act": "withdraw", "code": code})
        assert "không đồng ý" in child.get(ASK).text and not keeps(cast)


class TestOneNumber:
    def test_ones_own_number_is_refused_at_its_field(self, child):
        page = child.post(ASK, {"name": "Bố", "address": world.PHONES["hoa"]})
        assert page.status_code == 400 and 'id="error-address"' in page.text and "cán bộ xã" in page.text

    def test_a_teacher_confirms_by_the_code_that_the_child_shows(self, child, cast):
        roles.grant(person=cast.binh, role=Role.TEACHER, unit=cast.school, by=None)
        child.post(f"{ASK}ma/")
        code = re.search(r'class="hand-code">([\d ]+)<', child.get(ASK).text)[1]
        teacher = signed_in(cast.binh)
        assert "Xác nhận giám hộ" in teacher.get(CONFIRM).text
        assert "Hoa" in teacher.post(CONFIRM, {"code": code}).text and not keeps(cast)
        missing = teacher.post(CONFIRM, {"code": code, "act": "confirm"})
        assert missing.status_code == 400 and not keeps(cast)
        done = {"code": code, "act": "confirm", "name": "Bố Bình", "how": "met"}
        assert teacher.post(CONFIRM, done)["Location"] == CONFIRM and keeps(cast)
        assert "đã đồng ý" in child.get(ASK).text and "Bố Bình" in teacher.get(CONFIRM).text
        consents.answer(person=cast.hoa, purpose=Purpose.LEARNING, said=Said.WITHDRAWN, evidence="test")
        assert "em rút lại" in teacher.post(CONFIRM, {"code": code}).text and not keeps(cast)
        assert teacher.post(CONFIRM, done)["Location"] == CONFIRM and keeps(cast)
        teacher.post(CONFIRM, {"code": code, "act": "withdraw"})
        assert not keeps(cast)

    def test_a_wrong_code_is_said(self, cast):
        page = signed_in(cast.lan).post(CONFIRM, {"code": "123 456 789"})
        assert page.status_code == 400 and 'id="error-code"' in page.text

    def test_learners_have_no_such_page(self, child):
        assert child.get(CONFIRM).status_code == 404


class TestWards:
    def test_a_guardian_sees_and_takes_back(self, child, sent, cast):
        link = re.search(r"/dong-y/[\w-]+/", sent(world.PHONES["binh"])).group()
        father = signed_in(cast.binh)
        father.post(link)
        assert "Trẻ mà bạn giám hộ" in father.get("/tai-khoan/").text
        page = father.get(WARDS).text
        ward = re.search(r'name="ward" value="([^"]+)"', page)[1]
        assert "Hoa" in page and signed_in(cast.lan).post(WARDS, {"ward": ward}).status_code == 400 and keeps(cast)
        assert father.post(WARDS, {"ward": ward})["Location"] == WARDS and not keeps(cast)
