"""Every address × every role × every method, asked by the neighbour: made from the resolver, so that what comes later
is asked too.

What a neighbour gets for a thing out of reach is what is answered for a thing that is not there. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from hocvuso.indicators.services import roll_up
from hocvuso.interop.tests.machine import machine
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.units.models import Unit
from tests import world as cast_world

from . import shown, writes
from .addresses import Address, addresses, fill_all, undone
from .forms_of_owners import Form, forms
from .world import World, build, hired

pytestmark = pytest.mark.django_db
READ_AND_WRITE = ("get", "post")
OTHERS = ("head", "options", "put", "patch", "delete")
SIGN_IN = "/tai-khoan/dang-nhap/"
NOBODY, LEARNER, PROGRAM = "nobody", "learner", "program"
ACTORS = [NOBODY, LEARNER, *Role.values, PROGRAM]
# What a method is answered with depends on the gate, not on the role: one of each gate asks by all of them.
ONE_OF_EACH_GATE = {NOBODY, LEARNER, Role.LEADER, PROGRAM}

# What no page tells of a parameter, because it is not looked up in a table.
GIVEN: dict[str, dict[str, str]] = {
    "lesson": {"lesson": "bai-mot"},
    "guide": {"lesson": "bai-mot"},
    "slides": {"lesson": "bai-mot"},
    "edition-preview": {"lesson": "bai-mot"},
    "take-home-programme": {"kind": "epub"},
    "take-home-lesson": {"lesson": "bai-mot", "kind": "pdf"},
    **dict.fromkeys(
        (
            "draft-lesson",
            "draft-head",
            "draft-preview",
            "draft-pictures",
            "draft-items",
            "draft-item-new",
            "draft-items-bring",
            "draft-practice",
            "draft-practice-kind",
            "draft-practice-act",
        ),
        {"lesson": "bai-mot"},
    ),
    "draft-practice-part": {"lesson": "bai-mot", "part": "buoc", "number": "1"},
    "draft-items-carry": {"lesson": "bai-mot", "format": "gift"},
    "draft-picture": {"lesson": "bai-mot", "name": "a.svg"},
    "draft-item": {"lesson": "bai-mot", "key": "c1"},
    "draft-file": {"name": "programme.yaml"},
    "draft-lesson-file": {"lesson": "bai-mot", "name": "guide.md"},
    "draft-history": {"path": "programme.yaml"},
    "framework": {"key": "TT02-2025"},
    "framework-file": {"key": "TT02-2025", "kind": "csv"},
    "breach-step": {"step": "ket-thuc"},
    "competency": {"key": "TT02-2025", "code": "4.2"},
    "persona": {"key": "lam-an"},
    "status-list": {"purpose": "revocation"},
    "open-data-table": {"kind": "csv"},
    "guardian": {"token": "no-such-token"},
    "stop-by-link": {"token": "no-such-token"},
    "urging-one": {"kind": "task"},
    "report-period": {"code": "2026"},
    "machine-api:scores": {"period": "2026"},
}

# Things of all the country, or of whoever works anywhere: shown to the neighbour on purpose, never changed by him.
NATION = "the country has one of it, whoever works with figures sees it; each figure in it has a reach of its own"
OFFERED = "pledges and needs are shown to whoever may take part in them"
SHOWN: dict[str, str] = {
    **dict.fromkeys(
        ("indicator", "indicator-records", "indicator-define", "indicator-targets", "value-declare"), NATION
    ),
    **dict.fromkeys(("index", "index-define", "index-compute", "index-unit", "machine-api:scores"), NATION),
    **dict.fromkeys(("scheme", "scheme-edit", "machine-api:scheme_detail", "machine-api:scheme_tasks"), NATION),
    **dict.fromkeys(("pledge", "pledge-edit", "pledge-move"), OFFERED),
    **dict.fromkeys(("need", "need-edit", "need-move", "need-allocate"), OFFERED),
    "test-start": "a programme is for everybody; what begins is one's own test",
}
# Addresses by which the neighbour may set in motion what runs for all by the clock anyway.
AS_THE_CLOCK_DOES = {"/dieu-hanh/don-doc/chay/"}


@dataclass
class Site:
    """The world, its addresses filled, the forms that owners would send, and the neighbours."""

    world: World
    addresses: list[Address]
    forms: list[Form]
    clients: dict[str, Client]
    people: dict[str, Person]
    theirs: set[Any] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)  # of things out of reach

    def named(self, *, filled: bool) -> list[Address]:
        return [one for one in self.addresses if bool(one.parameters) is filled]


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, _folders, tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    data = override_settings(
        DATA=folder,
        BUNDLES=_folders / "bundles",
        SITE=folder / "site",
        STATIC_ROOT=cast_world.ROOT / "frontend" / "dist",
        STORAGES={**settings.STORAGES, **plain},
    )
    with django_db_blocker.unblock(), data:
        try:
            with transaction.atomic():
                yield _site()
                raise _Over
        except _Over:
            pass


class _Over(Exception):
    pass


def _site() -> Site:
    there = build()
    # Counted once: what a page rolls up would be undone with it, and be rolled up again by the next.
    roll_up(now=timezone.now() + timedelta(days=1))
    cast = there.cast
    inspector = Person.objects.get(name="Thanh")
    guest = Person.objects.get(name="Khách")
    owners = [_client(one) for one in (cast.lan, cast.oanh, cast.an, there.officer, inspector, cast.hoa, guest)]
    api = Client(headers=machine(cast.ministry, Role.LEADER).headers, raise_request_exception=False)
    found = addresses()
    fill_all(found, {"pages": owners, "api": [api]}, GIVEN)
    forms_shown = _forms(found, owners)
    people = {role: hired(f"Láng giềng {role}", Role(role), cast.next_door) for role in Role.values}
    people[LEARNER] = cast.binh
    clients = {name: _client(person) for name, person in people.items()}
    program = machine(cast.next_door, Role.LEADER)
    clients |= {NOBODY: _client(None), PROGRAM: Client(headers=program.headers, raise_request_exception=False)}
    people[PROGRAM] = program.client.account
    here = Unit.objects.filter(path__startswith=cast.here.path).values_list("pk", flat=True)
    neighbours = [person.pk for person in people.values()]
    tables = {one.table for one in found if one.table and not is_open(one)}
    theirs = {*here, *Person.objects.exclude(pk__in=neighbours).values_list("pk", flat=True)}
    return Site(there, found, forms_shown, clients, people, theirs, tables)


def _client(person: Person | None) -> Client:
    client = Client(raise_request_exception=False)
    if person is not None:
        cast_world.sign_in(client, person)
    return client


def _forms(found: list[Address], owners: list[Client]) -> list[Form]:
    """What owners are shown, each form and button once."""
    made: dict[tuple[str, str, tuple[str, ...]], Form] = {}
    for client in owners:
        for address in found:
            if client is not owners[0] and (address.gate == "everybody" or address.gate == "client"):
                continue
            with undone():
                answer = client.get(address.path)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                for form in forms(address.path, answer.content.decode()):
                    made.setdefault((form.path, form.said, tuple(sorted(form.sent))), form)
    return list(made.values())


def methods_of(who: str) -> tuple[str, ...]:
    return READ_AND_WRITE + (OTHERS if who in ONE_OF_EACH_GATE else ())


def ask(client: Client, method: str, path: str, form: Form | None = None) -> Any:
    """What a client is answered; it stays who it was, also where it signed out."""
    session = client.cookies.output()
    kind = {"content_type": "application/json"} if path.startswith("/api/") else {}
    sends = {"data": form.body() if form else {}, **kind} if method in ("post", "put", "patch") else {}
    answer = getattr(client, method)(path, **sends)
    if client.cookies.output() != session:
        client.cookies.clear()
        client.cookies.load(session.replace("Set-Cookie: ", "").replace("\r\n", "; "))
    return answer


def shape(answer: Any, address: Address) -> tuple[int, str]:
    """What somebody sees who only wants to know whether the thing is there."""
    leads = answer.headers.get("Location", "")
    for values in (address.values, address.absent):
        for name, value in values.items():
            leads = leads.replace(value, f"<{name}>")
    return answer.status_code, leads.partition("?")[0]


def is_open(address: Address) -> bool:
    return address.gate == "everybody" or address.name in SHOWN


def test_every_parameter_of_every_address_is_filled_from_the_world(site):
    assert [one.why for one in site.addresses if one.why] == []
    assert len(site.named(filled=True)) > 150


def hurt(site: Site, who: str, act: Callable[[], Any]) -> tuple[Any, set[str]]:
    """What was answered, and which tables got or lost a row that is of others and not of who asked."""
    with undone(), writes.seen() as written:
        answer = act()
    if not written:
        return answer, set()
    me = site.people[who].pk if who in site.people else None
    with undone():
        before = writes.rows(written)
        act()
        after = writes.rows(written)
    found = set()
    for key in {key for key in before | after if before.get(key) != after.get(key)}:
        for row in filter(None, (before.get(key), after.get(key))):
            named = writes.points_at(key[0], row)
            if me not in named and (named & site.theirs or key in before or key[0] in site.tables):
                found.add(key[0])
    return answer, found


class TestThingsOutOfReach:
    @pytest.mark.parametrize("who", ACTORS)
    def test_they_are_answered_for_like_things_that_are_not_there_and_nothing_is_written(self, site, who):
        faults = []
        for address in site.named(filled=True):
            for method in methods_of(who):
                faults += self._faults(site, who, address, method)
        assert faults == [], "\n".join(faults)

    def _faults(self, site, who, address, method):
        client = site.clients[who]
        answer, others = hurt(site, who, lambda: ask(client, method, address.path))
        asked = f"{method.upper()} {address.name} ({address.path}): {answer.status_code}"
        if answer.status_code >= 500:
            yield asked
        if others:
            yield f"{asked} writes {sorted(others)}"
        if is_open(address):
            return
        if answer.status_code < 300 and method != "options":
            yield f"{asked}: is it meant to be shown to the neighbour? Then say so in SHOWN"
        if answer.status_code == 405:  # said before anything is looked for
            return
        with undone():
            nothing = ask(client, method, address.path_of_nothing)
        if shape(answer, address) != shape(nothing, address):
            yield f"{asked} but {shape(nothing, address)} where there is nothing"


class TestPagesOfNoThing:
    @pytest.mark.parametrize("who", ACTORS)
    def test_nothing_breaks(self, site, who):
        found = {}
        for address in site.named(filled=False):
            for method in methods_of(who):
                with undone():
                    found[f"{method} {address.path}"] = ask(site.clients[who], method, address.path).status_code
        assert {asked: status for asked, status in found.items() if status >= 500} == {}


class TestFormsOfOwners:
    """What the page of an owner would send, sent by the neighbour."""

    @pytest.mark.parametrize("who", ACTORS)
    def test_they_change_nothing_of_others_in_the_neighbours_hands(self, site, who):
        faults, files = [], sorted(Path(settings.DATA, "files").rglob("*"))
        for form in site.forms:
            answer, others = hurt(site, who, partial(ask, site.clients[who], "post", form.path, form))
            if answer.status_code >= 500 or others and form.path not in AS_THE_CLOCK_DOES:
                faults.append(f"{form.path} {form.said}: {answer.status_code}, writes {sorted(others)}")
        assert faults == [], "\n".join(faults)
        assert sorted(Path(settings.DATA, "files").rglob("*")) == files


def test_what_is_tried_on_neighbours_does_something_in_the_hands_of_owners(site):
    """Else nothing would have been tried: of the forms, most are taken when somebody sends them who may."""
    owners = [
        _client(one) for one in (site.world.cast.oanh, site.world.cast.lan, site.world.officer, site.world.cast.hoa)
    ]
    taken = 0
    for form in site.forms:
        for client in owners:
            with undone(), writes.seen() as written:
                ask(client, "post", form.path, form)
            if written:
                taken += 1
                break
    assert taken > len(site.forms) / 2, f"{taken} of {len(site.forms)}"


class TestHostileTexts:
    """In every column that holds words, shown at every address to whoever sees most."""

    def _answers(self, site, text, short):
        cast = site.world.cast
        with undone():
            assert shown.write(text, short) > 50
            for client in [_client(one) for one in (cast.lan, cast.oanh, site.world.officer, cast.hoa)]:
                for address in site.addresses:
                    with undone():
                        answer = client.get(address.path)
                    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
                    yield address, answer, content

    def test_they_live_on_no_page(self, site):
        faults, pages = [], 0
        for address, answer, content in self._answers(site, shown.MARKUP, shown.SHORT):
            kind = answer.headers.get("Content-Type", "")
            if answer.status_code >= 500:
                faults.append(f"{address.name}: {answer.status_code}")
            elif kind.startswith("text/html") and b"hvlive" in content:
                pages += 1
                faults += [f"{address.name}: {what}" for what in shown.live(content.decode())]
        assert faults == [] and pages > 100

    def test_they_are_formulas_in_no_table(self, site):
        faults, tables = [], 0
        for address, answer, content in self._answers(site, shown.FORMULA, shown.FORMULA):
            found = shown.formulas(answer.headers.get("Content-Type", ""), content)
            tables += b"cmd|" in content or content[:2] == b"PK"
            faults += [f"{address.name}: {cell}" for cell in found] + [address.name] * (answer.status_code >= 500)
        assert faults == [] and tables > 10
