"""Web hooks of a client."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Schema, Status

from .. import services
from .common import Scope, api, client_of


class HookIn(Schema):
    url: str = Field(max_length=500)
    events: list[str]


class HookOut(Schema):
    id: UUID
    url: str
    events: list[str]
    active: bool
    secret: str = ""


@api.get("/hooks", response=list[HookOut], summary="My web hooks", tags=["hooks"])
def hooks(request: HttpRequest) -> list[HookOut]:
    """Hooks of this client; secrets are shown only when made."""
    mine = client_of(request, Scope.HOOKS).hooks.all()
    return [HookOut(id=h.pk, url=h.url, events=h.events, active=h.active) for h in mine]


@api.post("/hooks", response={201: HookOut}, summary="Subscribe a web hook", tags=["hooks"])
def subscribe(request: HttpRequest, hook: HookIn) -> Status:
    """Deliveries are signed by Standard Webhooks; the secret is in this answer only."""
    client = client_of(request, Scope.HOOKS)
    made, secret = services.subscribe(client=client, url=hook.url, events=hook.events)
    return Status(201, HookOut(id=made.pk, url=made.url, events=made.events, active=True, secret=secret))


@api.delete("/hooks/{hook}", response={204: None}, summary="End a web hook", tags=["hooks"])
def unsubscribe(request: HttpRequest, hook: UUID) -> Status:
    """The hook and what waits for it are removed; 404 for one that this client does not have."""
    get_object_or_404(client_of(request, Scope.HOOKS).hooks, pk=hook).delete()
    return Status(204, None)
