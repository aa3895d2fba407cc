"""Programs that use the API: made and ended by whoever may grant roles at their unit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.interop import services
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import proven_lately, staff
from . import forms

PAGE = 25


@staff(May.GRANT_ROLES)
@proven_lately
def clients(request: PersonRequest) -> HttpResponse:
    """Living clients in reach, and a form for one more. Its secret is shown once, in the answer, and not kept."""
    context: dict[str, Any] = {}
    within = {"unit": units_in_reach(request.user, May.GRANT_ROLES)}
    form = forms.ClientForm.of(request, within=within)
    if form.attempt(services.make_client, by=request.user):
        context["made"], context["secret"] = form.done
        form = forms.ClientForm(within=within)
    failing = Count("hooks__deliveries", filter=Q(hooks__deliveries__outgoing__state="failed"), distinct=True)
    mine = services.clients_of(request.user).prefetch_related("account__grants__unit", "hooks")
    found = mine.annotate(failing=failing).order_by("name", "pk")
    context["orphans"] = {client.pk for client, _role in services.orphans(among=services.clients_of(request.user))}
    context["page"] = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    return answer(request, "admin/clients/clients.html", form, context)


@staff(May.GRANT_ROLES)
@require_POST
@proven_lately
def end(request: PersonRequest, pk: UUID) -> HttpResponse:
    """End a client: its secret works no more."""
    services.end_client(client=get_object_or_404(services.clients_of(request.user), pk=pk), by=request.user)
    messages.success(request, _("Đã dừng chương trình. Mã bí mật của nó không còn hiệu lực."))
    return redirect("api-clients")
