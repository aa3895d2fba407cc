"""Structured logs, one line an event, without personal data: named fields only, never bodies or addresses."""

from __future__ import annotations

import copy
import logging
import re
from http import HTTPStatus

import structlog
from structlog.typing import EventDict

from . import unavailable

_SECRETS = [
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"), "‹e-mail›"),
    (re.compile(r"(?<!\d)(?:\+?84|0)\d{8,10}(?!\d)"), "‹phone›"),
    (re.compile(r"DETAIL: .*"), "DETAIL: ‹row›"),  # PostgreSQL shows the row that broke a rule
]


class RoutesOnly(logging.Filter):
    """Lines about a request tell its method and route: never its path or query, where numbers and tokens stand.

    Django's own lines carry the request, and its path in their text; what they say of it is the status.
    """

    def filter(self, record: logging.LogRecord) -> logging.LogRecord:
        """The record itself, or one without the request (a copy: other handlers have their own filters)."""
        request = getattr(record, "request", None)
        if request is None:
            return record
        told = copy.copy(record)
        match = getattr(request, "resolver_match", None)
        status = getattr(record, "status_code", None)
        told.msg, told.args = HTTPStatus(status).phrase if status in set(HTTPStatus) else "refused", ()
        told.method = getattr(request, "method", "")
        told.route = f"/{match.route}" if match else "unmatched"
        if (
            status is not None and status < 500
        ):  # refused, not broken: anybody can bring it about, as often as they like
            told.exc_info = told.exc_text = None
            told.levelno, told.levelname = logging.WARNING, "WARNING"
        del told.__dict__["request"]
        return told


def formatter(kind: str) -> logging.Formatter:
    """A formatter that writes `text` or `json` lines."""
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False) if kind == "json" else _plain
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _of_the_moment,
            structlog.processors.format_exc_info,
            _scrub,
            renderer,
        ],
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
    )


def _of_the_moment(_logger: object, _method: str, event: EventDict) -> EventDict:
    """A held database or a full disk is told in words: where the software stood then helps nobody."""
    info = event.get("exc_info")
    if isinstance(info, tuple) and info[1] and (moment := unavailable.why(info[1])):
        del event["exc_info"]
        event.update(reason=moment.code, fault=str(info[1]))
    return event


def _scrub(_logger: object, _method: str, event: EventDict) -> EventDict:
    return {key: scrubbed(value) if isinstance(value, str) else value for key, value in event.items()}


def scrubbed(text: str) -> str:
    """`text` with e-mail addresses and phone numbers blotted out."""
    for pattern, blot in _SECRETS:
        text = pattern.sub(blot, text)
    return text


def _plain(_logger: object, _method: str, event: EventDict) -> str:
    head = [event.pop(k, "") for k in ("timestamp", "level", "logger", "event")]
    tail = [f"{k}={v}" for k, v in event.items()]
    return " ".join(str(part) for part in [*head, *tail] if part != "")
