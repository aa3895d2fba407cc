"""Finished pages as files: home and the paths of programmes."""

from __future__ import annotations

import shutil

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from hocvuso.library import queries as library

from ...kit import finished
from . import personas
from .pages import home_context, programme_context


def render_all() -> None:
    """Write home, the page of every persona and every programme's path anew."""
    with translation.override(settings.LANGUAGE_CODE):
        pages = {"": render_to_string("public/catalogue/home.html", home_context())}
        for persona in personas.PERSONAS:
            pages[f"cho/{persona.key}"] = render_to_string("public/catalogue/persona.html", personas.context_of(persona))
        keys = [programme.key for programme in library.published()]
        for key in keys:
            pages[f"chuong-trinh/{key}"] = render_to_string("public/catalogue/programme.html", programme_context(key))
    finished.write("catalogue", pages)
    for old in (settings.SITE / "chuong-trinh").glob("*"):
        if old.name not in keys:
            shutil.rmtree(old)
