"""Finished pages: written as files, and remembered by their hash, so that one that was changed since is found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import brotli
from django.conf import settings

from hocvuso.base import marks
from hocvuso.library.publishing.store import digest, write_compressed

_GROUP = "pages:"


def write(group: str, pages: Mapping[str, str]) -> None:
    """Write pages, HTML by address without the slashes around it. They replace what the group held before."""
    hashes = {}
    for address, html in pages.items():
        content = html.encode()
        write_compressed(_file(address), content)
        hashes[address] = digest(content)
    marks.write(_GROUP + group, **hashes)


def forget(group: str) -> None:
    """The pages of a group were taken away."""
    marks.forget(_GROUP + group)


def changed() -> Iterator[str]:
    """The addresses of pages that are missing, or are not what was written; in either of their two forms."""
    for mark in marks.beginning(_GROUP).values():
        for address, known in mark.data.items():
            if not _is(_file(address), known):
                yield f"/{address}/" if address else "/"


def _file(address: str) -> Path:
    return settings.SITE / address / "index.html"


def _is(file: Path, known: str) -> bool:
    try:
        packed = brotli.decompress(file.with_name(file.name + ".br").read_bytes())
        return digest(file.read_bytes()) == digest(packed) == known
    except (OSError, brotli.error):
        return False
