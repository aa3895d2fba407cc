"""Hostile certificates: PDFs, pictures and JSON that carry something else than a credential of ours, or too much."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import NameObject

from hocvuso.credentials.rules_png import SIGNATURE, with_text

from .common import CERTIFICATE, Case, damaged, texts, utf8

KEYWORD = "openbadgecredential"
FORGED = json.dumps(
    {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "https://hoc.example/xac-minh/01a22a8c-236d-7ea9-af8e-0b3f93d760b8",
        "credentialSubject": {"identifier": [{"identityHash": "sha256$00", "salt": None}, 7, None]},
        "proof": {"cryptosuite": "eddsa-jcs-2022", "verificationMethod": "#", "proofValue": "z" + "1" * 64},
    }
)


def _pdf(*attached: str, packed: bool = False) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(10, 10)
    for n, text in enumerate(attached):
        file = writer.add_attachment(f"{n}.json", utf8(text)).pdf_object
        if packed:
            held = file["/EF"]
            held[NameObject("/F")] = writer._add_object(held["/F"].get_object().flate_encode())
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    return out.getvalue()


def _chunk(kind: bytes, body: bytes, *, size: int | None = None) -> bytes:
    return (
        struct.pack(">I", len(body) if size is None else size)
        + kind
        + body
        + struct.pack(">I", zlib.crc32(kind + body))
    )


def certificates() -> Iterator[Case]:
    yield from damaged(CERTIFICATE, "a PDF", _pdf(FORGED), changes=4)
    yield from damaged(CERTIFICATE, "a picture", with_text(_png(), KEYWORD, FORGED))
    yield from damaged(CERTIFICATE, "a JSON", FORGED.encode())
    for text in texts():
        baked = SIGNATURE + _chunk(b"IHDR", b"\0" * 13) + _chunk(b"iTXt", KEYWORD.encode() + b"\0\0\0\0\0" + utf8(text))
        yield Case(CERTIFICATE, f"a picture with {text[:30]!r}", baked)
    head = KEYWORD.encode() + b"\0\1\0\0\0"
    for name, chunk in {
        "that swells": _chunk(b"iTXt", head + zlib.compress(b" " * 100_000_000)),
        "of a size that is none": _chunk(b"iTXt", head, size=0xFFFFFFFF),
        "without an end": _chunk(b"iTXt", KEYWORD.encode() + b"\0"),
        "that is not packed": _chunk(b"iTXt", head + b"{}"),
    }.items():
        yield Case(CERTIFICATE, f"a text {name}", SIGNATURE + _chunk(b"IHDR", b"\0" * 13) + chunk)
    yield Case(CERTIFICATE, "a million chunks", SIGNATURE + _chunk(b"tEXt", b"") * 120_000)
    yield from _pdfs()


def _pdfs() -> Iterator[Case]:
    plain = _pdf(FORGED)
    yield Case(CERTIFICATE, "a PDF whose attachment swells", _pdf(" " * 100_000_000, packed=True))
    yield Case(CERTIFICATE, "a PDF with two", _pdf(FORGED, FORGED.replace("#", "##")))
    yield Case(CERTIFICATE, "a PDF with a hundred", _pdf(*[FORGED.replace("#", str(n)) for n in range(100)]))
    yield Case(CERTIFICATE, "a PDF with what is deep", _pdf("[" * 90_000))
    yield Case(CERTIFICATE, "a PDF without an end", b"%PDF-1.7\n" + b"1 0 obj\n<<" * 40_000)
    yield Case(
        CERTIFICATE, "a PDF that refers to itself", plain.replace(b"/Kids", b"/Kids [1 0 R] /Parent 1 0 R /Kidz")
    )
    locked = PdfWriter(clone_from=BytesIO(plain))
    locked.encrypt("x")
    out = BytesIO()
    locked.write(out)
    yield Case(CERTIFICATE, "a PDF behind a password", out.getvalue())
