"""A ZIP from standard input becomes a bundle, in a process of its own: begun by `apart`, which has the limits.

`python -m hocvuso.library.publishing BUNDLES SOURCE MEMORY SECONDS LENGTH`.

What it is told goes in by arguments, what it found goes out as JSON: it knows no database, no secret and no settings.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from dataclasses import asdict
from pathlib import Path

from hocvuso.base.processes import NICE, die_with


def limit(memory: int, seconds: int, length: int) -> None:
    """So much memory, time and length of files; no core file, and no life of its own."""
    die_with(os.getppid())
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, length),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    os.nice(NICE)


def main(bundles: str, source: str, *limits: str) -> None:
    """Print `{"compiled": …}`, or `{"faults": …}` of a source, or `{"archive": …}` where there is none."""
    memory, seconds, length = map(int, limits)
    limit(memory, seconds, length)
    from django.conf import settings

    settings.configure(BUNDLES=Path(bundles))
    from hocvuso.library.publishing.archive import BadArchive, unpack
    from hocvuso.library.publishing.compile import compile_programme
    from hocvuso.library.source.reader import SourceError, read_programme

    told: dict[str, object]
    try:
        folder = unpack(sys.stdin.buffer.read(), Path(source))
        told = {"compiled": asdict(compile_programme(read_programme(folder)))}
    except BadArchive as error:
        told = {"archive": str(error)}
    except SourceError as error:
        told = {"faults": [asdict(fault) for fault in error.faults]}
    answer = json.dumps(told, ensure_ascii=False).encode()
    if len(answer) > length:
        raise SystemExit(1)
    sys.stdout.buffer.write(answer)


main(*sys.argv[1:])
