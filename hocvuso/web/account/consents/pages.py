"""What I am asked to agree to, what I said, and taking it back as easily."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hocvuso.people.models import Consent
from hocvuso.people.queries import consents_of, records_need, to_ask
from hocvuso.people.rules_consent import MEANS, NOTICE, Purpose, Said

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import signed_in_fully
from ..signin.pages import safe_next
from .forms import ConsentForm


@dataclass(frozen=True)
class Asked:
    """A purpose as the page shows it: what it means, what was said last, whether it is asked now."""

    purpose: Purpose
    means: Any
    last: Consent | None
    now: bool

    @property
    def agreed(self) -> bool:
        return self.last is not None and self.last.said == Said.GIVEN


@signed_in_fully
def consents(request: PersonRequest) -> HttpResponse:
    """Each purpose by itself: what it means, what I said, yes or no. A child's guardian answers for learning."""
    onward = safe_next(request)
    form = ConsentForm.of(request, initial={"next": onward})
    if form.is_bound and form.take(person=request.user):
        return _on(request, form, onward)
    names, history = dict(Purpose.choices), request.user.consents.order_by("-created_at", "-pk")
    last, asked = consents_of(request.user), to_ask(request.user)
    shown = [Asked(p, MEANS[p], last.get(p), p in asked) for p in Purpose if p in last or p == Purpose.LEARNING]
    context = {
        "asked": shown,
        "history": [(row, names.get(row.purpose, row.purpose)) for row in history],
        "guardian": records_need(request.user) == "guardian",
        "next": onward if "next" in request.GET or form.is_bound else "",
        "version": NOTICE,
    }
    return answer(request, "account/consents/consents.html", form, context)


def _on(request: PersonRequest, form: ConsentForm, onward: str) -> HttpResponse:
    """Back to where one was on the way to, or to this page with a word of thanks."""
    if form.cleaned_data["next"]:
        return redirect(onward)
    messages.success(request, _("Đã ghi lại. Bạn đổi ý lúc nào cũng được, ngay ở trang này."))
    return redirect("my-consents")
