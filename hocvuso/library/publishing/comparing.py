"""What differs between two texts, and between the sources of two editions, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

AROUND = 2  # lines that stayed, shown around those that changed
MOST = 2000  # lines on either side: of thousands that are all alike, comparing would be minutes of work
GAP = "gap"


@dataclass(frozen=True)
class Changed:
    """A file that differs: `lines` as `compared` gives them; none of a picture."""

    path: str
    kind: str  # new, gone or changed
    lines: list[tuple[str, str]]


def compared(before: str, after: str) -> list[tuple[str, str]]:
    """Lines with what became of them: `same`, `gone`, `new`, or `gap` where lines that stayed are left out."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) * len(new) > MOST**2:
        return [("gone", line) for line in old] + [("new", line) for line in new]
    found: list[tuple[str, str]] = []
    end = 0
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        if group[0][1] > end:
            found.append((GAP, ""))
        for kind, a, b, c, d in group:
            if kind == "equal":
                found += [("same", line) for line in old[a:b]]
            else:
                found += [("gone", line) for line in old[a:b]] + [("new", line) for line in new[c:d]]
        end = group[-1][2]
    if end < len(old):
        found.append((GAP, ""))
    return found


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> list[Changed]:
    """Files that differ between two sources, by path."""
    paths = sorted(before.keys() | after.keys())
    return [_of(path, before.get(path), after.get(path)) for path in paths if before.get(path) != after.get(path)]


def _of(path: str, before: bytes | None, after: bytes | None) -> Changed:
    kind = "new" if before is None else "gone" if after is None else "changed"
    try:
        return Changed(path, kind, compared((before or b"").decode(), (after or b"").decode()))
    except UnicodeDecodeError:
        return Changed(path, kind, [])
