"""Numbers of cards, accounts and codes in what residents write: covered before anything is stored.

Pure functions. Who was defrauded writes down, in their fright, what nobody may know. Telephone numbers and amounts of
money stay, for they help: a number is judged by its length and by the words around it.
"""

from __future__ import annotations

import re

COVERED = "[đã che]"
_GAP = r"[^\S\n]{0,2}[.\-·•_*\u2010-\u2015]?[^\S\n]{0,2}"  # what people write between digits; no line
_RUN = re.compile(rf"\d(?:{_GAP}\d)+")
_ANY = r"(?:[^\w\n]|_){0,4}"
_GROUPS = re.compile(rf"\d(?:{_ANY}(?:\n{_ANY})?\d)+")  # digits with whatever between them, a line's end too
_PHONE = re.compile(rf"(?<!\d)(?:(?:\+|00)?84|0)[^\S\n]?[35789](?:[^\S\n.\-]{{0,1}}[ .\-]?\d){{8}}(?!{_GAP}\d)")
_HOTLINE = re.compile(r"(?<!\d)(?<!\d\W)(?:1[89]00|\(?02\d{1,2}\)?)[ .]?\d{3,4}(?:[ .]?\d{2,4})?(?!\d)")
_DAY = re.compile(
    r"(?<!\d)(?<!\d[/.\-])(?:0?[1-9]|[12]\d|3[01])([/.\-])(?:0?[1-9]|1[0-2])(?:\1(?:19|20)\d\d)?(?![/.\-]?\d)"
)
_HOUR = re.compile(r"(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![:\d])")
_THOUSANDS = re.compile(r"(?<!\d)(?<!\d[.,])\d{1,3}(?:[.,]\d{3}){1,3}(?![.,]?\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONEY = re.compile(r"[^\S\n]*(?:đồng|đ|vnđ|vnd|k|nghìn|ngàn|triệu|tr|tỷ|tỉ|usd|đô)(?!\w)", re.IGNORECASE)
_SECRET = re.compile(
    r"(?:\bmã\b(?!\s+(?:hồ sơ|đơn|vận đơn|khách hàng|số thuế))|\botp\b|\bpin\b|mật khẩu|mat khau|\bcvv2?\b|\bcvc2?\b"
    r"|passcode|password|\bpass\b|\bma\b|xác nhận|xác thực|\bcode\b|sau thẻ|mặt sau)",
    re.IGNORECASE,
)
_PASSWORD = re.compile(
    r"(?P<word>mật khẩu|mat khau|password|passcode|\bpass\b|\bpin\b|\bmk\b)"
    r"(?P<link>(?:\s+\w+){0,3}?\s*(?:\blà\b|\bla\b|[:=])(?:\s*[:=])?\s*)(?!\[đã che\])(?P<secret>[^\s:=]\S*)",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
CARD, CODE, SHORTEST = 12, 6, 3  # digits: from here always; alone; beside a word that says it is a secret
CARD_DIGITS, CARD_FIRST = range(13, 20), "234569"  # of what is printed on cards
BEFORE, AFTER = 40, 25  # characters in which such a word counts


def covered(text: str) -> str:
    """The text with every number that may be a card, an account or a code covered. Twice is once."""
    text = _PASSWORD.sub(lambda found: f"{found['word']}{found['link']}{COVERED}", text)
    text = _without(text, _cards(text))
    phones = [found.span() for found in _PHONE.finditer(text)]
    without_days = _DAY.sub(lambda found: "x" * len(found[0]) if "/" in found[0] else found[0], text)
    runs = [found.span() for found in _RUN.finditer(without_days)]
    return _without(text, [run for run in runs if not _lies_in(run, phones) and _is_secret(text, *run)])


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    parts, done = [], 0
    for begin, end in spans:
        parts += [text[done:begin], COVERED]
        done = end
    return "".join([*parts, text[done:]])


def _lies_in(run: tuple[int, int], spans: list[tuple[int, int]]) -> bool:
    return any(begin <= run[0] and run[1] <= end for begin, end in spans)


def _cards(text: str) -> list[tuple[int, int]]:
    """Where numbers of cards stand whose groups have anything between them."""
    for pattern in (_PHONE, _HOTLINE, _DAY, _HOUR, _THOUSANDS):
        text = pattern.sub(lambda found: "x" * len(found[0]), text)
    found: list[tuple[int, int]] = []
    for run in _GROUPS.finditer(text):
        if not _RUN.fullmatch(run[0]):  # what is that near together is judged as a whole
            found += _cards_among([group.span() for group in _DIGITS.finditer(text, *run.span())], text)
    return found


def _cards_among(groups: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    found, first = [], 0
    while first < len(groups):
        lengths = range(min(len(groups) - first, CARD_DIGITS[-1]), 1, -1)
        for n in lengths:
            some = [text[begin:end] for begin, end in groups[first : first + n]]
            if _is_card(some, whole=n == len(groups)):
                found.append((groups[first][0], groups[first + n - 1][1]))
                first += n - 1
                break
        first += 1
    return found


def _is_card(groups: list[str], *, whole: bool) -> bool:
    """Whether groups of digits are a card's: fours; or long ones, or all that stand there, with its check digit."""
    digits = "".join(groups)
    if len(digits) not in CARD_DIGITS or digits[0] not in CARD_FIRST:
        return False
    if all(len(group) == 4 for group in groups[:-1]) and len(groups[-1]) <= 4:
        return not all(map(_YEAR.fullmatch, groups))
    return (whole or all(len(group) >= 4 for group in groups)) and _is_checked(digits)


def _is_checked(digits: str) -> bool:
    """Luhn's sum."""
    every_second = (2 * int(digit) for digit in digits[-2::-2])
    return (sum(map(int, digits[::-2])) + sum(n - 9 if n > 9 else n for n in every_second)) % 10 == 0


def _is_secret(text: str, begin: int, end: int) -> bool:
    digits = [char for char in text[begin:end] if char.isdecimal()]
    if len(digits) >= CARD:
        return True
    if len(digits) < SHORTEST or _MONEY.match(text, end):
        return False
    near = text[max(0, begin - BEFORE) : begin], text[end : end + AFTER]
    if any(_SECRET.search(part) for part in near):
        return True
    if _DAY.fullmatch(text[begin:end]):
        return False
    return len(digits) == CODE and digits[-3:] != ["0"] * 3  # half a million is no code
