"""Signing in by a one-time code: safe against replays, guesses, and strangers who would lock somebody out."""

import pytest
from django.utils import timezone

from hocvuso.base import gateways
from hocvuso.people.models import Identifier, OneTimeCode, Person
from hocvuso.people.queries import lookup_of, person_with
from hocvuso.people.rules import normal_phone
from hocvuso.people.services import codes, signin

pytestmark = pytest.mark.django_db
PHONE = "0912 345 678"


@pytest.fixture
def code(capfd):
    """Sends a code and reads it from the console, where development shows it."""

    def send(address=PHONE, **options):
        sent = signin.send_code(address=address, asker="10.0.0.1", **options)
        shown = capfd.readouterr().err
        return sent, next(word for word in shown.split() if word.isdigit() and len(word) == 6)

    return send


def other_than(*codes):
    """Six digits that are none of these."""
    return next(f"{n:06}" for n in range(10) if f"{n:06}" not in codes)


@pytest.mark.parametrize(
    "typed",
    [
        "0912 345 678",
        "0912.345.678",
        "+84912345678",
        "84912345678",
        "0084 912345678",
        "+84 0912345678",
        "+84 (0)912 345 678",
        "840912345678",
        "0084 0912345678",
        "912345678",
        "\uff10912 345 678",
        "+84 00912345678",
        "\u202a0912\u00a0345\u2011678\u202c",
    ],
)
def test_one_number_has_one_form(typed):
    assert normal_phone(typed) == "+84912345678"


@pytest.mark.parametrize("typed", ["", "12", "khong phai so", "091234567890123", "a@b", "a@@b.vn"])
def test_what_is_no_address_is_refused_at_its_field(typed):
    with pytest.raises(signin.NotAnAddress) as refused:
        signin.read_address(typed)
    assert refused.value.field == "address"


def test_the_right_code_makes_an_account_once(code):
    sent, digits = code()
    person, made = signin.person_of(code=signin.check_code(code_id=sent.pk, code=digits))
    assert made
    sent, digits = code()
    again, made = signin.person_of(code=signin.check_code(code_id=sent.pk, code=digits))
    assert (again, made) == (person, False)


def test_who_comes_in_twice_at_once_the_first_time_is_one_person(code, monkeypatch):
    sent, digits = code()
    used = signin.check_code(code_id=sent.pk, code=digits)
    person, _made = signin.person_of(code=used)
    looked = iter([None])  # the other press had not yet made the person when this one looked
    monkeypatch.setattr(signin, "person_with", lambda kind, value: next(looked, person_with(kind, value)))
    assert signin.person_of(code=used) == (person, False) and Person.objects.count() == 1


def test_a_code_pressed_twice_is_used_once_and_later_refused_for_ever(code):
    sent, digits = code()
    first = signin.check_code(code_id=sent.pk, code=digits)
    assert signin.check_code(code_id=sent.pk, code=digits) == first
    OneTimeCode.objects.update(used_at=timezone.now() - signin.REPEAT)
    with pytest.raises(signin.TooOld):
        signin.check_code(code_id=sent.pk, code=digits)


def test_whoever_guesses_at_a_code_just_used_has_five_tries_like_everybody(code):
    sent, digits = code()
    signin.check_code(code_id=sent.pk, code=digits)
    for _ in range(5):
        with pytest.raises(signin.WrongCode):
            signin.check_code(code_id=sent.pk, code=other_than(digits))
    with pytest.raises(signin.WrongCode):
        signin.check_code(code_id=sent.pk, code=digits)


class TestSeveralCodesOfOneBrowser:
    def test_any_that_is_not_too_old_opens(self, code):
        (first, digits), (last, _later) = code(browser="b"), code(browser="b")
        assert signin.check_code(code_id=last.pk, code=digits, browser="b") == first

    def test_also_when_two_presses_at_once_left_the_page_with_the_first(self, code):
        (first, _digits), (last, later) = code(browser="b"), code(browser="b")
        assert signin.check_code(code_id=first.pk, code=later, browser="b") == last

    def test_none_of_another_browser_or_number(self, code):
        _theirs, digits = code(browser="a")
        _other_number, other = code("0987 654 321", browser="b")
        mine, _own = code(browser="b")
        for typed in (digits, other):
            with pytest.raises(signin.WrongCode):
                signin.check_code(code_id=mine.pk, code=typed, browser="b")

    def test_five_wrong_tries_end_all_of_them(self, code):
        (_first, digits), (last, later) = code(browser="b"), code(browser="b")
        for _ in range(4):
            with pytest.raises(signin.NotThisCode):
                signin.check_code(code_id=last.pk, code=other_than(digits, later), browser="b")
        with pytest.raises(signin.TriedOut):
            signin.check_code(code_id=last.pk, code=other_than(digits, later), browser="b")
        for typed in (digits, later):
            with pytest.raises(signin.TriedOut):
                signin.check_code(code_id=last.pk, code=typed, browser="b")

    def test_one_that_is_used_ends_the_others(self, code):
        (first, digits), (last, later) = code(browser="b"), code(browser="b")
        signin.check_code(code_id=last.pk, code=digits, browser="b")
        OneTimeCode.objects.update(used_at=timezone.now() - signin.REPEAT)
        for row in (first, last):
            with pytest.raises(signin.TooOld):
                signin.check_code(code_id=row.pk, code=later, browser="b")


def test_a_code_serves_only_what_it_was_sent_for(code):
    sent, digits = code(purpose="add")
    with pytest.raises(signin.WrongCode):
        signin.check_code(code_id=sent.pk, code=digits)
    assert signin.check_code(code_id=sent.pk, code=digits, purpose="add") == sent


def test_five_wrong_tries_end_a_code(code):
    sent, digits = code()
    wrong = f"{(int(digits) + 1) % 10**6:06}"
    for _ in range(5):
        with pytest.raises(signin.WrongCode):
            signin.check_code(code_id=sent.pk, code=wrong)
    with pytest.raises(signin.WrongCode):
        signin.check_code(code_id=sent.pk, code=digits)


def test_an_old_code_is_refused(code):
    sent, digits = code()
    OneTimeCode.objects.update(expires_at=timezone.now())
    with pytest.raises(signin.WrongCode):
        signin.check_code(code_id=sent.pk, code=digits)


def test_a_code_opens_only_the_browser_that_asked_for_it(code):
    mine, _digits = code()
    _theirs, digits = code("0987 654 321")
    with pytest.raises(signin.WrongCode):
        signin.check_code(code_id=mine.pk, code=digits)


def test_no_identifier_is_stored_in_clear(code):
    sent, digits = code()
    signin.person_of(code=signin.check_code(code_id=sent.pk, code=digits))
    rows = [str(row) for model in (Identifier, OneTimeCode, Person) for row in model.objects.values()]
    assert not any("912345678" in row for row in rows)
    assert digits not in OneTimeCode.objects.get().code_hash
    assert Identifier.objects.get().lookup == lookup_of("phone", "+84912345678")


def test_an_identifier_belongs_to_one_person(cast):
    with pytest.raises(signin.Taken):
        signin.add_identifier(person=cast.hoa, kind="phone", value="+84900000002")


def test_an_outside_identity_is_known_by_issuer_and_subject():
    first, made = signin.person_of_identity(issuer="https://a.example", subject="1", name="Hoa")
    other, _made = signin.person_of_identity(issuer="https://b.example", subject="1")
    assert made and first != other
    assert signin.person_of_identity(issuer="https://a.example", subject="1")[0] == first
    assert person_with("oidc", "https://a.example|1") == first


def test_without_a_gateway_the_refusal_is_clear(settings):
    settings.ENV = {**settings.ENV, "HOCVUSO_CODES_ON_CONSOLE": False}
    with pytest.raises(codes.CannotSend):
        signin.send_code(address=PHONE, asker="10.0.0.1")
    with pytest.raises(OSError, match="no gateway"):
        gateways.send("phone", "+84912345678", subject="", text="")
