"""A certificate, for all that is tried with it."""

import pytest

from hocvuso.credentials import services as credentials
from tests.world import take_final


@pytest.fixture
def credential(cast, programme):
    cast.hoa.name = "Nguyễn Thị Hoa"
    cast.hoa.save()
    return credentials.issue(attempt=take_final(cast.hoa, programme))
