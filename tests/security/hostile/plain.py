"""Hostile YAML, JSON and backups."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from io import BytesIO

from .common import ALIASES, BACKUP, JSON, MEGABYTE, YAML, Case, damaged, texts, utf8


def yaml_texts() -> Iterator[Case]:
    for text in texts():
        yield Case(YAML, f"raw {text[:30]!r}", utf8(text))
        yield Case(YAML, f"value {text[:30]!r}", utf8("a: " + text))
    for name, text in {
        "aliases": ALIASES,
        "itself": "a: &a [*a]",
        "merge": "a: &a {b: 1}\nc: {<<: *a}",
        "object": "!!python/object/apply:os.system ['true']",
        "deep": "[" * 10_000,
        "map": "{a: " * 3_000,
        "sixties": "a: " + "1:" * 20_000 + "1",
        "large": "a: " + "1" * 20_000,
        "binary": "a: !!binary '!!!'",
        "set": "!!set {a, b}",
        "day": "a: 2026-99-99",
        "many": "- a\n" * 30_000,
    }.items():
        yield Case(YAML, name, text.encode())
    yield from damaged(YAML, "YAML", "a: [1, 2]\nb: {c: đ}\n".encode(), changes=8)


def json_texts() -> Iterator[Case]:
    for text in texts():
        yield Case(
            JSON,
            f"text {text[:30]!r}",
            json.dumps({"text": text, "title": text, "url": text, "unit": text, "topic": text}).encode(),
        )
        yield Case(JSON, f"raw {text[:30]!r}", utf8(text))
    for name, text in {
        "deep": "[" * 100_000,
        "deep maps": '{"a":' * 50_000,
        "large number": "9" * 10_000,
        "NaN": '{"text": NaN}',
        "twice": '{"text":"a","text":"b"}',
        "long": json.dumps({"text": "a" * 2 * MEGABYTE}),
        "many": json.dumps({str(n): n for n in range(50_000)}),
        "half": '{"text": "\\ud800"}',
    }.items():
        yield Case(JSON, name, text.encode())
    yield from damaged(JSON, "JSON", b'{"text": "x", "title": "y"}', changes=12)


def backups() -> Iterator[Case]:
    def packed(*members: tuple[str, bytes, bytes]) -> bytes:
        out = BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            for name, kind, content in members:
                one = tarfile.TarInfo(name)
                one.size, one.type, one.linkname = len(content), kind, "/etc/passwd"
                archive.addfile(one, BytesIO(content))
        return out.getvalue()

    note = json.dumps({"version": "0.1.0", "vendor": "sqlite"}).encode()
    for name in ("../evil", "/etc/evil", "a/../../evil", "backup.json", "hocvuso.sqlite3", "x" * 300):
        for kind in (tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            yield Case(
                BACKUP, f"{name[:20]} of type {kind!r}", packed((name, kind, note if kind == tarfile.REGTYPE else b""))
            )
    for said in (
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"version": 7, "vendor": 7}',
        b'{"version": "99", "vendor": "sqlite"}',
        b'{"version": "%s", "vendor": "sqlite", "holds": {}}' % (b"9" * 5000),
        b"\xff",
        b"[" * 90_000,
    ):
        yield Case(BACKUP, f"a note {said[:20]!r}", packed(("backup.json", tarfile.REGTYPE, said)))
    yield from damaged(BACKUP, "a backup", packed(("backup.json", tarfile.REGTYPE, note)), changes=12)
