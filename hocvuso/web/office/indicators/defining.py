"""Definitions: what is asked, how it is computed, version by version."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.base.numbers import typed
from hocvuso.base.periods import PeriodType
from hocvuso.base.text import clean
from hocvuso.indicators import queries, services
from hocvuso.indicators.models import Indicator
from hocvuso.indicators.rules import REGISTER
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.gate import staff
from .declaring import number
from .pages import current

TEXTS = {"title": 300, "title_en": 300, "note": 5000, "measured_in": 40, "measured_in_en": 40, "source": 300}


@staff(May.SEE_FIGURES)
def define(request: PersonRequest, key: str = "") -> HttpResponse:
    """All versions of a definition, and for whoever may, the form for the next one (or for a new indicator)."""
    found = current(key) if key else None
    may_define = services.may_define(request.user)
    if found is None and not may_define:
        raise Http404
    refusal = None
    if request.method == "POST":
        try:
            made = services.define(
                key=key or request.POST.get("key", "").strip(), by=request.user, **_fields(request.POST)
            )
            messages.success(request, _("Đã ghi định nghĩa, phiên bản %(version)s.") % {"version": made.version})
            return redirect("indicator-define", made.key)
        except NotAllowed:
            raise
        except Refusal as error:
            refusal = error
    context = {
        "indicator": found,
        "versions": queries.versions_of(key) if key else [],
        "may_define": may_define,
        "typed": request.POST or _typed(found),
        "kinds": Indicator.Kind.choices,
        "period_types": PeriodType.choices,
        "measures": REGISTER.values(),
        "refusal": refusal,
    }
    return render(request, "office/indicators/define.html", context, status=400 if refusal else 200)


def _fields(post: QueryDict) -> dict[str, Any]:
    try:
        definition = json.loads(post.get("definition", "") or "{}")
    except json.JSONDecodeError as error:
        raise services.BadDefinition(
            field="definition", why=_("không phải JSON đúng (%(where)s)") % {"where": error}
        ) from None
    decimals = number(post.get("decimals", "") or "0", field="decimals", whole=True)
    return {name: clean(post.get(name, ""), lines=True)[:longest] for name, longest in TEXTS.items()} | {
        "kind": post.get("kind", "") if post.get("kind") in Indicator.Kind.values else Indicator.Kind.DECLARED,
        "definition": definition,
        "decimals": max(0, min(int(decimals), 6)),
        "period_type": post.get("period_type", ""),
        "minimum": _maybe(post, "minimum"),
        "maximum": _maybe(post, "maximum"),
        "higher_is_better": bool(post.get("higher_is_better")),
        "public": bool(post.get("public")),
    }


def _maybe(post: QueryDict, name: str) -> float | None:
    text = clean(post.get(name, ""))
    return number(text, field=name) if text else None


def _typed(found: Indicator | None) -> dict[str, Any]:
    if found is None:
        return {"kind": Indicator.Kind.DECLARED, "period_type": PeriodType.MONTH, "higher_is_better": True}
    known = {
        name: getattr(found, name) for name in (*TEXTS, "kind", "decimals", "period_type", "higher_is_better", "public")
    }
    bounds = {name: typed(getattr(found, name)) for name in ("minimum", "maximum")}
    return known | bounds | {"definition": json.dumps(found.definition, ensure_ascii=False, indent=1)}
