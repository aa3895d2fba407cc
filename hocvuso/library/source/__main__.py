"""`python -m hocvuso.library.source FOLDER…`: check programme folders without a database."""

import sys
from pathlib import Path

from .blocks import parse
from .checks import check_programme
from .durations import duration
from .reader import SourceError, read_programme


def main(folders: list[str]) -> int:
    """Print findings and expected minutes of each lesson; 1 if anything blocks publishing."""
    bad = False
    for name in folders:
        try:
            source = read_programme(Path(name))
        except SourceError as error:
            print(error)
            bad = True
            continue
        findings = check_programme(source)
        for finding in findings:
            print(f"{finding.level}: {finding.lesson or source.programme.key}: {finding.what}")
        bad |= any(f.level == "refusal" for f in findings)
        if not any(f.level == "refusal" for f in findings):
            for lesson in source.lessons:
                time = duration(lesson, parse(lesson.body), source.programme.audience)
                print(f"{lesson.head.key}: {time.total:.1f} phút, thực hành {time.practice_share:.0%}")
    return int(bad)


sys.exit(main(sys.argv[1:]))
