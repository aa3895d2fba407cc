"""Programmes that somebody sends in are unpacked, read and compiled by a process of their own, within limits.

What reads strangers' files is large and not ours (XML, pictures, Markdown, ZIP): it may run out of memory, run on, or
abort. Here that is a refusal, and the worker goes on. The process has nothing to lose: no database, no secret.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from ..source.checks import Finding
from ..source.reader import Fault, SourceError
from . import sources, store
from .archive import BadArchive, programme_in
from .compile import Compiled

MOST_MEMORY = 1024**3  # bytes of address space, of which a part is never used
LONGEST = 60  # seconds, of the clock and of the processor
MOST_ANSWER = 16 * 1024 * 1024  # bytes of any file it writes, and of what it answers
_PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL")
_ONE = threading.Lock()  # one at a time in each worker: together they would be as large as they are many


def compile_archive(content: bytes) -> Compiled:
    """What a ZIP of a programme's folder compiles to, its bundle stored. Raises BadArchive, SourceError."""
    settings.BUNDLES.mkdir(parents=True, exist_ok=True)
    with _ONE, TemporaryDirectory(prefix=".new-", dir=settings.BUNDLES) as folder:
        told = _told(content, Path(folder))
        if "compiled" not in told:
            _refuse(told)
        for made in (Path(folder) / "bundles").iterdir():
            store.adopt(made)
        found = told["compiled"]
        sources.keep(programme_in(Path(folder) / "source"), found["source_hash"])
    return Compiled(**found | {"findings": [Finding(**finding) for finding in found["findings"]]})


def _told(content: bytes, folder: Path) -> dict[str, Any]:
    """What the process answers. Raises BadArchive where it does not."""
    bundles, source = folder / "bundles", folder / "source"
    bundles.mkdir()
    source.mkdir()
    limits = map(str, (MOST_MEMORY, LONGEST, MOST_ANSWER))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "hocvuso.library.publishing", bundles, source, *limits],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST,
            check=True,
            cwd=settings.ROOT,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ} | {"MALLOC_ARENA_MAX": "2"},
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise BadArchive("đọc tệp này quá lâu, quá tốn bộ nhớ, hoặc không đọc nổi; hãy bớt hình và chữ") from error
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _refuse(told: dict[str, Any]) -> None:
    if "archive" in told:
        raise BadArchive(told["archive"])
    raise SourceError([Fault(**fault) for fault in told["faults"]])
