"""Questions about drafts: what a programme holds, what is known of each lesson, what a file was before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.validators import slug_re

from hocvuso.base import plain_yaml
from hocvuso.library.source.reader import Fault, read_text
from hocvuso.library.source.schema import ProgrammeSource
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May

from .folders import LESSON, PROGRAMME
from .models import Draft, DraftFile, DraftRevision


@dataclass(frozen=True)
class Outline:
    """A draft's `programme.yaml` as it stands (`data`), its faults, and what is known of each lesson by its key."""

    data: dict[str, Any]
    faults: list[Fault]
    lessons: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def modules(self) -> list[dict[str, Any]]:
        """Modules that can be read as such: a key, and lessons by their keys."""
        return [one for one in rows_of(self.data.get("modules")) if _is_module(one)]

    @property
    def outcomes(self) -> list[dict[str, Any]]:
        """Outcomes that can be read as such."""
        return [one for one in rows_of(self.data.get("outcomes")) if isinstance(one.get("code"), str)]

    @property
    def readable(self) -> bool:
        """Whether a form that writes the modules anew writes all that stands there."""
        return bool(self.data) and self.modules == (self.data.get("modules") or [])

    @property
    def audience(self) -> str:
        """For whom it is written."""
        return str(self.data.get("audience") or "")

    @property
    def keys(self) -> list[str]:
        """Keys of lessons in the order of the modules."""
        return [key for module in self.modules for key in module["lessons"]]

    @property
    def loose(self) -> list[str]:
        """Keys of lessons that are there and stand in no module."""
        return sorted(set(self.lessons) - set(self.keys))


def rows_of(data: Any) -> list[dict[str, Any]]:
    """Of what a source holds where rows should stand, those that are rows."""
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []


def _is_module(one: dict[str, Any]) -> bool:
    lessons = one.get("lessons")
    return is_key(one.get("key")) and isinstance(lessons, list) and all(map(is_key, lessons))


def is_key(data: Any) -> bool:
    """Whether this can stand in an address."""
    return isinstance(data, str) and slug_re.fullmatch(data) is not None


def may_edit(person: Person, draft: Draft) -> bool:
    """Change it: an author of the unit whose draft it is."""
    return draft.put_away_at is None and may(person, May.AUTHOR, draft.unit)


def audience_of(draft: Draft) -> str:
    """For whom it is written, without a look at the rest."""
    text = DraftFile.objects.get(draft=draft, path=PROGRAMME).text
    return Outline(_mapping(text), []).audience


def outline(draft: Draft) -> Outline:
    """The programme as it stands. Two queries, however many lessons."""
    text = DraftFile.objects.get(draft=draft, path=PROGRAMME).text
    _read, faults = read_text(ProgrammeSource, text, PROGRAMME)
    heads = DraftFile.objects.filter(draft=draft, path__endswith=f"/{LESSON}").values_list("path", "facts")
    lessons = {path.partition("/")[0]: facts for path, facts in heads}
    return Outline(_mapping(text), faults, lessons)


def _mapping(text: str) -> dict[str, Any]:
    try:
        data = plain_yaml.load(text)
    except plain_yaml.BadYaml:  # told as a fault
        return {}
    return data if isinstance(data, dict) else {}


def removed_lessons(draft: Draft) -> list[str]:
    """Keys of the lessons that were taken out; what they were is in the history."""
    ends = {"path__endswith": f"/{LESSON}"}
    were = set(draft.revisions.filter(**ends).values_list("path", flat=True).distinct().order_by())
    there = set(draft.files.filter(**ends).values_list("path", flat=True))
    return sorted(path.partition("/")[0] for path in were - there)


def history(draft: Draft, path: str) -> Any:
    """What a file was, the latest first."""
    return DraftRevision.objects.filter(draft=draft, path=path).select_related("by")
