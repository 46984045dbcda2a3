"""Keeping documents of pages with a contract: as received, by the SHA-256 of their bytes, beside what came of them.

What is kept of an address: each document that made events or changed what is known, the first of each month, and always
the last so far, which becomes the last of its month or goes when the next one comes. Of hooks only the first kind.
Headers are never kept, and where a secret of ours stands in a body, its bytes are not: their digest is.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from statuswire.config import Config
from statuswire.core.periods import month_at, needed_until
from statuswire.engine.ingest import Keep, Note
from statuswire.errors import StoreError, StoreReason
from statuswire.extras import optional
from statuswire.model import Contract, Document, Event, KeptDocument, Page, Source, Why
from statuswire.store import Tx, evidence

zstandard = optional("zstandard")

LEVEL: Final = 6
"""Of Zstandard: status pages repeat themselves, and higher levels gain little."""

LEAST_SECRET: Final = 8
"""A shorter word is in many a body by chance."""


def keeper(config: Config, token: Callable[[str], str]) -> Keep:
    """Who keeps documents by the contracts of the configuration. `token` is the secret word of a page's own address."""
    headers = (value for some in config.credentials().values() for value in some.values())
    signing = (value for some in config.hooks.revealed().values() for value in some)
    return Keeper(config.promises.values(), (*headers, *signing), token).keep


class Keeper:
    """Decides which documents are kept, and keeps them."""

    def __init__(self, contracts: Iterable[Contract], secrets: Iterable[str], token: Callable[[str], str]) -> None:
        by_page: dict[str, list[Contract]] = defaultdict(list)
        for one in contracts:
            by_page[one.page].append(one)
        self._by_page: Mapping[str, Sequence[Contract]] = dict(by_page)
        self._secrets = tuple(sorted({part for one in secrets for part in one.split() if len(part) >= LEAST_SECRET}))
        self._token = token

    def keep(self, page: Page, document: Document, source: Source) -> Note | None:
        """What keeps this document, once it is known what came of it; None where the page has no contract."""
        contracts = self._by_page.get(page.slug)
        if contracts is None:
            return None
        words = [one.encode() for one in (*self._secrets, self._token(page.slug))]
        is_withheld = any(word in document.body for word in words)
        one = KeptDocument(
            page_id=page.id,
            digest=hashlib.sha256(document.body).hexdigest(),
            size_bytes=len(document.body),
            url=_without_secrets(document.url, words),
            source=source,
            received_at=document.received_at,
            served_at=document.served_at,
            why=Why.LATEST,
            needed_until=max(needed_until(each, document.received_at) for each in contracts),
            is_withheld=is_withheld,
        )
        packed = b"" if is_withheld else zstandard.ZstdCompressor(level=LEVEL).compress(document.body)
        return partial(_note, one, packed, contracts)


def _without_secrets(url: str, words: Sequence[bytes]) -> str:
    """The address without who asks and what is asked, which may be a key: of a query some digits of its digest are
    left, to tell addresses apart. Without a path where a secret stands in it."""
    parts = urlsplit(url)
    asked = f"~{hashlib.sha256(parts.query.encode('utf-8', 'replace')).hexdigest()[:8]}" if parts.query else ""
    path = "" if any(word in parts.path.encode("utf-8", "replace") for word in words) else parts.path
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], path, asked, ""))


def _note(
    one: KeptDocument, packed: bytes, contracts: Sequence[Contract], tx: Tx, events: Sequence[Event], is_news: bool
) -> None:
    """Keep it where there is a reason to, and let the one go that was the last until now. Raises StoreError."""
    told = [event.id for event in events if event.feed is None]
    before = evidence.latest_document(tx, one.page_id, one.url)
    is_turn = before is None or _turns(contracts, before.received_at, one.received_at)
    why = _why(bool(told), is_news, is_turn)
    if why not in (Why.EVENT, Why.CHANGE) and one.source is Source.HOOK:
        return
    if why is Why.LATEST and before is not None and before.digest == one.digest:
        return
    first, last = min(told, default=None), max(told, default=None)
    evidence.keep_document(tx, replace(one, why=why, first_event=first, last_event=last), packed)
    if before is not None and before.why is Why.LATEST:
        if is_turn:
            evidence.change_why(tx, before.id, Why.LAST)
        else:
            evidence.drop_document(tx, before)


def _why(has_told: bool, is_news: bool, is_turn: bool) -> Why:
    if has_told:
        return Why.EVENT
    if is_news:
        return Why.CHANGE
    return Why.FIRST if is_turn else Why.LATEST


def _turns(contracts: Sequence[Contract], before: datetime, now: datetime) -> bool:
    """Whether a month of any contract begins between the two."""
    return any(month_at(before, one.zone) != month_at(now, one.zone) for one in contracts)


# --- taking them out again -------------------------------------------------------------------------------------------


def unpacked(size: int, packed: bytes) -> bytes:
    """The bytes of a document. Raises StoreError where they cannot be had."""
    try:
        body: bytes = zstandard.ZstdDecompressor().decompress(packed, max_output_size=max(size, 1))
    except zstandard.ZstdError as error:
        raise StoreError(StoreReason.CORRUPT, f"a kept document cannot be read: {error}") from error
    return body


class Check(StrEnum):
    """How a kept document is: its bytes are those that its name says, they are others, or they are withheld."""

    GOOD = "good"
    DAMAGED = "damaged"
    WITHHELD = "withheld"


def read_document(tx: Tx, digest: str) -> bytes | None:
    """The bytes of a document; None where they are not kept, empty where they are withheld. Raises StoreError."""
    found = evidence.packed_document(tx, digest)
    if found is None:
        return None
    return unpacked(*found) if found[1] else b""


def check_document(tx: Tx, digest: str) -> Check:
    """Reckon the digest anew. Raises StoreError where the database cannot be read."""
    found = evidence.packed_document(tx, digest)
    if found is None or not found[1]:
        return Check.DAMAGED if found is None else Check.WITHHELD
    try:
        body = unpacked(*found)
    except StoreError:
        return Check.DAMAGED
    is_good = len(body) == found[0] and hashlib.sha256(body).hexdigest() == digest
    return Check.GOOD if is_good else Check.DAMAGED
