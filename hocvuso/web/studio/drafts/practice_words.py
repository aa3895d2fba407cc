"""What is wrong with a practice, and what is not written yet, in the words of its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvuso.base import plain_yaml
from hocvuso.library.source.checks import OPEN
from hocvuso.library.source.faults import faults_of
from hocvuso.library.source.practices import Practice

from .forms_practices import ChatForm, InboxForm, MakingForm, Place, TurnForm
from .forms_simulations import ScreenForm, SimulationForm, StepForm

FORMS: Mapping[str, Any] = {"inbox": InboxForm, "chat": ChatForm, "making": MakingForm, "simulation": SimulationForm}
PARTS: Mapping[str, Any] = {"turns": TurnForm, "screens": ScreenForm, "steps": StepForm}  # that have a page each

# A rule of the whole practice says which part it found; it is said there.
_SAYS_WHERE = (
    (re.compile(r"tin (\d+): (.*)", re.S), "messages", ("bin",)),
    (re.compile(r"quy tắc (\d+): (.*)", re.S), "rules", ("what",)),
    (re.compile(r"bước (\d+): (.*)", re.S), "steps", ("target",)),
)
_PARTS = {
    "bins": gettext_lazy("Ngăn %(n)s"),
    "messages": gettext_lazy("Tin %(n)s"),
    "turns": gettext_lazy("Lượt %(n)s"),
    "replies": gettext_lazy("câu trả lời %(n)s"),
    "rules": gettext_lazy("Điều kiện %(n)s"),
    "screens": gettext_lazy("Màn hình %(n)s"),
    "elements": gettext_lazy("phần tử %(n)s"),
    "steps": gettext_lazy("Bước %(n)s"),
    "wrong": gettext_lazy("lời khi làm nhầm"),
}


@dataclass(frozen=True)
class Told:
    """One thing to mend: where it is, and what."""

    where: Place
    what: str


def located(where: Place, what: str) -> Told:
    """A fault as the schema tells it, at the place in the practice (whose kind is not part of it) that it is about."""
    where = where[1:]
    for pattern, part, field in _SAYS_WHERE:
        if not where and (found := pattern.match(what)):
            return Told((part, int(found[1]) - 1, *field), found[2])
    if not where and what.startswith("bài mẫu"):
        return Told(("exemplar",), what)
    return Told(where, what)


def told_of(text: str) -> list[Told]:
    """Everything that is to be mended or written before a practice can be published, each with its words."""
    try:
        data = plain_yaml.load(text)
    except plain_yaml.BadYaml as error:
        return [Told((), str(error))]
    faults = [located(*fault) for fault in faults_of(Practice, data)]
    kind = str(data.get("kind")) if isinstance(data, dict) else ""
    told = [Told(one.where, _said(word_of(one.where, kind), one.what)) for one in faults]
    unwritten: dict[Place, list[Place]] = {}
    for place in _open_in(data, ()):
        unwritten.setdefault(place[:2] if len(place) > 2 else (), []).append(place)
    for where, places in unwritten.items():
        names = ", ".join(word_of(place[len(where) :], kind, within=where) for place in places)
        told.append(Told(places[0], _said(word_of(where, kind), _("chưa viết %(names)s") % {"names": names})))
    return told


def _said(where: str, what: str) -> str:
    return f"{where}: {what}" if where else what[:1].upper() + what[1:]


def _open_in(data: Any, place: Place) -> Iterator[Place]:
    if data == OPEN:
        yield place
    elif isinstance(data, dict | list):
        pairs: Any = data.items() if isinstance(data, dict) else enumerate(data)
        for key, value in pairs:
            yield from _open_in(value, (*place, key))


def word_of(where: Place, kind: str = "", within: Place = ()) -> str:
    """A place as the pages call it: “Tin 3, Vì sao”."""
    form = FORMS.get(kind)
    words = []
    way = [*within, *where]
    for n, step in enumerate(way):
        if isinstance(step, int):
            continue
        after = way[n + 1] if n + 1 < len(way) else None
        number = after + 1 if isinstance(after, int) else None
        word = str(_PARTS[step] % {"n": number}) if step in _PARTS and number else _label(form, step)
        if n >= len(within):
            words.append(word)
        form = PARTS.get(step) or getattr(form, "row_forms", {}).get(step)
    return ", ".join(words)


def _label(form: Any, name: str) -> str:
    """What the form calls a key; a rule's and a step's keys are choices there."""
    fields = getattr(form, "base_fields", {})
    found = fields.get(name) or fields.get("what") or fields.get("act")
    return str(_PARTS.get(name, name)) if name in _PARTS or found is None else str(found.label).lower()
