"""Questions in GIFT, the text format of Moodle, read and written as Moodle 5 does.

Lines to be put in order stand as Moodle's ordering question writes them: `{>3 ALL VERTICAL …`, a line each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hocvuso.library.source.reader import UNFIT
from hocvuso.library.source.schema import ItemSource, Option

from .found import MOST_OPTIONS, Collected, Found, Unfit, weighed
from .tags import tags_of, take, title_of
from .texts import Losses, clean, plain

# An escaped sign stands, while a question is taken apart, as one that no text of ours holds.
_HIDDEN = dict(zip("\\:#={}~n/", "\x01\x02\x03\x04\x05\x06\x07\x08\x0e", strict=True))
_SHOWN = str.maketrans({hidden: "\n" if sign == "n" else sign for sign, hidden in _HIDDEN.items()})
_ESCAPED = re.compile(r"\\([\\:#={}~n/])")
_RESERVED = re.compile(r"[\\:#={}~]")
_WEIGHT = re.compile(r"%(-*[0-9]{1,3}(?:\.[0-9]{0,20})?)%")
_FORMAT = re.compile(r"\[(plain|html|markdown|moodle)\]")
_ID = re.compile(r"\[id:((?:\\\]|[^\]\[])+)\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]\[<>`\n])+)\]")
_ORDER = re.compile(r">\s*[0-9]+[^\n]*(?:\n|$)")
_LOOKS = re.compile(r"\{[^{}]*\}|^::|^\$CATEGORY:", re.MULTILINE)
_TRUE_FALSE = frozenset({"T", "TRUE", "F", "FALSE"})


def looks(text: str) -> bool:
    """Whether a text is GIFT, as far as can be seen."""
    return bool(_LOOKS.search(text))


# --- reading --------------------------------------------------------------------------------


@dataclass
class _Block:
    """The lines between two empty ones."""

    line: int
    text: str
    comments: str
    name: str = ""
    kind: str = "moodle"

    @property
    def where(self) -> str:
        return f"dòng {self.line}" + (f" “{self.name}”" if self.name else "")


def read(text: str) -> Collected:
    """The questions of a text."""
    collected = Collected()
    for block in _blocks(UNFIT.sub("", text)):
        if block.text.startswith("$CATEGORY:"):
            collected.leave(block.where, f"bỏ tên danh mục: {block.text[10:].strip()}")
            continue
        collected.count()
        try:
            found = _question(block)
        except Unfit as error:
            collected.leave(block.where, f"không nhận câu này: {error}")
        else:
            collected.add(found)
    return collected


def _blocks(text: str) -> Iterator[_Block]:
    lines: list[str] = []
    comments: list[str] = []
    first = 1
    for number, line in enumerate([*re.split(r"\r\n|\r|\n", text), ""], start=1):
        line = line.strip()
        if line.startswith("//"):
            comments.append(line)
        elif line:
            first = first if lines else number
            lines.append(line)
        else:
            if lines:
                yield _Block(first, "\n".join(lines), "\n".join(comments))
            lines, comments = [], []


def _question(block: _Block) -> Found:
    text = _ESCAPED.sub(lambda match: _HIDDEN[match[1]], block.text)
    if text.startswith("::") and (end := text.find("::", 2)) > 0:
        block.name = " ".join(text[2:end].translate(_SHOWN).split())[:100]
        text = text[end + 2 :].strip()
    stem, answers = _parted(text)
    answers, _, general = answers.rpartition("####") if "####" in answers else (answers, "", "")
    losses = Losses()
    if match := _FORMAT.match(stem):
        block.kind = match[1]
    found = Found(block.where, "", _plain(stem, block, losses), key=block.name)
    found.why = _plain(general, block, losses)
    _answered(found, answers.strip(), block, losses)
    found.losses += losses.said()
    if match := _ID.search(block.comments):
        found.key = match[1].replace("\\]", "]").strip()
    take(found, (tag.replace("\\]", "]").strip() for tag in _TAG.findall(block.comments)))
    return found


def _parted(text: str) -> tuple[str, str]:
    """The question and what stands in its braces. Raises Unfit."""
    start, end = text.find("{"), text.find("}")
    if start < 0 and end < 0:
        raise Unfit("đoạn chữ không có câu trả lời")
    if start < 0 or end < start:
        raise Unfit("ngoặc nhọn { } không khớp")
    before, answers, after = text[:start], text[start + 1 : end].strip(), text[end + 1 :]
    if "{" in after or "}" in after:
        raise Unfit("câu có nhiều chỗ điền")
    return (f"{before}_____{after}" if after.strip() else before), answers


def _answered(found: Found, answers: str, block: _Block, losses: Losses) -> None:
    """Read the answers of a question that we have the kind of. Raises Unfit for others."""
    if not answers:
        raise Unfit("câu tự luận")
    if answers.startswith("#"):
        raise Unfit("câu trả lời bằng số")
    if match := _ORDER.match(answers):
        found.type = "order"
        lines = answers[match.end() :].split("\n")
        found.sequence = [plain(line.translate(_SHOWN), block.kind, losses, line=True) for line in lines if line]
    elif "~" in answers:
        _chosen(found, answers, block, losses)
    elif "=" in answers and "->" in answers:
        raise Unfit("câu ghép cặp")
    elif answers.partition("#")[0].strip() in _TRUE_FALSE:
        raise Unfit("câu đúng hay sai: chỉ có hai phương án, ở đây cần ít nhất 3")
    else:
        raise Unfit("câu trả lời ngắn, người học tự gõ")


def _chosen(found: Found, answers: str, block: _Block, losses: Losses) -> None:
    single = "=" in answers
    parts = [part.strip() for part in answers.replace("=", "~=").split("~")]
    parts = parts if parts[0] else parts[1:]
    if len(parts) > MOST_OPTIONS:
        raise Unfit(f"có hơn {MOST_OPTIONS} phương án")
    weights = []
    for part in parts:
        weight, text = _weight(part)
        text, _, why = text.partition("#")
        weights.append(weight)
        said = _plain(text, block, losses, line=True)
        found.options.append({"text": said, "why": _plain(why, block, losses, line=True)})
    found.type, rights, lost = weighed(single, weights)
    for option, right in zip(found.options, rights, strict=True):
        option["right"] = right
    found.losses += lost


def _weight(part: str) -> tuple[float, str]:
    if part.startswith("="):
        return 100.0, part[1:]
    if match := _WEIGHT.match(part):
        sign = -1 if match[1].startswith("-") else 1
        return sign * float(match[1].lstrip("-")), part[match.end() :]
    return 0.0, part


def _plain(text: str, block: _Block, losses: Losses, *, line: bool = False) -> str:
    text, kind = text.strip(), block.kind
    if match := _FORMAT.match(text):
        text, kind = text[match.end() :], match[1]
    return plain(text.translate(_SHOWN), kind, losses, line=line)


# --- writing --------------------------------------------------------------------------------


def write(items: Sequence[ItemSource], title: str) -> bytes:
    """The items as a text in UTF-8."""
    return "\n".join([f"// {' '.join(clean(title).split())}\n", *map(_written, items)]).encode()


def _written(item: ItemSource) -> str:
    tags = " ".join(f"[tag:{tag}]" for tag in tags_of(item))
    body = _order(item) if item.type == "order" else _choices(item)
    return (
        f"// [id:{item.key}] {tags}\n"
        f"::{_escaped(title_of(item))}::[plain]{_escaped(item.stem)}{{{body}\n\t####{_text(item.why)}\n}}\n"
    )


def _choices(item: ItemSource) -> str:
    share = f"{100 / sum(o.right for o in item.options):.5f}".rstrip("0").rstrip(".")
    return "".join(f"\n\t{_mark(item, option, share)}{_option(option)}" for option in item.options)


def _mark(item: ItemSource, option: Option, share: str) -> str:
    if item.type == "multi":
        return f"~%{share}%" if option.right else "~%-100%"
    if option.right:
        return "="
    return "~%0%" if option.text.startswith("%") else "~"


def _option(option: Option) -> str:
    return _text(option.text) + (f"#{_text(option.why)}" if option.why else "")


def _order(item: ItemSource) -> str:
    lines = "".join(f"\n{_line(text)}" for text in item.sequence)
    return f">{len(item.sequence)} ALL VERTICAL ALL_OR_NOTHING HIDE none{lines}"


def _line(text: str) -> str:
    """A line to be put in order: Moodle shows every sign of it as it stands, so that few are escaped."""
    text = clean(text).replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}").replace("\n", "\\n")
    text = text.replace("#", "\\#") if "####" in text else text
    return f"\\{text}" if text.startswith("//") else text


def _text(text: str) -> str:
    return ("[plain]" if text.startswith("[") else "") + _escaped(text)


def _escaped(text: str) -> str:
    return _RESERVED.sub(r"\\\g<0>", clean(text)).replace("\n", "\\n")
