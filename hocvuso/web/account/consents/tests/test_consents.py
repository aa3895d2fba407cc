"""My consents: asked by purpose, answered by a press, taken back as easily, asked anew without holding anything up."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from hocvuso.base.models import JournalEntry
from hocvuso.credentials import listeners
from hocvuso.credentials import services as credentials
from hocvuso.credentials.models import Credential
from hocvuso.people import queries
from hocvuso.people.events import ConsentWithdrawn
from hocvuso.people.models import Consent, Person
from hocvuso.people.rules_consent import NOTICE, Purpose, Said
from hocvuso.people.services import consents, guardians, profile, signin
from hocvuso.records import services as records
from tests import world
from tests.world import batch, statement

pytestmark = pytest.mark.django_db
PAGE = "/tai-khoan/dong-y/"


def client_of(person):
    client = Client()
    world.sign_in(client, person)
    return client


@pytest.fixture
def moi(cast):
    """Somebody who was never asked."""
    made = Person.objects.create(name="Mới")
    signin.add_identifier(person=made, kind="phone", value="+84900000099")
    return made


def said(person):
    return list(person.consents.values_list("purpose", "said", "wording"))


class TestAsking:
    def test_nothing_is_kept_and_no_test_taken_before_a_yes(self, moi, programme):
        with pytest.raises(records.NeedsConsent):
            records.append(person=moi, batch=batch(statement()))
        answer = client_of(moi).post("/ghi/", json.dumps({"statements": []}), content_type="application/json")
        assert answer.status_code == 403 and "needs-consent" in answer.text

    def test_a_press_agrees_and_things_are_kept(self, moi, programme):
        client = client_of(moi)
        assert "Tôi đồng ý" in client.get(PAGE).text and "checked" not in client.get(PAGE).text
        client.post(PAGE, {"purpose": "learning-records", "step": "given"})
        assert said(moi) == [("learning-records", "given", NOTICE)]
        moi.refresh_from_db()
        assert records.append(person=moi, batch=batch(statement())).accepted
        assert JournalEntry.objects.filter(act="consent.given", actor=str(moi.pk)).exists()

    def test_no_is_kept_too_and_is_not_asked_about_again(self, moi):
        client_of(moi).post(PAGE, {"purpose": "learning-records", "step": "declined"})
        assert said(moi) == [("learning-records", "declined", NOTICE)] and queries.to_ask(moi) == []
        assert not queries.may_keep_records(moi)

    def test_one_goes_on_to_where_one_wanted(self, moi):
        page = client_of(moi).post(PAGE, {"purpose": "learning-records", "step": "given", "next": "/hoc/x/"})
        assert page["Location"] == "/hoc/x/"

    def test_nowhere_else_than_on_this_site(self, moi):
        sent = {"purpose": "learning-records", "step": "given", "next": "https://evil.example/"}
        assert client_of(moi).post(PAGE, sent)["Location"] == "/viec-hoc/"

    def test_what_is_no_purpose_is_refused(self, moi):
        assert client_of(moi).post(PAGE, {"purpose": "sell", "step": "given"}).status_code == 400
        assert not moi.consents.exists()


class TestTakingBack:
    def test_as_easily_by_one_press_on_the_same_page(self, cast, programme):
        client = client_of(cast.hoa)
        assert "Rút lại sự đồng ý" in client.get(PAGE).text
        client.post(PAGE, {"purpose": "learning-records", "step": "withdrawn"})
        cast.hoa.refresh_from_db()
        with pytest.raises(records.NeedsConsent):
            records.append(person=cast.hoa, batch=batch(statement()))
        assert [one for _p, one, _w in said(cast.hoa)] == ["given", "withdrawn"]

    def test_ethnicity_is_a_purpose_of_its_own_and_goes_when_taken_back(self, cast):
        about = profile.Profile(name="Hoa", birth_year=1960, sex="", audience="", home_place=None, ethnicity="tay")
        profile.correct(person=cast.hoa, profile=about)
        assert queries.consents(cast.hoa, Purpose.ETHNICITY)
        client_of(cast.hoa).post(PAGE, {"purpose": "ethnicity", "step": "withdrawn"})
        cast.hoa.refresh_from_db()
        assert cast.hoa.ethnicity == "" and queries.may_keep_records(cast.hoa)

    def test_a_name_shown_is_hidden_on_every_certificate(self, cast, programme, django_capture_on_commit_callbacks):
        made = credentials.issue(attempt=world.take_final(cast.hoa, programme))
        credentials.choose_name(credential=made, show=True, by=cast.hoa)
        assert queries.consents(cast.hoa, Purpose.PUBLIC_NAME)
        with django_capture_on_commit_callbacks(execute=True):
            client_of(cast.hoa).post(PAGE, {"purpose": "public-name", "step": "withdrawn"})
        made.refresh_from_db()
        assert not made.show_name

    def test_a_name_shown_again_is_not_hidden_by_what_was_withdrawn_before(self, cast, programme):
        made = credentials.issue(attempt=world.take_final(cast.hoa, programme))
        credentials.choose_name(credential=made, show=True, by=cast.hoa)
        consents.answer(person=cast.hoa, purpose=Purpose.PUBLIC_NAME, said=Said.WITHDRAWN, evidence="page")
        credentials.choose_name(credential=made, show=True, by=cast.hoa)
        listeners._hide_name(ConsentWithdrawn(person_id=str(cast.hoa.pk), purpose="public-name"))
        made.refresh_from_db()
        assert made.show_name

    def test_nor_is_another_one_shown_with_it(self, cast, programme):
        one, other = (credentials.issue(attempt=world.take_final(who, programme)) for who in (cast.hoa, cast.binh))
        Credential.objects.update(holder=cast.hoa)
        other.refresh_from_db()
        credentials.choose_name(credential=one, show=True, by=cast.hoa)
        consents.answer(person=cast.hoa, purpose=Purpose.PUBLIC_NAME, said=Said.WITHDRAWN, evidence="page")
        credentials.choose_name(credential=other, show=True, by=cast.hoa)
        one.refresh_from_db()
        assert not one.show_name


class TestHistory:
    def test_it_is_only_added_to(self, cast):
        row = cast.hoa.consents.get()
        for change in (row.save, lambda: Consent.objects.update(said="declined")):
            with pytest.raises(TypeError):
                change()

    def test_the_same_again_writes_nothing(self, cast):
        consents.answer(person=cast.hoa, purpose=Purpose.LEARNING, said=Said.GIVEN, evidence="again")
        assert cast.hoa.consents.count() == 1

    def test_a_new_notice_asks_again_and_holds_nothing_up(self, cast, programme, monkeypatch):
        for module in (queries, consents):
            monkeypatch.setattr(module, "NOTICE", "2099-01")
        assert queries.to_ask(cast.hoa) == [Purpose.LEARNING]
        assert records.append(person=cast.hoa, batch=batch(statement())).accepted
        client = client_of(cast.hoa)
        assert "Xem và trả lời" in client.get("/viec-hoc/").text
        client.post(PAGE, {"purpose": "learning-records", "step": "given"})
        assert queries.to_ask(cast.hoa) == [] and cast.hoa.consents.count() == 2

    def test_it_is_in_the_download(self, cast):
        data = json.loads(client_of(cast.hoa).get("/tai-khoan/du-lieu/tai/").content)
        [kept] = [line["tables"]["consent"] for line in data["processings"] if "consent" in line["tables"]]
        assert kept[0]["purpose"] == "learning-records" and kept[0]["wording"] == NOTICE


class TestChildren:
    def test_the_guardian_answers_for_learning(self, cast):
        Person.objects.filter(pk=cast.hoa.pk).update(birth_year=2020)
        page = client_of(Person.objects.get(pk=cast.hoa.pk)).get(PAGE).text
        assert "người giám hộ trả lời thay bạn" in page and 'value="given"' not in page

    def test_a_childs_own_no_ends_recording_until_a_guardian_says_yes_anew(self, cast, programme):
        Person.objects.filter(pk=cast.hoa.pk).update(birth_year=timezone.localdate().year - 12)
        child = Person.objects.get(pk=cast.hoa.pk)
        asked = guardians.ask_guardian(child=child, address=world.PHONES["binh"], name="Bố")
        guardians.guardian_consents(request=asked, by=cast.binh)
        client = client_of(child)
        client.post(PAGE, {"purpose": "learning-records", "step": "withdrawn"})
        page = client.get(PAGE).text
        assert "người giám hộ trả lời thay bạn" in page and 'value="given"' not in page
        with pytest.raises(records.NeedsGuardian):
            records.append(person=Person.objects.get(pk=child.pk), batch=batch(statement()))
        assert "em rút lại" in client_of(cast.binh).get("/dong-y/").text
        guardians.guardian_consents(request=asked, by=cast.binh)
        assert records.append(person=Person.objects.get(pk=child.pk), batch=batch(statement())).accepted
        assert [one for _p, one, _w in said(child)][-3:] == ["given", "withdrawn", "given"]


def test_one_factor_of_staff_changes_nothing(cast):
    client = Client()
    world.sign_in(client, cast.lan, strong=False)
    answer = client.post(PAGE, {"purpose": "learning-records", "step": "withdrawn"})
    assert answer.status_code == 302 and cast.lan.consents.count() == 1
