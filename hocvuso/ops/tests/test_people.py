"""`hocvuso grant` and `hocvuso forget-factors`, as an operator types them."""

import pyotp
import pytest

from hocvuso.base.models import JournalEntry
from hocvuso.ops import people
from hocvuso.people.models import Passkey, RoleGrant
from hocvuso.people.queries import has_second_factor
from hocvuso.people.services import factors
from tests import world

pytestmark = pytest.mark.django_db
LAN = world.PHONES["lan"]


def test_a_role_is_given_to_who_is_there_and_to_who_is_new(cast):
    assert people.grant(LAN, "steward", "SO-1") == 0 == people.grant("0911 111 111", "officer", "SO-1")
    assert RoleGrant.objects.filter(person=cast.lan, role="steward").exists()


@pytest.mark.parametrize("wrong", [(LAN, "king", "SO-1"), (LAN, "officer", "KHONG"), ("x", "officer", "SO-1")])
def test_what_cannot_be_granted_is_said(cast, wrong, capsys):
    assert people.grant(*wrong) == 1 and capsys.readouterr().out.strip()


def test_who_lost_their_devices_sets_up_another_factor(cast, client):
    secret = factors.new_totp_secret()
    factors.set_totp(person=cast.lan, secret=secret, code=pyotp.TOTP(secret).now())
    Passkey.objects.create(person=cast.lan, credential_id="x", public_key="x", label="x")
    world.sign_in(client, cast.lan)
    assert client.get("/dieu-hanh/").status_code == 200
    assert people.forget_factors(LAN) == 0
    cast.lan.refresh_from_db()
    assert not has_second_factor(cast.lan)
    assert client.get("/dieu-hanh/")["Location"].startswith("/tai-khoan/dang-nhap/")
    assert JournalEntry.objects.filter(act="factors.forgotten").count() == 1


@pytest.mark.parametrize("address", ["0999 999 999", "không phải số"])
def test_who_is_not_there_is_said(cast, address, capsys):
    assert people.forget_factors(address) == 1 and capsys.readouterr().out.strip()
