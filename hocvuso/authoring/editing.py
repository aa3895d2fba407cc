"""Changes of a source text that touch only what they change: every other byte stays, comments and order too.

A source is written by people and by forms in turn. A form that wrote the whole file anew would undo how somebody laid
it out, and would show in a comparison as a change of everything.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import yaml

from hocvuso.base import plain_yaml
from hocvuso.library.source.reader import split_front_matter

_ENDLESS = 1_000_000  # a value stands on one line, however long


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        """What stands in two places is written in both: references are not read."""
        return True


def dumped(data: Any, **look: Any) -> str:
    """Data as plain YAML, in the order it has, one key a line; `look` as PyYAML knows it."""
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_ENDLESS, **look)


def with_keys(text: str, changes: Mapping[str, Any]) -> str:
    """A YAML mapping with some of its keys changed; None takes a key away, a new key comes at the end.

    Raises BadYaml where the text is no mapping of lines.
    """
    now = plain_yaml.load(text) if text.strip() else {}
    if not isinstance(now, dict):
        raise plain_yaml.BadYaml("cần là các dòng “tên: giá trị”", 1)
    changes = {key: value for key, value in changes.items() if now.get(key) != value or (key in now and value is None)}
    if not changes:
        return text
    parts = _keys_of(text)
    kept = [_changed(part, key, changes) for key, part in parts]
    new = [dumped({key: value}) for key, value in changes.items() if key not in now and value is not None]
    made = "".join(_ended(part) for part in [*kept, *new] if part)
    wanted = {key: value for key, value in {**now, **changes}.items() if value is not None or key not in changes}
    return _holding(wanted, made)


def _holding(wanted: Any, made: str) -> str:
    """The text, if it holds what it should: lines that are laid out in an odd way are left to their author.

    Raises BadYaml.
    """
    if (plain_yaml.load(made) if made else wanted) != wanted:
        raise plain_yaml.BadYaml("các dòng bày theo cách chưa sửa được bằng mẫu", None)
    return made


def _changed(part: str, key: str, changes: Mapping[str, Any]) -> str:
    if key not in changes:
        return part
    return "" if changes[key] is None else dumped({key: changes[key]})


def with_entries(text: str, entries: Sequence[Any]) -> str:
    """A YAML list with these entries; those that are as they were keep their lines. Raises BadYaml."""
    now = plain_yaml.load(text) if text.strip() else None
    if now is not None and not (isinstance(now, list) and all(isinstance(one, dict) for one in now)):
        raise plain_yaml.BadYaml("cần là một danh sách, mỗi mục là các dòng “tên: giá trị”", 1)
    if list(now or []) == list(entries):
        return text
    before, parts = _entries_of(text) if now else ("", [])
    lines = dict(zip(map(repr, now or []), parts, strict=True))
    made = before + ("".join(_ended(lines.get(repr(entry)) or dumped([entry])) for entry in entries) or "[]\n")
    return _holding(list(entries), made)


def head_of(text: str) -> str:
    """The YAML that stands before a lesson's body."""
    return split_front_matter(text)[0]


def body_of(text: str) -> str:
    """The body of a lesson, to the byte."""
    return split_front_matter(text)[1]


def with_head(text: str, changes: Mapping[str, Any]) -> str:
    """A lesson with some keys of its head changed. Raises BadYaml."""
    head, body = split_front_matter(text)
    changed = with_keys(_ended(head), changes)
    return text if changed == _ended(head) and head else f"---\n{changed}---\n{body}"


def with_body(text: str, body: str) -> str:
    """A lesson with another body; its head stays to the byte."""
    before = text[: len(text) - len(body_of(text))]
    return before + body


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


def _keys_of(text: str) -> list[tuple[str, str]]:
    """Each key of a mapping with its lines, up to the next; what stands before the first belongs to it."""
    root = yaml.compose(text, Loader=yaml.SafeLoader) if text.strip() else None
    if root is None:
        return []
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise plain_yaml.BadYaml("cần là các dòng “tên: giá trị”", 1)
    starts = [key.start_mark.index for key, _value in root.value]
    parts = [text[start:end] for start, end in pairwise([0, *starts[1:], len(text)])]
    return list(zip([key.value for key, _value in root.value], parts, strict=True))


def _entries_of(text: str) -> tuple[str, list[str]]:
    """What stands before the first entry of a list, and each entry with its lines, up to the next."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.SequenceNode) or root.flow_style:
        raise plain_yaml.BadYaml("mỗi mục cần bắt đầu bằng dấu - ở đầu dòng", 1)
    dashes = re.compile(rf"^ {{{root.start_mark.column}}}-(?=\s)", re.MULTILINE)
    dashed = [one.start() for one in dashes.finditer(text)]
    starts = [dashed[bisect_right(dashed, node.start_mark.index) - 1] for node in root.value]
    return text[: starts[0]], [text[start:end] for start, end in pairwise([*starts, len(text)])]
