"""The tree path as a value: parsing, ancestry and length in one immutable type; bad paths cannot exist."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PATH = re.compile(r"^([0-9a-z]+\.)+$")
MAX_DEPTH = 12


@dataclass(frozen=True)
class UnitPath:
    """A path such as `1.k4.`: base-36 numbers of the units from the root, each closed by a dot.

    The closing dot makes "is under" a plain prefix test (`1.1.` is no prefix of `1.12.`).
    """

    text: str

    def __post_init__(self) -> None:
        if not _PATH.match(self.text) or self.text.count(".") > MAX_DEPTH:
            raise ValueError(f"not a unit path: {self.text!r}")

    @property
    def depth(self) -> int:
        """1 for a root."""
        return self.text.count(".")

    @property
    def ancestors(self) -> list[str]:
        """Paths from the root down to this one, itself included."""
        parts = self.text.split(".")[:-1]
        return [".".join(parts[: n + 1]) + "." for n in range(len(parts))]

    def child(self, number: int) -> UnitPath:
        """The path of a child with this number (≥ 1)."""
        return UnitPath(self.text + base36(number) + ".")

    def is_under(self, other: UnitPath) -> bool:
        """Whether this is `other` or beneath it."""
        return self.text.startswith(other.text)


def base36(number: int) -> str:
    """A non-negative number in base 36, lower case."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while True:
        number, digit = divmod(number, 36)
        text = digits[digit] + text
        if not number:
            return text
