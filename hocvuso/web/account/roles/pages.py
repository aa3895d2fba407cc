"""My roles: what is offered to me, and what I hold and may lay down."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.people.models import RoleGrant
from hocvuso.people.queries import leaving, offers_to, permissions_of
from hocvuso.people.rules import Role
from hocvuso.people.services import roles

from ...kit.auth import PersonRequest
from ...kit.gate import proven_lately, signed_in_fully
from ..signin.pages import safe_next


@signed_in_fully
def offers(request: PersonRequest) -> HttpResponse:
    """Roles offered to me: who offers them, where, what they let me do."""
    found = [(offer, permissions_of(Role(offer.role))) for offer in offers_to(request.user)]
    return render(request, "account/roles/offers.html", {"offers": found, "next": safe_next(request)})


@signed_in_fully
@require_POST
@proven_lately
def accept(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Take a role that is offered to me."""
    roles.accept(offer=get_object_or_404(offers_to(request.user), pk=pk), by=request.user)
    messages.success(request, _("Bạn đã nhận vai trò. Cảm ơn bạn."))
    return redirect("account")


@signed_in_fully
@require_POST
def decline(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Decline a role that is offered to me."""
    roles.decline(offer=get_object_or_404(offers_to(request.user), pk=pk), by=request.user)
    messages.success(request, _("Đã từ chối lời mời. Đơn vị không thấy tên của bạn."))
    return redirect("account")


@signed_in_fully
@proven_lately
def lay_down(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Lay down a role I hold, once I have read what that means."""
    open_ones = RoleGrant.objects.filter(person=request.user).exclude(ends_at__lte=timezone.now())
    found = get_object_or_404(open_ones.select_related("unit"), pk=pk)
    if request.method != "POST":
        return render(request, "account/roles/lay_down.html", {"leaving": leaving(found)})
    roles.end(grant=found, by=request.user)
    messages.success(request, _("Bạn đã thôi vai trò."))
    return redirect("account")
