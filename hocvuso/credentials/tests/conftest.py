"""A certificate, for all that may happen to it."""

import pytest

from hocvuso.credentials import services
from tests.world import take_final


@pytest.fixture
def credential(cast, programme):
    return services.issue(attempt=take_final(cast.hoa, programme))
