"""My account: who I am here, my addresses, my guardian."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hocvuso.base.secrets import decrypt
from hocvuso.people.queries import SEALED, grants_of, offers_to, records_need, shown_identifiers, to_ask
from hocvuso.people.services import profile, signin

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
    """See and correct what is known about me. All of it may be left empty."""
    onward = safe_next(request)
    form = forms.ProfileForm.of(request, row=request.user, initial={"next": onward}, redraw="pick")
    if form.attempt(profile.correct, person=request.user):
        return redirect(
            "ask-guardian" if records_need(request.user) == "guardian" else by_way_of_consent(request.user, onward)
        )
    return answer(request, "account/profile/profile.html", form, {"new": "moi" in request.GET, "next": onward})


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
    """A child asks a guardian to consent."""
    form = forms.GuardianForm.of(request)
    if form.attempt(profile.ask_guardian, child=request.user):
        messages.success(request, _("Lời nhắn đang được gửi tới người giám hộ của bạn."))
        return redirect("account")
    context = {"needed": records_need(request.user) == "guardian", "unsent": profile.is_unsent(request.user)}
    return answer(request, "account/profile/ask_guardian.html", form, context)
