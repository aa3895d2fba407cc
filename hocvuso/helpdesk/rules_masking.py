"""Numbers of cards, accounts and codes in what residents write: covered before anything is stored.

Pure functions. Who was defrauded writes down, in their fright, what nobody may know. Telephone numbers and amounts of
money stay, for they help: a number is judged by its length and by the words around it.
"""

from __future__ import annotations

import re

COVERED = "[đã che]"
_GAP = r"[^\S\n]{0,2}[.\-·•_*\u2010-\u2015]?[^\S\n]{0,2}"  # what people write between digits; no line
_RUN = re.compile(rf"\d(?:{_GAP}\d)+")
_PHONE = re.compile(rf"(?<!\d)(?:(?:\+|00)?84|0)[^\S\n]?[35789](?:[^\S\n.\-]{{0,1}}[ .\-]?\d){{8}}(?!{_GAP}\d)")
_MONEY = re.compile(r"[^\S\n]*(?:đồng|đ|vnđ|vnd|k|nghìn|ngàn|triệu|tr|tỷ|tỉ|usd|đô)(?!\w)", re.IGNORECASE)
_SECRET = re.compile(
    r"(?:\bmã\b(?!\s+(?:hồ sơ|đơn|vận đơn|khách hàng|số thuế))|\botp\b|\bpin\b|mật khẩu|mat khau|\bcvv\b|\bcvc\b"
    r"|passcode|password|\bma\b|xác nhận|xác thực|\bcode\b|sau thẻ|mặt sau)",
    re.IGNORECASE,
)
_PASSWORD = re.compile(
    r"(?P<word>mật khẩu|mat khau|password|passcode|\bpin\b|\bmk\b)"
    r"(?P<link>\s*(?:của tôi|của em|của bác)?\s*(?:là|la|:|=)\s*)(?P<secret>\S+)",
    re.IGNORECASE,
)
CARD, CODE, SHORTEST = 12, 6, 3  # digits: from here always; alone; beside a word that says it is a secret
BEFORE, AFTER = 40, 25  # characters in which such a word counts


def covered(text: str) -> str:
    """The text with every number that may be a card, an account or a code covered. Twice is once."""
    text = _PASSWORD.sub(lambda found: f"{found['word']}{found['link']}{COVERED}", text)
    phones = [found.span() for found in _PHONE.finditer(text)]
    parts, done = [], 0
    for found in _RUN.finditer(text):
        begin, end = found.span()
        if not any(a <= begin and end <= b for a, b in phones) and _is_secret(text, begin, end):
            parts += [text[done:begin], COVERED]
            done = end
    return "".join([*parts, text[done:]])


def _is_secret(text: str, begin: int, end: int) -> bool:
    digits = [char for char in text[begin:end] if char.isdecimal()]
    if len(digits) >= CARD:
        return True
    if len(digits) < SHORTEST or _MONEY.match(text, end) or _is_day(text, begin, end):
        return False
    near = text[max(0, begin - BEFORE) : begin], text[end : end + AFTER]
    if any(_SECRET.search(part) for part in near):
        return True
    return len(digits) == CODE and digits[-3:] != ["0"] * 3  # half a million is no code


def _is_day(text: str, begin: int, end: int) -> bool:
    """Part of a date, or a year."""
    if "/" in (text[begin - 1 : begin], text[end : end + 1]):
        return True
    day = re.fullmatch(r"\d{1,2}[.\-]\d{1,2}[.\-](?:19|20)\d\d", text[begin:end])
    year = re.fullmatch(r"(?:19|20)\d\d", text[begin:end])
    return bool(day or (year and re.search(r"năm\s*$", text[:begin])))
