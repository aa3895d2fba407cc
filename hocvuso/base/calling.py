"""Addresses that others gave: where they lead is looked up once and checked, and that very machine is called."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit, urlunsplit

from certifi import where
from django.conf import settings
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

type IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_PORTS = {"https": 443, "http": 80}
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # what ends so is an address in other figures, never a name
_UNICAST = ipaddress.ip_network("2000::/3")  # NAT64, mapped and compatible addresses lie outside
_TUNNELS = [ipaddress.ip_network(text) for text in ("2002::/16", "2001::/32", "192.88.99.0/24")]


class NotPublic(OSError):
    """The address leads to no public machine, or to one by a way that is not allowed."""


class Gone(OSError):
    """Nobody is there any more, and will not be again (404, 410)."""


@dataclass(frozen=True)
class Checked:
    """A place that was looked up once: what was checked is what is called, whatever its name says a moment later."""

    scheme: str
    host: str
    port: int
    path: str
    address: str

    def post(self, headers: Mapping[str, str], content: bytes, *, wait: float) -> None:
        """Post a body there, by no proxy and following nobody elsewhere. Raises OSError when it is not taken."""
        named = f"[{self.host}]" if ":" in self.host else self.host
        if self.port != _PORTS[self.scheme]:
            named += f":{self.port}"
        try:
            answer = self._pool(wait).urlopen(
                "POST", self.path, content, {**headers, "Host": named}, retries=False, redirect=False,
                preload_content=False,
            )  # fmt: skip
        except HTTPError as fault:
            raise OSError(str(fault)) from fault
        answer.close()  # not read: how it was taken stands in the head
        if answer.status in (404, 410):
            raise Gone(f"answered {answer.status}")
        if answer.status >= 300:
            raise OSError(f"answered {answer.status}")

    def _pool(self, wait: float) -> HTTPConnectionPool:
        if self.scheme == "http":
            return HTTPConnectionPool(self.address, self.port, timeout=wait)
        trusted = ssl.create_default_context(cafile=os.environ.get("REQUESTS_CA_BUNDLE") or where())
        return HTTPSConnectionPool(
            self.address, self.port, timeout=wait, ssl_context=trusted, server_hostname=self.host,
            assert_hostname=self.host,
        )  # fmt: skip


def look_up(url: str) -> Checked:
    """Where an address leads: https on an allowed port of a public host; while developing, this machine. Or NotPublic.

    The name is looked up here, once. A name server may let one wait: not for requests, and not within a transaction.
    """
    parts, host, port = _read(url)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [ipaddress.ip_address(entry[4][0]) for entry in found]
    except (OSError, ValueError) as fault:
        raise NotPublic(str(fault)) from fault
    if not addresses or not _may_be_called(parts.scheme, port, addresses):
        raise NotPublic("the address is not public")
    path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    return Checked(parts.scheme, host, port, path, str(addresses[0]))


def may_be_public(url: str) -> bool:
    """Whether `look_up` might find a place that may be called, as far as the text of an address says: nobody is asked.

    For taking addresses in; where a name leads is seen at every call.
    """
    try:
        parts, host, port = _read(url)
    except NotPublic:
        return False
    try:
        return _may_be_called(parts.scheme, port, [ipaddress.ip_address(host)])
    except ValueError:  # a name
        labels = host.removesuffix(".").split(".")
    if labels[-1] == "localhost":
        return not settings.SECURE
    return len(labels) > 1 and not _NUMBER.fullmatch(labels[-1]) and _is_hook(parts.scheme, port)


def _read(url: str) -> tuple[SplitResult, str, int]:
    """The parts of an address, its host and its port. Raises NotPublic."""
    if not re.fullmatch(r"[!-~]+", url) or "\\" in url:
        raise NotPublic("not an address")
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError) as fault:
        raise NotPublic(str(fault)) from fault
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        raise NotPublic("no plain host")
    return parts, parts.hostname, port


def _may_be_called(scheme: str, port: int, addresses: Sequence[IpAddress]) -> bool:
    if not settings.SECURE and all(address.is_loopback for address in addresses):  # this machine
        return True
    return _is_hook(scheme, port) and all(map(_is_public, addresses))


def _is_hook(scheme: str, port: int) -> bool:
    return scheme == "https" and port in settings.ENV["HOCVUSO_HOOK_PORTS"]


def _is_public(address: IpAddress) -> bool:
    """Whether it is a machine of the internet itself; not one that stands for another, as NAT64, 6to4, mapped do."""
    if address.is_multicast or not address.is_global or address.is_reserved:
        return False
    return (address.version == 4 or address in _UNICAST) and not any(address in tunnel for tunnel in _TUNNELS)
