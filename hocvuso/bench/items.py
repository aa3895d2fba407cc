"""Measures of the programmes in the content folder: lengths, minutes, practice, how questions give themselves away."""

from __future__ import annotations

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


def measure(*, postgresql: bool = False) -> list[Figure]:  # noqa: ARG001  no database is asked
    """All measures of each programme, by its key. Raises SourceError."""
    return [
        Figure(f"{folder.name}.{name}", round(value, 1), unit, LIMITS.get(name))
        for folder in sorted(settings.CONTENT.iterdir())
        if (folder / "programme.yaml").is_file()
        for name, value, unit in statistics(read_programme(folder))
    ]
