"""Ways out for messages: mail, an SMS gateway, a chat gateway, or the console in development."""

from __future__ import annotations

import json
import logging
import sys
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.mail import send_mail

log = logging.getLogger(__name__)


def send(kind: str, to: str, *, subject: str, text: str) -> None:
    """Send `text` by the way that fits `kind` (phone, email, chat). Raises OSError when the gateway refuses it."""
    env = settings.ENV
    if kind == "phone" and env["HOCVUSO_SMS_URL"]:
        _post(env["HOCVUSO_SMS_URL"], env["HOCVUSO_SMS_TOKEN"], to, text)
    elif kind == "chat" and env["HOCVUSO_CHAT_URL"]:
        _post(env["HOCVUSO_CHAT_URL"], env["HOCVUSO_CHAT_TOKEN"], to, text)
    elif kind == "email" and env["HOCVUSO_SMTP_URL"]:
        send_mail(subject, text, None, [to])
    elif env["HOCVUSO_CODES_ON_CONSOLE"]:
        print(f"\n  [{kind}] {to}: {text}\n", file=sys.stderr, flush=True)
    else:
        raise OSError(f"no gateway is set for {kind}")


def _post(url: str, token: str, to: str, text: str) -> None:
    body = json.dumps({"to": to, "text": text}).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    with urlopen(Request(url, body, headers), timeout=10) as answer:  # address comes from the operator's settings
        if answer.status >= 300:
            raise OSError(f"the gateway answered {answer.status}")
