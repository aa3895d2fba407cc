"""YAML of strangers: plain data that is never larger than its text. No references, no tags, nothing deep or endless."""

from __future__ import annotations

import re
from typing import Any

import yaml

MOST_DEPTH = 30
LONGEST_NUMBER = 40  # letters of a number, day or yes; what is longer is none
_KINDS = ("str", "int", "float", "bool", "null", "timestamp", "seq", "map")
_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in _KINDS)
# What no column and no page holds: an escape ("\0", "\ud800") can write it where the text itself could not.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ODD = (ValueError, LookupError, ArithmeticError, AttributeError, TypeError)  # what the reader makes of `2026-99-99`


class BadYaml(ValueError):
    """A text is no plain YAML: `what` is wrong, and where it is known, in which `line`."""

    def __init__(self, what: str, line: int | None) -> None:
        super().__init__(f"dòng {line}: {what}" if line else what)
        self.what, self.line = what, line


class _Loader(yaml.SafeLoader):
    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            raise _fault("không dùng được tham chiếu (*); hãy viết lại nội dung ấy", event)
        if self.depth == MOST_DEPTH:
            raise _fault(f"lồng nhau quá {MOST_DEPTH} tầng", event)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        if node.tag not in _TAGS:
            raise _fault("không dùng được nhãn (!) ở đây", node)
        try:
            return super().construct_object(node, deep)
        except _ODD:
            raise _fault("không phải số hay ngày có thật", node) from None

    def construct_scalar(self, node: Any) -> Any:
        value = super().construct_scalar(node)
        if _UNFIT.search(value):
            raise _fault("có ký tự điều khiển hoặc nửa ký tự", node)
        if not node.tag.endswith(":str") and len(value) > LONGEST_NUMBER:
            raise _fault("số quá dài", node)
        return value


def _fault(what: str, place: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=what, problem_mark=place.start_mark)


def load(text: str) -> Any:
    """The data of a text, whose length the caller has bounded. Raises BadYaml, and nothing else."""
    loader = None
    try:
        loader = _Loader(text)
        return loader.get_single_data()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise BadYaml(f"YAML không đọc được: {what}", mark.line + 1 if mark else None) from None
    except _ODD as error:
        raise BadYaml(f"YAML không đọc được: {str(error)[:200]}", None) from None
    finally:
        if loader:
            loader.dispose()
