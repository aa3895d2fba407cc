"""The page on which a guardian consents, or takes the consent back."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import redirect, render

from hocvuso.base.errors import Refusal
from hocvuso.people.services import profile

from ..kit.auth import PersonRequest
from ..kit.gate import everybody


@everybody
def consent(request: PersonRequest, token: str) -> HttpResponse:
    """Read what is asked; sign in with the address the link came to; consent or withdraw."""
    try:
        asked = profile.open_request(token)
    except Refusal as error:
        return render(request, "kit/refusal.html", {"refusal": error}, status=410)
    refusal = None
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect(f"/tai-khoan/dang-nhap/?next={quote(request.path)}")
        try:
            act = profile.guardian_withdraws if request.POST.get("act") == "withdraw" else profile.guardian_consents
            asked = act(request=asked, by=request.user)
        except Refusal as error:
            refusal = error
    context = {"asked": asked, "refusal": refusal}
    return render(request, "account/guardian.html", context, status=400 if refusal else 200)
