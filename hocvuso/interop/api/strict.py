"""What an operation does not understand is a fault: a misspelt filter must not be answered with everything."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from .common import Fault, api, problem


def _understood(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A parameter of the query that is not described, or is told twice where one is meant."""

    @wraps(run)
    def checked(request: HttpRequest, **path: Any) -> HttpResponse:
        known = _parameters().get((_route(request), (request.method or "").replace("HEAD", "GET")), {})
        told = [(name, len(values)) for name, values in request.GET.lists()]
        faults = [
            Fault(field=f"query.{name}"[:80], reason="unknown parameter") for name, _n in told if name not in known
        ]
        faults += [
            Fault(field=f"query.{name}", reason="told twice") for name, n in told if n > 1 and known.get(name) == "one"
        ]
        if faults:
            return problem(400, "invalid", _("Yêu cầu không đúng với bản mô tả."), errors=faults)
        _name_nothing(request)
        return run(request, **{name: _named(value) for name, value in path.items()})

    return checked


def _name_nothing(request: HttpRequest) -> None:
    """Let a zero byte in the query, which PostgreSQL takes in no text, be a letter that nothing is called by."""
    if any("\0" in value for _name, values in request.GET.lists() for value in values):
        asked = request.GET.copy()
        for name, values in request.GET.lists():
            asked.setlist(name, [_named(value) for value in values])
        request.GET = asked  # type: ignore[assignment]


def _named(value: Any) -> Any:
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


def _route(request: HttpRequest) -> str:
    """The path of the operation, as its description has it."""
    route = request.resolver_match.route if request.resolver_match else ""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


@cache
def _parameters() -> dict[tuple[str, str], dict[str, str]]:
    """By path and method of an operation the parameters of its query, and whether each is told once or is a list."""
    paths = json.loads(json.dumps(api.get_openapi_schema(), default=str))["paths"]
    return {
        (path, method.upper()): {
            one["name"]: "list" if "array" in json.dumps(one["schema"]) else "one"
            for one in operation.get("parameters", [])
            if one["in"] == "query"
        }
        for path, methods in paths.items()
        for method, operation in methods.items()
    }


api.add_decorator(_understood, mode="view")
