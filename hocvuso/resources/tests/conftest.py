"""The movement's world of tests."""

from __future__ import annotations

import pytest

from hocvuso.resources.tests import world as giving
from tests.commune import commune


@pytest.fixture
def there(db):
    return commune()


@pytest.fixture
def pledge(there):
    return giving.available(there)


@pytest.fixture
def need(there):
    return giving.ask(there)


@pytest.fixture
def given(there, pledge, need):
    """Four of ten, for ten days from today."""
    return giving.give(there, pledge, need)
