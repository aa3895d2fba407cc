"""Who changes something shared says which version they saw; a change by somebody else in between is not overwritten.

A noun that several people may change is `Versioned`. Each verb that changes it calls `expect` once, after it has locked
the row and before it writes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .errors import Refusal
from .models import Versioned

NONE_SEEN = 0  # the version of a row that was not there when the page was shown


class HasVersion(Protocol):
    """What is told from what it was before; a `Versioned` row is."""

    @property
    def version(self) -> int:
        """Another one after each change."""


class Stale(Refusal):
    """The row is no longer as it was seen. `row`, with its `version`, is as it is stored now."""

    code = "stale"
    says = _("Có người đã lưu thay đổi khác từ khi bạn mở trang này. Hãy xem lại rồi mới lưu.")

    def __init__(self, row: Any) -> None:
        super().__init__(field="version")
        self.row = row

    @property
    def by(self) -> str:
        """The id of whoever made the version that is stored, as in the journal; empty where it is not known."""
        return getattr(self.row, "changed_by", "")

    @property
    def at(self) -> datetime | None:
        """When the version that is stored was made."""
        return getattr(self.row, "changed_at", None)


def expect(row: Versioned, version: int | None, *, by: Any = None) -> None:
    """Begin a change of `row`, which must be locked, as its next version, made by `by`. Raises Stale.

    `version` is the one that was seen; None from callers that change what they have just read. It stands before every
    rule that looks at the row: who saw something older is told so, not that what they want is refused.
    """
    check(row, version)
    row.version += 1
    row.changed_by, row.changed_at = str(by.pk) if by is not None else "", timezone.now()
    changed = {"version": row.version, "changed_by": row.changed_by, "changed_at": row.changed_at}
    type(row)._base_manager.filter(pk=row.pk).update(**changed)


def check(row: HasVersion, version: int | None) -> None:
    """Raise Stale unless `row`, as it is stored, is what was seen: for what starts from it and does not change it."""
    if version is not None and version != row.version:
        raise Stale(row)
