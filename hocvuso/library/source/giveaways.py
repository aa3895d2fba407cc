"""What tells the right option to somebody who did not learn: its length, its place, words that only wrong ones bear."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .schema import ItemSource

ENOUGH = 20  # single-choice questions below which a share says nothing
# By chance the right one of three or four options is the longest in a quarter to a third, and as often the shortest.
SHARES = (0.2, 0.4)
MOST_AT_ONE_PLACE = 0.5
OFTEN = 3
EXCESS = re.compile(
    r"\b(luôn|không bao giờ|tất cả|tuyệt đối|chắc chắn|hoàn toàn|bất cứ|mọi(?! người))\b", re.IGNORECASE
)


def giveaways(items: Sequence[ItemSource]) -> Iterator[str]:
    """What is to be mended in the questions of a programme, each in a sentence; nothing for fewer than ENOUGH."""
    choices = [item for item in items if item.type == "choice"]
    if len(choices) < ENOUGH:
        return
    yield from _lengths(choices)
    yield from _places(choices)
    yield from _words(items)
    yield from _types(items)


def right_place(item: ItemSource) -> int:
    """The place of the right option of a single-choice question, from 0."""
    return next(n for n, option in enumerate(item.options) if option.right)


def _lengths(choices: Sequence[ItemSource]) -> Iterator[str]:
    least, most = SHARES
    for words, extreme in (("dài nhất", max), ("ngắn nhất", min)):
        hits = sum(len(i.options[right_place(i)].text) == extreme(len(o.text) for o in i.options) for i in choices)
        share = hits / len(choices)
        if not least <= share <= most:
            yield f"câu đúng {words} ở {share:.0%} số câu một lựa chọn (nên từ {least:.0%} đến {most:.0%})"


def _places(choices: Sequence[ItemSource]) -> Iterator[str]:
    places = [right_place(item) for item in choices]
    place = max(set(places), key=places.count)
    if (share := places.count(place) / len(places)) > MOST_AT_ONE_PLACE:
        yield f"câu đúng đứng thứ {place + 1} ở {share:.0%} số câu một lựa chọn (nên chia đều các chỗ)"


def _words(items: Sequence[ItemSource]) -> Iterator[str]:
    said: dict[bool, list[str]] = {True: [], False: []}
    for item in items:
        for option in item.options:
            said[option.right] += [word.lower() for word in EXCESS.findall(option.text)]
    for word in sorted(set(said[False]) - set(said[True])):
        if said[False].count(word) >= OFTEN:
            yield f"từ “{word}” chỉ có ở câu sai ({said[False].count(word)} lần): người chưa học cũng đoán được"


def _types(items: Sequence[ItemSource]) -> Iterator[str]:
    met = {item.type for item in items if item.use == "check"}
    for kind in sorted({item.type for item in items if item.use == "test"} - met):
        yield f"loại câu {kind} có trong bài kiểm tra mà chưa gặp trong bài nào"
