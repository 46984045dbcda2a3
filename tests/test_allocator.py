"""The C library's heap."""

from __future__ import annotations

import platform
import subprocess
import sys

ASK = "from statuswire.allocator import spare_memory; print(spare_memory())"


def test_one_heap_for_all_threads_where_the_c_library_is_glibc() -> None:
    """In a process of its own, because it cannot be undone."""
    told = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)

    assert told.stdout == f"{platform.libc_ver()[0] == 'glibc'}\n"
