"""Letters that a document draws higher, lower or from a font of signs, as letters of their own."""

from __future__ import annotations

_RAISED = dict(zip("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True))
_LOWERED = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
_SIGNS = {
    "wingdings": {0xFC: "✓", 0xFE: "☑", 0xFB: "✗", 0xFD: "☒", 0xA8: "☐", 0x6F: "☐", 0xE0: "→", 0xDF: "←", 0xF0: "⇨",
                  0xA7: "▪", 0xD8: "➢", 0x76: "❖", 0x6C: "●", 0x6E: "■", 0x28: "☎", 0x2A: "✉", 0x46: "☞", 0x4A: "☺"},
    "symbol": {0xB7: "•", 0xAE: "→", 0xDE: "⇒", 0xB0: "°", 0xB1: "±", 0xA3: "≤", 0xB3: "≥", 0xB4: "×", 0xB8: "÷",
               0xB9: "≠", 0x70: "π", 0x61: "α", 0x62: "β", 0x44: "Δ", 0x57: "Ω"},
}  # fmt: skip


def raised(text: str) -> str:
    """`2` as `²`, where every letter can be raised."""
    return "".join(_RAISED[sign] for sign in text) if set(text) <= _RAISED.keys() else text


def lowered(text: str) -> str:
    """`2` as `₂`, where every letter can be lowered."""
    return "".join(_LOWERED[sign] for sign in text) if set(text) <= _LOWERED.keys() else text


def symbol(font: str, code: str) -> str:
    """The sign that a font of signs draws for a code in hexadecimal; `□` where we know none."""
    try:
        place = int(code, 16) & 0xFF
    except ValueError:
        return ""
    return _SIGNS.get(font.lower(), {}).get(place, "□")
