"""Who may open what: every address of the site, asked by every member of the cast and by a stranger.

Addresses that name a thing are filled with things of somebody next door, so that whatever opens is open on purpose.
"""

import re
import uuid

import pytest
from django.test import Client
from django.urls import get_resolver

from hocvuso.assess import services as assess
from hocvuso.assess.models import Attempt
from hocvuso.base import master
from hocvuso.credentials import services as credentials
from hocvuso.library import services as library
from hocvuso.library.models import Edition
from hocvuso.people.models import Passkey, RoleGrant
from hocvuso.records import services as records
from tests import world

pytestmark = pytest.mark.django_db
_PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")
SIGN_IN = "/tai-khoan/dang-nhap/"
WITHOUT_ROLES, WITH_ROLES = ("hoa", "binh"), ("an", "minh", "lan", "oanh", "xuan")
# What a person has for themselves: a stranger signs in first. Said here again, so that a gate taken away is noticed.
PERSONAL = ("viec-hoc/", "tai-khoan/", "bien-soan/", "dieu-hanh/", "dong-gop/", "kiem-tra/bai/")
PROGRAMS, OPEN_TO_ALL = "machine-api:", "machine-api:api-"
STAFF = ("bien-soan/", "dieu-hanh/", "dong-gop/")
OPEN_ON_PURPOSE = {
    "state",  # tells scripts 401, for pages made at publishing
    "sign-in",
    "sign-in-code",
    "sign-in-code-state",
    "oidc-go",
    "oidc-back",
    "passkey-options",
    "passkey-signin",
    "sign-out",
}
# What urges people reaches whoever a task names, with a role or without: one's own inbox, and by which ways it comes.
INBOX = {"urge-inbox", "urge-read", "urge-preferences"}
CERTIFICATE = ("certificate", "certificate-pdf", "certificate-picture", "show-name", "correct-name")
HOAS_OWN = ("attempt", "test-submit", "test-result", "claim", *CERTIFICATE, "passkey-remove")
# What somebody gets of what is not theirs. Opening the address of a form leads to the page above it, which is absent.
ABSENT = {"get": {302, 404, 405}, "post": {404, 405}}


def routes(resolver=None, above="", space=""):
    """(route, name, pattern) of every address; names within a namespace as `namespace:name`."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = above + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, route, f"{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield route, space + (pattern.name or ""), pattern


@pytest.fixture
def things(cast, programme):
    """Things of Hoa's, and of the department next door, by the name of the address they fill."""
    master.keep_check()
    scored = world.take_final(cast.hoa, programme)
    credential = credentials.issue(attempt=scored)
    records.append(person=cast.hoa, batch=world.batch(world.statement()))  # another test comes after study
    started = assess.start(person=cast.hoa, programme=programme, kind=Attempt.Kind.FINAL)
    edition = Edition.objects.get()
    comment = library.comment(edition=edition, lesson="bai-mot", line=1, text="x", by=cast.minh)
    passkey = Passkey.objects.create(person=cast.hoa, credential_id="x", public_key="x", label="x")
    pk = {
        **dict.fromkeys(("attempt", "test-submit", "claim"), started),
        "test-result": scored,
        **dict.fromkeys((*CERTIFICATE, "verify", "credential-picture"), credential),
        "passkey-remove": passkey,
        **dict.fromkeys(("edition", "edition-preview", "edition-move", "edition-comment"), edition),
        "comment-resolve": comment,
    }
    return {name: {"pk": thing.pk} for name, thing in pk.items()} | {
        "competency": {"key": "TT02-2025", "code": "4.2"},
        "framework": {"key": "TT02-2025"},
        "persona": {"key": "lam-an"},
        "framework-file": {"key": "TT02-2025", "kind": "csv"},
        "status-list": {"purpose": "revocation"},
    }


def next_door_to(cast, who):
    """(a unit out of this person's reach, a role held there); the operator reaches every unit."""
    unit = cast.here if who == "xuan" else cast.next_door
    return unit, RoleGrant.objects.filter(unit=unit).first()


def address(route, name, things, unit, grant):
    """The address of a route, filled. What no table names is filled with something that is not there."""
    values = {"programme": "hai-bai", "lesson": "bai-mot", "key": "hai-bai", "token": "nonsense", "unit": unit.pk}
    values |= {"unit": {"pk": unit.pk}, "role-offer": {"pk": unit.pk}, "grant-end": {"pk": grant.pk}}.get(name, {})
    values |= things.get(name, {})
    absent = {"int": 1, "uuid": uuid.uuid4()}
    return "/" + _PLACE.sub(lambda place: str(values.get(place[2], absent.get(place[1], "khong-co"))), route)


@pytest.fixture
def walk(cast, things):
    """Addresses with what a person (None: a stranger) got for them, each asked in a session of its own."""

    def go(who, method="get", *, strong=True, under="", named=None):
        unit, grant = next_door_to(cast, who)
        for route, name, _pattern in routes():
            if not route.startswith(under) or not (named is None or name in named):
                continue
            client = Client(raise_request_exception=False)
            if who:
                getattr(cast, who).refresh_from_db()  # one of the forms ends all sessions
                world.sign_in(client, getattr(cast, who), strong=strong)
            path = address(route, name, things, unit, grant)
            assert "<" not in path, f"{route} is not filled"
            yield route, name, path, getattr(client, method)(path)

    return go


def test_the_walk_sees_the_whole_site():
    names = [name for _route, name, _pattern in routes()]
    assert len(names) > 200
    assert set(names) >= {"home", "lesson", "edition", "unit", "my-data"} | OPEN_ON_PURPOSE | set(HOAS_OWN)
    assert len([name for name in names if name.startswith(PROGRAMS)]) > 5


class TestStrangers:
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_they_sign_in_before_anything_of_a_person(self, walk, method):
        for _route, name, path, answer in walk(None, method, under=PERSONAL):
            if name not in OPEN_ON_PURPOSE:
                assert answer.status_code == 302, f"{path} answered {answer.status_code}"
                assert answer["Location"].startswith(f"{SIGN_IN}?next=/"), f"{path} leads to {answer['Location']}"

    def test_also_wherever_else_a_gate_says_so(self, walk):
        gates = {name: getattr(pattern.callback, "gate", "") for _route, name, pattern in routes()}
        for _route, name, path, answer in walk(None):
            if gates[name] in ("signed-in", "staff"):
                assert answer.status_code == 302 and answer["Location"].startswith(SIGN_IN), path

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_nothing_breaks(self, walk, method):
        assert [path for _route, _name, path, answer in walk(None, method) if answer.status_code >= 500] == []

    def test_what_is_open_to_them_carries_nothing_of_a_person(self, walk):
        for _route, _name, path, answer in walk(None):
            if answer.status_code == 200:
                assert b"900000001" not in answer.content and b">Hoa<" not in answer.content, path


class TestPrograms:
    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("who", [None, "hoa", "oanh"])
    def test_they_show_a_key_and_a_persons_session_is_none(self, walk, who, method):
        asked = walk(who, method, under="api/v1/")
        named = [(name, answer) for _route, name, _path, answer in asked if not name.startswith(OPEN_TO_ALL)]
        found = {name: answer.status_code for name, answer in named if name.startswith(PROGRAMS)}
        assert set(found.values()) <= {401, 404, 405} and 401 in found.values(), found


class TestPeopleWithoutRoles:
    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("who", WITHOUT_ROLES)
    def test_pages_of_authors_and_offices_do_not_exist_for_them(self, walk, who, method):
        asked = [(name, path, answer.status_code) for _r, name, path, answer in walk(who, method, under=STAFF)]
        found = [(path, status) for name, path, status in asked if name not in INBOX]
        assert len(found) >= 15
        assert [(path, status) for path, status in found if status != 404] == []


class TestPeopleWithRoles:
    @pytest.mark.parametrize("who", WITH_ROLES)
    def test_one_factor_opens_none_of_their_pages(self, walk, who):
        for _route, _name, path, answer in walk(who, strong=False, under=STAFF):
            assert answer.status_code in (302, 404), f"{path} answered {answer.status_code} to {who}"

    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("who", [who for who in WITH_ROLES if who != "oanh"])
    def test_units_and_roles_next_door_do_not_exist_for_them(self, walk, who, method):
        asked = walk(who, method, named=("unit", "role-offer", "grant-end"))
        found = {name: answer.status_code for _route, name, _path, answer in asked}
        assert set(found.values()) <= ABSENT[method] and 404 in found.values(), found
        assert not RoleGrant.objects.exclude(ends_at=None).exists()

    def test_the_operator_reaches_every_unit(self, walk):
        asked = walk("oanh", named=("unit", "units", "journal", "edition"))
        assert [answer.status_code for _route, _name, _path, answer in asked] == [200] * 4


class TestEverybody:
    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("who", WITHOUT_ROLES + WITH_ROLES)
    def test_nothing_breaks_and_all_carries_the_policy(self, walk, who, method):
        for _route, _name, path, answer in walk(who, method):
            assert answer.status_code < 500, f"{path} answered {answer.status_code} to {who}"
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"], path

    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("who", [who for who in WITHOUT_ROLES + WITH_ROLES if who != "hoa"])
    def test_what_is_hoas_is_hoas_alone(self, cast, walk, who, method):
        found = {name: answer.status_code for _route, name, _path, answer in walk(who, method, named=HOAS_OWN)}
        assert set(found.values()) <= ABSENT[method] and 404 in found.values(), found
        assert cast.hoa.attempts.filter(state="started").count() == cast.hoa.passkeys.count() == 1

    def test_hoa_opens_what_is_hers(self, walk):
        asked = walk("hoa", named=("attempt", "test-result", *CERTIFICATE[:3]))
        assert [answer.status_code for _route, _name, _path, answer in asked] == [200] * 5
