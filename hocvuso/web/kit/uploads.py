"""A list on its way in: chosen as a file or pasted, it waits here under its hash between preview and applying.

The form holds a signed ticket for it, good for this person and this purpose.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..kit.auth import PersonRequest

MAX_BYTES = 2 * 1024 * 1024
KEPT = 3600  # seconds
NOTHING_NEW = gettext_lazy("Không ghi gì: danh sách không có dòng nào mới hoặc khác với số đang có.")


def previewed[P](
    request: PersonRequest, purpose: str, plan: Callable[[str, bytes], P], apply: Callable[[P, str], int]
) -> tuple[dict[str, Any], int | None]:
    """What `kit/table_import.html` shows of what was sent; and, once it was applied, how many rows were written."""
    name, content = came(request, purpose)
    if not content:
        return {"refusal": _("Hãy chọn tệp Excel hoặc CSV, hoặc dán các dòng; không quá 2 MB.")}, None
    made: Any = plan(name, content)
    if request.POST.get("apply") and not made.faults:
        return {}, apply(made, name)
    pasted = request.POST.get("pasted", "")
    return {"plan": made, "name": name, "pasted": pasted, "waiting": keep(request, purpose, name, content)}, None


def came(request: PersonRequest, purpose: str, *, most: int = MAX_BYTES) -> tuple[str, bytes]:
    """Name and content of what was sent, or waits since the preview; empty content when there is none that fits."""
    upload = request.FILES.get("file")
    if upload is not None:
        return upload.name or "", upload.read() if (upload.size or 0) <= most else b""
    if pasted := request.POST.get("pasted", "").strip():
        return "", pasted.encode()
    try:
        digest, person, name = signing.loads(request.POST.get("waiting", ""), salt=purpose, max_age=KEPT)
        return name, (_folder() / digest).read_bytes() if person == str(request.user.pk) else b""
    except (signing.BadSignature, OSError, ValueError):
        return "", b""


def keep(request: PersonRequest, purpose: str, name: str, content: bytes) -> str:
    """Keep the list for a while and give its ticket; what waited too long is removed."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - KEPT:
            old.unlink(missing_ok=True)
    digest = sha256(content).hexdigest()
    (folder / digest).write_bytes(content)
    return signing.dumps([digest, str(request.user.pk), name], salt=purpose)


def _folder() -> Path:
    return settings.DATA / "incoming"
