"""Folders of a mailbox on another machine, looked at by IMAP4rev1 (RFC 3501), read only.

A folder is opened with EXAMINE, so nothing in it changes and a person may read the same mailbox. What was read is
remembered in the database: the folder's UIDVALIDITY and the highest UID that is done with. A folder seen for the first
time, or made anew by its server, is read from the day before; message ids tell what is known already.

The client of the standard library talks in a worker thread: one conversation a look, with a time limit on every read,
and every mail asked for up to a size. It interpolates names of folders as they are, so they are quoted here.
"""

from __future__ import annotations

import asyncio
import imaplib
import logging
import re
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from statuswire.engine.arrivals import Overloaded
from statuswire.engine.clock import Clock
from statuswire.errors import FetchError, FetchReason, ParseError, StoreError
from statuswire.mail.intake import Intake
from statuswire.platforms.email_message import MAX_BYTES
from statuswire.store import Store, Tx, queries

log = logging.getLogger(__name__)

WAY = "imap"
BATCH = 50
"""Mails fetched in one conversation."""

TIMEOUT_S = 30.0
LONGEST_PAUSE_S = 900.0
FIRST_LOOK_BACK = timedelta(days=1)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UID = re.compile(rb"\bUID (\d{1,10})\b")


@dataclass(frozen=True, slots=True)
class Account:
    """How to log in. `certificates` (PEM) are of those who alone may vouch for it; empty: whom the machine trusts."""

    host: str
    port: int
    user: str
    password: str
    is_tls: bool = True
    certificates: str = ""

    def __repr__(self) -> str:
        return f"Account({self.user!r} at {self.host}:{self.port})"


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a folder is done with."""

    validity: int = 0
    uid: int = 0

    def __str__(self) -> str:
        return f"{self.validity}:{self.uid}"


@dataclass(frozen=True, slots=True)
class Found:
    """Mails of one folder by UID, ascending; `start` is the mark from which they were looked for."""

    start: Mark
    mails: tuple[tuple[int, bytes], ...]


class Mailbox:
    """Looks at some folders of one account again and again. `folders` maps each to the slug of its page, or to an empty
    text where the secret address in a mail tells it."""

    def __init__(
        self,
        account: Account,
        folders: Mapping[str, str],
        intake: Intake,
        store: Store,
        clock: Clock,
        interval: timedelta,
    ) -> None:
        self._account = account
        self._folders = folders
        self._intake = intake
        self._store = store
        self._clock = clock
        self._interval_s = interval.total_seconds()

    async def run(self) -> None:
        """Look until cancelled; after failures with growing pauses."""
        failures = 0
        while True:
            try:
                await self.look()
                failures = 0
            except (FetchError, StoreError, Overloaded) as error:
                failures += 1
                log.error("imap not read account=%r reason=%s %s", self._account, error.reason, error)
            await self._clock.sleep(min(self._interval_s * 2 ** min(failures, 10), self._longest_s()))

    def _longest_s(self) -> float:
        return max(self._interval_s, LONGEST_PAUSE_S)

    async def look(self) -> int:
        """Take what is new in all folders; how many mails are done with.

        Raises FetchError, and StoreError or Overloaded where something could not be kept; then it is met again.
        """
        return sum([await self._look_at(folder, slug) for folder, slug in self._folders.items()])

    async def _look_at(self, folder: str, slug: str) -> int:
        done = 0
        while True:
            mark = await asyncio.to_thread(self._store.read, partial(_load, name=self._key(folder)))
            found = await asyncio.to_thread(fetch, self._account, folder, mark, self._clock.now())
            await self._take(folder, slug, mark, found)
            done += len(found.mails)
            if len(found.mails) < BATCH:
                return done

    async def _take(self, folder: str, slug: str, known: Mark, found: Found) -> None:
        mark = found.start
        try:
            for uid, raw in found.mails:
                await self._keep(uid, raw, slug)
                mark = Mark(mark.validity, uid)
        finally:
            if mark != known:
                await asyncio.to_thread(self._store.write, partial(_save, name=self._key(folder), mark=mark))

    async def _keep(self, uid: int, raw: bytes, slug: str) -> None:
        try:
            await self._intake.take(raw, slug or None, WAY)
        except ParseError as error:
            log.warning("refused way=%s uid=%d reason=%s %s", WAY, uid, error.reason, error)

    def _key(self, folder: str) -> str:
        return f"mail_imap:{self._account.user}@{self._account.host}:{self._account.port}/{folder}"


def _load(tx: Tx, name: str) -> Mark:
    validity, _, uid = (queries.setting(tx, name) or "0:0").partition(":")
    return Mark(int(validity), int(uid))


def _save(tx: Tx, name: str, mark: Mark) -> None:
    queries.set_setting(tx, name, str(mark))


# --- one conversation --------------------------------------------------------------------------------------------


def fetch(account: Account, folder: str, mark: Mark, now: datetime) -> Found:
    """What is in the folder beyond the mark. Blocks. Raises FetchError."""
    with _wrapped(account), _logged_in(account) as client:
        _ok(client.select(_quoted(folder), readonly=True), f"opening the folder {folder}")
        validity = _number(client.response("UIDVALIDITY")[1])
        is_known = validity == mark.validity and mark.uid > 0
        start = mark if is_known else Mark(validity, 0)
        uids = _search(client, start, now)[:BATCH]
        return Found(start, tuple(_mails(client, uids)))


def _search(client: imaplib.IMAP4, start: Mark, now: datetime) -> list[int]:
    """UIDs in ascending order. `n:*` always has the last mail, even one of a smaller UID (RFC 3501 section 6.4.8)."""
    since = now - FIRST_LOOK_BACK
    day = f"{since.day:02d}-{_MONTHS[since.month - 1]}-{since.year}"
    terms = ("UID", f"{start.uid + 1}:*") if start.uid else ("SINCE", day)
    answer = _ok(client.uid("SEARCH", *terms), "searching")
    numbers = b" ".join(one for one in answer if isinstance(one, bytes)).split()
    return sorted(uid for uid in map(int, filter(bytes.isdigit, numbers)) if uid > start.uid)


def _mails(client: imaplib.IMAP4, uids: list[int]) -> Iterator[tuple[int, bytes]]:
    """Each without setting a flag, and one byte more than may be read, which shows that it is too large."""
    for uid in uids:
        answer = _ok(client.uid("FETCH", str(uid), f"(UID BODY.PEEK[]<0.{MAX_BYTES + 1}>)"), "fetching")
        yield uid, next((one[1] for one in answer if _is_mail(one, uid)), b"")


def _is_mail(part: object, uid: int) -> bool:
    """Whether a part of the answer is the literal with this mail: servers may slip in news of others."""
    if not isinstance(part, tuple) or len(part) < 2:
        return False
    told = _UID.search(part[0])
    return told is None or int(told[1]) == uid


@contextmanager
def _logged_in(account: Account) -> Iterator[imaplib.IMAP4]:
    client = _connected(account)
    try:
        _log_in(client, account)
        yield client
    finally:
        _leave(client)


def _log_in(client: imaplib.IMAP4, account: Account) -> None:
    """Raises FetchError where the server refuses; the text of its refusal may hold what was sent."""
    try:
        client.login(account.user, account.password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise FetchError(FetchReason.UNAUTHORIZED, "the server refuses user and password") from error


def _leave(client: imaplib.IMAP4) -> None:
    """The library's own way out leaves the socket open where the server has gone (Python 3.11)."""
    try:
        client.logout()
    except (imaplib.IMAP4.error, OSError) as error:
        log.debug("no farewell: %s", error)
        client.shutdown()


def _connected(account: Account) -> imaplib.IMAP4:
    if not account.is_tls:
        return imaplib.IMAP4(account.host, account.port, timeout=TIMEOUT_S)
    context = ssl.create_default_context(cadata=account.certificates or None)
    return imaplib.IMAP4_SSL(account.host, account.port, ssl_context=context, timeout=TIMEOUT_S)


@contextmanager
def _wrapped(account: Account) -> Iterator[None]:
    """Foreign exceptions as FetchError, told apart by what may be done about them."""
    where = f"{account.host}:{account.port}"
    try:
        yield
    except ssl.SSLError as error:
        raise FetchError(FetchReason.TLS, f"no TLS with {where}: {error.reason or error}") from error
    except TimeoutError as error:
        raise FetchError(FetchReason.TIMEOUT, f"{where} does not answer within {TIMEOUT_S:g} s") from error
    except OSError as error:
        raise FetchError(FetchReason.CONNECT, f"no connection with {where}: {error.strerror or error}") from error
    except (imaplib.IMAP4.error, ValueError) as error:
        raise FetchError(FetchReason.PROTOCOL, f"{where} breaks the protocol: {error}") from error


def _ok(answer: tuple[str, Sequence[Any]], doing: str) -> Sequence[Any]:
    """What the server sent beside its OK. Raises FetchError for a NO."""
    if answer[0] != "OK":
        raise FetchError(FetchReason.STATUS, f"the server says no to {doing}")
    return answer[1]


def _number(values: Sequence[Any]) -> int:
    told = values[0] if values else None
    return int(told) if isinstance(told, bytes) and told.isdigit() else 0


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
