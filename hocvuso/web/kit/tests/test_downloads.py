"""Whole tables and documents are written by the process for downloads, whatever their address is like."""

import re
from contextlib import suppress
from uuid import uuid4

from django.urls import NoReverseMatch, get_resolver, reverse

from hocvuso.web.kit import door


def test_every_table_and_document_of_the_steering_pages_is_written_aside():
    names = re.compile(r"(download|csv|xlsx|export|docx|(summary|checklist|calendar)-file|log-download)$")
    found = [p for p in _patterns(get_resolver()) if p.name and names.search(p.name)]
    steering = {p.name for p in found if p.callback.gate == "staff"}
    assert {"tasks-csv", "units-export", "document-docx", "urge-log-download", "report-period-download"} <= steering
    for name in steering:
        path = _reversed(name)
        assert door.line_of({"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": ""}) == "download", path


def _patterns(resolver):
    for pattern in resolver.url_patterns:
        yield from _patterns(pattern) if hasattr(pattern, "url_patterns") else [pattern]


def _reversed(name):
    for args in ([], [uuid4()], [uuid4(), "2026-10"]):
        with suppress(NoReverseMatch):
            return reverse(name, args=args)
    raise AssertionError(name)
