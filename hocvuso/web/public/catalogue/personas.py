"""“Bạn là ai?”: the people whom home asks for, and what each of them wants to be able to do, from what is published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hocvuso.library import queries as library
from hocvuso.skills.models import Audience

from ...kit.sharing import Card, Shared

FOR_EVERYBODY = "citizens"  # the audience whose programmes suit whoever has none of their own


@dataclass(frozen=True)
class Persona:
    """One answer to “Bạn là ai?”.

    `audiences` are those whose programmes are this persona's own; `picks` are addresses of lessons of other programmes
    that such a person needs most, in that order. What is not published is left out.
    """

    key: str
    face: str
    title: str | Promise
    note: str | Promise
    asks: str | Promise
    audiences: tuple[str, ...] = ()
    picks: tuple[str, ...] = ()


PERSONAS = (
    Persona(
        key="ong-ba",
        face="ba",
        title=pgettext_lazy("persona", "Ông bà"),
        note=_("từ 60 tuổi"),
        asks=_("Ông bà muốn làm được việc gì?"),
        audiences=("elderly",),
        picks=(
            "may-vua-voi-minh/chu-mau-cham",
            "may-vua-voi-minh/noi-thay-tay",
            "ky-nang-so-thiet-yeu-hai/bao-hiem-luong-huu",
        ),
    ),
    Persona(
        key="cha-me",
        face="me",
        title=pgettext_lazy("persona", "Cha mẹ"),
        note=_("có con đi học"),
        asks=_("Cha mẹ muốn làm được việc gì?"),
        audiences=("parents",),
        picks=(
            "hoc-sinh-thcs/can-bang-man-hinh",
            "hoc-sinh-thcs/giu-rieng-tu",
            "ky-nang-so-thiet-yeu/so-suc-khoe",
            "ky-nang-so-thiet-yeu/nhan-ra-lua-dao",
            "hoc-sinh-thcs/ung-xu-tren-mang",
            "ky-nang-so-thiet-yeu/dich-vu-cong",
        ),
    ),
    Persona(
        key="hoc-sinh",
        face="hoc-sinh",
        title=pgettext_lazy("persona", "Học sinh"),
        note=_("đang đi học"),
        asks=_("Bạn học sinh muốn làm được việc gì?"),
        audiences=("pupils-primary", "pupils-lower-secondary", "pupils-upper-secondary"),
    ),
    Persona(
        key="lam-an",
        face="ban-hang",
        title=pgettext_lazy("persona", "Làm ăn"),
        note=_("chợ, ruộng, quán"),
        asks=_("Người làm ăn muốn làm được việc gì?"),
        picks=(
            "ky-nang-so-thiet-yeu/thanh-toan-qr",
            "ky-nang-so-thiet-yeu-hai/sinh-trac-ngan-hang",
            "ai-cho-moi-nguoi/ai-giup-ban-hang",
            "ky-nang-so-thiet-yeu/nhan-ra-lua-dao",
            "ky-nang-so-thiet-yeu/khi-lo-bi-lua",
            "ky-nang-so-thiet-yeu-hai/sim-chinh-chu",
            "ky-nang-so-thiet-yeu/vneid",
        ),
    ),
    Persona(
        key="can-bo",
        face="can-bo",
        title=pgettext_lazy("persona", "Cán bộ"),
        note=_("cơ quan, xã"),
        asks=_("Cán bộ muốn làm được việc gì?"),
        audiences=("officials",),
        picks=(
            "ky-nang-so-thiet-yeu/dich-vu-cong",
            "ai-cho-moi-nguoi/ai-viet-va-tom-tat",
            "ai-cho-moi-nguoi/kiem-chung-cau-tra-loi",
            "ai-cho-moi-nguoi/giu-rieng-khi-dung-ai",
            "ky-nang-so-thiet-yeu/tai-khoan-mat-khau",
            "ky-nang-so-thiet-yeu/giup-nguoi-khac-hoc",
        ),
    ),
    Persona(
        key="thay-co",
        face="co-giao",
        title=pgettext_lazy("persona", "Thầy cô"),
        note=_("và người giúp"),
        asks=_("Thầy cô muốn làm được việc gì?"),
        audiences=("teachers",),
        picks=(
            "ky-nang-so-thiet-yeu/giup-nguoi-khac-hoc",
            "hoc-sinh-thcs/hoc-cung-ai",
            "hoc-sinh-thcs/ban-quyen-trich-nguon",
            "ai-cho-moi-nguoi/anh-va-tieng-gia",
            "ky-nang-so-thiet-yeu/kiem-tra-tin-gia",
            "hoc-sinh-thcs/ung-xu-tren-mang",
        ),
    ),
)
BY_KEY = {persona.key: persona for persona in PERSONAS}


def context_of(persona: Persona) -> dict[str, Any]:
    """What the page of a persona shows: its own programmes with their goals, picks, what suits all; what is missing."""
    goals: dict[Any, list[Any]] = {}
    by_address = {}
    for lesson in library.listed_lessons():
        goals.setdefault(lesson.programme_id, []).append(lesson)
        by_address[lesson.address] = lesson
    programmes = list(library.published())
    own = [p for p in programmes if p.audience in persona.audiences]
    taken = {p.audience for p in own}
    with translation.override(settings.LANGUAGE_CODE):  # one picture, whatever the language of who shares
        card = Card(str(persona.asks), "Mỗi bài vài phút, có chỗ tập", persona.face)
    says = gettext("Chọn một việc. Mỗi bài vài phút, có chỗ tập làm thử, không cần tài khoản.")
    return {
        "persona": persona,
        "share": Shared(reverse("persona", args=[persona.key]), str(persona.asks), says, card),
        "own": [{"content": p.published_edition.content, "goals": goals.get(p.pk, [])} for p in own],
        "picks": [by_address[address] for address in persona.picks if address in by_address],
        "others": [p.published_edition.content for p in programmes if p.audience == FOR_EVERYBODY],
        "missing": [a for a in Audience.objects.filter(key__in=persona.audiences).order_by("pk") if a.key not in taken],
    }
