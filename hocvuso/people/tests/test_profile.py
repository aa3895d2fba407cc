"""One's own data: correct, consent for children, second factor, erase."""

import json
import re
import time

import pyotp
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base.errors import NeedsWords, NotAllowed, TooMany
from hocvuso.base.models import JournalEntry
from hocvuso.people.models import Guardianship, OneTimeCode, Person
from hocvuso.people.queries import may_keep_records, shown_identifiers
from hocvuso.people.rules import name_in_messages
from hocvuso.people.rules_consent import Purpose, Said
from hocvuso.people.services import ages, by_hand, codes, consents, factors, guardians, profile, signin

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

    @pytest.mark.parametrize("year", [None, 1960])
    def test_no_child_grows_up_by_writing_another_year(self, cast, child, asked, year):
        guardians.guardian_consents(request=asked[0], by=cast.binh)
        guardians.guardian_withdraws(request=asked[0], by=cast.binh)
        with pytest.raises(ages.AgeIsBinding) as refused:
            profile.correct(person=Person.objects.get(pk=child.pk), profile=about(birth_year=year))
        assert refused.value.field == "birth_year"
        assert not may_keep_records(Person.objects.get(pk=child.pk))

    def test_a_child_may_write_another_year_of_a_child(self, child):
        year = timezone.localdate().year - 11
        assert profile.correct(person=child, profile=about(birth_year=year)).birth_year == year

    def test_the_guardian_says_which_year_is_right(self, cast, child, asked):
        guardians.guardian_consents(request=asked[0], by=cast.binh, birth_year=1990)
        assert Person.objects.get(pk=child.pk).birth_year == 1990

    def test_a_child_says_yes_to_nothing_by_itself(self, child):
        for purpose in Purpose:
            with pytest.raises(consents.GuardianAnswers):
                consents.answer(person=child, purpose=purpose, said=Said.GIVEN, evidence="test")

    def test_the_childs_own_number_is_refused_when_asking_and_other_ways_are_named(self, child):
        with pytest.raises(guardians.OwnAddress) as refused:
            guardians.ask_guardian(child=child, address="0900 000 001", name="Bố")
        assert refused.value.field == "address" and "thầy cô" in str(refused.value)

    def test_whoever_asks_a_receiver_is_written_to_twice_a_day(self, cast, child):
        other = profile.correct(person=cast.an, profile=about(birth_year=timezone.localdate().year - 12))
        for n, who in enumerate([child, other]):
            guardians.ask_guardian(child=who, address="0900 000 009", name=f"Bố {n}")
        third = profile.correct(person=cast.minh, profile=about(birth_year=timezone.localdate().year - 12))
        with pytest.raises(guardians.ToldEnough):
            guardians.ask_guardian(child=third, address="0900 000 009", name="Bố")
        assert codes.A_DAY + 1 + guardians.TOLD_A_DAY <= 10

    def test_erasing_the_guardians_account_ends_the_consent_in_both_records(self, cast, child, asked):
        guardians.guardian_consents(request=asked[0], by=cast.binh)
        profile.erase(person=cast.binh)
        child = Person.objects.get(pk=child.pk)
        assert not may_keep_records(child) and not child.keeps_records
        assert child.consents.order_by("pk").last().said == Said.WITHDRAWN
        assert not Guardianship.objects.filter(consented_at__isnull=False, withdrawn_at=None).exists()

    def test_where_two_agreed_one_who_does_not_any_more_ends_both(self, cast, child, asked):
        guardians.guardian_consents(request=asked[0], by=cast.binh)
        second = guardians.ask_guardian(child=child, address="0900 000 003", name="Mẹ")
        guardians.guardian_consents(request=second, by=cast.an)
        guardians.guardian_withdraws(request=second, by=cast.an)
        assert not may_keep_records(Person.objects.get(pk=child.pk))

    def test_who_has_grown_up_and_said_yes_is_not_spoken_for_any_more(self, cast, child, asked):
        guardians.guardian_consents(request=asked[0], by=cast.binh)
        Person.objects.filter(pk=child.pk).update(birth_year=1990)
        grown = Person.objects.get(pk=child.pk)
        consents.answer(person=grown, purpose=Purpose.LEARNING, said=Said.GIVEN, evidence="test")
        profile.erase(person=cast.binh)
        assert may_keep_records(Person.objects.get(pk=child.pk))

    def test_sixteen_counts_from_the_year_after_the_birthday_year(self, cast):
        year = timezone.localdate().year
        assert Person(birth_year=year - 16).is_child(timezone.localdate())
        assert not Person(birth_year=year - 17).is_child(timezone.localdate())


class TestByHand:
    """Where a family has one number, a teacher hears the guardian."""

    HAND = by_hand.Hand(name="Bố Bình", how="met")

    @pytest.fixture
    def child(self, cast):
        return profile.correct(person=cast.hoa, profile=about(birth_year=timezone.localdate().year - 12))

    def test_from_the_code_to_the_consent_to_its_withdrawal(self, cast, child):
        code = by_hand.hand_code(child=child)
        assert by_hand.hand_code(child=child) == code
        found = by_hand.find_by_hand(code=f"{code[:3]} {code[3:]}", by=cast.lan)
        by_hand.confirm_by_hand(request=found, hand=self.HAND, by=cast.lan)
        assert may_keep_records(child)
        assert JournalEntry.objects.filter(act="guardian.confirmed").count() == 1
        by_hand.withdraw_by_hand(request=by_hand.find_by_hand(code=code, by=cast.lan), by=cast.lan)
        assert not may_keep_records(child)

    def test_nobody_without_the_right_finds_or_confirms(self, cast, child):
        code = by_hand.hand_code(child=child)
        found = Guardianship.objects.get()
        for who in (cast.binh, cast.an, cast.hoa):
            with pytest.raises(NotAllowed):
                by_hand.find_by_hand(code=code, by=who)
            with pytest.raises(NotAllowed):
                by_hand.confirm_by_hand(request=found, hand=self.HAND, by=who)

    def test_the_code_is_no_link(self, child):
        with pytest.raises(guardians.GuardianAsked):
            guardians.open_request(by_hand.hand_code(child=child))

    def test_guessing_ends(self, cast, child):
        by_hand.hand_code(child=child)
        for _ in range(by_hand.WRONG_AN_HOUR):
            with pytest.raises(by_hand.NoSuchHand):
                by_hand.find_by_hand(code="1", by=cast.lan)
        with pytest.raises(TooMany):
            by_hand.find_by_hand(code="1", by=cast.lan)

    def test_who_the_guardian_is_must_be_said(self, cast, child):
        found = by_hand.find_by_hand(code=by_hand.hand_code(child=child), by=cast.lan)
        for hand in (by_hand.Hand(" ", "met"), by_hand.Hand("Bố", "")):
            with pytest.raises(NeedsWords):
                by_hand.confirm_by_hand(request=found, hand=hand, by=cast.lan)

    def test_a_year_written_down_wrong_is_put_right(self, cast, child):
        found = by_hand.find_by_hand(code=by_hand.hand_code(child=child), by=cast.lan)
        by_hand.correct_year_by_hand(request=found, birth_year=1960, by=cast.lan)
        assert Person.objects.get(pk=child.pk).birth_year == 1960


@pytest.mark.parametrize("name", ["Hoa", "Nguyễn Thị Minh Khai", "H'Hen Niê", "Y Blok Êban"])
def test_a_plain_name_goes_out_as_it_is(name):
    assert name_in_messages(name) == name


@given(st.text(max_size=60))
def test_whatever_is_written_for_a_name_what_goes_out_is_letters_and_short(name):
    out = name_in_messages(name)
    assert len(out) <= 30 and not any(char in out for char in "./:@0123456789\n") and len(out.split()) <= 5


@pytest.mark.parametrize(
    "name", ["http://xau.example", "bit.ly/x", "Gọi 0912345678", "A​.com", "a" * 40, "x y z t u v", "evil,com"]
)
def test_what_is_no_plain_name_does_not_go_out(name):
    assert name_in_messages(name) == ""


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


def test_accounts_on_one_phone_are_told_apart_by_name_and_number(cast):
    Person.objects.filter(pk=cast.binh.pk).update(name="")
    hoa, binh = Person.objects.get(pk=cast.hoa.pk), Person.objects.get(pk=cast.binh.pk)
    shown = [json.loads(factors.passkey_options(who)[0])["user"]["name"] for who in (hoa, binh)]
    assert shown == ["Hoa (…001)", "…002"]
    assert "002" in factors.totp_uri(factors.new_totp_secret(), binh)


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
