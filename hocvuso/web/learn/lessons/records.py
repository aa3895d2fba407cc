"""Where devices send what was done, and ask how far one is."""

from __future__ import annotations

from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from hocvuso.base.errors import Refusal
from hocvuso.learning import queries
from hocvuso.records import services
from hocvuso.records.rules import MAX_BATCH, MAX_BATCH_BYTES

from ...kit.auth import SIGNED_IN, PersonRequest, device_key, mark, unmark
from ...kit.gate import everybody
from ...kit.middleware import problem


class Batch(msgspec.Struct):
    """What a device sends; the list is left for the room to read."""

    statements: msgspec.Raw


_decoder = msgspec.json.Decoder(Batch)


class SignInFirst(Refusal):
    """Records belong to a signed-in person."""

    code = "sign-in-first"
    says = _("Hãy đăng nhập để lưu kết quả.")


class AnotherPerson(Refusal):
    """What a device sends was done by another account than the one that is signed in by now."""

    code = "another-person"
    says = _("Kết quả này là của một tài khoản khác.")


@everybody
@require_POST
def record(request: PersonRequest) -> HttpResponse:
    """Record a batch of statements; the same batch again changes nothing.

    One factor is enough, for staff too: what somebody did in lessons is no act of an office and gives no right (tests
    and certificates do, and ask for the second factor). A device sends it unseen, and could not ask for one. It names
    whose the batch is by the key of that account's cookie: who signed in meanwhile, in another tab, gets nothing of it.
    """
    if not request.user.is_authenticated:
        return unmark(request, problem(401, SignInFirst()))
    if request.headers.get("Hv-Person", device_key(request.user)) != device_key(request.user):
        return mark(problem(409, AnotherPerson()), request.user, secure=settings.SESSION_COOKIE_SECURE)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BATCH_BYTES:
        return problem(413, services.BadBatch(most=MAX_BATCH))
    try:
        batch = bytes(_decoder.decode(request.body).statements)
        receipt = services.append(person=request.user, batch=batch)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return problem(400, services.BadBatch(most=MAX_BATCH))
    except (services.NeedsGuardian, services.NeedsConsent) as refusal:
        return problem(403, refusal)
    except services.BadBatch as refusal:
        return problem(400, refusal)
    return HttpResponse(msgspec.json.encode(receipt), content_type="application/json")


@everybody
@require_GET
def state(request: PersonRequest) -> HttpResponse:
    """Progress for the pages made at publishing: in one programme, or for home in all with the week and what is due."""
    if not request.user.is_authenticated:
        return unmark(request, problem(401, SignInFirst()))
    known = request.COOKIES.get(SIGNED_IN) == device_key(request.user)
    programme = request.GET.get("programme")
    told: dict[str, Any] = {"lessons": queries.state_of(request.user, programme and programme[:60])}
    if programme is None:
        week = queries.this_week(request.user)
        told["due"] = queries.due_count(request.user)
        told["week"] = {"done": week.done, "goal": week.goal, "chain": week.chain}
    elif near := queries.nearby(request.user):
        told["near"] = near.words(programme)
    response = JsonResponse(told)
    response["Cache-Control"] = "no-store"
    return response if known else mark(response, request.user, secure=settings.SESSION_COOKIE_SECURE)
