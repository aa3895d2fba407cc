"""Finished pages as files: lessons, written when an edition is published."""

from __future__ import annotations

import shutil

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from hocvuso.base.batches import Batch, each
from hocvuso.library import queries as library
from hocvuso.library.models import Programme

from ...kit import finished
from ...kit.sharing import make_picture
from .pages import lesson_context


def render_lessons(programme: Programme) -> int:
    """Write the finished lesson pages of a programme's current edition; returns how many."""
    folder = settings.SITE / "hoc" / programme.key
    keys = programme.published_edition.lesson_keys
    pages = {}
    with translation.override(settings.LANGUAGE_CODE):
        for key in keys:
            context = lesson_context(programme, key)
            make_picture(context["share"].card)
            pages[f"hoc/{programme.key}/{key}"] = render_to_string("kit/lesson_page.html", context)
    finished.write(f"hoc/{programme.key}", pages)
    for old in folder.iterdir():
        if old.name not in keys:
            shutil.rmtree(old)
    return len(keys)


def remove_lessons(programme: Programme) -> None:
    """Take the finished pages of a withdrawn programme away."""
    shutil.rmtree(settings.SITE / "hoc" / programme.key, ignore_errors=True)
    finished.forget(f"hoc/{programme.key}")


def render_all() -> int:
    """Write the pages of every published programme anew, as after an upgrade of the shell."""
    return each(library.published(), render_lessons, batch=RENDERING)


def _again(name: str) -> None:
    render_lessons(library.published().get(pk=name.partition(":")[2]))


RENDERING = Batch("lesson-pages", _("trang bài học"), _again)
