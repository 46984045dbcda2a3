"""Waiting for a condition of another process, with a bound."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

LOOK_S = 0.02

BUSY_S = 3.0
"""What a machine may add that runs other tests beside this one, where no database's clock was there to measure."""


def wait_until(is_reached: Callable[[], bool], what: str, patience_s: float = 30.0) -> None:
    """Look again and again until it is so. Raises AssertionError after `patience_s`."""
    deadline = time.monotonic() + patience_s
    pause = threading.Event()
    while not is_reached():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {patience_s:.0f} s in vain for {what}")
        pause.wait(LOOK_S)
