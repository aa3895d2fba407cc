"""The country that tests of this room share."""

from __future__ import annotations

import pytest

from . import world


@pytest.fixture
def land(db):
    """The small country."""
    return world.country()
