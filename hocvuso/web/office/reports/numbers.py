"""Figures as people read and type them: 1.234,5 in Vietnamese, 1,234.5 in English."""

from __future__ import annotations

import math
import re
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal
from hocvuso.base.numbers import fixed
from hocvuso.base.text import is_grouped


class NotANumber(Refusal):
    """The text typed for a figure is no number."""

    code = "not-a-number"
    says = _("“%(text)s” không phải là một số. Hãy nhập như 1.250 hoặc 12,5.")


def english() -> bool:
    """Whether the reader's language writes 1,234.5."""
    return (get_language() or "").startswith("en")


def figure(value: float | None, decimals: int = 0) -> str:
    """A figure with so many decimals, the reader's way; a dash where there is none."""
    return "—" if value is None else fixed(value, decimals)


def typed(value: float | None) -> str:
    """A figure as it stands in an input: no separators of thousands, no needless zeros."""
    if value is None:
        return ""
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    return text if english() else text.replace(".", ",")


def read(text: str, *, field: str) -> float | None:
    """The number that was typed; nothing for nothing. Raises NotANumber."""
    plain = re.sub(r"\s", "", text)
    if not plain:
        return None
    if english():
        plain = plain.replace(",", "")
    elif "," in plain or is_grouped(plain):
        plain = plain.replace(".", "").replace(",", ".")
    try:
        found = float(plain)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise NotANumber(field=field, text=text[:40])
    return found


def whole(text: Any, default: int) -> int:
    """A whole number typed in a form; the default for anything else."""
    return int(text) if re.fullmatch(r"-?\d{1,6}", str(text or "").strip()) else default
