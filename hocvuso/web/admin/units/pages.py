"""Units in one's reach: find, see, import, export; roles offered and ended."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.fields import holding
from hocvuso.base.numbers import trimmed
from hocvuso.people.models import RoleGrant, RoleOffer
from hocvuso.people.queries import may, may_anywhere, offers_at, tops_of_reach, units_in_reach
from hocvuso.people.rules import May
from hocvuso.people.services import roles
from hocvuso.units import lists
from hocvuso.units.models import Unit

from ...kit import uploads
from ...kit.auth import PersonRequest
from ...kit.done import say_done
from ...kit.downloads import export
from ...kit.forms import answer
from ...kit.gate import proven_lately, staff
from ...kit.long_work import go_on
from . import forms

PAGE = 50


@staff(May.SEE_UNITS)
def search(request: PersonRequest) -> HttpResponse:
    """Units in reach, by name or code."""
    form = forms.UnitsFilter.of(request)
    found = units_in_reach(request.user, May.SEE_UNITS).filter(holding(form.asked["text"]))
    page = Paginator(found.select_related("parent"), PAGE).get_page(request.GET.get("trang"))
    return answer(
        request,
        "admin/units/units.html",
        form,
        {"page": page, "may_import": may_anywhere(request.user, May.MANAGE_UNITS)},
    )


@staff(May.SEE_UNITS)
def unit(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One unit: where it stands, its children, who holds roles."""
    found = get_object_or_404(units_in_reach(request.user, May.SEE_UNITS).select_related("place", "parent"), pk=pk)
    return answer(request, "admin/units/unit.html", forms.OfferForm(), _unit_context(request, found))


def _unit_context(request: PersonRequest, found: Unit) -> dict[str, object]:
    grants = RoleGrant.objects.active(timezone.now()).filter(unit=found).select_related("person")
    return {
        "unit": found,
        "above": Unit.objects.above(found).exclude(pk=found.pk),
        "children": found.children.all()[:200],
        "grants": grants,
        "offers": offers_at(found),
        "may_grant": may(request.user, May.GRANT_ROLES, found),
    }


@staff(May.GRANT_ROLES)
@require_POST
@proven_lately
def offer(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Offer a role to whoever has a phone number or e-mail address; it is held once that person accepts."""
    found = get_object_or_404(units_in_reach(request.user, May.GRANT_ROLES), pk=pk)
    form = forms.OfferForm.of(request)
    if form.attempt(roles.offer, unit=found, by=request.user):
        said = _("Đã gửi lời mời. Hãy báo người ấy đăng nhập bằng số hoặc thư điện tử này để nhận vai trò.")
        messages.success(request, said)
        return redirect("unit", found.pk)
    return answer(request, "admin/units/unit.html", form, _unit_context(request, found))


@staff(May.GRANT_ROLES)
@require_POST
@proven_lately
def withdraw(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Take back an offer that waits."""
    in_reach = RoleOffer.objects.filter(unit__in=units_in_reach(request.user, May.GRANT_ROLES))
    found = get_object_or_404(in_reach.waiting(timezone.now()), pk=pk)
    roles.withdraw(offer=found, by=request.user)
    messages.success(request, _("Đã rút lời mời."))
    return redirect("unit", found.unit_id)


@staff()
@require_POST
@proven_lately
def end(request: PersonRequest, pk: UUID) -> HttpResponse:
    """End a role that has not ended: one's own, or one that one could grant."""
    in_reach = units_in_reach(request.user, May.GRANT_ROLES)
    mine = RoleGrant.objects.filter(person=request.user)
    open_ones = (RoleGrant.objects.filter(unit__in=in_reach) | mine).exclude(ends_at__lte=timezone.now())
    found = get_object_or_404(open_ones, pk=pk)
    roles.end(grant=found, by=request.user)
    messages.success(request, _("Đã thôi vai trò."))
    return redirect(
        "office" if found.person_id == request.user.pk else "unit",
        *([] if found.person_id == request.user.pk else [found.unit_id]),
    )


@staff(May.MANAGE_UNITS)
def bring_in(request: PersonRequest) -> HttpResponse:
    """Import: choose a file, see what it would do, apply it."""
    under = tops_of_reach(request.user, May.MANAGE_UNITS)
    bringing = uploads.previewed(
        request,
        "units-import",
        plan=lambda name, content: lists.plan(name, content, under=under),
        apply=lambda made, _name: lists.apply(made, by=request.user),
        long="units.import",
    )
    if bringing.job:
        return go_on(request, bringing.job)
    if bringing.written is not None:
        said = _("Đã nhập %(count)s đơn vị.") % {"count": trimmed(bringing.written)}
        say_done(request, bringing.written, said, none=uploads.NOTHING_NEW)
        return redirect("units")
    return answer(request, "admin/units/import.html", bringing.form, {"bringing": bringing})


@export
@staff(May.SEE_UNITS)
def download(request: PersonRequest) -> HttpResponse:
    """Units in reach as CSV, which imports again unchanged."""
    response = HttpResponse(
        lists.export_csv(units_in_reach(request.user, May.SEE_UNITS)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="don-vi.csv"'
    return response
