"""A verifier of others (Digital Bazaar, in JavaScript: needs Node) accepts what we sign, and nothing changed since."""

import copy
import json
import subprocess
from pathlib import Path

import pytest

from hocvuso.credentials import documents, services
from hocvuso.credentials.rules import PURPOSES
from tests.world import take_final

pytestmark = pytest.mark.django_db
VERIFIER = Path(__file__).parents[3] / "tests" / "npm" / "verify.mjs"


def verify(secured, profile):
    """What the verifier says of a credential, given the profile that the issuer publishes."""
    asked = json.dumps({"credential": secured, "profile": profile})
    done = subprocess.run(["node", VERIFIER], input=asked, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def changed(text):
    """`text` with its last character but one changed for another that may stand there."""
    return text[:-2] + ("1" if text[-2] != "1" else "2") + text[-1]


@pytest.fixture
def secured(cast, programme):
    return services.issue(attempt=take_final(cast.hoa, programme)).signed


@pytest.fixture
def profile(secured):
    return json.loads(json.dumps(documents.issuer_profile()))


def test_it_accepts_ours(secured, profile):
    assert verify(secured, profile) == {"verified": True, "errors": []}


@pytest.mark.parametrize("purpose", PURPOSES)
def test_it_accepts_our_status_lists(profile, purpose):
    assert verify(services.status_list(purpose), profile) == {"verified": True, "errors": []}


@pytest.mark.parametrize("where", ["name", "validFrom", "identityHash", "proofValue"])
def test_it_refuses_one_changed_character(secured, profile, where):
    forged = copy.deepcopy(secured)
    inner = {"identityHash": forged["credentialSubject"]["identifier"][0], "proofValue": forged["proof"]}
    part = inner.get(where, forged)
    part[where] = changed(part[where])
    assert verify(forged, profile)["verified"] is False


def test_it_refuses_a_key_that_the_issuer_no_longer_vouches_for(secured):
    services.condemn_key(public=secured["proof"]["verificationMethod"].partition("#")[2])
    assert verify(secured, documents.issuer_profile())["verified"] is False
