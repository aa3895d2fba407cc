"""A country with figures in it, seen from its department."""

from __future__ import annotations

import pytest

from hocvuso.indicators import services
from hocvuso.indicators.tests import world as country
from tests.world import sign_in


@pytest.fixture
def land(world_of, settings, tmp_path):
    """The small country with a measured, a declared and a ratio indicator, and roles given in March 2026."""
    settings.DATA = tmp_path
    return world_of("country with figures", _with_figures)


def _with_figures() -> country.Country:
    made = country.country()
    country.indicator("roles", title="Vai trò", definition={"measure": "people.roles"}, measured_in="lượt")
    country.indicator("said", title="Số lớp", kind="declared", definition={"aggregate": "sum"}, minimum=0)
    country.indicator("share", title="Tỉ lệ", kind="ratio", definition={"numerator": "roles", "denominator": "said"})
    for unit, day in ((made.communes[0], 65), (made.communes[0], 70), (made.communes[1], 66), (made.there, 67)):
        country.given(unit, day=day, audience="citizens", birth_year=1980)
    services.roll_up(full=True)
    return made


@pytest.fixture
def leader(client, land):
    """The leader of the first department, signed in."""
    sign_in(client, land.leader)
    return client


@pytest.fixture
def minister(client, land):
    """Who leads the ministry, signed in."""
    sign_in(client, land.minister)
    return client


@pytest.fixture
def neighbour(client, land):
    """The leader next door, signed in."""
    sign_in(client, land.neighbour)
    return client
