"""Who asks: the network address of the client, also behind proxies that the settings name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address
LONGEST = 80  # characters of an address with its port; what is longer is none, and not remembered
_HOME_PREFIX = 64  # an IPv6 line has a network of its own: all of it is one asker


def address_of(request: HttpRequest) -> Address | None:
    """The client's address; None when the connection has none (a socket)."""
    return _address_in(request.META)


def asker(request: HttpRequest) -> str:
    """The name of the client in rate limits: its address, of an IPv6 address the network."""
    return asker_in(request.META)


def asker_in(environ: Mapping[str, Any]) -> str:
    """The same, of a request that is not Django's yet."""
    address = _address_in(environ)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, _HOME_PREFIX), strict=False))
    return str(address or "")


def _address_in(environ: Mapping[str, Any]) -> Address | None:
    """The client's address.

    `X-Forwarded-For` is read from its end, each proxy having added whom it heard, and only for as long as whoever
    said it is a trusted proxy: the first address that is none is the client's.
    """
    nearest = _read(environ.get("REMOTE_ADDR", ""))
    for hop in reversed(environ.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        if nearest is None or not is_within(nearest, "HOCVUSO_TRUSTED_PROXIES") or (before := _read(hop)) is None:
            break
        nearest = before
    return nearest


def is_within(address: Address, setting: str) -> bool:
    """Whether an address lies in one of the networks of a setting."""
    return any(address in network for network in settings.ENV[setting])


def _read(text: str) -> Address | None:
    """An address, which may come with a port or in brackets."""
    return _read_short(text.strip()) if len(text) <= LONGEST else None


@lru_cache(maxsize=1000)
def _read_short(text: str) -> Address | None:
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
