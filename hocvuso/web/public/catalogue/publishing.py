"""Finished pages as files: home and the paths of programmes."""

from __future__ import annotations

import shutil
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from hocvuso.library import queries as library

from ...kit import finished
from ...kit.sharing import make_picture
from . import personas
from .pages import home_context, programme_context


def _made(template: str, context: dict[str, Any]) -> str:
    """A page as HTML; the picture that is shown of it elsewhere lies ready beside it."""
    make_picture(context["share"].card)
    return render_to_string(f"public/catalogue/{template}.html", context)


def render_all() -> None:
    """Write home, the page of every persona and every programme's path anew."""
    with translation.override(settings.LANGUAGE_CODE):
        pages = {"": _made("home", home_context())}
        for persona in personas.PERSONAS:
            pages[f"cho/{persona.key}"] = _made("persona", personas.context_of(persona))
        keys = [programme.key for programme in library.published()]
        for key in keys:
            pages[f"chuong-trinh/{key}"] = _made("programme", programme_context(key))
    finished.write("catalogue", pages)
    for old in (settings.SITE / "chuong-trinh").glob("*"):
        if old.name not in keys:
            shutil.rmtree(old)
