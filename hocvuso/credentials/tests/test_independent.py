"""Somebody else's verifier (Digital Bazaar, JavaScript) accepts what we sign, and nothing that was changed since."""

import copy
import json
import subprocess
from pathlib import Path

import pytest

from hocvuso.credentials import documents, services
from tests.world import take_final

pytestmark = pytest.mark.django_db
VERIFIER = Path(__file__).parents[3] / "tests" / "npm" / "verify.mjs"


def verify(secured, profile):
    """What the verifier says of a credential, given the profile that the issuer publishes."""
    asked = json.dumps({"credential": secured, "profile": profile}).encode()
    done = subprocess.run(["node", VERIFIER], input=asked, capture_output=True, check=False)
    print(done.stderr.decode())
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


@pytest.fixture
def secured(cast, programme):
    return services.issue(attempt=take_final(cast.hoa, programme)).signed


def test_it_accepts_ours(secured):
    assert verify(secured, documents.issuer_profile()) == {"verified": True, "errors": []}
    assert 0
