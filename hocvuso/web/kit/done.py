"""How many were done, said the same way on every page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest


def say_done(request: HttpRequest, count: int, said: str, none: Any = "") -> None:
    """`said` where something was done; where nothing was, a warning with what to do (or what is said elsewhere)."""
    if count:
        messages.success(request, said)
    elif none:
        messages.warning(request, none)
