"""Files that people attach: their kind is judged by content, their size bounded, their name only shown."""

from __future__ import annotations

import pytest

from hocvuso.base.attachments import MAX_BYTES, BadFile, attach, kind_of, name_to_keep, path_of


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"PK\x03\x04", "application/zip"),
    ],
)
def test_the_kind_is_that_of_the_content(content, kind):
    assert kind_of(content) == kind


@pytest.mark.parametrize("content", [b"", b"MZ\x90", b"<html>", b"<svg/>", b"#!/bin/sh", b" %PDF-"])
def test_nothing_else_is_taken_whatever_it_is_called(content):
    with pytest.raises(BadFile):
        kind_of(content)


def test_what_is_larger_is_refused():
    assert kind_of(b"%PDF-".ljust(MAX_BYTES))
    with pytest.raises(BadFile):
        kind_of(b"%PDF-".ljust(MAX_BYTES + 1))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../a.pdf", "a.pdf"),
        ("C:\\x\\a.pdf", "a.pdf"),
        ("a\u202efdp.exe\x00", "afdp.exe"),
        ("..", "tep"),
        ("", "tep"),
    ],
)
def test_a_name_leads_nowhere(name, kept):
    assert name_to_keep(name) == kept


@pytest.mark.django_db
def test_it_lies_under_its_hash(cast, settings, tmp_path):
    settings.DATA = tmp_path
    made = attach(subject=cast.here, name="../a.pdf", content=b"%PDF-1", by=cast.lan)
    assert path_of(made.sha256).read_bytes() == b"%PDF-1" and made.name == "a.pdf"
    assert {p.name for p in tmp_path.rglob("*") if p.is_file()} == {made.sha256}
