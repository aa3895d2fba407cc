"""`hocvuso client`: programs that use the API."""

from __future__ import annotations

import argparse

from hocvuso.base.errors import Refusal
from hocvuso.interop import services
from hocvuso.interop.models import ApiClient
from hocvuso.people.rules import Role
from hocvuso.units.models import Unit


def work(chosen: argparse.Namespace) -> int:
    """Create, list or end a client."""
    return {"create": _create, "list": _list, "end": _end}[chosen.act](chosen)


def _create(chosen: argparse.Namespace) -> int:
    unit = Unit.objects.filter(code=chosen.unit).first()
    if not chosen.name or not chosen.scope or unit is None or chosen.role not in Role.values:
        print("Needed: --name N --scope S…, an existing --unit CODE, and --role one of: " + ", ".join(Role.values))
        return 2
    try:
        client, secret = services.make_client(
            name=chosen.name, scopes=chosen.scope, unit=unit, role=Role(chosen.role), by=None
        )
    except Refusal as refusal:
        print(refusal)
        return 2
    print(f"id: {client.pk}\nsecret: {secret}\nThe secret is not kept: store it now.")
    return 0


def _list(_chosen: argparse.Namespace) -> int:
    for client in ApiClient.objects.order_by("created_at"):
        ended = f" ended {client.ended_at:%Y-%m-%d}" if client.ended_at else ""
        print(f"{client.pk} {client.name} {' '.join(client.scopes)}{ended}")
    return 0


def _end(chosen: argparse.Namespace) -> int:
    client = ApiClient.objects.filter(pk=chosen.id, ended_at=None).first() if chosen.id else None
    if client is None:
        print("No living client has this id; see: hocvuso client list")
        return 1
    services.end_client(client=client, by=None)
    print("Ended.")
    return 0
