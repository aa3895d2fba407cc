"""Text at the door, and Vietnamese text for finding.

What people write is kept clean: composed (NFC), without control and invisible characters. For finding, diacritics are
folded away, telex and VNI leftovers undone.
"""

from __future__ import annotations

import re
import unicodedata

_TELEX_VOWELS = [
    ("uow", "uo"),
    ("aw", "a"),
    ("aa", "a"),
    ("ee", "e"),
    ("oo", "o"),
    ("ow", "o"),
    ("uw", "u"),
    ("dd", "d"),
]
# A Vietnamese syllable without tone: optional onset, vowels, optional coda. Only such a word followed by a
# telex tone letter is undone, so that "as", "or" and foreign words stay what they are.
_SYLLABLE = re.compile(r"^(ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(ng|nh|ch|[cmnpt])?$")


# What is seen as đ: Ð of Latin-1, which old keyboards and converters write, and Ɖ of African letters.
_AS_D = str.maketrans({"ð": "đ", "ɖ": "đ"})
# Where a tone may stand on either of two letters, it is one syllable: `hòa` and `hoà`, `thúy` and `thuý`.
_EITHER_LETTER = re.compile("(o(?=.[ae])|u(?=.y))([\u0300\u0301\u0303\u0309\u0323])([aey])(?![\\w\u0300-\u036f])")

_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")  # all that some programme takes for the end of a line
# Letters, marks and free places that show nothing. Of the selectors of a variant, emoji need U+FE0F.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2065\u2800\u3164\uffa0") | {
    chr(code)
    for first, last in ((0xFE00, 0xFE0E), (0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF))
    for code in range(first, last + 1)
}
_EMOJI = "\ufe0f"
_BEFORE = f" \n{_EMOJI}"  # what begins no text


class _Kept(dict[int, str | None]):
    """What becomes of each character; worked out when it is first met."""

    def __missing__(self, code: int) -> str | None:
        self[code] = kept = _kept(chr(code))
        return kept


def _kept(char: str) -> str | None:
    if char in _BREAKS:
        return "\n"
    kind = unicodedata.category(char)
    if char == "\t" or kind == "Zs":
        return " "
    if kind in ("Cc", "Cf", "Cs") or char in _BLANKS or ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF:
        return None
    return char


_KEPT = _Kept()


def clean(text: str, *, lines: bool = False) -> str:
    """Text as it is kept: NFC, trimmed, plain spaces, no control, format, invisible or half characters.

    Breaks of lines of every kind become `\\n` where there may be `lines`, else a space.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    text = text.replace("\r\n", "\n").translate(_KEPT)
    return unicodedata.normalize("NFC", text if lines else text.replace("\n", " ")).lstrip(_BEFORE).rstrip()


def seen(text: str) -> str:
    """A text as a file of Office can hold it: what `clean` takes away is not in it, spaces around it stay."""
    return text if text.isascii() and text.isprintable() else text.translate(_KEPT)


def same(text: str) -> str:
    """The form in which codes and names are compared: clean, without case, spaces squeezed; đ, and tones that may stand
    on either of two letters, written one way. Zeros in front stay.
    """
    text = unicodedata.normalize("NFC", clean(text).replace(_EMOJI, "").casefold()).translate(_AS_D)
    if not text.isascii():
        apart = _EITHER_LETTER.sub(r"\1\3\2", unicodedata.normalize("NFD", text))
        text = unicodedata.normalize("NFC", apart)
    return " ".join(text.split())


def digits(text: str) -> str:
    """The digits of a code that somebody typed, however they parted them: `674 505` is 674505."""
    return "".join(str(unicodedata.digit(char)) for char in text if char.isdecimal())


def fold(text: str) -> str:
    """Lower case, without diacritics, đ as d, spaces squeezed: what two spellings have in common."""
    text = unicodedata.normalize("NFD", text.lower().translate(_AS_D).replace("đ", "d"))
    text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", text))


def undo_telex(word: str) -> str:
    """A folded word with its telex leftovers removed: `luwaf` → `lua`, `ddaor` → `dao`; others unchanged."""
    if not word.isascii() or not word.isalpha():
        return re.sub(r"(?<=[a-z])[0-9]$", "", word)
    plain = word
    for typed, letter in _TELEX_VOWELS:
        plain = plain.replace(typed, letter)
    plain = plain.replace("w", "u") if "w" in plain else plain
    for candidate in (plain, plain[:-1] if plain[-1:] in "sfrxj" else plain, _inner_tone(plain)):
        if _SYLLABLE.match(candidate):
            return candidate
    return word


def _inner_tone(word: str) -> str:
    """Tone letter typed before the coda, as in `tieesng` → `tieng`."""
    return re.sub(r"(?<=[aeiouy])[sfrxj](?=(ng|nh|ch|[cmnpt])$)", "", word)


def fold_query(text: str) -> list[str]:
    """The words of a query as they are looked for."""
    return [undo_telex(word) for word in fold(text).split()]
