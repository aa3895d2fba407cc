"""Due days as a calendar file (RFC 5545): one all-day event a task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from hocvuso.plans.models import Task

LINE = 75  # octets; longer lines are folded


def calendar_of(tasks: Iterable[Task], address: str, at: datetime) -> bytes:
    """The file. `address`: where the pages of tasks lie; `at`: when it is made."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Hoc vu so//Plans//VI", "CALSCALE:GREGORIAN"]
    for task in tasks:
        lines += _event(task, address, at)
    lines.append("END:VCALENDAR")
    return b"\r\n".join(part for line in lines for part in _folded(line)) + b"\r\n"


def _event(task: Task, address: str, at: datetime) -> list[str]:
    if task.due_on is None:
        return []
    return [
        "BEGIN:VEVENT",
        f"UID:{task.pk}@hocvuso",
        f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{task.due_on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{task.due_on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(task.title)}",
        f"DESCRIPTION:{_escaped(task.plan.title)}",
        f"URL:{address}{task.pk}/",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    """RFC 5545, 3.3.11; carriage returns go, so that no text can begin a line of its own."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> Iterator[bytes]:
    """RFC 5545, 3.1: at most 75 octets a line, continued after a space; no character is cut in two."""
    part = b""
    for character in line:
        encoded = character.encode()
        if len(part) + len(encoded) > LINE:
            yield part
            part = b" "
        part += encoded
    yield part
