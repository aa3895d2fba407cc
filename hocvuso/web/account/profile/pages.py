"""My account: who I am here, my addresses, my guardian."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.secrets import decrypt
from hocvuso.people.queries import (
    SEALED,
    grants_of,
    is_staff,
    label_of,
    offers_to,
    records_need,
    shown_identifiers,
    to_ask,
)
from hocvuso.people.services import by_hand, guardians, profile, signin

from ...kit.auth import PersonRequest, keep_session
from ...kit.client import asker
from ...kit.forms import answer
from ...kit.gate import own_factor_first, signed_in, signed_in_fully
from ..signin.forms import AddressForm, CodeForm
from ..signin.pages import by_way_of_consent, safe_next, told
from . import forms


@signed_in
def overview(request: PersonRequest) -> HttpResponse:
    """My account on one page."""
    context = {
        "label": label_of(request.user),
        "unknown": is_staff(request.user) and not (request.user.name and request.user.position),
        "wards": request.user.wards.filter(consented_at__isnull=False, withdrawn_at=None).count(),
        "identifiers": shown_identifiers(request.user),
        "grants": grants_of(request.user),
        "offers": offers_to(request.user).count(),
        "needs_guardian": records_need(request.user) == "guardian",
        "consents_to_ask": to_ask(request.user),
        "passkeys": request.user.passkeys.count(),
    }
    return render(request, "account/profile/overview.html", context)


@signed_in_fully
def edit(request: PersonRequest) -> HttpResponse:
    """See and correct what is known about me. All of it may be left empty. `?moi`: the first time, two things."""
    if "moi" in request.GET:
        return _welcome(request)
    onward = safe_next(request)
    form = forms.ProfileForm.of(request, row=request.user, initial={"next": onward}, redraw="pick")
    if form.attempt(profile.correct, person=request.user):
        return _on(request, onward)
    return answer(request, "account/profile/profile.html", form, {"next": onward})


def _welcome(request: PersonRequest) -> HttpResponse:
    """Whoever is new, or holds a role and did not say who they are."""
    onward, staff = safe_next(request), is_staff(request.user)
    form_of = forms.StaffWelcomeForm if staff else forms.WelcomeForm
    form = form_of.of(request, row=request.user, initial={"next": onward})
    if form.attempt(profile.introduce, person=request.user):
        return _on(request, onward)
    return answer(request, "account/profile/welcome.html", form, {"next": onward, "staff": staff})


def _on(request: PersonRequest, onward: str) -> HttpResponse:
    need = records_need(request.user)
    return redirect("ask-guardian" if need == "guardian" else by_way_of_consent(request.user, onward))


@signed_in_fully
@own_factor_first
def add_address(request: PersonRequest) -> HttpResponse:
    """Add a phone number or e-mail address: a code is sent to it."""
    form = AddressForm.of(request)
    if form.attempt(signin.send_code, asker=asker(request), purpose="add"):
        request.session["add"] = {"id": str(form.done.pk), "to": form.cleaned_data["address"]}
        return redirect("confirm-address")
    return answer(request, "account/profile/add_address.html", form)


@signed_in_fully
@own_factor_first
def confirm_address(request: PersonRequest) -> HttpResponse:
    """The code proves that the address is mine."""
    pending = request.session.get("add")
    if not pending:
        return redirect("add-address")

    def add(*, code: str) -> None:
        used = signin.check_code(code_id=pending["id"], code=code, purpose="add")
        value = decrypt(used.sealed, purpose=SEALED)
        signin.add_address(person=request.user, kind=used.kind, value=value)

    form = CodeForm.of(request)
    if form.attempt(add):
        del request.session["add"]
        keep_session(request)
        messages.success(request, _("Đã thêm địa chỉ."))
        return redirect("account")
    return answer(request, "account/signin/code.html", form, {**told(pending), "adding": True})


@signed_in_fully
def ask_guardian(request: PersonRequest) -> HttpResponse:
    """A child asks a guardian to consent, and sees where that stands."""
    form = forms.GuardianForm.of(request)
    if form.attempt(guardians.ask_guardian, child=request.user):
        late = _("Giờ này không nhắn tin: lời nhắn sẽ tới người giám hộ của bạn lúc 7 giờ sáng.")
        soon = _("Lời nhắn đang được gửi tới người giám hộ của bạn.")
        messages.success(request, late if guardians.waits(form.done) else soon)
        return redirect("account")
    context = {
        "needed": records_need(request.user) == "guardian",
        "child": request.user.is_child(timezone.localdate()),
        "asked": guardians.standing_of(request.user),
        "unsent": guardians.is_unsent(request.user),
        "hand": by_hand.known_code(request.user),
    }
    return answer(request, "account/profile/ask_guardian.html", form, context)


@signed_in_fully
@require_POST
def hand_code(request: PersonRequest) -> HttpResponse:
    """A child takes the code that it shows to somebody of the school or commune, who heard the guardian."""
    by_hand.hand_code(child=request.user)
    return redirect(f"{reverse('ask-guardian')}#gap")
