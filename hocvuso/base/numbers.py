"""Numbers as people read and write them: the separators of a language, one rounding, and nothing guessed.

Reading stands beside writing: what `fixed`, `trimmed` or `typed` writes, `read` reads in the same language.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .errors import Refusal
from .text import clean

type Number = float | Decimal

UNSAID = "unsaid"  # a file in which either Vietnamese or plain numbers may stand: one that is both is refused
PLAIN = "plain"  # as machines write them (XML, SDMX): 1234.5, no thousands, an exponent at most
SHOWN_DECIMALS = 2  # where an indicator does not say
LONGEST = 40  # characters of a number; more is none
MOST = Decimal(10) ** 18  # above all that is counted, below where a float loses whole numbers by the thousand
_SHAPES = {
    "vi": re.compile(r"([-+]?)([0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+)(?:,([0-9]+))?"),
    "en": re.compile(r"([-+]?)([0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+)(?:\.([0-9]+))?"),
    PLAIN: re.compile(r"([-+]?)([0-9]+)(?:\.([0-9]+))?"),
}
_ROUNDING = Context(prec=400, rounding=ROUND_HALF_UP)  # digits enough for every float
_EXPONENT = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?[eE][-+]?[0-9]{1,3}")
_DASHES = str.maketrans("−–", "--")  # the true minus sign and the dash that Word makes of a hyphen


class NotANumber(Refusal):
    """The text is no number in the language that it should be written in."""

    code = "not-a-number"
    says = _("“%(value)s” không phải là số. Hãy ghi như %(example)s.")


class NotWhole(NotANumber):
    """A number with a fraction where things are counted."""

    code = "not-whole"
    says = _("“%(value)s” có phần lẻ, mà ở đây phải là số nguyên. Hãy ghi như %(example)s.")


class TwoReadings(NotANumber):
    """A number that is another one by the rules of machines than by those of Vietnamese, and nothing says which."""

    code = "two-readings"
    says = _("“%(value)s” có thể là %(one)s hoặc %(other)s. Hãy ghi số không có dấu ngăn cách phần nghìn.")


class NotAShare(NotANumber):
    """A share in per cent where things are counted, or measured in something else."""

    code = "not-a-share"
    says = _("“%(value)s” là phần trăm, mà ở đây phải ghi số lượng. Hãy ghi như %(example)s.")


class NumberOutOfRange(NotANumber):
    """The number is one, but not one that may stand here."""

    code = "number-out-of-range"
    says = _("“%(value)s” nằm ngoài khoảng được ghi: từ %(least)s đến %(most)s.")


def language_of(language: str | None = None) -> str:
    """Whose separators are meant: `vi`, `en`, PLAIN or UNSAID; those of the page's language where none is said."""
    if language in (PLAIN, UNSAID):
        return str(language)
    return "en" if (language or get_language() or "").startswith("en") else "vi"


def read(
    text: str,
    *,
    language: str | None = None,
    whole: bool = False,
    percent: bool | None = None,
    least: Number | None = None,
    most: Number | None = None,
    field: str = "",
) -> Decimal:
    """The number that was written in a language (that of the page where none is said; PLAIN is that of machines).

    Separators may stand only where that language has them: `1.234,5` in Vietnamese, `1,234.5` in English; spaces may
    stand between thousands. `61,5 %` is 61.5, where `percent` may be (unless said, wherever no `whole` is asked for).
    Raises NotANumber; NotWhole for a fraction where `whole` is asked for; NotAShare; NumberOutOfRange below `least` or
    above `most`; TwoReadings where the language is UNSAID.
    """
    written_in, plain = language_of(language), clean(text)
    shown = {"field": field, "value": plain[:LONGEST]}
    found = _either(plain, whole, shown) if written_in == UNSAID else _parsed(plain, written_in)
    if found is None or abs(found) >= MOST:
        raise NotANumber(**shown, example=_example(written_in, whole))
    if plain[-1] == "%" and not (not whole if percent is None else percent):
        raise NotAShare(**shown, example=_example(written_in, whole))
    if whole and found != found.to_integral_value():
        raise NotWhole(**shown, example=_example(written_in, whole))
    if least is not None and found < least or most is not None and found > most:
        raise NumberOutOfRange(**shown, least=_bound(least, "−∞"), most=_bound(most, "∞"))
    return found


def _either(plain: str, whole: bool, shown: dict[str, str]) -> Decimal | None:
    """The one reading that there is; where things are counted, the one without a fraction."""
    found = {number for language in ("vi", PLAIN) if (number := _parsed(plain, language)) is not None}
    if whole and len(found) > 1:
        found = {number for number in found if number == number.to_integral_value()}
    if len(found) > 1:
        one, other = sorted(found)
        raise TwoReadings(**shown, one=typed(one), other=typed(other))
    return found.pop() if found else None


def _parsed(plain: str, language: str) -> Decimal | None:
    plain = plain.translate(_DASHES)
    if plain.isdecimal() and plain.isascii() and len(plain) <= LONGEST:
        return Decimal(plain)
    if len(plain) > LONGEST:
        return None
    if language == PLAIN:
        return Decimal(plain) if _SHAPES[PLAIN].fullmatch(plain) or _EXPONENT.fullmatch(plain) else None
    if not (match := _SHAPES[language].fullmatch(plain.removesuffix("%").rstrip())):
        return None
    sign, digits, fraction = match.groups()
    return Decimal(sign + re.sub("[^0-9]", "", digits) + (f".{fraction}" if fraction else ""))


def _example(language: str, whole: bool) -> str:
    if language in (PLAIN, UNSAID):
        return "1234" if whole else "1234.5"
    return typed_in(language, "1,234" if whole else "1,234.5")


def _bound(value: Number | None, unbounded: str) -> str:
    return unbounded if value is None else trimmed(value)


def rounded(value: Number, decimals: int = 0) -> Decimal:
    """So many decimals, a half away from zero as in Excel and at school (6.25 → 6.3), and never a negative zero.

    A float is taken by its shortest decimal form: 0.145 is a half, although its binary value lies below.
    """
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    found = exact.quantize(Decimal(1).scaleb(-decimals), context=_ROUNDING)
    return abs(found) if found.is_zero() else found


def separated(text: str) -> str:
    """A number written the English way, with the separators of the reader's language."""
    return typed_in(language_of(), text)


def typed_in(language: str, text: str) -> str:
    """A number written the English way, with the separators of a language."""
    return vietnamese(text) if language == "vi" else text


def vietnamese(text: str) -> str:
    """A number written the English way, as documents have it: `1.234,5`."""
    return text.translate(str.maketrans(",.", ".,"))


def least(value: Number, decimals: int) -> str:
    """The smallest number that can be written, where a value above zero would be rounded away; else nothing."""
    return f"{10**-decimals:.{decimals}f}" if value > 0 and not rounded(value, decimals) else ""


def fixed(value: Number, decimals: int = 0) -> str:
    """So many decimals: `1.234,50`; `< 0,01` for what would round to zero."""
    if bound := least(value, decimals):
        return f"< {separated(bound)}"
    return separated(f"{rounded(value, decimals):,.{decimals}f}")


def trimmed(value: Number) -> str:
    """The decimals that it has, two at most: `1.234,5`, `80`; `< 0,01` for what would round to zero."""
    if least(value, SHOWN_DECIMALS):
        return fixed(value, SHOWN_DECIMALS)
    text = f"{rounded(value, SHOWN_DECIMALS):,.{SHOWN_DECIMALS}f}".rstrip("0").rstrip(".")
    return separated(text)


def typed(value: Any, *, decimals: int = 10) -> str:
    """A number as it stands in an input: no separators of thousands, no needless zeros; nothing for nothing."""
    if value is None:
        return ""
    text = f"{rounded(value, decimals):.{decimals}f}"
    return separated(text.rstrip("0").rstrip(".") if "." in text else text)
