"""The C library's heap, told that memory matters more here than speed in many threads."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

M_ARENA_MAX: Final = -8
"""From glibc's `malloc.h`; mallopt(3), 2026-11-29."""

ARENAS: Final = 1


def spare_memory() -> bool:
    """One heap for all threads, where the C library is glibc; whether it is. To be called before there are threads.

    glibc gives each thread a heap of its own, up to eight for each core, and keeps what was freed in each. Our threads
    wait for the disk and hold Python's lock for the rest, so they would not be quicker for it.
    """
    if not sys.platform.startswith("linux"):
        return False
    library = ctypes.CDLL(None)
    if not hasattr(library, "gnu_get_libc_version"):
        return False
    return bool(library.mallopt(M_ARENA_MAX, ARENAS))
