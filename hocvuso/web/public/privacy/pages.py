"""The notice about personal data, in plain words: who, what for, how long, which rights and how to use them."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hocvuso.people.rules_consent import MEANS, NOTICE, Purpose
from hocvuso.privacy import keeping, rules
from hocvuso.privacy.register import REGISTER

from ...kit.gate import everybody


@everybody
def notice(request: HttpRequest) -> HttpResponse:
    """Drawn from the register of processing, the times of keeping and the settings, so that it says what is so."""
    env = settings.ENV
    context = {
        "version": NOTICE,
        "controller": env["HOCVUSO_CONTROLLER"],
        "address": env["HOCVUSO_CONTROLLER_ADDRESS"],
        "contact": env["HOCVUSO_CONTROLLER_CONTACT"],
        "officer": env["HOCVUSO_DATA_OFFICER"],
        "authority": env["HOCVUSO_DATA_AUTHORITY"],
        "purposes": [(purpose.label, MEANS[purpose]) for purpose in Purpose],
        "register": REGISTER,
        "keeping": keeping.rows(),
        "hours": rules.NOTICE_HOURS,
        "answered": rules.ANSWERED_WORKING_DAYS,
        "access": rules.ACCESS_DAYS,
        "withdrawal": rules.WITHDRAWAL_DAYS,
        "erasure": rules.ERASURE_DAYS,
    }
    return render(request, "public/privacy/notice.html", context)
