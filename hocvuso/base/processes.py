"""Processes that work beside the site: nice to it, within limits, gone when it goes."""

from __future__ import annotations

import ctypes
import os
import resource
import signal

MOST_MEMORY = 2 * 1024**3  # bytes of address space, of which a part is never used
NICE = 10
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


def die_with(parent: int) -> None:
    """Let this process be killed when the process that began it ends; at once when that has happened already."""
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def hold_back(*, memory: int = MOST_MEMORY) -> None:
    """Give this process's time to others first, and let it have no more than so much memory."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    os.nice(max(0, NICE - os.nice(0)))
