"""A Maildir that somebody else delivers to (https://cr.yp.to/proto/maildir.html, checked 2026-11).

A mail is ours once it is kept in the inbox: then it is moved to `cur` with the flag `S` (seen), which is what is
remembered over restarts. A crash between the two means that it is read again, and its message id is known. What can
never be read is marked seen too; what could not be stored stays for the next look. Nothing is ever deleted.

Not the standard library's `mailbox`: it reads a mail whole before anybody can ask for its size, and has no way to
read the flags of one without that (Python 3.11).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from statuswire.engine.arrivals import Overloaded
from statuswire.engine.clock import Clock
from statuswire.errors import ParseError, StoreError
from statuswire.mail.intake import Intake
from statuswire.platforms.email_message import MAX_BYTES

log = logging.getLogger(__name__)

WAY = "maildir"
BATCH = 200
"""Mails taken at one look, oldest first."""


class Maildir:
    """Looks at one Maildir again and again."""

    def __init__(self, path: Path, intake: Intake, clock: Clock, interval: timedelta) -> None:
        self._path = path
        self._intake = intake
        self._clock = clock
        self._interval_s = interval.total_seconds()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self.look()
            await self._clock.sleep(self._interval_s)

    async def look(self) -> int:
        """Take what is unseen; how many mails are done with. What stops it is logged and tried at the next look."""
        try:
            waiting = await asyncio.to_thread(unseen, self._path)
        except OSError as error:
            log.error("maildir not read path=%s %s", self._path, error)
            return 0
        done = 0
        for mail in waiting:
            try:
                await self._take(mail)
            except (Overloaded, StoreError, OSError) as error:
                log.error("mail left for later file=%s %s", mail.name, error)
                break
            done += 1
        return done

    async def _take(self, mail: Path) -> None:
        """Raises Overloaded, StoreError and OSError, and then it stays unseen."""
        try:
            raw = await asyncio.to_thread(_content, mail)
            if raw is None:
                return
            await self._intake.take(raw, None, WAY)
        except ParseError as error:
            log.warning("refused way=%s file=%s reason=%s %s", WAY, mail.name, error.reason, error)
        await asyncio.to_thread(mark_seen, mail)


def unseen(path: Path) -> Sequence[Path]:
    """The oldest mails in `new` and those in `cur` without the flag S. Raises OSError."""
    fresh = [one for one in (path / "new").iterdir() if not one.name.startswith(".")]
    current = path / "cur"
    moved = [one for one in current.iterdir() if "S" not in _flags(one.name)] if current.is_dir() else []
    return sorted((*fresh, *moved), key=lambda one: (one.name.partition(".")[0].zfill(20), one.name))[:BATCH]


def mark_seen(mail: Path) -> None:
    """Move it to `cur` as seen; one that somebody else has moved meanwhile is theirs. Raises OSError."""
    base, flags = mail.name.partition(":2,")[0], _flags(mail.name)
    current = mail.parent.parent / "cur"
    current.mkdir(exist_ok=True)
    try:
        mail.rename(current / f"{base}:2,{''.join(sorted({*flags, 'S'}))}")
    except FileNotFoundError:
        log.debug("moved meanwhile file=%s", mail.name)


def _flags(name: str) -> str:
    return name.partition(":2,")[2]


def _content(mail: Path) -> bytes | None:
    """One byte more than may be read shows that it is too large. None where it has gone meanwhile. Raises OSError."""
    try:
        with mail.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
