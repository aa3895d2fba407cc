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
    """Nothing of the sound is loaded before it is asked for.

    A device keeps what is marked as for everybody with every file it names: so it is marked only for a device that
    asks for it on purpose, in its language, and not for one that opens it.
    """
    found = published(programme)
    context = lesson_context(found, lesson)
    sound = library.sound_of(found.published_edition, lesson)
    if sound:
        context |= _sound(sound)
    if "Hv-Language" in request.headers:
        return for_everybody(request, TEMPLATE, context)
    return render(request, TEMPLATE, context)


def _sound(sound: LessonSound) -> dict[str, Any]:
    rows = [{**row, "clock": _clock(row["at"])} for row in library.script_of(sound)]
    return {
        "sound": f"/b/{sound.folder}/{library.SOUND}",
        "seconds": sound.seconds,
        "clock": _clock(sound.seconds),
        "minutes": max(1, round(sound.seconds / 60)),
        "megabytes": number_format(max(0.1, round(sound.bytes / 2**20, 1)), 1),
        "rows": rows[2:],  # the title and the promise stand above
        "second": rows[1]["at"],
    }


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
