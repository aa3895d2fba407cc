"""A lesson to listen to: its sound, and beside it what is said, paragraph by paragraph."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format

from hocvuso.library import queries as library
from hocvuso.library.models import LessonSound

from ...kit.gate import everybody
from ...kit.keeping import for_everybody
from .pages import lesson_context, published

TEMPLATE = "learn/lessons/listen.html"


@everybody
def listen(request: HttpRequest, programme: str, lesson: str) -> HttpResponse:
    """A lesson to listen to, or that its sound is still being made.

    Nothing of the sound is loaded before it is asked for: a device that opens a page which is for everybody keeps it
    with every file that it names. So this one is marked as such only for a device that asks to keep it on purpose,
    which says in what language.
    """
    found = published(programme)
    context = lesson_context(found, lesson)
    sound = library.sound_of(found.published_edition, lesson)
    if sound:
        context |= _sound(sound)
    if sound and "Hv-Language" in request.headers:  # that it is still being made is nothing to keep
        return for_everybody(request, TEMPLATE, context)
    return render(request, TEMPLATE, context)


def _sound(sound: LessonSound) -> dict[str, Any]:
    rows = [{**row, "clock": _clock(row["at"])} for row in library.script_of(sound)]
    return {
        "sound": f"/b/{sound.folder}/{library.SOUND}",
        "clock": _clock(sound.seconds),
        "minutes": max(1, round(sound.seconds / 60)),
        "megabytes": number_format(max(0.1, round(sound.bytes / 2**20, 1)), 1),
        "rows": rows[2:],  # the title and the promise stand above
        "second": rows[1]["at"],
    }


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
