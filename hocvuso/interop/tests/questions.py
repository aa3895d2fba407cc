"""Items for tests: one of each type, and any that a lesson may hold."""

from __future__ import annotations

import unicodedata

from hypothesis import strategies as st

from hocvuso.interop.packages.reading import read
from hocvuso.library.source.schema import ItemSource

CHOICE = ItemSource.model_validate(
    {
        "key": "c1",
        "use": "check",
        "type": "choice",
        "outcome": "AI-08",
        "difficulty": "easy",
        "stem": "Số nào là 113?",
        "options": [
            {"text": "Công an", "right": True, "why": "Đúng số."},
            {"text": "Cứu hoả", "why": "Đó là 114."},
            {"text": "Cấp cứu", "why": "Đó là 115."},
        ],
        "why": "113 là công an.",
    }
)
MULTI = ItemSource.model_validate(
    {
        "key": "t1",
        "use": "test",
        "type": "multi",
        "outcome": "AI-08",
        "difficulty": "hard",
        "stem": "Chọn số khẩn cấp.",
        "options": [{"text": "113", "right": True}, {"text": "115", "right": True}, {"text": "1080"}, {"text": "116"}],
        "why": "Hai số ấy.",
    }
)
ORDER = ItemSource.model_validate(
    {
        "key": "t2",
        "use": "test",
        "type": "order",
        "outcome": "NG-01",
        "difficulty": "medium",
        "stem": "Xếp thứ tự.",
        "sequence": ["Nghe", "Dừng", "Gọi lại"],
        "why": "Dừng trước khi gọi.",
    }
)
ITEMS = [CHOICE, MULTI, ORDER]

# Signs that mean something in one of the formats, and those that only look like nothing.
_SIGNS = r"~=#{}:\<>&'\"%[]/-*_$!().;,0123456789 aăâđêôơưảÃẾ" + "\n\t\xa0\u2028\x85\u200b\ufeff😀"
_PIECES = (
    "####", "::", "//", "[html]", "[plain]", "%50%", "\\n", "]]>", "<!--", "-->", "</text>", "<br/>", "<b>", "&amp;",
    "&#10;", "->", "TRUE", "\n\n", "  ", "[id:x]", "[tag:use:test]", "$CATEGORY:", "{>3", "_____", "<?xml", "\\//",
    "{1:MC:}",
)  # fmt: skip


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def texts(most: int) -> st.SearchStrategy[str]:
    """Texts that a file of a lesson may hold, rich in signs of the formats."""
    pieces = st.one_of(st.sampled_from(_PIECES), st.text(_SIGNS, max_size=8), st.text(_letters(), max_size=8))
    return st.lists(pieces, min_size=1, max_size=6).map("".join).map(_tidy).filter(lambda t: 0 < len(t) <= most)


def _letters() -> st.SearchStrategy[str]:
    unfit = "\r\x7f\ufffe\uffff"
    return st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=unfit)


@st.composite
def items(draw: st.DrawFn, key: str) -> ItemSource:
    """Any item."""
    kind, use = draw(st.sampled_from(("choice", "multi", "order"))), draw(st.sampled_from(("check", "test")))
    data = {
        "key": key,
        "use": use,
        "type": kind,
        "outcome": draw(st.from_regex(r"[A-Z]{2,4}-[0-9]{2}", fullmatch=True)),
        "difficulty": draw(st.sampled_from(("easy", "medium", "hard"))),
        "stem": draw(texts(1500)),
        "why": draw(texts(1500)),
    }
    lines = draw(st.lists(texts(300), min_size=3, max_size=6, unique=True))
    if kind == "order":
        return ItemSource.model_validate(data | {"sequence": lines})
    rights = 1 if kind == "choice" else draw(st.integers(1, len(lines) - 1))
    right = set(draw(st.permutations(range(len(lines))))[:rights])
    why = texts(300) if use == "check" else st.none() | texts(300)
    options = [{"text": text, "right": n in right, "why": draw(why)} for n, text in enumerate(lines)]
    return ItemSource.model_validate(data | {"options": options})


KEYS = st.lists(
    st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,3}", fullmatch=True), min_size=1, max_size=4, unique=True
)
LESSONS = KEYS.flatmap(lambda keys: st.tuples(*map(items, keys))).map(list)


def read_back(content: bytes) -> list[ItemSource]:
    """The items of a file in which nothing was left out."""
    found = read("tệp", content)
    assert found.left_out == []
    return [ItemSource.model_validate(item) for item in found.items]


def told(content: bytes | str) -> tuple[list[dict], list[str]]:
    """The items of a file, and in words what was left out."""
    found = read("tệp", content.encode() if isinstance(content, str) else content)
    return found.items, [left.what for left in found.left_out]
