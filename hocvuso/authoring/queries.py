"""Questions about drafts: what a programme holds, what is known of each lesson, what a file was before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

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
        """Modules that can be read as such."""
        return [one for one in self.data.get("modules") or [] if isinstance(one, dict)]

    @property
    def outcomes(self) -> list[dict[str, Any]]:
        """Outcomes that can be read as such."""
        return [one for one in self.data.get("outcomes") or [] if isinstance(one, dict) and "code" in one]

    @property
    def audience(self) -> str:
        """For whom it is written."""
        return str(self.data.get("audience") or "")

    @property
    def keys(self) -> list[str]:
        """Keys of lessons in the order of the modules."""
        return [key for module in self.modules for key in module.get("lessons") or []]


def may_edit(person: Person, draft: Draft) -> bool:
    """Change it: an author of the unit whose draft it is."""
    return draft.put_away_at is None and may(person, May.AUTHOR, draft.unit)


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


def history(draft: Draft, path: str) -> Any:
    """What a file was, the latest first."""
    return DraftRevision.objects.filter(draft=draft, path=path).select_related("by")
