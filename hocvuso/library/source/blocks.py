"""Turns a lesson body (Markdown with named blocks) into a flat list of typed blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from .files import BadName, plain

KINDS = ("steps", "example", "warning", "remember", "question", "practice", "teacher")


@dataclass(frozen=True)
class Block:
    """One piece of a lesson, in reading order.

    kind: `text`, `picture`, `slide` (a slide break) or one of KINDS; markdown: its own source text;
    name: item key of a question, file name of a picture; alt and caption: of a picture.
    """

    kind: str
    markdown: str = ""
    name: str = ""
    alt: str = ""
    caption: str = ""
    line: int = 0


class UnknownBlock(ValueError):
    """A `:::` block with a name that does not exist, or one that is never closed; a picture's name that is none."""


def _parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False})
    for kind in KINDS:
        md.use(container_plugin, kind)
    return md


_MD = _parser()


def parse(body: str) -> list[Block]:
    """Split `body` into blocks. Raises UnknownBlock with the line number."""
    lines = body.splitlines()
    _refuse_unknown(lines)
    blocks: list[Block] = []
    tokens = _MD.parse(body)
    index = 0
    while index < len(tokens):
        end = _closing(tokens, index)
        blocks.append(_block(tokens[index : end + 1], lines))
        index = end + 1
    return _merge_text(blocks)


def _refuse_unknown(lines: list[str]) -> None:
    opened = 0
    for number, line in enumerate(lines, 1):
        match = re.match(r"^:::+\s*([\w-]*)", line)
        if not match:
            continue
        name = match.group(1)
        if name and name not in KINDS:
            raise UnknownBlock(f"dòng {number}: không có khối ::: {name}; có: {', '.join(KINDS)}")
        opened = number if name else 0
    if opened:
        raise UnknownBlock(f"dòng {opened}: khối này chưa được đóng bằng :::")


def _closing(tokens: list[Token], start: int) -> int:
    depth = 0
    for index in range(start, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index
    return len(tokens) - 1


def _block(tokens: list[Token], lines: list[str]) -> Block:
    first = tokens[0]
    top, bottom = first.map or [0, 0]
    source = "\n".join(lines[top:bottom])
    if first.type.startswith("container_"):
        kind = first.type.removeprefix("container_").removesuffix("_open")
        inner = "\n".join(line for line in lines[top + 1 : bottom] if not line.startswith(":::"))
        return Block(kind, inner.strip(), name=first.info.strip().removeprefix(kind).strip(), line=top + 1)
    if first.type == "hr":
        return Block("slide", line=top + 1)
    children = [c for t in tokens if t.type == "inline" for c in t.children or []]
    if len(children) == 1 and children[0].type == "image":
        image = children[0]
        return Block(
            "picture",
            name=_file_name(str(image.attrs["src"]), top + 1),
            alt=image.content.strip(),
            caption=str(image.attrs.get("title", "")),
            line=top + 1,
        )
    return Block("text", source, line=top + 1)


def _file_name(written: str, line: int) -> str:
    """The name of a picture; the parser of Markdown writes letters beyond ASCII and spaces as `%E1…`."""
    try:
        return plain(unquote(written))
    except BadName as error:
        raise UnknownBlock(f"dòng {line}: {error}") from None


def _merge_text(blocks: list[Block]) -> list[Block]:
    merged: list[Block] = []
    for block in blocks:
        last = merged[-1] if merged else None
        if last and block.kind == last.kind == "text":
            merged[-1] = Block("text", last.markdown + "\n\n" + block.markdown, line=last.line)
        else:
            merged.append(block)
    return merged
