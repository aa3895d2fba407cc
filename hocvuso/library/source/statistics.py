"""What can be measured of a programme's source: lengths, practice, and how far its questions give themselves away."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import fmean

from .blocks import Block, parse
from .durations import duration, practice_text, syllables
from .giveaways import EXCESS, right_place
from .practices import Chat, Practice, Simulation
from .reader import LessonSource, Source
from .schema import ItemSource, Option

EXCUSE = re.compile(r"\b(vì|kẻo|cho nhanh|cho chắc|cho tiện|cho đỡ|cho khỏi)\b", re.IGNORECASE)
CAUTION = re.compile(
    r"\b(dừng|hỏi|kiểm|xem lại|đợi|chờ|từ chối|tắt máy|gọi lại|báo|tự|không (?:bấm|chuyển|đưa|cho|trả lời))\b",
    re.IGNORECASE,
)


def statistics(source: Source) -> Iterator[tuple[str, float, str]]:
    """(name, value, unit) of each measure; a share is in percent, and left out where there is nothing to share."""
    lessons = [(lesson, parse(lesson.body)) for lesson in source.lessons]
    items = [item for lesson in source.lessons for item in lesson.items]
    yield from _of_texts(lessons, source.programme.audience)
    yield from _of_practice([lesson.practice for lesson in source.lessons])
    yield from _of_choices([item for item in items if item.type == "choice"])
    yield from _of_options(items)
    for use in ("check", "test"):
        for kind in ("choice", "multi", "order"):
            yield f"{use}s.{kind}", sum(item.use == use and item.type == kind for item in items), "items"


def _of_texts(lessons: Sequence[tuple[LessonSource, list[Block]]], audience: str) -> Iterator[tuple[str, float, str]]:
    texts = ["\n".join(b.markdown for b in blocks if b.kind != "teacher") for _lesson, blocks in lessons]
    sentences = [len(syllables(s)) for text in texts for s in re.split(r"[.!?…\n]+", text) if syllables(s)]
    minutes = [duration(lesson, blocks, audience).total for lesson, blocks in lessons]
    cited = [source for lesson, _blocks in lessons for source in lesson.head.sources]
    yield "lessons", len(lessons), "lessons"
    yield "text", fmean(len(syllables(text)) for text in texts), "syllables"
    yield "sentence.mean", fmean(sentences), "syllables"
    yield "sentence.longest", max(sentences), "syllables"
    yield "minutes.sum", sum(minutes), "min"
    yield "minutes.longest", max(minutes), "min"
    yield "pictures", sum(len(lesson.head.pictures) for lesson, _blocks in lessons), "pictures"
    yield "sources", len(cited), "sources"
    yield from _share("sources.checked", [source.checked is not None for source in cited])


def _of_practice(practices: Sequence[Practice]) -> Iterator[tuple[str, float, str]]:
    yield "practice", fmean(len(syllables(" ".join(practice_text(one)))) for one in practices), "syllables"
    first, by_chance = [], []
    for one in practices:
        if isinstance(one, Simulation):
            screens = {screen.id: [e.id for e in screen.elements if e.kind not in _STILL] for screen in one.screens}
            for step in one.steps:
                if step.act in ("tap", "swipe", "hold") and step.target in screens[step.screen]:
                    first.append(screens[step.screen][0] == step.target)
                    by_chance.append(1 / len(screens[step.screen]))
    yield from _share("simulation.right_first", first)
    yield from _share("simulation.right_first.by_chance", by_chance)
    turns = [turn for one in practices if isinstance(one, Chat) for turn in one.turns]
    longest = [max(turn.replies, key=lambda reply: len(reply.text)).good for turn in turns]
    yield from _share("chat.good_longest", longest)
    yield from _share("chat.good_longest.by_chance", [fmean(r.good for r in turn.replies) for turn in turns])


_STILL = ("text", "heading", "picture", "bubble")  # shown, not touched


def _of_choices(choices: Sequence[ItemSource]) -> Iterator[tuple[str, float, str]]:
    """How often rules that need no knowledge find the right option of single-choice questions."""
    rules: dict[str, Callable[[Option], float]] = {
        "key.longest": lambda option: len(option.text),
        "key.shortest": lambda option: -len(option.text),
        "key.most_cautious": lambda option: len(CAUTION.findall(option.text)) - len(EXCESS.findall(option.text)),
    }
    for name, worth in rules.items():
        yield from _share(name, [_found(item, worth) for item in choices])
    yield from _share("key.by_chance", [1 / len(item.options) for item in choices])
    for place in range(4):
        yield from _share(f"key.place_{place + 1}", [right_place(item) == place for item in choices])


def _found(item: ItemSource, worth: Callable[[Option], float]) -> float:
    """The chance of being right by choosing what is worth most, of equals any."""
    best = max(map(worth, item.options))
    return fmean(option.right for option in item.options if worth(option) == best)


def _of_options(items: Sequence[ItemSource]) -> Iterator[tuple[str, float, str]]:
    options = [(item.use, option) for item in items for option in item.options]
    for right, name in ((True, "right"), (False, "wrong")):
        yield from _share(f"excuses.{name}", [bool(EXCUSE.search(o.text)) for _u, o in options if o.right == right])
    yield from _share(
        "tests.wrong_explained", [o.why is not None for use, o in options if use == "test" and not o.right]
    )


def _share(name: str, values: Iterable[float]) -> Iterator[tuple[str, float, str]]:
    values = list(values)
    if values:
        yield name, 100 * fmean(values), "%"
