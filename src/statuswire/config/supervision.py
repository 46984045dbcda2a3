"""What systemd asks of a service that it runs, in the variables that it sets for it.

sd_notify(3) and sd_watchdog_enabled(3), checked 2026-11 with systemd 252.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Unit:
    """`socket` is where it listens, with a leading `@` for an abstract name; `watchdog` how long it bears with silence,
    None where it bears with any."""

    socket: str
    watchdog: timedelta | None = None


def unit_of(environ: Mapping[str, str], pid: int) -> Unit | None:
    """How this process is watched; None where nobody does. Other kinds of sockets than those of this machine (vsock)
    are for guests of a virtual machine, and count as none."""
    socket = environ.get("NOTIFY_SOCKET", "")
    if socket[:1] not in ("/", "@"):
        return None
    return Unit(socket, _watchdog(environ, pid))


def _watchdog(environ: Mapping[str, str], pid: int) -> timedelta | None:
    """WATCHDOG_PID says whom it is for: a child inherits the variables, and is not meant."""
    text = environ.get("WATCHDOG_USEC", "")
    is_for_us = environ.get("WATCHDOG_PID", str(pid)) == str(pid)
    if not (is_for_us and text.isascii() and text.isdecimal() and int(text) > 0):
        return None
    return timedelta(microseconds=int(text))
