"""Spoken editions of lessons: rendered after publishing, only what changed, each lesson by itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings

from hocvuso.jobs import services as jobs
from hocvuso.media import speech

from . import queries
from .models import Edition, Lesson, LessonSound
from .narration import Paragraph, narrate
from .publishing import store

KIND = "lessons.speak"
SCRIPT = "script.json"
FORMAT = "hocvuso-speech/1"
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Script:
    """What is to be said of a lesson, and the hash by which it is known: of the words, the voice and its pace."""

    lesson: Lesson
    paragraphs: list[Paragraph]

    @property
    def hash(self) -> str:
        return store.digest(_json([FORMAT, str(speech.VIETNAMESE), [asdict(one) for one in self.paragraphs]]))


def ask() -> int:
    """Ask for the sound of every published edition that lacks some; how many jobs were asked for."""
    lacking = [one.published_edition for one in queries.published() if lacks(one.published_edition)]
    for edition in lacking:
        ask_for(edition)
    return len(lacking)


def ask_for(edition: Edition) -> None:
    """Ask for the sounds that an edition lacks; lessons that are as they were keep theirs at once."""
    missing = [script for script in lacks(edition) if not _kept(edition, script)]
    if missing:
        jobs.ask(KIND, by=None, args={"edition": str(edition.pk)})


def lacks(edition: Edition) -> list[Script]:
    """The scripts of an edition of which there is no sound yet; none where the site is not to speak."""
    if not queries.speaks():
        return []
    sounds = {one.lesson_id: one for one in LessonSound.objects.filter(lesson__programme=edition.programme_id)}
    return [one for one in _scripts(edition) if not _is_sound(sounds.get(one.lesson.pk), one, edition)]


def _scripts(edition: Edition) -> Iterator[Script]:
    for lesson in Lesson.objects.filter(programme=edition.programme_id, listed=True):
        row = edition.content["lessons"].get(lesson.key)
        if row:
            yield Script(lesson, narrate(row, queries.article(edition, lesson.key)))


def _is_sound(sound: LessonSound | None, script: Script, edition: Edition) -> bool:
    return sound is not None and sound.bundle == edition.bundle and _is_made(sound, script)


def _is_made(sound: LessonSound, script: Script) -> bool:
    return sound.script == script.hash and is_whole(sound)


def is_whole(sound: LessonSound) -> bool:
    """Whether its files are there and are what they were when they were made."""
    folder = settings.BUNDLES / sound.folder
    try:
        script = (folder / SCRIPT).read_bytes()
        content = (folder / queries.SOUND).read_bytes()
    except OSError:
        return False
    return store.digest(script) == sound.folder and store.digest(content) == json.loads(script)["sound"]["sha256"]


def speak(edition: Edition, tell: Tell = lambda done, total: None) -> int:
    """Give an edition the sounds that it lacks; how many were rendered. Begun again it goes on where it was broken off.

    Raises speech.Unspoken at the end, when there are lessons that could not be said; they hold up no other.
    """
    lacking = lacks(edition)
    made, unsaid = 0, []
    for done, script in enumerate(lacking):
        tell(done, len(lacking))
        if not _goes_on(edition, done):
            return made
        try:
            made += _give(edition, script)
        except speech.Unspoken as fault:
            unsaid.append(f"{script.lesson.address}: {fault}")
    if unsaid:
        raise speech.Unspoken("; ".join(unsaid))
    tell(len(lacking), len(lacking))
    return made


def _goes_on(edition: Edition, done: int) -> bool:
    """Whether it is still this edition that is shown, and nobody waits for what they asked for; then it waits too."""
    if not Edition.objects.filter(pk=edition.pk, state=Edition.State.PUBLISHED).exists():
        return False
    if done and jobs.persons_wait():
        jobs.ask(KIND, by=None, args={"edition": str(edition.pk)})
        return False
    return True


def _give(edition: Edition, script: Script) -> bool:
    """Give a lesson its sound as this edition has it; whether that was rendered. Raises speech.Unspoken."""
    if _kept(edition, script):
        return False
    facts = {"bundle": edition.bundle, "script": script.hash, **_rendered(script)}
    LessonSound.objects.update_or_create(lesson=script.lesson, defaults=facts)
    return True


def _kept(edition: Edition, script: Script) -> bool:
    """Whether there was a sound of an edition before, in which the lesson is the same; it is this one's now."""
    known = LessonSound.objects.filter(lesson=script.lesson).first()
    if known is None or not _is_made(known, script):
        return False
    LessonSound.objects.filter(pk=known.pk).update(bundle=edition.bundle)
    return True


def _rendered(script: Script) -> dict[str, Any]:
    """Speak a script and put sound and script into the store, as a folder named by what it holds."""
    spoken = speech.speak([one.said for one in script.paragraphs])
    marked = zip(script.paragraphs, spoken.marks, strict=True)
    told = {
        "format": FORMAT,
        "voice": str(speech.VIETNAMESE),
        "seconds": spoken.seconds,
        "sound": {"sha256": store.digest(spoken.content), "bytes": len(spoken.content)},
        "paragraphs": [asdict(one) | {"at": at} for one, at in marked],
    }
    content = _json(told)
    store.put({SCRIPT: content, queries.SOUND: spoken.content}, name=store.digest(content))
    return {"folder": store.digest(content), "seconds": round(spoken.seconds), "bytes": len(spoken.content)}


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
