"""What stops the counting of a measure is that measure's alone, and stays visible until it is mended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hocvuso.indicators import services
from hocvuso.indicators.models import Cell
from hocvuso.indicators.rules import REGISTER
from hocvuso.people.models import RoleGrant

from . import world

pytestmark = pytest.mark.django_db
ROLES, PEOPLE = "people.roles", "people.accounts"


@pytest.fixture
def country(db):
    return world.country()


@pytest.fixture
def mend(country, monkeypatch):
    """Accounts cannot be counted, until this is called."""
    whole = REGISTER[PEOPLE]

    def breaks():
        raise ZeroDivisionError("nothing to divide by")

    monkeypatch.setitem(REGISTER, PEOPLE, replace(whole, rows=breaks))
    return lambda: monkeypatch.setitem(REGISTER, PEOPLE, whole)


def test_the_others_are_counted_and_the_fault_is_said(mend):
    with pytest.raises(services.NotAllCounted, match=PEOPLE):
        services.roll_up()
    assert Cell.objects.filter(measure=ROLES).exists()
    assert "nothing to divide by" in services.faults()[PEOPLE]


def test_pages_go_on_and_wait_for_it_no_more(mend, monkeypatch):
    services.freshen()
    asked = []
    monkeypatch.setitem(REGISTER, PEOPLE, replace(REGISTER[PEOPLE], rows=lambda: asked.append(1)))
    services.freshen()
    assert PEOPLE in services.faults() and not asked


def test_once_mended_it_is_counted_and_said_no_more(mend):
    services.freshen()
    mend()
    services.roll_up()
    assert services.faults() == {} and Cell.objects.filter(measure=PEOPLE).exists()


@pytest.mark.parametrize("starts_at", ["9999-12-31T17:00:00Z", "0001-01-01T08:00:00Z"])
def test_a_record_at_the_end_of_time_stops_nothing(country, starts_at):
    RoleGrant.objects.create(person=country.leader, role="teacher", unit=country.school, starts_at=starts_at)
    assert services.roll_up() > 0
    assert services.faults() == {}
    assert not Cell.objects.filter(day__year__in=[1, 9999]).exists()
