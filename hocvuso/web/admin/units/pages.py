"""Units in one's reach: find, see, import, export; roles granted and ended."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hocvuso.base.errors import Refusal
from hocvuso.base.fields import holding
from hocvuso.base.numbers import trimmed
from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.queries import may, may_anywhere, person_with, tops_of_reach, units_in_reach
from hocvuso.people.rules import May, Role
from hocvuso.people.services import roles, signin
from hocvuso.units import lists
from hocvuso.units.models import Unit

from ...kit import uploads as carrying
from ...kit.auth import PersonRequest
from ...kit.done import say_done
from ...kit.gate import staff

PAGE = 50


@staff(May.SEE_UNITS)
def search(request: PersonRequest) -> HttpResponse:
    """Units in reach, by name or code."""
    text = request.GET.get("q", "")[:100]
    found = units_in_reach(request.user, May.SEE_UNITS)
    found = found.filter(holding(text))
    page = Paginator(found.select_related("parent"), PAGE).get_page(request.GET.get("trang"))
    context = {"q": text, "page": page, "may_import": may_anywhere(request.user, May.MANAGE_UNITS)}
    return render(request, "admin/units/units.html", context)


@staff(May.SEE_UNITS)
def unit(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One unit: where it stands, its children, who holds roles."""
    found = get_object_or_404(units_in_reach(request.user, May.SEE_UNITS).select_related("place", "parent"), pk=pk)
    return render(request, "admin/units/unit.html", _unit_context(request, found))


def _unit_context(request: PersonRequest, found: Unit) -> dict[str, object]:
    grants = RoleGrant.objects.active(timezone.now()).filter(unit=found).select_related("person")
    return {
        "unit": found,
        "above": Unit.objects.above(found).exclude(pk=found.pk),
        "children": found.children.all()[:200],
        "grants": grants,
        "may_grant": may(request.user, May.GRANT_ROLES, found),
        "roles": Role.choices,
    }


@staff(May.GRANT_ROLES)
@require_POST
def grant(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Grant a role to a person by phone or e-mail."""
    found = get_object_or_404(units_in_reach(request.user, May.GRANT_ROLES), pk=pk)
    try:
        person = _person(request.POST.get("address", ""))
        role = request.POST.get("role", "")
        if role not in Role.values:
            raise signin.NotAnAddress(field="role")
        name = request.POST.get("name", "")
        roles.grant(person=person, role=Role(role), unit=found, by=request.user, name=name)
    except Refusal as refusal:
        context = _unit_context(request, found) | {"refusal": refusal, "typed": request.POST}
        return render(request, "admin/units/unit.html", context, status=400)
    messages.success(request, _("Đã giao vai trò."))
    return redirect("unit", found.pk)


class NobodyThere(Refusal):
    """No account has this phone or address."""

    code = "nobody"
    says = gettext_lazy("Chưa có tài khoản nào dùng số hoặc thư điện tử này. Hãy nhờ người đó đăng nhập một lần trước.")


def _person(address: str) -> Person:
    found = person_with(*signin.read_address(address))
    if found is None:
        raise NobodyThere(field="address")
    return found


@staff()
@require_POST
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
    if request.method != "POST":
        return render(request, "admin/units/import.html")
    under = tops_of_reach(request.user, May.MANAGE_UNITS)
    context, count = carrying.previewed(
        request,
        "units-import",
        plan=lambda name, content: lists.plan(name, content, under=under),
        apply=lambda made, _name: lists.apply(made, by=request.user),
    )
    if count is not None:
        said = _("Đã nhập %(count)s đơn vị.") % {"count": trimmed(count)}
        say_done(request, count, said, none=carrying.NOTHING_NEW)
        return redirect("units")
    return render(request, "admin/units/import.html", context, status=400 if "refusal" in context else 200)


@staff(May.SEE_UNITS)
def download(request: PersonRequest) -> HttpResponse:
    """Units in reach as CSV, which imports again unchanged."""
    response = HttpResponse(
        lists.export_csv(units_in_reach(request.user, May.SEE_UNITS)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="don-vi.csv"'
    return response
