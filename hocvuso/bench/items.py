"""Measures of the programmes in the content folder: lengths, minutes, practice, how questions give themselves away."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean

import yaml
from django.conf import settings

from hocvuso.library.source.durations import MAX_MINUTES
from hocvuso.library.source.giveaways import SHARES
from hocvuso.library.source.reader import read_programme
from hocvuso.library.source.statistics import statistics

from .figures import Figure

LIMITS = {
    "minutes.longest": MAX_MINUTES,
    "key.longest": 100 * SHARES[1],
    "key.shortest": 100 * SHARES[1],
    "key.most_cautious": 40.0,
}


def measure(*, postgresql: bool = False) -> list[Figure]:
    """All measures of each programme, by its key; no database is asked. Raises SourceError."""
    folders = [folder for folder in sorted(settings.CONTENT.iterdir()) if (folder / "programme.yaml").is_file()]
    found = [(folder.name, *one) for folder in folders for one in statistics(read_programme(folder))]
    found += _judged([folder.name for folder in folders])
    return [Figure(f"{of}.{name}", round(value, 1), unit, LIMITS.get(name)) for of, name, value, unit in sorted(found)]


def _judged(programmes: list[str]) -> Iterator[tuple[str, str, float, str]]:
    """How many test items need their lesson, as the first and the second reader judged (data/item_judgements.yaml)."""
    judged: dict[str, list[str]] = yaml.safe_load((settings.ROOT / "data/item_judgements.yaml").read_text("utf-8"))
    for programme in programmes:
        of = [verdicts for key, verdicts in judged.items() if key.startswith(f"{programme}/")]
        for reader in (0, 1) if of else ():
            share = 100 * fmean(verdicts[reader] == "lesson" for verdicts in of)
            yield programme, f"tests.need_lesson.reader_{reader + 1}", share, "%"
