"""Written Vietnamese as it is said: numbers, dates, money, telephones, addresses, abbreviations; no sign is left over.

Pure functions. What an author may add stands in `pronunciations.yaml`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("pronunciations.yaml")
DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu", "tỉ")
MOST = 10**12  # from here on numbers are said digit by digit
LONGEST_NUMBER = 5  # digits in a row beyond which they are a code: what people count is written in groups

_ALONE = r"(?<![\w.,/@-]){}(?![\w/@]|[.,]\d)"
_URL = re.compile(
    r"https?://\S*\w/?|(?<![\w@.])\.?[\w-]+(?:\.[a-z0-9-]+)*\.(?:vn|com|org|net|gov|edu|info)\b(?:/[\w/.-]*\w)?"
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_USSD = re.compile(r"[*#][\d*#]*\d[\d*#]*[*#]|[*#](?=\d)")
_PHONE = re.compile(
    _ALONE.format(r"(?:\+84[ .-]?|0)\d(?:[ .-]?\d){7,9}") + "|" + _ALONE.format(r"1[89]00(?:[ .-]?\d){2,6}")
)
_DAY = re.compile(_ALONE.format(r"(?:(ngày) )?(0?[1-9]|[12]\d|3[01])/(0?[1-9]|1[0-2])/([12]\d{3})"), re.IGNORECASE)
_SHORT_DAY = re.compile(r"\b(ngày|hôm|đến) (0?[1-9]|[12]\d|3[01])/(0?[1-9]|1[0-2])(?![\d/])", re.IGNORECASE)
_MONTH = re.compile(r"\b(?:(tháng) )?(0?[1-9]|1[0-2])/([12]\d{3})(?![\d/])", re.IGNORECASE)
_LAW = re.compile(r"\b(\d{1,4})/([12]\d{3})/([A-ZĐ]+\d*(?:-[A-ZĐ]+\d*)*)")
_LAW_OF = re.compile(
    r"(?:(?<=nghị định )|(?<=thông tư )|(?<=quyết định )|(?<=luật số ))(\d{1,4})/([12]\d{3})(?![\d/])", re.IGNORECASE
)
_FOURTH = re.compile(r"\b(tháng|thứ) 0?4\b(?![.,]\d)", re.IGNORECASE)
_TIME = re.compile(r"\b([01]?\d|2[0-3])(?::|h ?)([0-5]\d)\b|\b([01]?\d|2[0-3])h\b")
_RANGE = re.compile(r"(?<=\d) ?[–—-] ?(?=\d)")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3})+(?!\d)")
_DECIMAL = re.compile(r"(?<![\d.,])(\d+),(\d+)(?!\d)")
_POINT = re.compile(r"(?<![\d.,])(\d+)\.(\d+)(?![\d.])")
_CAPITALS = re.compile(r"(?<!\w)[A-ZĐ]{2,8}(?!\w)")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?", re.IGNORECASE
)
_KEPT = ".,!?:;"  # which the voice takes as pauses


@cache
def _book() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text("utf-8"))


def cardinal(number: int) -> str:
    """A whole number in words, as in the north: 1.205 is “một nghìn hai trăm linh năm”."""
    if number >= MOST:
        return by_digits(str(number))
    if number == 0:
        return DIGITS[0]
    groups = []
    while number:
        number, group = divmod(number, 1000)
        groups.append(group)
    said = [
        f"{_below_thousand(group, first=at == len(groups) - 1)} {_SCALES[at]}"
        for at, group in reversed(list(enumerate(groups)))
        if group
    ]
    return " ".join(" ".join(said).split())


def _below_thousand(number: int, *, first: bool) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = [] if first and not hundreds else [DIGITS[hundreds], "trăm"]
    if tens:
        words += ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
    elif ones and words:
        words.append("linh")
    if ones:
        words.append(_ones(tens, ones))
    return " ".join(words)


def _ones(tens: int, ones: int) -> str:
    if tens and ones == 5:
        return "lăm"
    if tens > 1 and ones in (1, 4):
        return "mốt" if ones == 1 else "tư"
    return DIGITS[ones]


def by_digits(text: str) -> str:
    """Each digit by itself, as one dials: 113 is “một một ba”."""
    return " ".join(DIGITS[int(sign)] for sign in text if sign in "0123456789")


def said(text: str) -> str:
    """A text as the voice is to say it: words and pauses only."""
    text = unicodedata.normalize("NFC", text)
    for step in _STEPS:
        text = step(text)
    return _plain(text)


def _replaced(pattern: re.Pattern[str], by: Callable[[re.Match[str]], str]) -> Callable[[str], str]:
    """A step that replaces what it finds; what stands around stays apart from it."""
    return lambda text: pattern.sub(lambda found: f" {by(found)} ", text)


def _address(found: re.Match[str]) -> str:
    text = re.sub(r"^https?://(www\.)?", "", found[0]).rstrip("/")
    for sign, word in ((".", "chấm"), ("/", "gạch chéo"), ("@", "a còng"), ("-", "gạch ngang"), ("_", "gạch dưới")):
        text = text.replace(sign, f" {word} ")
    return re.sub(r"\d+", lambda digits: by_digits(digits[0]), re.sub(r"[^\w ]", " ", text))


def _keys(found: re.Match[str]) -> str:
    return " ".join({"*": "sao", "#": "thăng"}.get(sign) or by_digits(sign) for sign in found[0])


def _dialled(found: re.Match[str]) -> str:
    """Digit by digit, with a pause where the number is written apart."""
    groups = [by_digits(group) for group in re.split(r"[ .-]", found[0])]
    return ("cộng " if found[0].startswith("+") else "") + ", ".join(groups)


def _day(found: re.Match[str]) -> str:
    return f"ngày {int(found[2])} tháng {int(found[3])} năm {found[4]}"


def _short_day(found: re.Match[str]) -> str:
    day = "ngày " if found[1].lower() in ("hôm", "đến") else ""
    return f"{found[1]} {day}{int(found[2])} tháng {int(found[3])}"


def _month(found: re.Match[str]) -> str:
    return f"tháng {int(found[2])} năm {found[3]}"


def _law(found: re.Match[str]) -> str:
    return f"{int(found[1])} năm {found[2]}"


def _time(found: re.Match[str]) -> str:
    hour = int(found[1] or found[3])
    return f"{hour} giờ {int(found[2])}" if found[2] and int(found[2]) else f"{hour} giờ"


def _grouped(found: re.Match[str]) -> str:
    return cardinal(int(found[0].replace(".", "")))


def _decimal(found: re.Match[str]) -> str:
    fraction = by_digits(found[2]) if found[2].startswith("0") else cardinal(int(found[2]))
    return f"{_whole(found[1])} phẩy {fraction}"


def _point(found: re.Match[str]) -> str:
    return f"{_whole(found[1])} chấm {by_digits(found[2])}"


def _whole(digits: str) -> str:
    return by_digits(digits) if len(digits) > LONGEST_NUMBER else cardinal(int(digits))


def _number(found: re.Match[str]) -> str:
    digits = found[0]
    is_year = found.string[: found.start()].rstrip().endswith("năm")
    coded = (
        len(digits) > LONGEST_NUMBER
        or (digits in _book()["dialled"] and not is_year)
        or (digits.startswith("0") and digits != "0")
    )
    return by_digits(digits) if coded else cardinal(int(digits))


def _unit(found: re.Match[str]) -> str:
    return f"{found[1]} {_book()['units'][found[2]]}"


def _word(found: re.Match[str]) -> str:
    words = _book()["words"]
    return words.get(found[0]) or words.get(found[0].lower()) or found[0]


def _letters(found: re.Match[str]) -> str:
    """An abbreviation letter by letter; a name or a warning in capitals is a word."""
    if _SYLLABLE.fullmatch(found[0]):
        return found[0].lower()
    return " ".join(_book()["letters"][letter] for letter in found[0])


def _known(of: str) -> str:
    return "|".join(re.escape(word) for word in sorted(_book()[of], key=len, reverse=True))


def _units(text: str) -> str:
    return re.sub(rf"(\d)\s?({_known('units')})(?!\w)", lambda found: f"{_unit(found)} ", text)


def _words(text: str) -> str:
    lower = [word for word in _book()["words"] if word == word.lower()]
    exact = re.compile(rf"(?<!\w)(?:{_known('words')})(?!\w)")
    any_case = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(lower, key=len, reverse=True)))})(?!\w)", re.I)
    return any_case.sub(_word, exact.sub(_word, text))


def _signs(text: str) -> str:
    """Signs that are words between words, or pauses."""
    text = re.sub(r"(?<=\w) ?/ ?(?=\w)", " hoặc ", re.sub(r"(?<=\d) ?/ ?(?=\d)", " trên ", text))
    text = re.sub(r"\s&\s", " và ", text)
    text = re.sub(r"(?<=\w) [+] (?=\w)", " cộng ", text)
    text = re.sub(r"(?<=\w) = (?=\w)", " bằng ", text)
    text = re.sub(r"\s*(?:[→⇒➜]|->)\s*", ", rồi ", text)
    return re.sub(r"\s+[–—-]\s+|[()\[\]{}|\n]+", ", ", text.replace("…", "."))


def _plain(text: str) -> str:
    """Letters and pauses, nothing else; of several pauses together the strongest."""
    text = "".join(sign if sign in _KEPT or sign == " " or sign.isalpha() or _is_mark(sign) else " " for sign in text)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([.,!?:;])(?=[ .,!?:;]|$)", r"\1", text)
    text = re.sub(r"[.,!?:;](?: ?[.,!?:;])+", lambda pauses: _strongest(pauses[0]), text)
    return text.strip(" ,;:").lower()  # the voice spells words in capitals


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign) == "Mn"


def _strongest(pauses: str) -> str:
    return next(sign for sign in "?!.:;," if sign in pauses)


_STEPS: tuple[Callable[[str], str], ...] = (
    _replaced(_MAIL, _address),
    _replaced(_URL, _address),
    _replaced(_USSD, _keys),
    _replaced(_PHONE, _dialled),
    _replaced(_LAW, _law),
    _replaced(_LAW_OF, _law),
    _words,  # “24/7”, “NĐ-CP” before what their signs would be taken for
    _replaced(_DAY, _day),
    _replaced(_MONTH, _month),
    _replaced(_SHORT_DAY, _short_day),
    _replaced(_TIME, _time),
    _units,
    _replaced(_RANGE, lambda _found: "đến"),
    _replaced(_GROUPED, _grouped),
    _replaced(_DECIMAL, _decimal),
    _replaced(_POINT, _point),
    _replaced(_CAPITALS, _letters),
    _signs,
    _replaced(_FOURTH, lambda found: f"{found[1]} tư"),
    _replaced(re.compile(r"[0-9]+"), _number),
)
