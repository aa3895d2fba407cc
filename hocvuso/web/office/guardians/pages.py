"""Somebody of the school or commune says for a guardian, who has no number of their own, that they agree."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal
from hocvuso.people.models import Guardianship
from hocvuso.people.rules import May
from hocvuso.people.services import by_hand

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import staff
from .forms import HandForm

HANDS: dict[str, tuple[Any, Any]] = {
    "confirm": (by_hand.confirm_by_hand, _("Đã xác nhận. Từ giờ kết quả học của em được lưu.")),
    "withdraw": (by_hand.withdraw_by_hand, _("Đã ghi: người giám hộ không đồng ý nữa.")),
    "year": (by_hand.correct_year_by_hand, _("Đã sửa năm sinh.")),
}


@staff(May.CONFIRM_GUARDIAN)
def confirm(request: PersonRequest) -> HttpResponse:
    """Somebody of the school or commune finds a child by the code it shows, and confirms what the guardian said."""
    form, found = HandForm.of(request), None
    if form.is_bound and form.is_valid():
        verb, done = HANDS.get(form.cleaned_data["act"], (lambda *, request, by: request, ""))
        try:
            found = by_hand.find_by_hand(code=form.cleaned_data["code"], by=request.user)
        except Refusal as refusal:
            form.refuse(refusal)
        if found is not None and form.attempt(verb, request=found, by=request.user) and done:
            messages.success(request, str(done))
            return redirect("guardian-confirm")
    mine = Guardianship.objects.filter(confirmed_by=request.user, withdrawn_at=None).select_related("child")
    context = {"found": found, "mine": mine.order_by("-consented_at")[:50]}
    return answer(request, "office/guardians/confirm.html", form, context)
