"""`/signals/{token}`: what our own monitoring says, kept before it is answered.

    head ─ address (404), method (405), compressed or no JSON (415)
    body ─ size and time (413, 408), JSON (400), whose it is and what it says (400), Sentry's signature (401)
    store ─ 202 with what became of it, 200 where nothing was new, 503 where it cannot be stored

A signal makes no event and changes no status. What says of no page that is watched is passed over and counted, for an
address of all pages is given to senders that know of more; only who names a page itself is told that there is none.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import msgspec

from statuswire.config.signals import SignalsConfig
from statuswire.errors import ParseError, SignatureError, StoreError
from statuswire.model import Document, DocumentKind, SignalSource, SignalWord
from statuswire.platforms.reading import load_json
from statuswire.signals import Place, Plan, Reading, Rule, Sender, place, sender_of
from statuswire.signing import verify
from statuswire.store import Tx, queries
from statuswire.web import problems
from statuswire.web.asgi import Answer, Receive, Scope, header_map
from statuswire.web.bodies import check_body, check_head
from statuswire.web.doors import ANY_METHODS, NOT_FOUND
from statuswire.web.limits import Buckets, read_body
from statuswire.web.parts import AppParts
from statuswire.web.peers import peer_of
from statuswire.web.problems import Refusal
from statuswire.web.trust import SIGNATURE_CODES, Believed, Way

log = logging.getLogger(__name__)

PATH = "/signals/{token}"
_STORE_RETRY_S = 30
_GUESSES = frozenset({401, 404})
_BELIEVED = Believed(Way.ADDRESS)

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one body. `names_none`: it named a page that is not watched, and nothing else."""

    source: SignalSource
    new: int = 0
    known: int = 0
    unplaced: int = 0
    names_none: str = ""


class Taking:
    """Answers every request to an address for signals."""

    def __init__(self, parts: AppParts, refusals: Buckets | None = None) -> None:
        self._parts = parts
        self._refusals = refusals or Buckets()

    async def answer(self, scope: Scope, receive: Receive) -> Answer:
        headers = header_map(scope["headers"])
        found = await self._taken(scope, headers, receive)
        if isinstance(found, Taken) and found.names_none:
            found = Refusal("unknown_page", f"No page {found.names_none!r} is watched.")
        if isinstance(found, Refusal):
            found = self._limited(found, scope)
            self._parts.metrics.signalled("", "refused")
            log.info("signal path=%s answer=%s %s", PATH, found.code, found.detail)
            return problems.answer(found)
        self._count(found)
        return _said(found)

    async def _taken(self, scope: Scope, headers: Mapping[str, str], receive: Receive) -> Taken | Refusal:
        slug = self._slug(scope["path"])
        if slug is None:
            return NOT_FOUND
        if scope["method"] not in ANY_METHODS:
            allow = ", ".join(ANY_METHODS)
            return Refusal("method_not_allowed", "Signals are sent by POST or PUT.", allow=allow)
        refusal = check_head(headers)
        if refusal is not None:
            return refusal
        limits = self._parts.settings
        body = await read_body(receive, headers, max_bytes=limits.max_body_bytes, deadline_s=limits.body_deadline_s)
        if isinstance(body, Refusal):
            return body
        now = self._parts.clock.now()
        read = self._read(body, headers, now)
        return read if isinstance(read, Refusal) else await self._kept(*read, slug, now)

    def _slug(self, path: str) -> str | None:
        """The page of the address, empty for that of all pages where there is one, None where there is nothing."""
        slug = self._parts.addresses.signal_slug(path.removeprefix("/signals/"))
        is_closed = slug == "" and not self._parts.config().signals.shared
        return None if is_closed else slug

    # --- what it says ------------------------------------------------------------------------------------------

    def _read(
        self, body: bytes, headers: Mapping[str, str], now: datetime
    ) -> tuple[SignalSource, Sequence[Reading]] | Refusal:
        refusal = check_body(body, headers, _BELIEVED, now)
        if refusal is not None:
            return refusal
        try:
            document = Document(body, now, kind=DocumentKind.HOOK, headers=headers)
            content = cast("dict[str, object]", load_json(document))
            sender = sender_of(headers, content)
            refusal = self._unsigned(sender, body, headers, now)
            return refusal or (sender.source, sender.read(headers, content, now))
        except ParseError as error:
            return Refusal("bad_signal", f"{str(error)[:1].upper()}{str(error)[1:]}.")

    def _unsigned(self, sender: Sender, body: bytes, headers: Mapping[str, str], now: datetime) -> Refusal | None:
        """Why a body of Sentry is not believed, where its secret is known here."""
        secrets = self._parts.config().signals.sentry_secrets()
        if sender.source is not SignalSource.SENTRY or not secrets:
            return None
        try:
            verify(body, headers, secrets, now, "sentry")
        except SignatureError as error:
            return Refusal(SIGNATURE_CODES[error.reason], f"{str(error)[:1].upper()}{str(error)[1:]}.")
        return None

    # --- keeping it --------------------------------------------------------------------------------------------

    async def _kept(
        self, source: SignalSource, readings: Sequence[Reading], slug: str, now: datetime
    ) -> Taken | Refusal:
        plan = plan_of(self._parts.config().signals)
        placed = [(one, place(one, plan, slug)) for one in readings]
        try:
            work = self._parts.store.submit(lambda tx: keep(tx, source, placed, now))
            return await asyncio.wrap_future(work)
        except StoreError as error:
            log.error("signal not stored reason=%s %s", error.reason, error)
            detail = "The signal could not be stored and is not accepted; send it again."
            return Refusal("store_unavailable", detail, retry_after_s=_STORE_RETRY_S)

    # --- afterwards --------------------------------------------------------------------------------------------

    def _limited(self, refusal: Refusal, scope: Scope) -> Refusal:
        if refusal.status not in _GUESSES or refusal.code == "unknown_page" or scope.get("client") is None:
            return refusal
        network = peer_of(scope, self._parts.access.proxies).network
        if self._refusals.allows(network, self._parts.clock.monotonic()):
            return refusal
        detail = "Too many requests from this network were refused; wait a little."
        return Refusal("too_many_refusals", detail, retry_after_s=self._refusals.retry_after_s)

    def _count(self, taken: Taken) -> None:
        counts = {"new": taken.new, "known": taken.known, "unplaced": taken.unplaced}
        for outcome, count in counts.items():
            self._parts.metrics.signalled(taken.source, outcome, count)
        if not any(counts.values()):
            self._parts.metrics.signalled(taken.source, "nothing")
        log.debug("signal path=%s source=%s %s", PATH, taken.source, counts)


def plan_of(config: SignalsConfig) -> Plan:
    rules = tuple(Rule(one.match, one.page, one.component) for one in config.rules)
    return Plan(rules, config.page_label, config.component_label)


def keep(tx: Tx, source: SignalSource, placed: Sequence[tuple[Reading, Place | None]], now: datetime) -> Taken:
    """Put the words in that are of a page we watch."""
    slugs = {where.page for _, where in placed if where is not None}
    pages = {slug: page.id for slug in slugs if (page := queries.page_by_slug(tx, slug)) is not None}
    words = [
        _word(one, pages[where.page], where.component, source, now)
        for one, where in placed
        if where is not None and where.page in pages
    ]
    if not words and len(placed) == 1 and placed[0][0].page:
        return Taken(source, names_none=placed[0][0].page)
    new = queries.add_signals(tx, words, now)
    return Taken(source, new, len(words) - new, len(placed) - len(words))


def _word(one: Reading, page_id: int, component: str, source: SignalSource, now: datetime) -> SignalWord:
    return SignalWord(page_id, component, source, one.key, one.state, one.at, one.title, one.url, now + one.lasts)


def _said(taken: Taken) -> Answer:
    status = "accepted" if taken.new else "duplicate" if taken.known else "ignored"
    body = {
        "status": status,
        "source": taken.source.value,
        "new": taken.new,
        "known": taken.known,
        "unplaced": taken.unplaced,
    }
    return Answer(202 if taken.new else 200, _encode(body))
