"""What all hostile files are made of: the seeds, and readable rules that spoil a good file."""
# ruff: noqa: E501  tables of what hurts, a line each

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

FOLDER = Path(__file__).parents[1] / "corpus"
TABLE, FORM, DOCX, PAPER, ARCHIVE, SVG, PICTURE, CERTIFICATE, YAML, JSON, BACKUP, QUESTIONS, NAME = KINDS = (
    "table", "form", "docx", "paper", "archive", "svg", "picture", "certificate", "yaml", "json", "backup",
    "questions", "name",
)  # fmt: skip
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Case:
    """One file for readers of a kind."""

    kind: str
    name: str
    content: bytes

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


@cache
def texts() -> list[str]:
    """Texts of the corpus, and a few that are long."""
    lines = (FOLDER / "texts.txt").read_text("utf-8").splitlines()
    kept = [line for line in lines if line and not line.startswith("# ")]
    # The source is ASCII escapes in UTF-8, so that a surrogate and a NUL can stand in a file that people read.
    said = [line.encode("latin-1", "backslashreplace").decode("unicode_escape") for line in kept]
    return [*said, "a" * 40_000, "é" * 9_000, "a\u0301" * 5_000, "\u202e" * 300, "<" * 5_000, "(" * 2_000, "9" * 5_000]


def utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def damaged(kind: str, name: str, content: bytes, *, changes: int = 24) -> Iterator[Case]:
    """A file cut at every tenth, with bytes changed, with more before and behind it, and in other clothes."""
    for tenth in range(10):
        yield Case(kind, f"{name}, {tenth * 10} % of it", content[: len(content) * tenth // 10])
    luck = random.Random(name)
    for number in range(changes):
        spoiled = bytearray(content)
        for _n in range(1 + number % 5):
            spoiled[luck.randrange(len(spoiled))] = luck.choice((0, 0xFF, luck.randrange(256)))
        yield Case(kind, f"{name}, spoiled {number}", bytes(spoiled))
    for more in (
        b"\0" * 64,
        b"MZ",
        b"%PDF-1.7\n",
        b"GIF89a",
        b"<!doctype html><script>",
        b"\xef\xbb\xbf",
        b"PK\x03\x04",
    ):
        yield Case(kind, f"{name} behind {more[:8]!r}", more + content)
        yield Case(kind, f"{name} before {more[:8]!r}", content + more)
    for code in ("utf-16", "utf-7", "cp1258"):
        yield Case(kind, f"{name} as {code}", content.decode("latin-1").encode(code, "replace"))
    yield Case(kind, f"{name}, empty", b"")


ENTITIES = {
    "an external entity": '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "an entity from elsewhere": '<!DOCTYPE x [<!ENTITY x SYSTEM "http://127.0.0.1:1/">]>',
    "a DTD from elsewhere": '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">',
    "a parameter entity": '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>',
    "entities in entities": "<!DOCTYPE x [<!ENTITY a0 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    + "<!ENTITY x '&a11;'>]>",
    "one large entity": f"<!DOCTYPE x [<!ENTITY x '{'a' * 100_000}'>]>",
    "a million attributes of a DTD": "<!DOCTYPE x [" + "<!ATTLIST x y CDATA 'z'>" * 20_000 + "]>",
}
ALIASES = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)


def zipped(parts: dict[str, str | bytes], *, packing: int = ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", packing) as archive:
        for name, content in parts.items():
            archive.writestr(ZipInfo(name) if packing == ZIP_STORED else name, content)
    return out.getvalue()
