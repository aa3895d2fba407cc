"""What it takes to speak lessons: the longest of each programme of the content folder, by the built-in voice."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from hocvuso.library.narration import narrate_source
from hocvuso.library.source.reader import read_programme
from hocvuso.media import speech

from .figures import Figure

MOST_BYTES = 180 * 1024  # of a minute of sound
MOST_OF_PLAYING = 1.0  # times that what is made plays


@dataclass(frozen=True)
class Spoken:
    """One lesson: how long making its sound took, how long that plays, how heavy it is."""

    took: float
    plays: float
    bytes: int


def measure(*, postgresql: bool = False) -> list[Figure]:
    """The slowest and the heaviest of them, and the mean; no database is asked. Raises SourceError, speech.Unspoken."""
    folders = [folder for folder in sorted(settings.CONTENT.iterdir()) if (folder / "programme.yaml").is_file()]
    found = [_spoken(scripts) for scripts in map(_longest, folders)]
    took, plays = sum(one.took for one in found), sum(one.plays for one in found)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return [
        Figure("sound.lessons", len(found), "lessons"),
        Figure("sound.seconds_a_lesson", round(took / len(found), 1), "s"),
        Figure("sound.slowest_lesson", round(max(one.took for one in found), 1), "s"),
        Figure("sound.minutes_a_lesson", round(plays / len(found) / 60, 1), "min"),
        Figure("sound.of_playing", round(took / plays, 3), "s/s", MOST_OF_PLAYING),
        Figure("sound.bytes_a_minute", round(max(one.bytes / one.plays * 60 for one in found)), "B", MOST_BYTES),
        Figure("sound.memory", round(memory), "MB"),
    ]


def _longest(folder: Path) -> list[str]:
    """What is said of the lesson of a programme of which most is said."""
    scripts = [[one.said for one in narrate_source(lesson)] for lesson in read_programme(folder).lessons]
    return max(scripts, key=lambda lines: sum(map(len, lines)))


def _spoken(lines: list[str]) -> Spoken:
    begun = time.monotonic()
    made = speech.speak(lines)
    return Spoken(time.monotonic() - begun, made.seconds, len(made.content))
