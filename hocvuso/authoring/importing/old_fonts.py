"""Vietnamese written in fonts from before Unicode: their names say which, a table gives the letters."""

from __future__ import annotations

import re
import unicodedata

# TCVN 5712:1993 as the fonts .Vn… draw it; capitals with tones are drawn by fonts of their own, whose names end in H.
_TCVN3 = {
    code: letter
    for first, letters in (
        (0xA1, "ĂÂÊÔƠƯĐăâêôơưđ"),
        (0xB5, "àảãáạ"),
        (0xBB, "ằẳẵắ"),
        (0xC6, "ặầẩẫấậè"),
        (0xCE, "ẻẽéẹềểễếệìỉ"),
        (0xDC, "ĩíịò"),
        (0xE1, "ỏõóọồổỗốộờởỡớợù"),
        (0xF1, "ủũúụừửữứựỳỷỹýỵ"),
    )
    for code, letter in enumerate(letters, first)
}
# VNI-Windows: a vowel, and behind it what it carries; a few letters are of one sign.
_VNI_MARKS = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303",
    "ä": "\u0302\u0323", "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309",
    "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_ALONE = {"ñ": "đ", "ö": "ư", "ô": "ơ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "í": "í", "ì": "ì"}
_VNI_ALONE |= {old.upper(): new.upper() for old, new in _VNI_ALONE.items()}
_VNI_PAIR = re.compile(f"([aeouyôö])([{''.join(_VNI_MARKS)}])", re.I)
_TCVN3_NAME = re.compile(r"(?i)^\.vn\w*")
_VNI_NAME = re.compile(r"(?i)^vni[ -]\w+")
_OTHERS = re.compile(r"(?i)^(vps|viet ?ware|vietstar|bk ?hcm|vncs?i|vn(?:times?|arial|helv)\b)")


def is_old(font: str) -> bool:
    """Whether letters in a font of this name are not Unicode, by a table that we have."""
    return bool(_TCVN3_NAME.match(font) or _VNI_NAME.match(font))


def is_unknown(font: str) -> bool:
    """Whether this is a font from before Unicode for which we have no table."""
    return bool(_OTHERS.match(font))


def converted(text: str, font: str) -> str:
    """The letters that a reader sees; text that is Unicode already, whatever its font, stays what it is."""
    text = "".join(chr(ord(sign) - 0xF000) if "\uf020" <= sign <= "\uf0ff" else sign for sign in text)
    if any("\u0102" <= sign <= "\u01b0" or "\u1ea0" <= sign <= "\u1ef9" for sign in text):
        return text
    if _TCVN3_NAME.match(font):
        made = "".join(_TCVN3.get(ord(sign), sign) for sign in text)
        return made.upper() if font.rstrip().lower().endswith("h") and len(font) > 5 else made
    if _VNI_NAME.match(font):
        return unicodedata.normalize("NFC", _of_vni(text))
    return text


def _of_vni(text: str) -> str:
    def pair(match: re.Match[str]) -> str:
        vowel, mark = match.groups()
        return _VNI_ALONE.get(vowel, vowel) + _VNI_MARKS[mark.lower()]

    parts = []
    end = 0
    for match in _VNI_PAIR.finditer(text):
        parts += ["".join(_VNI_ALONE.get(sign, sign) for sign in text[end : match.start()]), pair(match)]
        end = match.end()
    return "".join(parts) + "".join(_VNI_ALONE.get(sign, sign) for sign in text[end:])
