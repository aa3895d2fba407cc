"""The whole API by its own description: what it says is what it does, whatever it is sent (schemathesis).

More examples: API_EXAMPLES=500 pytest tests/security/test_api.py
"""

from __future__ import annotations

import json
import os

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from hocvuso.interop.api import api
from hocvuso.interop.tests.machine import machine
from hocvuso.interop.tests.test_description import PUBLIC, scope_of
from hocvuso.people.rules import Role

from .addresses import undone

EXAMPLES = int(os.environ.get("API_EXAMPLES", "6"))
SCHEMA = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema(), default=str)))
SCHEMA.app = get_wsgi_application()
OPERATIONS = {f"{one.ok().method.upper()} {one.ok().path}": one.ok() for one in SCHEMA.get_all_operations()}
# What is sent nothing cannot be sent the wrong thing.
TRIED = [
    (name, mode)
    for name, one in OPERATIONS.items()
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or one.body or list(one.iter_parameters())
]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _connection_of_the_test():
    """What a request does stays in the transaction of the test, as with Django's own client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def headers(cast, operation):
    """The secret of a program that has the scope of the operation and no other; of an open one none."""
    path, method = OPERATIONS[operation].path, OPERATIONS[operation].method.lower()
    plain = {"Accept-Encoding": "identity"}  # the client of the checks does not unpack
    if path.removeprefix("/api/v1/") in PUBLIC:
        return plain
    return machine(cast.here, Role.LEADER, [scope_of(method, path)]).headers | plain


def test_the_description_is_whole():
    assert len(OPERATIONS) > 40


@pytest.mark.parametrize(("operation", "mode"), TRIED, ids=lambda one: getattr(one, "value", one))
def test_every_operation_keeps_to_the_description(operation, mode, headers):
    @given(case=OPERATIONS[operation].as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def keeps(case):
        with undone():
            case.call_and_validate(headers=headers)

    keeps()
