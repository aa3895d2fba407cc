"""Ways out of the house: mail, an SMS gateway, a chat gateway, web hooks; the console in development.

Whatever is at the other end, a way out takes at most `DEADLINE` seconds from the look-up of the name to the answer, and
reads no more of the answer than its head.
"""

from __future__ import annotations

import json
import logging
import smtplib
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import requests
from django.conf import settings
from django.core.mail import EmailMessage

from . import calling

log = logging.getLogger(__name__)
DEADLINE = 10.0  # seconds for one sending, all in all
_GATEWAYS = {"phone": "HOCVUSO_SMS_URL", "email": "HOCVUSO_SMTP_URL", "chat": "HOCVUSO_CHAT_URL"}
WAIT = 5.0  # seconds that one step of it (connecting, an answer's next bytes) may take


@dataclass(frozen=True)
class Letter:
    """A text for somebody, by the way that fits `kind` (phone, email, chat); `headers` go with mail."""

    kind: str
    to: str
    subject: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def way(self) -> str:
        """What it goes out by: when that is down, it is down for all."""
        return self.kind

    def send(self) -> None:
        """Hand it to the gateway. Raises OSError when the gateway refuses it or there is none."""
        _hand_over(self)


@dataclass(frozen=True)
class Call:
    """A body for a machine at a public address."""

    url: str
    headers: Mapping[str, str]
    content: bytes

    @property
    def way(self) -> str:
        """The machine itself: others are not down with it."""
        return self.url

    def send(self) -> None:
        """Post it. Raises OSError when it is not taken."""
        calling.look_up(self.url).post(self.headers, self.content, wait=WAIT)


def leave(kind: str) -> bool:
    """Whether texts of this kind leave the house: by a gateway, for which nobody waits at the screen."""
    return bool(settings.ENV[_GATEWAYS[kind]])


def send(kind: str, to: str, *, subject: str, text: str) -> None:
    """Send a text at once; while developing, show it. Raises OSError when it is not taken within `DEADLINE`."""
    [fault] = send_together([Letter(kind, to, subject, text)])
    if isinstance(fault, OSError):
        raise fault
    if fault is not None:
        raise OSError(str(fault)) from fault


def send_together(out: Sequence[Letter | Call]) -> list[Exception | None]:
    """Send all at the same time; each one's fault, or None. Who is not done by the deadline is left behind.

    Only threads can be left behind whatever they hang in, a name server included; they are daemons and touch no
    database. The deadline is for each: they start together.
    """
    found: list[Exception | None] = [TimeoutError(f"no answer in {DEADLINE:g} seconds") for _one in out]

    def run(place: int, what: Callable[[], None]) -> None:
        try:
            what()
            found[place] = None
        except Exception as fault:  # whatever a gateway does, it is a fault of this one only
            found[place] = fault

    threads = [threading.Thread(target=run, args=(n, one.send), daemon=True) for n, one in enumerate(out)]
    for thread in threads:
        thread.start()
    end = time.monotonic() + DEADLINE
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    return list(found)


def _hand_over(letter: Letter) -> None:
    env = settings.ENV
    if letter.kind == "phone" and env["HOCVUSO_SMS_URL"]:
        _to_gateway(env["HOCVUSO_SMS_URL"], env["HOCVUSO_SMS_TOKEN"], letter)
    elif letter.kind == "chat" and env["HOCVUSO_CHAT_URL"]:
        _to_gateway(env["HOCVUSO_CHAT_URL"], env["HOCVUSO_CHAT_TOKEN"], letter)
    elif letter.kind == "email" and env["HOCVUSO_SMTP_URL"]:
        _mail(letter)
    elif env["HOCVUSO_CODES_ON_CONSOLE"]:
        print(f"\n  [{letter.kind}] {letter.to}: {letter.text}\n", file=sys.stderr, flush=True)
    else:
        raise OSError(f"no gateway is set for {letter.kind}")


def _mail(letter: Letter) -> None:
    """Mail it. Raises OSError with the codes of the answer only: servers write the address into its words."""
    try:
        EmailMessage(letter.subject, letter.text, None, [letter.to], headers=dict(letter.headers)).send()
    except smtplib.SMTPRecipientsRefused as fault:
        codes = {code for code, _words in fault.recipients.values()}
        raise OSError(f"answered {', '.join(map(str, sorted(codes)))} to the recipient") from None
    except smtplib.SMTPResponseException as fault:
        raise OSError(f"answered {fault.smtp_code}") from None
    except (smtplib.SMTPException, ValueError) as fault:
        raise OSError(type(fault).__name__) from None


def _to_gateway(url: str, token: str, letter: Letter) -> None:
    body = json.dumps({"to": letter.to, "text": letter.text}).encode()
    _post(url, {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}, body)


def _post(url: str, headers: Mapping[str, str], content: bytes) -> None:
    with requests.post(
        url, data=content, headers=dict(headers), timeout=WAIT, allow_redirects=False, stream=True
    ) as answer:  # streamed and not read: how it was taken stands in the head
        if answer.status_code >= 300:
            raise OSError(f"answered {answer.status_code}")
