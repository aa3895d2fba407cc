"""Verbs: make and end machine clients, subscribe hooks, queue events for them."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal, outbox, throttle
from hocvuso.base.calling import may_be_public
from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.base.gateways import Call
from hocvuso.base.secrets import decrypt, encrypt
from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.queries import may_grant_at, units_in_reach
from hocvuso.people.rules import May, Role
from hocvuso.people.services import roles
from hocvuso.units.models import Unit

from .models import ApiClient, Delivery, Webhook
from .rules import EVENTS

_HOOK = "webhook"
SUBSCRIBED_AN_HOUR = 20  # hooks that one client may make


class BadHook(Refusal):
    """A hook's address or events cannot be used."""

    code = "bad-hook"
    says = _("Web hook cần địa chỉ https:// công khai và các sự kiện có trong danh sách: %(events)s.")


class SameKey(Refusal):
    """An event was told under this key with other content: two happenings, or one that was changed afterwards."""

    code = "same-key"
    says = _("Sự kiện mang mã %(key)s đã được báo với nội dung khác.")


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
            raise UnknownScope(field="scopes", scope=scope, scopes=", ".join(ApiClient.Scope.values))
    name = name.strip()[:120]
    account = Person.objects.create(name=name)
    roles.grant(person=account, role=role, unit=unit, by=by)
    secret = secrets.token_urlsafe(32)
    client = ApiClient.objects.create(name=name, account=account, scopes=scopes, secret_lookup=_lookup(secret))
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


def orphans(
    *, among: QuerySet[ApiClient] | None = None, made_by: UUID | None = None
) -> list[tuple[ApiClient, RoleGrant]]:
    """Living clients (`among` some, of one maker) whose maker may not give their role any more, or is gone, each with
    that role. The maker may know the secret, which still works. Those of the operator have no maker.
    """
    rows = ApiClient.objects.all() if among is None else among
    living = {client.account_id: client for client in rows.filter(ended_at=None)}
    held = RoleGrant.objects.active(timezone.now()).filter(person__in=living)
    held = held.filter(granted_by=made_by) if made_by else held.filter(granted_by__isnull=False)
    grants = held.select_related("unit", "granted_by").order_by("pk")
    return [(living[grant.person_id], grant) for grant in grants if not _has_maker(grant)]


def _has_maker(grant: RoleGrant) -> bool:
    maker = grant.granted_by
    return maker is not None and maker.is_active and may_grant_at(maker, Role(grant.role), grant.unit)


def client_of(secret: str) -> ApiClient | None:
    """The living client with this secret."""
    return ApiClient.objects.select_related("account").filter(secret_lookup=_lookup(secret), ended_at=None).first()


def _lookup(secret: str) -> str:
    """By which a secret is found. 256 random bits need no key, and so outlive a change of the master secret."""
    return sha256(secret.encode()).hexdigest()


@transaction.atomic
def subscribe(*, client: ApiClient, url: str, events: list[str]) -> tuple[Webhook, str]:
    """A hook with its signing secret (`whsec_…`, Standard Webhooks), which is shown once. Raises BadHook, TooMany."""
    throttle.count("hook", str(client.pk), limit=SUBSCRIBED_AN_HOUR, minutes=60)
    if not events or not set(events) <= set(EVENTS) or not may_be_public(url):
        raise BadHook(field="url", events=", ".join(EVENTS))
    secret = secrets.token_bytes(24)
    sealed = encrypt(base64.b64encode(secret).decode(), purpose=_HOOK)
    hook = Webhook.objects.create(client=client, url=url, events=sorted(set(events)), sealed=sealed)
    journal.write("hook.subscribed", hook, by=client.account, events=hook.events)
    return hook, "whsec_" + base64.b64encode(secret).decode()


@transaction.atomic
def tell(*, event: str, key: str, data: dict[str, Any], unit: Unit | None = None, at: datetime | None = None) -> int:
    """Queue an event for every hook that asked for it and whose account holds a role at `unit` or above it (any role
    when no unit is named). Returns for how many. The same `key` is told to each hook once. Raises SameKey when it was
    told with other content.
    """
    now = at or timezone.now()
    body = {"type": event, "timestamp": now.isoformat(), "data": json.loads(json.dumps(data, default=str))}
    hooks = [h for h in Webhook.objects.filter(active=True).select_related("client") if event in h.events]
    hooks = [h for h in hooks if _reaches(h.client.account_id, unit, now)]
    before = Delivery.objects.filter(hook__in=hooks, event=event, key=key)
    told = dict(before.values_list("hook", "body__data"))
    if any(content != body["data"] for content in told.values()):
        raise SameKey(key=key)
    rows = [Delivery(hook=hook, event=event, key=key, body=body) for hook in hooks if hook.pk not in told]
    for row in rows:
        row.outgoing_id = row.pk
    outbox.queue(Delivery.word, ((row.pk, f"{Webhook.word}:{row.hook_id}", now) for row in rows))
    Delivery.objects.bulk_create(rows)
    return len(hooks)


def _reaches(account_id: Any, unit: Unit | None, now: datetime) -> bool:
    grants = RoleGrant.objects.active(now).filter(person=account_id).select_related("unit")
    return any(unit is None or unit.path.startswith(grant.unit.path) for grant in grants)


@outbox.source(Delivery.word)
def _calls(keys: Collection[UUID], now: datetime) -> dict[UUID, outbox.Answer]:
    """To nobody whose account's role has ended."""
    rows = Delivery.objects.filter(pk__in=keys, hook__active=True).select_related("hook")
    rows = rows.filter(hook__client__account__in=RoleGrant.objects.active(now).values("person"))
    return {row.pk: _call(row, now) for row in rows}


def _call(row: Delivery, now: datetime) -> Call:
    content = json.dumps(row.body, ensure_ascii=False).encode()
    return Call(row.hook.url, signed_headers(row, content, now), content)


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
