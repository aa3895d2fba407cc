"""The helpdesk's world of tests."""

import pytest

from tests.commune import commune


@pytest.fixture
def there(db):
    return commune()
