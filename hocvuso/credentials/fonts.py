"""The fonts of certificates, from the registry of npm as icons are, and the letters that they hold."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "@expo-google-fonts"
# A letter that the first has not is taken from the next that has it. Of Latin letters the second has all, also those
# of Ê-đê, Gia-rai, Ba-na names; the others hold Khmer, Cham and Thái letters.
OF_NAMES = ("lora", "noto-serif", "noto-sans-khmer", "noto-sans-cham", "noto-sans-tai-viet")


@cache
def all_fonts() -> Any:
    """Every font that is installed with the front end; none of the machine's, so that paper is the same everywhere."""
    import typst  # 7 MB in each process, of which most never draw

    _files()
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FOLDER])


def missing(text: str) -> list[str]:
    """The letters of a text that no font of names holds, each once, with its name: `😀 (GRINNING FACE)`."""
    lacking = dict.fromkeys(char for char in text if ord(char) not in _letters())
    return [f"{char} ({unicodedata.name(char, f'U+{ord(char):04X}')})" for char in lacking]


@cache
def _letters() -> frozenset[int]:
    return frozenset(code for file in _files() for code in _mapped(file.read_bytes()))


def _files() -> list[Path]:
    files = [file for family in OF_NAMES for file in (FOLDER / family / "400Regular").glob("*.ttf")]
    if len(files) != len(OF_NAMES):
        raise RuntimeError(f"Fonts of certificates are missing in {FOLDER}: run make setup")
    return files


def _mapped(font: bytes) -> Iterator[int]:
    """The characters for which a font has a glyph (OpenType: `cmap`, format 4, which all of these fonts have)."""
    tables = {
        font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0]
        for at in range(12, 12 + 16 * int.from_bytes(font[4:6]), 16)
    }
    cmap = tables[b"cmap"]
    encodings = [
        struct.unpack_from(">HHI", font, cmap + 4 + 8 * n) for n in range(int.from_bytes(font[cmap + 2 : cmap + 4]))
    ]
    at = cmap + next(offset for platform, encoding, offset in encodings if (platform, encoding) == (3, 1))
    count = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts, deltas, offsets = (struct.unpack_from(f">{count}H", font, at + 16 + 2 * count * n) for n in (1, 2, 3))
    for n in range(count):
        for code in range(starts[n], ends[n] + 1):
            place = at + 16 + 6 * count + 2 * n + offsets[n] + 2 * (code - starts[n])
            glyph = int.from_bytes(font[place : place + 2]) if offsets[n] else code
            if code != 0xFFFF and (glyph + deltas[n] & 0xFFFF if glyph else 0):
                yield code
