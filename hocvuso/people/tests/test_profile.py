"""One's own data: correct, consent for children, second factor, erase."""

import re
import time

import pyotp
import pytest
from django.utils import timezone

from hocvuso.base.errors import TooMany
from hocvuso.base.models import JournalEntry
from hocvuso.people.models import Guardianship, OneTimeCode, Person
from hocvuso.people.queries import may_keep_records, shown_identifiers
from hocvuso.people.services import ages, factors, guardians, profile, signin

pytestmark = pytest.mark.django_db


def about(**changes):
    return profile.Profile(
        **({"name": "Hoa", "birth_year": 1960, "sex": "", "audience": "", "home_place": None} | changes)
    )


@pytest.mark.parametrize("year", [1899, 2999])
def test_an_impossible_year_is_refused_at_its_field(cast, year):
    with pytest.raises(ages.BadYear) as refused:
        profile.correct(person=cast.hoa, profile=about(birth_year=year))
    assert refused.value.field == "birth_year"


def test_addresses_are_shown_masked(cast):
    assert shown_identifiers(cast.hoa)[0]["masked"] == "…001"


class TestChildren:
    @pytest.fixture
    def child(self, cast):
        return profile.correct(person=cast.hoa, profile=about(birth_year=timezone.localdate().year - 12))

    @pytest.fixture
    def asked(self, child, capfd):
        asked = guardians.ask_guardian(child=child, address="0900 000 002", name="Bố")
        return asked, re.search(r"/dong-y/([\w-]+)/", capfd.readouterr().err).group(1)

    def test_nothing_is_kept_of_a_child_without_consent(self, child):
        assert not may_keep_records(child)

    def test_the_guardian_consents_with_the_address_that_was_asked(self, cast, child, asked):
        request = guardians.open_request(asked[1])
        guardians.guardian_consents(request=request, by=cast.binh)
        assert may_keep_records(child)
        guardians.guardian_withdraws(request=request, by=cast.binh)
        assert not may_keep_records(child)

    @pytest.mark.parametrize("who", ["hoa", "lan"])
    def test_neither_the_child_nor_a_stranger_can_consent(self, cast, asked, who):
        with pytest.raises(guardians.GuardianAsked):
            guardians.guardian_consents(request=asked[0], by=getattr(cast, who))

    def test_an_old_or_unknown_link_is_refused(self, asked):
        Guardianship.objects.update(expires_at=timezone.now())
        for token in (asked[1], "nonsense"):
            with pytest.raises(guardians.GuardianAsked):
                guardians.open_request(token)

    def test_consent_can_be_taken_back_however_old_the_link_is(self, cast, child, asked):
        guardians.guardian_consents(request=guardians.open_request(asked[1]), by=cast.binh)
        Guardianship.objects.update(expires_at=timezone.now())
        guardians.guardian_withdraws(request=guardians.open_request(asked[1]), by=cast.binh)
        assert not may_keep_records(child)
        assert list(child.consents.values_list("said", flat=True))[-2:] == ["given", "withdrawn"]

    def test_a_child_is_nobodys_guardian(self, cast, asked):
        profile.correct(person=cast.binh, profile=about(birth_year=timezone.localdate().year - 12))
        with pytest.raises(guardians.GuardianAsked):
            guardians.guardian_consents(request=asked[0], by=cast.binh)

    def test_sixteen_counts_from_the_year_after_the_birthday_year(self, cast):
        year = timezone.localdate().year
        assert Person(birth_year=year - 16).is_child(timezone.localdate())
        assert not Person(birth_year=year - 17).is_child(timezone.localdate())


class TestSecondFactor:
    def test_a_code_of_the_app_works_once(self, cast):
        secret = factors.new_totp_secret()
        factors.set_totp(person=cast.lan, secret=secret, code=pyotp.TOTP(secret).now())
        code = pyotp.TOTP(secret).at(time.time() + 30)  # that of setting it up was used
        factors.check_totp(person=cast.lan, code=code)
        with pytest.raises(signin.WrongCode):
            factors.check_totp(person=cast.lan, code=code)

    def test_a_code_is_read_however_its_digits_are_parted(self, cast):
        secret = factors.new_totp_secret()
        code = pyotp.TOTP(secret).now()
        factors.set_totp(person=cast.lan, secret=secret, code=f" {code[:3]}\u00a0{code[3:]} ")
        code = pyotp.TOTP(secret).at(time.time() + 30)  # that of setting it up was used
        factors.check_totp(person=cast.lan, code=f"{code[:3]} {code[3:]}")

    def test_a_wrong_code_does_not_set_the_app_up(self, cast):
        with pytest.raises(signin.WrongCode):
            factors.set_totp(person=cast.lan, secret=factors.new_totp_secret(), code="000000")
        assert Person.objects.get(pk=cast.lan.pk).totp_sealed == ""

    def test_wrong_codes_while_setting_it_up_are_counted(self, cast):
        for _ in range(10):
            with pytest.raises(signin.WrongCode):
                factors.set_totp(person=cast.lan, secret=factors.new_totp_secret(), code="000000")
        with pytest.raises(TooMany):
            factors.set_totp(person=cast.lan, secret=factors.new_totp_secret(), code="000000")

    def test_a_made_up_passkey_is_refused(self, cast):
        for answer in ({}, {"id": "x"}, {"id": "x", "response": {}}):
            with pytest.raises(factors.BadPasskey):
                factors.person_of_passkey(answer=answer, challenge="")


class TestErasing:
    def test_nothing_of_the_person_remains_but_the_empty_row(self, cast, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            profile.erase(person=cast.hoa)
        gone = Person.objects.get(pk=cast.hoa.pk)
        assert (gone.name, gone.is_active, gone.identifiers.count()) == ("", False, 0)
        assert JournalEntry.objects.filter(act="person.erased").exists()

    def test_codes_sent_to_the_persons_addresses_go_too(self, cast):
        for address in ("0900 000 001", "0900 000 002"):
            signin.send_code(address=address, asker="x")
        profile.erase(person=cast.hoa)
        (left,) = OneTimeCode.objects.all()
        assert left.lookup == cast.binh.identifiers.get().lookup

    def test_the_address_is_free_again(self, cast):
        profile.erase(person=cast.hoa)
        _person, made = signin._find_or_make("phone", "+84900000001")
        assert made
