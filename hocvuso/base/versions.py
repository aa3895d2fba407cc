"""Who changes something shared says which version they saw; a change by somebody else in between is not overwritten.

A noun that several people may change is `Versioned`. Each verb that changes it calls `expect` once, after it has locked
the row and before it writes.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from .errors import Refusal
from .models import JournalEntry, Versioned
from .words import name_of


class Stale(Refusal):
    """The row is no longer as it was seen. `row`, with its `version`, is as it is stored now."""

    code = "stale"
    says = _("Có người đã lưu thay đổi khác từ khi bạn mở trang này. Hãy xem lại rồi mới lưu.")

    def __init__(self, row: Any) -> None:
        super().__init__(field="version")
        self.row = row

    @property
    def entry(self) -> JournalEntry | None:
        """The last act on the row: who, and when."""
        return JournalEntry.objects.filter(subject=name_of(self.row)).order_by("number").last()


def expect(row: Versioned, version: int | None) -> None:
    """Begin a change of `row`, which must be locked, as its next version. Raises Stale.

    `version` is the one that was seen; None from callers that change what they have just read.
    """
    check(row, version)
    row.version += 1
    type(row)._base_manager.filter(pk=row.pk).update(version=row.version)


def check(row: Versioned, version: int | None) -> None:
    """Raise Stale unless `row`, as it is stored, is what was seen: for what starts from it and does not change it."""
    if version is not None and version != row.version:
        raise Stale(row)
