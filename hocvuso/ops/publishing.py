"""`hocvuso publish`, `hocvuso hand-over`."""

from __future__ import annotations

from pathlib import Path

from hocvuso.base.errors import Refusal
from hocvuso.library import services
from hocvuso.library.models import Edition, Programme
from hocvuso.library.publishing.compile import page_findings
from hocvuso.library.source.checks import check_programme
from hocvuso.library.source.reader import SourceError, read_programme
from hocvuso.units.models import Unit


def publish(folders: list[Path], *, check: bool, unit: str) -> int:
    """Publish each folder; 1 if any was refused, and what must be mended is said. `unit`: code of the owner; what
    belongs to another unit is refused.
    """
    owner = Unit.objects.filter(code=unit).first()
    if owner is None and not check:
        print(f"no unit {unit}")
        return 1
    failed = 0
    for folder in folders:
        try:
            failed += _check(folder) if check else _publish(folder, owner)
        except services.CannotPublish as error:
            print("\n".join(error.findings))
            failed += 1
        except (SourceError, Refusal) as error:
            print(error)
            failed += 1
    return 1 if failed else 0


def _check(folder: Path) -> int:
    """Print the findings of a folder; returns how many refuse it."""
    source = read_programme(folder)
    findings = dict.fromkeys([*check_programme(source), *page_findings(source)])  # each said once
    for finding in findings:
        print(f"{finding.level}: {finding.lesson or folder.name}: {finding.what}")
    return sum(finding.level == "refusal" for finding in findings)


def _publish(folder: Path, owner: Unit | None) -> int:
    edition = services.publish_folder(folder=folder, unit=owner)
    if edition.state != Edition.State.PUBLISHED:
        print(f"{folder.name}: edition {edition.number} was withdrawn; change the folder to publish another one")
        return 1
    print(f"{folder.name}: edition {edition.number}, bundle {edition.bundle}")
    return 0


def hand_over(key: str, unit: str) -> int:
    """Give a programme to the unit with this code."""
    programme, to = Programme.objects.filter(key=key).first(), Unit.objects.filter(code=unit).first()
    if programme is None or to is None:
        print(f"no programme {key}" if programme is None else f"no unit {unit}")
        return 1
    services.hand_over(programme=programme, to=to, by=None)
    print(f"{key} belongs to {to.code}, {to.name}")
    return 0
