"""`hocvuso publish`."""

from __future__ import annotations

from pathlib import Path

from hocvuso.library import services
from hocvuso.library.source.checks import check_programme
from hocvuso.library.source.reader import SourceError, read_programme


def publish(folders: list[Path], *, check: bool) -> int:
    """Publish each folder; 1 if any was refused, and what must be mended is said."""
    failed = 0
    for folder in folders:
        try:
            if check:
                for finding in check_programme(read_programme(folder)):
                    print(f"{finding.level}: {finding.lesson or folder.name}: {finding.what}")
                    failed += finding.level == "refusal"
                continue
            edition = services.publish_folder(folder=folder)
            print(f"{folder.name}: edition {edition.number}, bundle {edition.bundle}")
        except SourceError as error:
            print(error)
            failed += 1
        except services.CannotPublish as error:
            print("\n".join(error.findings))
            failed += 1
    return 1 if failed else 0
