"""Pages that a device may keep: they are the same for everybody."""

from __future__ import annotations

from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

EVERYBODY = "Hv-Everybody"  # read by the service worker; finished pages are known by their ETag


def for_everybody(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page that holds nothing of whoever asks. When a message waits to be shown on it, it does, and is not marked."""
    personal = len(get_messages(request)) > 0  # asked first: showing them empties the storage
    response = render(request, template, context)
    if not personal:
        response.headers[EVERYBODY] = "1"
    return response
