"""Files of strangers are read apart, where what reads them is not ours to bound: in a process of its own.

That process has little memory, little time and no environment (no secret, no database): a library that aborts, swells
or never ends takes nothing with it but the file.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from hocvuso.base.processes import die_with, hold_back

ROOT = Path(__file__).parents[2]
MOST_MEMORY = 1024 * 1024 * 1024  # bytes of address space, of which a part is never used
MOST_SECONDS = 20
_REFUSED = 3  # how the process ends when the reader refuses; what it writes then is why

type Reader = Callable[[bytes], bytes]


class Unread(ValueError):
    """The file was not read; says why, or nothing where its reader did not come to an end."""


def read(reader: Reader, content: bytes, *, seconds: float = MOST_SECONDS, memory: int = MOST_MEMORY) -> bytes:
    """What a reader, a function of a module, makes of a file. Raises Unread: it refused (ValueError) or was ended."""
    command = [
        sys.executable,
        "-m",
        __name__,
        reader.__module__,
        reader.__qualname__,
        str(memory),
        str(int(seconds) + 1),
    ]
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=seconds, env=environment)
    except subprocess.TimeoutExpired:
        raise Unread from None
    if done.returncode == 0:
        return done.stdout
    raise Unread(done.stdout.decode("utf-8", "replace") if done.returncode == _REFUSED else "")


def _bounded(memory: int, seconds: int) -> None:
    die_with(os.getppid())
    hold_back(memory=memory)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main(module: str, name: str, memory: str, seconds: str) -> int:
    """In that process: read the file that comes in, write what was made of it."""
    content = sys.stdin.buffer.read()
    reader: Reader = getattr(import_module(module), name)
    _bounded(int(memory), int(seconds))
    try:
        sys.stdout.buffer.write(reader(content))
    except ValueError as refused:
        sys.stdout.buffer.write(str(refused).encode("utf-8", "replace"))
        return _REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
