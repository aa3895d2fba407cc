"""Verbs: make and end machine clients, subscribe hooks, deliver events."""

from __future__ import annotations

import base64
import hmac
import ipaddress
import json
import secrets
import socket
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.base.secrets import decrypt, encrypt, keyed_hash
from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May, Role
from hocvuso.people.services import roles
from hocvuso.units.models import Unit

from .models import ApiClient, Delivery, Webhook
from .rules import EVENTS, MOST_TRIES, wait_after

_SECRET, _HOOK = "api-client", "webhook"
TIMEOUT = 10


class BadHook(Refusal):
    """A hook's address or events cannot be used."""

    code = "bad-hook"
    says = _("Web hook cần địa chỉ https:// công khai và các sự kiện có trong danh sách: %(events)s.")


class UnknownScope(Refusal):
    """A client asks for a scope that does not exist."""

    code = "unknown-scope"
    says = _("Không có quyền %(scope)s. Có: %(scopes)s.")


class Unnamed(Refusal):
    """A client has a name by which its owner knows it."""

    code = "unnamed"
    says = _("Hãy đặt tên cho chương trình.")


class NeedsScope(Refusal):
    """A client without scopes could do nothing."""

    code = "needs-scope"
    says = _("Hãy chọn ít nhất một phạm vi.")


@transaction.atomic
def make_client(*, name: str, scopes: list[str], unit: Unit, role: Role, by: Person | None) -> tuple[ApiClient, str]:
    """A client with a service account holding `role` at `unit`; returns it with its secret, which is not kept.

    `by` None is the operator; others grant what they may grant. Raises Unnamed, NeedsScope, UnknownScope, NotAllowed.
    """
    if not name.strip():
        raise Unnamed(field="name")
    if not scopes:
        raise NeedsScope(field="scopes")
    for scope in scopes:
        if scope not in ApiClient.Scope.values:
            raise UnknownScope(scope=scope, scopes=", ".join(ApiClient.Scope.values))
    name = name.strip()[:120]
    account = Person.objects.create(name=name)
    roles.grant(person=account, role=role, unit=unit, by=by)
    secret = secrets.token_urlsafe(32)
    client = ApiClient.objects.create(
        name=name, account=account, scopes=scopes, secret_lookup=keyed_hash(secret, purpose=_SECRET)
    )
    journal.write("api-client.made", client, by=by, name=name, scopes=scopes, unit=unit.code, role=role)
    return client, secret


@transaction.atomic
def end_client(*, client: ApiClient, by: Person | None) -> None:
    """End a client: its secret works no more, its hooks fall silent. `by` None is the operator. Raises NotAllowed."""
    if by is not None and not clients_of(by).filter(pk=client.pk).exists():
        raise NotAllowed
    client.ended_at = timezone.now()
    client.save(update_fields=["ended_at"])
    client.hooks.update(active=False)
    journal.write("api-client.ended", client, by=by)


def clients_of(person: Person) -> QuerySet[ApiClient]:
    """Living clients whose accounts hold their roles where the person may grant roles."""
    there = RoleGrant.objects.filter(unit__in=units_in_reach(person, May.GRANT_ROLES))
    return ApiClient.objects.filter(ended_at=None, account__in=there.values("person"))


def client_of(secret: str) -> ApiClient | None:
    """The living client with this secret."""
    lookup = keyed_hash(secret, purpose=_SECRET)
    return ApiClient.objects.select_related("account").filter(secret_lookup=lookup, ended_at=None).first()


@transaction.atomic
def subscribe(*, client: ApiClient, url: str, events: list[str]) -> tuple[Webhook, str]:
    """A hook with its signing secret (`whsec_…`, Standard Webhooks), which is shown once. Raises BadHook."""
    if not events or not set(events) <= set(EVENTS) or not _is_public(url):
        raise BadHook(field="url", events=", ".join(EVENTS))
    secret = secrets.token_bytes(24)
    sealed = encrypt(base64.b64encode(secret).decode(), purpose=_HOOK)
    hook = Webhook.objects.create(client=client, url=url, events=sorted(set(events)), sealed=sealed)
    journal.write("hook.subscribed", hook, by=client.account, events=hook.events)
    return hook, "whsec_" + base64.b64encode(secret).decode()


def _is_public(url: str) -> bool:
    """Whether an address may be called: https to a public host; plain http to this machine only while developing."""
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        return False
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
        addresses = [ipaddress.ip_address(entry[4][0]) for entry in found]
    except (OSError, ValueError):
        return False
    if all(address.is_loopback for address in addresses):
        return not settings.SECURE
    return parts.scheme == "https" and all(address.is_global for address in addresses)


def tell(*, event: str, key: str, data: dict[str, Any], unit: Unit | None = None, at: datetime | None = None) -> int:
    """Queue an event for every hook that asked for it and whose account holds a role at `unit` or above it (any role
    when no unit is named); the same key is told once.
    """
    now = at or timezone.now()
    body = {"type": event, "timestamp": now.isoformat(), "data": data}
    hooks = [h for h in Webhook.objects.filter(active=True).select_related("client") if event in h.events]
    hooks = [h for h in hooks if _reaches(h.client.account_id, unit, now)]
    rows = [Delivery(hook=hook, event=event, key=key, body=body, next_at=now) for hook in hooks]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _reaches(account_id: Any, unit: Unit | None, now: datetime) -> bool:
    grants = RoleGrant.objects.active(now).filter(person=account_id).select_related("unit")
    return any(unit is None or unit.path.startswith(grant.unit.path) for grant in grants)


def deliver(*, now: datetime | None = None, limit: int = 500) -> int:
    """Send what is due, to nobody whose account's role has ended; returns how many were taken."""
    moment = now or timezone.now()
    due = Delivery.objects.filter(state=Delivery.State.QUEUED, next_at__lte=moment, hook__active=True)
    due = due.filter(hook__client__account__in=RoleGrant.objects.active(moment).values("person"))
    return sum(_send(row, moment) for row in due.select_related("hook").order_by("next_at")[:limit])


def _send(row: Delivery, now: datetime) -> bool:
    content = json.dumps(row.body, ensure_ascii=False).encode()
    try:
        if not _is_public(row.hook.url):
            raise OSError("address is not public")
        answer = requests.post(
            row.hook.url,
            data=content,
            headers=signed_headers(row, content, now),
            timeout=TIMEOUT,
            allow_redirects=False,
        )
        taken, row.answer = answer.status_code < 300, str(answer.status_code)
    except (requests.RequestException, OSError) as error:
        taken, row.answer = False, type(error).__name__
    row.tries += 1
    if taken:
        row.state = Delivery.State.SENT
    elif row.tries >= MOST_TRIES:
        row.state = Delivery.State.FAILED
    else:
        row.next_at = now + wait_after(row.tries)
    row.save(update_fields=["tries", "state", "next_at", "answer"])
    return taken


def signed_headers(row: Delivery, content: bytes, now: datetime) -> dict[str, str]:
    """Headers of a delivery: id, timestamp, signature (Standard Webhooks 1.0: HMAC-SHA256 of `id.timestamp.body`)."""
    stamp = str(int(now.timestamp()))
    secret = base64.b64decode(decrypt(row.hook.sealed, purpose=_HOOK))
    digest = hmac.new(secret, f"{row.pk}.{stamp}.".encode() + content, sha256).digest()
    return {
        "Content-Type": "application/json",
        "webhook-id": str(row.pk),
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }
