"""Where a noun is seen. Pages register the address of each noun by its word; everybody else asks, and knows none.

The journal, messages, documents, figures and the API can so lead to a thing without knowing where its page lies.
What letters lead to and is no noun's page, such as one's account, has a word too (`links` of a subject's manifest).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

type Address = Callable[[Any], str]

_registered: dict[str, Address] = {}


def register(word: str, address: Address) -> None:
    """Things with this word are seen at `address(key)`: a path on this site."""
    _registered[word] = address


def address_of(word: str, key: Any = None) -> str:
    """The path of the page that shows a thing, or of a page that needs none; empty where no page does."""
    address = _registered.get(word)
    return address(key) if address else ""
