"""What is wrong with a file, or with one cell of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..errors import Refusal


class BadFile(Refusal):
    """The file cannot be read as a table: why, and what to do."""

    code = "bad-file"
    says = gettext_lazy("Không đọc được tệp: %(why)s")


@dataclass(frozen=True)
class Fault:
    """One cell that cannot be taken; of row 0 where it is the file."""

    row: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        if not self.row:
            return f"“{self.value}” – {self.reason}" if self.value else self.reason
        if not self.column:
            return _("dòng %(row)s: %(reason)s") % {"row": self.row, "reason": self.reason}
        return _("dòng %(row)s, cột %(column)s: “%(value)s” – %(reason)s") % {
            "row": self.row, "column": self.column, "value": self.value, "reason": self.reason,
        }  # fmt: skip
