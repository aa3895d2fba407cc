"""Programs that use the API: made and ended by whoever may grant roles at their unit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.interop import services
from hocvuso.interop.models import ApiClient
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May, Role

from ...kit.auth import PersonRequest
from ...kit.gate import staff
from ...office.plans import forms

PAGE = 25
ROLES = (Role.STEWARD, Role.INSPECTOR, Role.OFFICER, Role.MANAGER, Role.LEADER)  # those whose accounts find something


@staff(May.GRANT_ROLES)
def clients(request: PersonRequest) -> HttpResponse:
    """Living clients in reach, and a form for one more. Its secret is shown once, in the answer, and not kept."""
    context: dict[str, Any] = {"typed": {"role": Role.STEWARD.value}}
    if request.method == "POST":
        try:
            context["made"], context["secret"] = _make(request)
        except Refusal as refusal:
            context |= {"refusal": refusal, "typed": request.POST, "ticked": request.POST.getlist("scopes")}
    failing = Count("hooks__deliveries", filter=Q(hooks__deliveries__outgoing__state="failed"), distinct=True)
    mine = services.clients_of(request.user).prefetch_related("account__grants__unit", "hooks")
    found = mine.annotate(failing=failing).order_by("name", "pk")
    context |= {
        "page": Paginator(found, PAGE).get_page(request.GET.get("trang")),
        "scopes": ApiClient.Scope.choices,
        "roles": [(role.value, role.label) for role in ROLES],
    }
    return render(request, "admin/clients/clients.html", context, status=400 if "refusal" in context else 200)


def _make(request: PersonRequest) -> tuple[ApiClient, str]:
    unit = forms.unit(request.POST.get("unit", ""), "unit")
    if unit is None:
        raise forms.WhichUnit(field="unit", typed="")
    role = request.POST.get("role", "")
    if role not in ROLES or not units_in_reach(request.user, May.GRANT_ROLES).filter(pk=unit.pk).exists():
        raise NotAllowed(field="unit")
    scopes = request.POST.getlist("scopes")
    return services.make_client(
        name=request.POST.get("name", ""), scopes=scopes, unit=unit, role=Role(role), by=request.user
    )


@staff(May.GRANT_ROLES)
@require_POST
def end(request: PersonRequest, pk: UUID) -> HttpResponse:
    """End a client: its secret works no more."""
    services.end_client(client=get_object_or_404(services.clients_of(request.user), pk=pk), by=request.user)
    messages.success(request, _("Đã dừng chương trình. Mã bí mật của nó không còn hiệu lực."))
    return redirect("api-clients")
