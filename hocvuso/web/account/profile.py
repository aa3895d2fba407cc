"""My account: who I am here, my addresses, my guardian."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hocvuso.base.errors import Refusal
from hocvuso.base.secrets import decrypt
from hocvuso.people.models import Person
from hocvuso.people.queries import SEALED, ethnicities, grants_of, may_keep_records, shown_identifiers
from hocvuso.people.services import profile, signin
from hocvuso.skills.models import Audience
from hocvuso.units.models import Place

from ..kit.auth import PersonRequest
from ..kit.client import asker
from ..kit.gate import signed_in
from .signin import safe_next


@signed_in
def overview(request: PersonRequest) -> HttpResponse:
    """My account on one page."""
    context = {
        "identifiers": shown_identifiers(request.user),
        "grants": grants_of(request.user),
        "needs_guardian": not may_keep_records(request.user),
        "passkeys": request.user.passkeys.count(),
    }
    return render(request, "account/overview.html", context)


@signed_in
def edit(request: PersonRequest) -> HttpResponse:
    """See and correct what is known about me. All of it may be left empty."""
    refusal = None
    onward = safe_next(request)
    typed = request.POST if request.method == "POST" else None
    if typed is not None and "pick" not in typed:
        try:
            profile.correct(person=request.user, profile=_read(request))
            if not may_keep_records(request.user):
                return redirect("ask-guardian")
            return redirect(onward)
        except Refusal as error:
            refusal = error
            request.user.refresh_from_db()
    shown = typed or _known(request.user)
    context = {
        "refusal": refusal,
        "typed": shown,
        "communes": Place.objects.in_force(timezone.localdate())
        .communes()
        .filter(parent=shown.get("home_place") or None),
        "new": "moi" in request.GET,
        "next": onward,
        "audiences": Audience.objects.all(),
        "ethnicities": ethnicities(),
        "provinces": Place.objects.provinces().in_force(timezone.localdate()),
    }
    return render(request, "account/profile.html", context, status=400 if refusal else 200)


def _known(person: Person) -> dict[str, Any]:
    """What the form shows at first: what is known already, so that saving it again loses nothing."""
    known = {field: getattr(person, field) for field in ("name", "birth_year", "sex", "audience", "ethnicity")}
    place = person.home_place
    inside = place is not None and place.kind == Place.Kind.COMMUNE
    return known | {
        "home_place": place.parent_id if place and inside else person.home_place_id,
        "home_commune": person.home_place_id if inside else None,
    }


def _read(request: PersonRequest) -> profile.Profile:
    year = request.POST.get("birth_year", "").strip()
    if year and not (year.isdecimal() and len(year) == 4):
        raise profile.BadYear(field="birth_year")
    audience = request.POST.get("audience", "")
    province, commune = request.POST.get("home_place", ""), request.POST.get("home_commune", "")
    place = commune if Place.objects.communes().filter(code=commune, parent=province).exists() else province
    sex = request.POST.get("sex", "")
    ethnicity = request.POST.get("ethnicity", "")
    return profile.Profile(
        name=request.POST.get("name", ""),
        birth_year=int(year) if year else None,
        sex=sex if sex in ("female", "male") else "",
        audience=audience if Audience.objects.filter(key=audience).exists() else "",
        home_place=place if Place.objects.filter(code=place).exists() else None,
        ethnicity=ethnicity if ethnicity in ethnicities() else "",
    )


@signed_in
def add_address(request: PersonRequest) -> HttpResponse:
    """Add a phone number or e-mail address: a code is sent to it."""
    refusal = None
    typed = request.POST.get("address", "")
    if request.method == "POST":
        try:
            sent = signin.send_code(address=typed, asker=asker(request), purpose="add")
            request.session["add"] = {"id": str(sent.pk), "to": typed}
            return redirect("confirm-address")
        except Refusal as error:
            refusal = error
    context = {"refusal": refusal, "address": typed}
    return render(request, "account/add_address.html", context, status=400 if refusal else 200)


@signed_in
def confirm_address(request: PersonRequest) -> HttpResponse:
    """The code proves that the address is mine."""
    pending = request.session.get("add")
    if not pending:
        return redirect("add-address")
    refusal = None
    if request.method == "POST":
        try:
            used = signin.check_code(code_id=pending["id"], code=request.POST.get("code", ""), purpose="add")
            value = decrypt(used.sealed, purpose=SEALED)
            signin.add_identifier(person=request.user, kind=used.kind, value=value)
            del request.session["add"]
            messages.success(request, _("Đã thêm địa chỉ."))
            return redirect("account")
        except Refusal as error:
            refusal = error
    context = {"refusal": refusal, "to": pending["to"], "adding": True}
    return render(request, "account/code.html", context, status=400 if refusal else 200)


@signed_in
def ask_guardian(request: PersonRequest) -> HttpResponse:
    """A child asks a guardian to consent."""
    refusal = None
    if request.method == "POST":
        try:
            profile.ask_guardian(
                child=request.user, address=request.POST.get("address", ""), name=request.POST.get("name", "")
            )
            messages.success(request, _("Đã gửi lời nhắn tới người giám hộ của bạn."))
            return redirect("account")
        except Refusal as error:
            refusal = error
    context = {"refusal": refusal, "typed": request.POST, "needed": not may_keep_records(request.user)}
    return render(request, "account/ask_guardian.html", context, status=400 if refusal else 200)
