"""The description of the API: complete for whoever generates a client, told in docs/api.md, and true of who may."""

from __future__ import annotations

import json
import re
import uuid

import pytest
from django.test import Client

from hocvuso.interop.tests.machine import ALL, machine
from hocvuso.people.rules import Role
from tests.world import ROOT

# What each scope opens, by the beginnings of addresses: said here again, so that a wrong one is noticed.
OPENS = {
    "figures:read": ["units", "figures", "indices", "flags", "targets", "declared"],
    "plans:read": ["plans", "tasks", "reports", "change-requests"],
    "inspections:read": ["inspections"],
    "consultations:read": ["consultations"],
    "schemes:read": ["schemes", "scheme-sums"],
    "documents:read": ["documents"],
    "urging:read": ["urgings"],
    "movement:read": ["requests", "pledges", "needs", "allocations"],
    "communes:read": ["communes"],
    "values:write": ["values"],
    "plans:write": ["tasks"],
    "requests:write": ["requests"],
    "hooks": ["hooks"],
}
PUBLIC = {"catalogue", "frameworks", "places", "indicators"}
NEEDED = {"indicator": "a", "unit": "SO-1", "period": "2026", "scheme": "a"}
BODIES = {
    "notes": {"text": "x"},
    "products": {"kind": "link", "address": "https://a.vn"},
    "requests": {"unit": "SO-1", "topic": "other", "text": "x"},
    "hooks": {"url": "https://a.vn", "events": []},
}


@pytest.fixture(scope="module")
def described():
    return json.loads(Client().get("/api/v1/openapi.json").content)


def operations(described):
    """(method, path, what is said of it) of all operations."""
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def scope_of(method, path):
    first = path.removeprefix("/api/v1/").split("/")[0].removesuffix(".docx")
    kinds = [scope for scope, opened in OPENS.items() if first in opened]
    written = [scope for scope in kinds if scope.endswith(":write")]
    return (written if method == "post" and written else [s for s in kinds if s not in written] or kinds)[0]


def asked(machine, method, path, operation):
    """What a program gets for an operation, its address filled with what is not there."""
    filled = re.sub(
        r"{(\w+)}",
        lambda m: {"key": "a", "year": "2026", "period": "2026", "code": "X"}.get(m[1], str(uuid.uuid4())),
        path,
    )
    relative = filled.removeprefix("/api/v1/")
    if method == "post" and not relative.startswith("values"):
        return machine.post(relative, **BODIES.get(relative.split("/")[-1], {}))
    described = {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}
    needed = {name: value for name, value in NEEDED.items() if name in described}
    return machine.get(relative, **needed) if method == "get" else None


def test_every_operation_says_what_it_is_and_what_it_answers(described):
    found = list(operations(described))
    assert len(found) > 40
    for method, path, operation in found:
        assert operation["summary"], path
        assert operation.get("description") or path.split("/")[-1] in PUBLIC, path
        for status, answer in operation["responses"].items():
            schemas = [content["schema"] for content in answer.get("content", {}).values()]
            assert (schemas and all(schemas)) or (method, status) == ("delete", "204"), f"{method} {path} {status}"
            assert {"type": "object"} not in schemas, f"{method} {path}: no bare objects"


def test_every_operation_stands_in_the_page_for_people(described):
    text = (ROOT / "docs" / "api.md").read_text("utf-8")
    for method, path, _operation in operations(described):
        told = re.sub(
            r"{\w+}",
            lambda m: f"<{'id' if m[0] not in ('{key}', '{year}', '{period}', '{code}') else m[0][1:-1]}>",
            path,
        )
        rows = [line for line in text.splitlines() if re.search(re.escape(told) + r"[`?]", line)]
        assert any(method.upper() in line for line in rows), f"{method.upper()} {told} is not in docs/api.md"


def test_every_scope_stands_there_too():
    text = (ROOT / "docs" / "api.md").read_text("utf-8")
    assert [scope for scope in ALL if f"| `{scope}` |" not in text] == []
    assert set(OPENS) == set(ALL)


def test_names_of_operations_are_plain_and_single(described):
    names = [operation["operationId"] for _method, _path, operation in operations(described)]
    assert len(names) == len(set(names)) and {"units", "plan_detail", "write_down"} <= set(names)


def test_shapes_that_are_named_are_there(described):
    named = set(re.findall(r"#/components/schemas/(\w+)", str(described)))
    assert named <= set(described["components"]["schemas"])
    assert described["components"]["schemas"]["TaskState"]["enum"][0] == "not-started"


@pytest.mark.parametrize("scope", ALL)
def test_without_its_scope_an_operation_is_refused_and_with_it_alone_not(cast, described, scope):
    without = machine(cast.here, Role.LEADER, [other for other in ALL if other != scope])
    alone = machine(cast.here, Role.LEADER, [scope])
    for method, path, operation in operations(described):
        if path.removeprefix("/api/v1/") in PUBLIC or scope_of(method, path) != scope:
            continue
        refused, taken = (asked(one, method, path, operation) for one in (without, alone))
        if refused is not None:
            assert refused.status_code == 403 and refused.json()["type"].endswith("missing-scope"), path
            assert taken.status_code in (200, 404, 409), f"{path}: {taken.text}"


def test_programs_decide_on_nothing(described):
    """What is written from outside is evidence, values and requests: nothing is approved, so two eyes stay people's."""
    written = {path.removeprefix("/api/v1/") for method, path, _operation in operations(described) if method != "get"}
    assert written == {
        "values", "hooks", "hooks/{hook}", "requests",
        "tasks/{task}/notes", "tasks/{task}/products", "tasks/{task}/complete",
    }  # fmt: skip
