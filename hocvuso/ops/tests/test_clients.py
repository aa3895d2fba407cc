"""`hocvuso client`, as an operator types it."""

import re

import pytest

from hocvuso.interop.models import ApiClient
from hocvuso.interop.services import client_of, make_client
from hocvuso.ops import clients, doctor
from hocvuso.ops.command import parser
from hocvuso.people.rules import Role
from hocvuso.people.services import roles

pytestmark = pytest.mark.django_db
CREATE = ["client", "create", "--name", "Tổng đài", "--unit", "SO-1"]


def run(*words):
    return clients.work(parser().parse_args(words))


def test_a_client_is_made_with_the_role_that_is_said(cast, capsys):
    assert run(*CREATE, "--role", "officer", "--scope", "requests:write", "movement:read") == 0
    secret = re.search(r"secret: (\S+)", capsys.readouterr().out)[1]
    made = client_of(secret)
    assert made.scopes == ["requests:write", "movement:read"]
    assert [(g.role, g.unit) for g in made.account.grants.all()] == [("officer", cast.here)]


def test_a_steward_when_nothing_is_said(cast):
    run(*CREATE, "--scope", "figures:read")
    assert ApiClient.objects.get().account.grants.get().role == "steward"


@pytest.mark.parametrize("wrong", [["--role", "king"], ["--unit", "KHONG"], ["--scope", "plans:approve"]])
def test_what_cannot_be_is_said_and_nothing_is_made(cast, wrong, capsys):
    assert run(*CREATE, "--scope", "figures:read", *wrong) == 2
    assert "officer" in (said := capsys.readouterr().out) or "requests:write" in said
    assert not ApiClient.objects.exists()


def test_the_doctor_names_one_whose_maker_lost_the_right_and_how_to_end_it(cast, capsys):
    made, _secret = make_client(name="Kho", scopes=["figures:read"], unit=cast.here, role=Role.STEWARD, by=cast.lan)
    assert list(doctor.programs()) == []
    roles.end(grant=cast.lan.grants.get(), by=None)
    [(what, remedy)] = doctor.programs()
    assert "“Kho” at SO-1" in what and f"hocvuso client end {made.pk}" in remedy
    assert run("client", "end", str(made.pk)) == 0 and list(doctor.programs()) == []
