"""Reads `HOCVUSO_*` variables; unknown or nonsensical ones stop the start with a sentence."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


class BadSetting(SystemExit):
    """A setting cannot be used; the process ends with its sentence."""


@dataclass(frozen=True)
class Setting:
    """One environment variable: its name, default (as text), meaning, how it is read, whether it holds a password."""

    name: str
    default: str
    meaning: str
    read: Callable[[str], Any] = str
    secret: bool = False


def boolean(text: str) -> bool:
    """`1/true/yes/on` or `0/false/no/off/empty`; anything else raises ValueError."""
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    if text.lower() in ("", "0", "false", "no", "off"):
        return False
    raise ValueError("expected 1 or 0")


def port(text: str) -> int:
    """A TCP port number."""
    if not 0 < int(text) < 65536:
        raise ValueError("expected 1 to 65535")
    return int(text)


def ports(text: str) -> list[int]:
    """TCP port numbers, separated by commas or spaces."""
    return [port(word) for word in words(text)]


def positive(text: str) -> int:
    """A whole number of at least one."""
    if int(text) < 1:
        raise ValueError("expected at least 1")
    return int(text)


def count(text: str) -> int:
    """A whole number, zero included."""
    if int(text) < 0:
        raise ValueError("expected 0 or more")
    return int(text)


def words(text: str) -> list[str]:
    """Words separated by commas or spaces."""
    return [w for w in re.split(r"[,\s]+", text) if w]


def calling_codes(text: str) -> list[str]:
    """Beginnings of international numbers, with or without `+`, separated by commas or spaces."""
    codes = [word.removeprefix("+") for word in words(text)]
    if not all(re.fullmatch(r"[1-9][0-9]{0,9}", code) for code in codes):
        raise ValueError("expected calling codes such as 84")
    return codes


def networks(text: str) -> list[IPv4Network | IPv6Network]:
    """Network addresses and networks such as `10.0.0.0/8`, separated by commas or spaces."""
    return [ip_network(word) for word in words(text)]


def log_format(text: str) -> str:
    """`text` or `json`."""
    if text not in ("text", "json"):
        raise ValueError("expected text or json")
    return text


def mail_server(text: str) -> dict[str, Any]:
    """What Django's mail backend needs of `smtp://user:password@host:port`; nothing for an empty text.

    User and password may be percent-encoded. Without a port: 587, for smtps 465.
    """
    if not text:
        return {}
    parts = urlsplit(text)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("expected smtp://host or smtps://host")
    return {
        "host": parts.hostname,
        "port": parts.port or (465 if parts.scheme == "smtps" else 587),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": parts.scheme == "smtps",
        "use_tls": parts.scheme == "smtp" and bool(parts.username),
        "timeout": 15,
    }


def address(text: str) -> str:
    """An http(s) address without a trailing slash, or nothing."""
    if text and urlsplit(text).scheme not in ("http", "https"):
        raise ValueError("expected an address that begins with http:// or https://")
    return text.rstrip("/")


def speech(text: str) -> str:
    """`built-in` or `off`."""
    if text not in ("built-in", "off"):
        raise ValueError("expected built-in or off")
    return text


SETTINGS = [
    Setting("HOCVUSO_HOST", "127.0.0.1", "Address the server listens on."),
    Setting("HOCVUSO_PORT", "8000", "Port the server listens on.", port),
    Setting("HOCVUSO_WORKERS", "0", "Server processes; 0: as many as processors, at least two.", count),
    Setting(
        "HOCVUSO_DATA", "var", "Folder of everything the process writes.", lambda t: Path(t).expanduser().resolve()
    ),
    Setting("DATABASE_URL", "", "Database, `postgres://user:password@host:port/name`; empty: SQLite in HOCVUSO_DATA."),
    Setting("HOCVUSO_SECRET", "", "Master secret; empty: made once and kept in HOCVUSO_DATA/secret.key."),
    Setting("HOCVUSO_BASE_URL", "", "Public address, as in certificates; empty: http://HOST:PORT.", address),
    Setting("HOCVUSO_ALLOWED_HOSTS", "", "Host names served besides that of the public address.", words),
    Setting(
        "HOCVUSO_TRUSTED_PROXIES", "", "Addresses or networks of proxies whose X-Forwarded-For is believed.", networks
    ),
    Setting("HOCVUSO_METRICS_FROM", "127.0.0.0/8 ::1", "Addresses or networks that may read /metrics.", networks),
    Setting("HOCVUSO_DEBUG", "0", "Show faults in full; never on a public server.", boolean),
    Setting(
        "HOCVUSO_CODES_ON_CONSOLE",
        "1",
        "Print one-time codes on the console when no gateway is set (development).",
        boolean,
    ),
    Setting("HOCVUSO_SMS_URL", "", "SMS gateway: receives POST {to, text} as JSON.", address),
    Setting("HOCVUSO_SMS_TOKEN", "", "Bearer token for the SMS gateway."),
    Setting(
        "HOCVUSO_SMS_COUNTRIES",
        "84",
        "Beginnings of numbers that codes are sent to by SMS: `84`, or `84 856 1242`; empty: all.",
        calling_codes,
    ),
    Setting(
        "HOCVUSO_SMS_A_DAY",
        "",
        "SMS a day that strangers may set off (codes, requests to guardians); empty: no limit.",
        lambda t: positive(t) if t else None,
    ),
    Setting(
        "HOCVUSO_CHAT_URL",
        "",
        "Chat gateway (for urging and reminders of reviews): receives POST {to, text} as JSON.",
        address,
    ),
    Setting("HOCVUSO_CHAT_TOKEN", "", "Bearer token for the chat gateway."),
    Setting(
        "HOCVUSO_SMTP_URL",
        "",
        "Mail server, `smtp://user:password@host:port` (smtps for TLS).",
        mail_server,
        secret=True,
    ),
    Setting("HOCVUSO_MAIL_FROM", "Học vụ số <khong-tra-loi@localhost>", "Sender of mail."),
    Setting("HOCVUSO_OIDC_ISSUER", "", "OpenID Connect issuer; empty: no such sign-in.", address),
    Setting("HOCVUSO_OIDC_CLIENT_ID", "", "Client id at the issuer."),
    Setting("HOCVUSO_OIDC_CLIENT_SECRET", "", "Client secret at the issuer."),
    Setting("HOCVUSO_OIDC_NAME", "VNeID", "Name of the issuer on the sign-in page."),
    Setting("HOCVUSO_ISSUER_NAME", "Học vụ số", "Name of the issuer on certificates."),
    Setting("HOCVUSO_CONTROLLER", "", "The body that runs this site and answers for personal data, as pages name it."),
    Setting("HOCVUSO_CONTROLLER_ADDRESS", "", "Its postal address, as the notice says it."),
    Setting("HOCVUSO_CONTROLLER_CONTACT", "", "Where it is reached about personal data: telephone, mail."),
    Setting("HOCVUSO_HOTLINE", "", "Telephone at which anybody may ask whether a message or this site is genuine."),
    Setting("HOCVUSO_SMS_SENDER", "", "What SMS of this site come from, as a telephone shows it; for pages that tell."),
    Setting("HOCVUSO_DATA_OFFICER", "", "Person or section in charge of protecting personal data."),
    Setting(
        "HOCVUSO_DATA_AUTHORITY",
        "Cục An ninh mạng và phòng, chống tội phạm sử dụng công nghệ cao, Bộ Công an",
        "Authority for personal data, as the notice and documents about a breach name it.",
    ),
    Setting("HOCVUSO_KEEP_MESSAGES_DAYS", "365", "Days after which the words of messages sent are deleted.", positive),
    Setting("HOCVUSO_KEEP_SENT_DAYS", "90", "Days after which it is forgotten to whom notices were sent.", positive),
    Setting(
        "HOCVUSO_KEEP_CONTACTS_DAYS",
        "90",
        "Days after a request ended that name and phone of somebody without an account are kept.",
        positive,
    ),
    Setting(
        "HOCVUSO_KEEP_REQUESTS_DAYS", "0", "Days after a request ended that its words are kept; 0: for good.", count
    ),
    Setting(
        "HOCVUSO_HOOK_PORTS", "443", "Ports at which web hooks and push services of browsers may be called.", ports
    ),
    Setting("HOCVUSO_OFFER_DAYS", "14", "Days after which an offered role that nobody accepted expires.", positive),
    Setting("HOCVUSO_TEND_MINUTES", "5", "How often `serve` does what is periodic; 0: never.", count),
    Setting(
        "HOCVUSO_SPEECH",
        "built-in",
        "Voice that speaks published lessons: built-in, or off (then `hocvuso setup`).",
        speech,
    ),
    Setting("HOCVUSO_LOG", "text", "Log format: text or json.", log_format),
]


def read_settings(environ: dict[str, str] | None = None) -> dict[str, Any]:
    """All settings by name. Raises BadSetting for an unknown HOCVUSO_* name or an unreadable value."""
    environ = dict(os.environ) if environ is None else environ
    known = {s.name for s in SETTINGS}
    unknown = sorted(n for n in environ if n.startswith("HOCVUSO_") and n not in known)
    if unknown:
        raise BadSetting(f"Unknown setting {', '.join(unknown)}. Known: {', '.join(sorted(known))}.")
    values = {}
    for setting in SETTINGS:
        text = environ.get(setting.name, setting.default)
        try:
            values[setting.name] = setting.read(text)
        except ValueError as error:
            shown = setting.name if setting.secret else f"{setting.name}={text!r}"
            reason = "" if setting.secret else f": {error}"
            raise BadSetting(f"{shown} cannot be used{reason}. {setting.meaning}") from None
    return values


def database(url: str, folder: Path) -> dict[str, Any]:
    """Django's database settings from a URL (`?host=` names a socket folder); SQLite in `folder` when it is empty."""
    if not url:
        return {
            "ENGINE": "hocvuso.base.sqlite",
            "NAME": folder / "hocvuso.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8000;",
            },
            "CONN_MAX_AGE": None,
            "TEST": {"NAME": ":memory:"},  # as for Django's own SQLite, also where several processes test
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise BadSetting(f"DATABASE_URL: {parts.scheme}:// is not supported; use postgres:// or leave it empty.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or parse_qs(parts.query).get("host", [""])[0]),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # A server that is not there is told in seconds; one that is gone while it is asked, too.
        "OPTIONS": {"connect_timeout": 3, "keepalives_idle": 30, "tcp_user_timeout": 15000},
    }
