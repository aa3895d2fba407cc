"""Blocks as the Markdown of a lesson: what is text stays text, whatever it looks like."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import quote

from markdown_it import MarkdownIt

from .model import Block, Box, Break, Picture, Run, Text

_MD = MarkdownIt("commonmark", {"html": False})
_ANYWHERE = re.compile(r"([\\`*\[\]])|(<(?=[A-Za-z/!?]))|(&(?=#?\w+;))|(?<!\w)(_)|(_)(?!\w)")
_AT_START = (
    (re.compile(r"^(#{1,6}(?= |$)|>|[-+](?= |$)|~~~|:::|=+$|-[- ]*$)"), r"\\\1"),
    (re.compile(r"^(\d{1,9})([.)])(?= |$)"), r"\1\\\2"),
)
_EVERY_SIGN = re.compile(r"([!-/:-@\[-`{-~])")
_IN_CAPTION = re.compile(r'[\\"]|&(?=#?\w+;)')
_IN_ALT = str.maketrans({"[": "(", "]": ")", "\\": None, "`": "'", "<": "‹", ">": "›"})  # it is shown as it is written
_EDGE = {False: r"\s*", True: r"\s+|[^\w\s]*"}  # by whether a letter stands beyond it
_EDGES = {
    (before, after): re.compile(rf"({_EDGE[before]})(.*?)({_EDGE[after]})", re.S) for before in _EDGE for after in _EDGE
}
_WEB = re.compile(r"(?i)^(https?://|tel:)[^\s]+$")
_KEPT_IN_ADDRESS = "/:?#@!$&'*+,;=%~-._"


def to_markdown(blocks: list[Block]) -> str:
    """The text of a lesson."""
    out: list[str] = []
    previous: Block | None = None
    places: list[int] = []  # where the text of each level of the list begins
    sign = "."
    for block in blocks:
        if isinstance(block, Text) and block.kind == "item":
            above = previous if isinstance(previous, Text) and previous.kind == "item" else None
            places = places[: block.level] if above else []
            sign = _sign(block, previous, sign)
            mark = f"{block.number}{sign} " if block.number is not None else "- "
            indent = places[-1] if places else 0
            places.append(indent + len(mark))
            out.append(
                ("\n" if above and _goes_on(above, block) else "\n\n")
                + " " * indent
                + _lines(block, mark, indent + len(mark))
            )
        else:
            out.append("\n\n" + _written(block))
        previous = block
    return "".join(out).strip("\n") + "\n" if out else ""


def _goes_on(above: Text, block: Text) -> bool:
    """Whether an item stands in the list of the item above it, or in a list within that."""
    return above.level != block.level or (above.number is None) == (block.number is None)


def _sign(block: Text, previous: Block | None, sign: str) -> str:
    """A list that begins with 1 again right behind another is a list of its own by another sign."""
    again = block.number == 1 and isinstance(previous, Text) and previous.number and previous.level == block.level
    return {".": ")", ")": "."}[sign] if again else sign


def _written(block: Block) -> str:
    match block:
        case Text(kind="heading"):
            one_line = [replace(run, text=run.text.replace("\n", " "), bold=False, italic=False) for run in block.runs]
            return _lines(replace(block, runs=one_line), "#" * min(max(block.level, 2), 4) + " ")
        case Text(kind="quote"):
            return "> " + _lines(block, "").replace("\n", "\n> ")
        case Text():
            return _lines(block, "")
        case Picture():
            caption = f' "{_IN_CAPTION.sub(lambda sign: chr(92) + sign[0], block.caption)}"' if block.caption else ""
            return f"![{block.alt.translate(_IN_ALT)}]({block.name}{caption})"
        case Box():
            return f"::: {block.kind}\n{to_markdown(block.blocks)}:::"
        case Break():
            return "---"
    raise TypeError(block)


def _lines(block: Text, mark: str, indent: int = 0) -> str:
    """A paragraph behind its mark; simpler where what was written would be read otherwise."""
    said = "".join(block.text.split())
    plain = [replace(run, bold=False, italic=False) for run in block.runs]
    for runs in (block.runs, plain, [Run(block.text)]):
        made = mark + _inline(runs, heading=block.kind == "heading").replace("\n", "\\\n" + " " * indent)
        if "".join(_read(made).split()) == said:
            return made
    return mark + _EVERY_SIGN.sub(r"\\\1", block.text.replace("\n", " "))


def _read(markdown: str) -> str:
    """What a reader of the lesson would read."""
    tokens = _MD.parse(markdown)
    children = [child for token in tokens for child in token.children or []]
    others = [token.content for token in tokens if token.type in ("fence", "code_block", "html_block")]
    return "".join("\n" if "break" in child.type else child.content for child in children) + "".join(others)


def _inline(runs: list[Run], *, heading: bool = False) -> str:
    made = ""
    for run in _moved(runs):
        starts = (not made and not heading) or made.endswith("\n")
        text = _code(run.text) if run.code and "\n" not in run.text else _escaped(run.text, starts=starts)
        sign = "*" * (2 * run.bold + run.italic)
        text = f"{sign}{text}{sign}" if text.strip() else text
        made += f"[{text}]({_address(run.link)})" if _WEB.match(run.link) and text.strip() else text
    return made


def _code(text: str) -> str:
    """Letters as a machine reads them, between more ticks than stand in them."""
    ticks = "`" * (max((len(found) for found in re.findall(r"`+", text)), default=0) + 1)
    apart = " " if text[:1] in "` " or text[-1:] in "` " else ""
    return f"{ticks}{apart}{text}{apart}{ticks}"


def _moved(runs: list[Run]) -> list[Run]:
    """Runs whose emphasis begins and ends where Markdown sees it: spaces at its edges are outside it, and so are
    signs between it and a letter.
    """
    made: list[Run] = []
    for n, run in enumerate(runs):
        if not (run.bold or run.italic) or run.link or run.code:
            made.append(run)
            continue
        before, after = runs[n - 1].text[-1:] if n else "", runs[n + 1].text[:1] if n + 1 < len(runs) else ""
        for piece in re.split(r"(\n)", run.text):
            match = _EDGES[before.isalnum(), after.isalnum()].fullmatch(piece)
            assert match
            outer = replace(run, bold=False, italic=False)
            parts = zip(match.groups(), (outer, run, outer), strict=True)
            made += [replace(look, text=part) for part, look in parts if part]
    return made


def _escaped(text: str, *, starts: bool = True) -> str:
    """A text whose signs mean nothing."""
    lines = [_ANYWHERE.sub(r"\\\g<0>", part) for part in text.split("\n")]
    for n, part in enumerate(lines):
        if n or starts:
            for pattern, made in _AT_START:
                part = pattern.sub(made, part)
        lines[n] = part
    return "\n".join(lines)


def _address(link: str) -> str:
    return quote(link, safe=_KEPT_IN_ADDRESS)
