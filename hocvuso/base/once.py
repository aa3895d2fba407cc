"""What is asked for twice with one key is done once: the second asking is given what the first one made.

The key is a secret of who asks. What was made is kept for a day, sealed with it: nobody else can open it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .errors import Refusal
from .models import DoneOnce
from .secrets import decrypt, encrypt, keyed_hash

KEPT = timedelta(hours=24)


class OtherContent(Refusal):
    """The key was used with other content."""

    code = "key-used"
    says = _("Khoá này đã dùng cho một yêu cầu khác trong 24 giờ qua. Hãy dùng khoá mới.")


def done_before(key: str, content: str) -> list[Any]:
    """[what was made] by the first asking, or nothing. Raises OtherContent when that asked for something else."""
    row = DoneOnce.objects.filter(key=_hash(key), created_at__gt=timezone.now() - KEPT).first()
    return [_made(row, key, content)] if row else []


def do(key: str, content: str, act: Callable[[], Any]) -> Any:
    """What `act` gives back: rows, texts, numbers, and lists of them; kept with the key unless it raises.

    Of several at a time one acts, the others wait for it. Raises OtherContent like `done_before`.
    """
    with transaction.atomic():
        hashed = _hash(key)
        DoneOnce.objects.filter(key=hashed, created_at__lte=timezone.now() - KEPT).delete()
        mine = DoneOnce(key=hashed, content=_hash(content))
        DoneOnce.objects.bulk_create([mine], ignore_conflicts=True)  # one statement: the other's end is waited for
        row = DoneOnce.objects.get(key=hashed)
        if row.pk != mine.pk:
            return _made(row, key, content)
        done = act()
        row.sealed = encrypt(json.dumps(_written(done), ensure_ascii=False), purpose=_purpose(key))
        row.save(update_fields=["sealed"])
        return done


def clean_up() -> int:
    """Forget what was done longer ago than it is kept; returns how much."""
    return DoneOnce.objects.filter(created_at__lte=timezone.now() - KEPT).delete()[0]


def _made(row: DoneOnce, key: str, content: str) -> Any:
    if row.content != _hash(content):
        raise OtherContent
    return _read(json.loads(decrypt(row.sealed, purpose=_purpose(key))))


def _hash(text: str) -> str:
    return keyed_hash(text, purpose="once")


def _purpose(key: str) -> str:
    return f"once:{_hash('seal:' + key)}"


def _written(value: Any) -> Any:
    if isinstance(value, models.Model):
        return {"row": value._meta.label, "pk": str(value.pk)}
    if isinstance(value, list | tuple):
        return [_written(part) for part in value]
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} cannot be given back")


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return [_read(part) for part in value]
    if isinstance(value, dict):
        return apps.get_model(value["row"])._base_manager.filter(pk=value["pk"]).first()
    return value
