"""A YAML text made to hold other data, with every line kept that says what it said: for data of several levels.

`editing.with_keys` writes a changed key anew, with all that is below it; here the change goes down to the value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import indent
from typing import Any

import yaml

from hocvuso.base import plain_yaml

from .editing import dumped, with_keys

Edit = tuple[int, int, str]  # from where to where in the text, and what comes there instead


class _Anew(Exception):
    """A place that cannot be changed in part: it is written anew from above."""


def with_data(text: str, data: Mapping[str, Any]) -> str:
    """A YAML mapping that holds `data`; what is as it was keeps its lines, in order and look. Raises BadYaml."""
    now = plain_yaml.load(text) if text.strip() else {}
    if not isinstance(now, dict):
        raise plain_yaml.BadYaml("cần là các dòng “tên: giá trị”", 1)
    if _same(now, data):
        return text
    ended = text if text.endswith("\n") else text + "\n"
    try:
        changed = _edited(ended, 0, len(ended), _edits(ended, yaml.compose(ended, Loader=yaml.SafeLoader), now, data))
        if _same(plain_yaml.load(changed), data):
            return changed
    except (_Anew, plain_yaml.BadYaml):
        pass
    return with_keys(text, {**dict.fromkeys(now), **data})


def _same(a: Any, b: Any) -> bool:
    """Equal in kind, too: `true` is no 1, and a list is as its entries are."""
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_same, a, b))
    return type(a) is type(b) and bool(a == b)


def _edits(text: str, node: Any, old: Any, new: Any) -> Iterator[Edit]:
    if _same(old, new):
        return
    if isinstance(node, yaml.MappingNode) and isinstance(new, Mapping) and len(node.value) == len(old):
        yield from _edits_of_mapping(text, node, old, new)
    elif isinstance(node, yaml.SequenceNode) and isinstance(new, list) and len(node.value) == len(old):
        yield from _edits_of_list(text, node, old, new)
    elif isinstance(node, yaml.ScalarNode) and not isinstance(new, Mapping | list):
        yield _edit_of_scalar(text, node, new)
    else:
        raise _Anew


def _edits_of_mapping(text: str, node: Any, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Edit]:
    if node.flow_style and old.keys() != new.keys():
        ordered = [*(name for name in old if name in new), *(name for name in new if name not in old)]
        yield node.start_mark.index, node.end_mark.index, _in_flow({name: new[name] for name in ordered})
    elif node.flow_style:
        for (_key, value), name in zip(node.value, old, strict=True):
            yield from _edits(text, value, old[name], new[name])
    elif old.keys() & new.keys():
        yield from _edits_of_lines(text, node, old, new)
    else:
        raise _Anew


def _edits_of_lines(text: str, node: Any, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Edit]:
    """The edits of a mapping that has a line for each key."""
    starts = [key.start_mark.index for key, _value in node.value]
    ends = [*starts[1:], _line_end(text, node)]
    margin = " " * node.start_mark.column
    for name, (_key, value), start, end in zip(old, node.value, starts, ends, strict=True):
        if name not in new:
            yield _without(text, start, end, last=end == ends[-1])
            continue
        try:
            yield from list(_edits(text, value, old[name], new[name]))
        except _Anew:
            yield start, _line_end(text, value), indent(dumped({name: new[name]}), margin).lstrip(" ")
    if added := {name: value for name, value in new.items() if name not in old}:
        yield ends[-1], ends[-1], indent(dumped(added), margin)


def _without(text: str, start: int, end: int, *, last: bool) -> Edit:
    """A key taken out: up to the next, which then stands where it stood; the last one with its whole line."""
    line = _line_start(text, start)
    if last and text[line:start].strip():
        raise _Anew
    return (line if last else start), end, ""


def _edits_of_list(text: str, node: Any, old: list[Any], new: list[Any]) -> Iterator[Edit]:
    if len(old) == len(new) and sum(not _same(a, b) for a, b in zip(old, new, strict=True)) == 1:
        for value, was, now in zip(node.value, old, new, strict=True):
            yield from _edits(text, value, was, now)
        return
    if node.flow_style:
        yield node.start_mark.index, node.end_mark.index, _in_flow(new)
        return
    margin = " " * node.start_mark.column
    starts = [_line_start(text, text.rindex("-", 0, value.start_mark.index)) for value in node.value]
    if not new or any(not text.startswith(f"{margin}-", start) for start in starts):
        raise _Anew
    ends = [*starts[1:], _line_end(text, node)]
    chunks = []
    for entry, at in zip(new, _origins(old, new), strict=True):
        try:
            if at is None:
                raise _Anew
            chunks.append(_edited(text, starts[at], ends[at], _edits(text, node.value[at], old[at], entry)))
        except _Anew:
            chunks.append(indent(dumped([entry]), margin))
    yield starts[0], ends[-1], "".join(chunks)


def _origins(old: list[Any], new: list[Any]) -> list[int | None]:
    """For each entry which one it was: the same, wherever it stood; else, where as many changed, the next of them."""
    left = list(range(len(old)))
    found: list[int | None] = []
    for entry in new:
        at = next((n for n in left if _same(old[n], entry)), None)
        found.append(at)
        if at is not None:
            left.remove(at)
    if found.count(None) != len(left):
        return found
    changed = iter(left)
    return [next(changed) if at is None else at for at in found]


def _edit_of_scalar(text: str, node: Any, new: Any) -> Edit:
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(new, str) and node.style in ("|", ">") and _can_be_literal(new):
        line = text[_line_start(text, start) : start]
        margin = " " * (len(line) - len(line.lstrip(" -")) + 2)
        mark = "|" if new.endswith("\n") else "|-"
        return start, end, f"{mark}\n{indent(new, margin).removesuffix(chr(10))}\n"
    quoted = isinstance(new, str) and (node.style == '"' or "\n" in new)
    said = dumped(new, default_style='"') if quoted else _in_flow([new])[1:-1]
    return start, end, said.removesuffix("\n") + ("\n" if end > start and text[end - 1] == "\n" else "")


def _can_be_literal(new: str) -> bool:
    return bool(new.strip()) and not new[0].isspace() and not new.endswith("\n\n")


def _in_flow(data: Any) -> str:
    return dumped(data, default_flow_style=True).strip()


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, node: Any) -> int:
    """Behind the line on which the last of a node stands."""
    while isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    end = int(node.end_mark.index)
    if end and text[end - 1] == "\n" and end > node.start_mark.index:
        return end
    return text.index("\n", end) + 1


def _edited(text: str, start: int, end: int, edits: Iterator[Edit]) -> str:
    """A part of the text with its edits."""
    parts, at = [], start
    for begin, stop, said in sorted(edits, key=lambda edit: edit[:2]):
        parts += [text[at:begin], said]
        at = stop
    return "".join([*parts, text[at:end]])
