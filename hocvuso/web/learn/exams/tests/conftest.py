"""A learner with a test before her."""

import pytest

from .sitting import START, signed_in


@pytest.fixture
def hoa(cast, programme):
    return signed_in(cast.hoa)


@pytest.fixture
def test(hoa):
    """The address of a final test just started."""
    return hoa.post(START, {"kind": "final"})["Location"]
