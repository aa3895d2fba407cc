"""`hocvuso client`, as an operator types it."""

import re

import pytest

from hocvuso.interop.models import ApiClient
from hocvuso.interop.services import client_of
from hocvuso.ops import clients
from hocvuso.ops.command import parser

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
