"""Limits of codes fall on who abuses them: not on the owner of a number, nor on a class behind one address."""

import random
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from hocvuso.base import outbox
from hocvuso.base.models import Tries
from hocvuso.people.models import OneTimeCode
from hocvuso.people.queries import person_with
from hocvuso.people.services import codes, signin

pytestmark = pytest.mark.django_db
PHONE = "0912 345 678"
PREMIUM = ["+882 1312 3456", "+1 876 555 0123", "+371 9012 3456", "+257 7912 3456", "+84 1900 12345", "024 3869 5144"]


@pytest.fixture
def sent(capfd):
    """The messages sent since it was asked last, where development shows them: (address, text)."""

    def read():
        return re.findall(r"\[(?:phone|email)\] (\S+): (.+)", capfd.readouterr().err)

    return read


def ask(address=PHONE, asker="203.0.113.1", **options):
    return signin.send_code(address=address, asker=asker, **options)


def code_in(messages, length=6):
    return next(found for _to, text in reversed(messages) if (found := re.search(rf"\b\d{{{length}}}\b", text)))[0]


def enter(row, code):
    return signin.person_of(code=signin.check_code(code_id=row.pk, code=code))[0]


def besiege(times=60):
    """Strangers ask for codes to a number that is not theirs, each from an address of its own, and guess."""
    for number in range(times):
        row = ask(asker=f"198.51.100.{number}")
        for _guess in range(6):
            with pytest.raises(signin.WrongCode):
                signin.check_code(code_id=row.pk, code=f"{random.randrange(10**12):012}"[: random.choice([6, 12])])


class TestAStranger:
    def test_from_many_addresses_makes_no_more_messages_arrive_than_a_days(self, sent):
        besiege()
        assert len(sent()) == codes.A_DAY + 1 <= 10  # the last brings the key of the day

    def test_makes_no_more_arrive_when_the_owner_signs_in_between(self, sent):
        arrived = 0
        for _visit in range(4):
            besiege(20)
            arrived += len(messages := sent())
            enter(ask(asker="203.0.113.77"), code_in(messages, codes.DAY_KEY_DIGITS))
        assert arrived == codes.A_DAY + 1 + 3  # each key that the owner used is followed by one other

    def test_does_not_keep_the_owner_out_of_a_new_browser(self, sent):
        besiege()
        key = code_in(sent(), codes.DAY_KEY_DIGITS)
        mine = ask(asker="203.0.113.77")
        assert codes.delivery_of(mine.pk) == codes.Delivery.WITHHELD and not sent()
        assert enter(mine, f"{key[:6]} {key[6:]}") == person_with("phone", "+84912345678")

    def test_does_not_keep_the_owner_out_again_and_again(self, sent):
        for _day in range(3):
            besiege()
            enter(ask(asker="203.0.113.77"), code_in(sent(), codes.DAY_KEY_DIGITS))

    def test_does_not_keep_a_known_browser_out(self, sent):
        besiege()
        sent()
        mine = ask(trusted=True)
        assert enter(mine, code_in(sent()))

    def test_gains_no_message_when_the_owner_signs_in_in_a_known_browser(self, sent):
        besiege()
        sent()
        for _visit in range(3):
            enter(ask(trusted=True), code_in(sent()))
            besiege(10)
            assert not sent()

    def test_with_ones_own_key_of_the_day_opens_no_other_number(self, sent):
        besiege()
        key = code_in(sent(), codes.DAY_KEY_DIGITS)
        for _more in range(codes.A_DAY):
            ask("0987 654 321")
        other = ask("0987 654 321")
        with pytest.raises(signin.WrongCode):
            signin.check_code(code_id=other.pk, code=key)

    def test_cannot_use_the_key_of_the_day_twice(self, sent):
        besiege()
        key = code_in(sent(), codes.DAY_KEY_DIGITS)
        one, two = ask(), ask()
        enter(one, key)
        with pytest.raises(signin.WrongCode):
            signin.check_code(code_id=two.pk, code=key)

    def test_a_key_of_yesterday_opens_nothing(self, sent):
        besiege()
        OneTimeCode.objects.filter(purpose=codes.DAY_KEY).update(expires_at=timezone.now())
        with pytest.raises(signin.WrongCode):
            signin.check_code(code_id=ask().pk, code=code_in(sent(), codes.DAY_KEY_DIGITS))

    def test_whatever_strangers_do_the_owner_comes_in(self, sent):
        """Asks of strangers and owner in any order, codes tried or not: whenever the owner asks, a message opens it."""
        for seed in range(6):
            dice = random.Random(seed)
            OneTimeCode.objects.all().delete()
            Tries.objects.all().delete()
            mine = []
            sent()
            for _step in range(dice.randrange(5, 40)):
                if dice.random() < 0.2:
                    row = ask(asker=f"203.0.113.{dice.randrange(5)}")
                    mine += sent()
                    known = [word for _to, text in mine for word in re.findall(r"\b\d{6,12}\b", text)]
                    assert any(_opens(row, word) for word in reversed(known)), seed
                else:
                    row = ask(asker=f"198.51.100.{dice.randrange(250)}")
                    mine += sent()
                    assert not _opens(row, f"{dice.randrange(10**6):06}")


def _opens(row, word):
    OneTimeCode.objects.filter(pk=row.pk).update(tries_left=5)  # the owner takes the latest; here all are tried
    try:
        return bool(signin.check_code(code_id=row.pk, code=word))
    except signin.WrongCode:
        return False


class TestAClassBehindOneAddress:
    def test_forty_pupils_sign_in_within_five_minutes_lesson_after_lesson(self, sent):
        for lesson in range(8):
            rows = [ask(f"09{lesson}{number:07}", asker="203.0.113.9") for number in range(40)]
            by_number = dict(sent())
            for number, row in enumerate(rows):
                assert enter(row, re.match(r"\d{6}", by_number[f"+849{lesson}{number:07}"])[0])

    def test_two_hundred_phones_ask_all_before_the_first_signs_in(self, sent):
        rows = [ask(f"09{number:08}", asker="203.0.113.9", browser=f"b{number}") for number in range(200)]
        by_number = dict(sent())
        for number, row in enumerate(rows):
            assert enter(row, re.match(r"\d{6}", by_number[f"+849{number:08}"])[0])

    def test_one_browser_that_uses_no_code_is_told_to_wait_and_no_other(self):
        for number in range(codes.UNUSED_BY_BROWSER):
            ask(f"09{number:08}", browser="b")
        with pytest.raises(codes.TooManyCodes):
            ask("0999 999 999", browser="b")
        assert ask("0999 999 999", browser="c")

    def test_one_tablet_signs_a_whole_class_in(self, sent):
        for number in range(2 * codes.UNUSED_BY_BROWSER):
            enter(ask(f"09{number:08}", browser="b"), code_in(sent()))

    def test_one_address_that_uses_no_code_is_told_to_wait(self, monkeypatch):
        monkeypatch.setattr(codes, "UNUSED_AN_HOUR", 30)
        for number in range(codes.UNUSED_AN_HOUR):
            ask(f"09{number:08}")
        with pytest.raises(codes.TooManyCodes) as refused:
            ask("0999 999 999")
        assert "60 phút" in str(refused.value) and "khoá truy cập" in str(refused.value)
        assert ask("0999 999 998", asker="203.0.113.2") and ask("0999 999 999", trusted=True)


def test_a_code_that_is_too_old_is_no_row_to_be_tried_again():
    row = ask()
    OneTimeCode.objects.update(letter_sealed="waits")
    [answer] = codes._letters([row.pk], timezone.now() + timedelta(hours=1)).values()
    assert isinstance(answer, outbox.Never) and not answer.listed


class TestPumping:
    @pytest.mark.parametrize("number", PREMIUM)
    def test_numbers_of_other_countries_and_dear_ones_are_refused_before_anything_is_sent(self, sent, number):
        with pytest.raises(codes.NotThere) as refused:
            ask(number)
        assert "+84" in str(refused.value) and "thư điện tử" in str(refused.value)
        assert not sent() and not OneTimeCode.objects.exists() and not Tries.objects.exists()

    def test_countries_are_a_setting(self, sent, settings):
        settings.ENV = {**settings.ENV, "HOCVUSO_SMS_COUNTRIES": ["84", "856"]}
        ask("+856 20 5512 3456")
        assert sent()[0][0] == "+8562055123456"

    def test_an_e_mail_address_is_of_no_country(self, sent):
        ask("hoa@vi-du.vn")
        assert sent()

    def test_the_days_messages_are_bounded_and_the_last_are_for_known_browsers(self, sent, settings):
        settings.ENV = {**settings.ENV, "HOCVUSO_SMS_A_DAY": 20}
        for number in range(16):
            ask(f"09{number:08}", asker=f"198.51.100.{number}")
        assert codes.spent_today() == 16
        with pytest.raises(codes.Spent) as refused:
            ask()
        assert "thư điện tử" in str(refused.value)
        assert len(sent()) == 16 and ask("hoa@vi-du.vn")
        for number in range(4):
            ask(f"09{number:08}", trusted=True)
        with pytest.raises(codes.Spent):
            ask(trusted=True)
        assert codes.spent_today() == 20

    def test_a_refusal_for_want_of_messages_costs_the_number_none(self, sent, settings):
        settings.ENV = {**settings.ENV, "HOCVUSO_SMS_A_DAY": 1}
        ask("0987 654 321")
        for _more in range(20):
            with pytest.raises(codes.Spent):
                ask()
        settings.ENV = {**settings.ENV, "HOCVUSO_SMS_A_DAY": None}
        sent()
        enter(ask(), code_in(sent()))
