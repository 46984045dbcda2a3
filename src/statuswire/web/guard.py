"""Who stands behind a request, whether they may do what they ask, and the answer where they may not.

    Host ─ who ─ how often ─ may they ─ was it a page of ours that sent the change ─ view

Whoever says nothing of themselves is the machine's own user where the service listens on loopback alone, unless
somebody has to sign in; nobody otherwise. A token counts in the Authorization header only: what stands in an address
ends in logs and histories.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from functools import partial
from typing import TypeVar
from urllib.parse import quote

from statuswire.access import sessions, tokens
from statuswire.errors import StoreError
from statuswire.model import Account, ApiToken, Principal, PrincipalKind, Session
from statuswire.store import Tx, queries
from statuswire.web import problems
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.html import see_other
from statuswire.web.limits import Buckets
from statuswire.web.needs import MACHINE, NOBODY, Need, allows
from statuswire.web.parts import AppParts
from statuswire.web.peers import WRONG_HOST, is_our_host, origin_fault
from statuswire.web.problems import Refusal

log = logging.getLogger(__name__)

T = TypeVar("T")

BURST = 200
PER_SECOND = 50.0
READ_DEADLINE_S = 5.0
TOKEN_TOUCH_EVERY = timedelta(minutes=1)
_CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_PROBES = frozenset({"/health/live"})
"""Asked by address alone, as supervisors do."""

_BAD_TOKEN = Refusal("bad_token", "This token is not known, or it is over, or it was revoked.")
_STALE = Refusal("stale_form", "This form is out of date: open the page again and repeat it.")
_TOO_MANY = Refusal("too_many_requests", "Too many requests: slow down a little.", retry_after_s=1)


class Guard:
    """Of one application: it remembers how often who has asked."""

    def __init__(self, parts: AppParts) -> None:
        self._parts = parts
        self._buckets = Buckets(burst=BURST, per_second=PER_SECOND)

    def misdirected(self, ask: Ask) -> Refusal | None:
        """Why a request that calls us by this name is not answered at all."""
        is_loopback = self._parts.settings.is_loopback
        if ask.path in _PROBES or is_our_host(ask.scope, self._parts.access, is_loopback=is_loopback):
            return None
        return WRONG_HOST

    async def admit(self, ask: Ask, need: Need) -> Refusal | None:
        """Find out who asks and note it in `ask`; why they may not, None where they may.

        Raises StoreError and TimeoutError where that cannot be found out, and RefusedRequest for a body that cannot be
        read.
        """
        who, key = await self._identify(ask, need)
        if key and ask.path not in _PROBES and not self._buckets.allows(key, self._parts.clock.monotonic()):
            return _TOO_MANY
        if isinstance(who, Refusal):
            return who
        ask.principal = who
        if not allows(who, need, is_public=self._parts.is_public):
            return refusal(who, need)
        return await _forged(ask)

    # --- who ---------------------------------------------------------------------------------------------------

    async def _identify(self, ask: Ask, need: Need) -> tuple[Principal | Refusal, str]:
        """Who asks, and under what their requests are counted; empty where they are not."""
        try:
            found = await self._known(ask)
        except (StoreError, TimeoutError):
            if need is not Need.OPEN:
                raise
            found = None
        if isinstance(found, Refusal) and need is Need.OPEN:
            found = None
        if found is None:
            return (MACHINE, "") if self._is_open(ask) else (NOBODY, ask.peer.network)
        return found if isinstance(found, tuple) else (found, ask.peer.network)

    def _is_open(self, ask: Ask) -> bool:
        """Whether one may come in without a word."""
        is_required = self._parts.access.is_required
        if is_required is None:
            return self._parts.settings.is_loopback and not ask.peer.is_relayed
        return not is_required

    async def _known(self, ask: Ask) -> tuple[Principal, str] | Refusal | None:
        """Whoever shows something that we know; None where nothing is shown, or a cookie that counts no more."""
        scheme, _, given = ask.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return await self._by_token(given.strip())
        name = sessions.cookie_name(is_https=ask.peer.is_https)
        shown = sessions.shown_in(ask.headers.get("cookie", ""), name)
        digest = sessions.digest_of(shown) if shown else None
        return await self._by_session(digest) if digest is not None else None

    async def _by_token(self, given: str) -> tuple[Principal, str] | Refusal:
        digest = tokens.digest_of(given)
        found = None if digest is None else await self._read(partial(queries.token_by_digest, digest=digest))
        if found is None or not self._counts(*found):
            return _BAD_TOKEN
        token, owner = found
        now = self._parts.clock.now()
        if token.used_at is None or now - token.used_at >= TOKEN_TOUCH_EVERY:
            self._write_later(partial(queries.touch_token, id_=token.id, now=now))
        return tokens.principal_of(token, owner), f"token {token.id}"

    def _counts(self, token: ApiToken, owner: Account | None) -> bool:
        is_over = token.expires_at is not None and token.expires_at <= self._parts.clock.now()
        is_orphan = owner is not None and owner.disabled_at is not None
        return not (is_over or is_orphan or token.revoked_at is not None)

    async def _by_session(self, digest: bytes) -> tuple[Principal, str] | None:
        found: Session | None = await self._read(partial(queries.session_by_digest, digest=digest))
        now = self._parts.clock.now()
        if found is None or sessions.is_over(found, now):
            return None
        if now - found.seen_at >= sessions.TOUCH_EVERY:
            self._write_later(partial(queries.touch_session, digest=digest, now=now))
        return sessions.principal_of(found), f"account {found.account.id}"

    async def _read(self, work: Callable[[Tx], T]) -> T:
        async with asyncio.timeout(READ_DEADLINE_S):
            return await asyncio.to_thread(self._parts.store.read, work)

    def _write_later(self, work: Callable[[Tx], None]) -> None:
        """When something was last used is worth no waiting, and no failing."""
        try:
            self._parts.store.submit(work).add_done_callback(_noted)
        except StoreError as error:
            log.warning("last use not noted reason=%s %s", error.reason, error)


def _noted(done: Future[None]) -> None:
    error = done.exception()
    if error is not None:
        log.warning("last use not noted: %s", error)


async def _forged(ask: Ask) -> Refusal | None:
    """Why a change is not made for them: somebody else's page may have sent it in their name."""
    is_socket = ask.scope["type"] == "websocket"
    if ask.principal.kind is PrincipalKind.TOKEN or (ask.method not in _CHANGES and not is_socket):
        return None
    if is_socket:
        return origin_fault("GET", ask.headers, is_https=ask.peer.is_https) if "origin" in ask.headers else None
    fault = origin_fault(ask.method, ask.headers, is_https=ask.peer.is_https)
    if fault is not None or not ask.principal.csrf:
        return fault
    given = ask.headers.get("x-csrf-token") or ((await ask.form()).get("csrf", "") if ask.is_form else "")
    is_theirs = hmac.compare_digest(given.encode("utf-8", "replace"), ask.principal.csrf.encode())
    return None if is_theirs else _STALE


# --- the answer where they may not -------------------------------------------------------------------------------


def refusal(principal: Principal, need: Need) -> Refusal:
    """Why they may not."""
    if principal.kind is PrincipalKind.NOBODY:
        return Refusal("unauthenticated", "Sign in at /sign-in, or send an API token: `Authorization: Bearer sw_...`.")
    return Refusal("forbidden", f"This needs the right to {need}; {principal.name} does not have it.")


def is_for_a_person(ask: Ask) -> bool:
    """Whether a page is asked for, as browsers do: at an address, or by sending a form."""
    return (ask.method in ("GET", "HEAD") or ask.is_form) and "text/html" in ask.headers.get("accept", "")


def answer(ask: Ask, refused: Refusal) -> Answer:
    """The problem document, or the way to sign in where a person asks for a page."""
    if refused.code != "unauthenticated" or ask.is_form or not is_for_a_person(ask):
        return problems.answer(refused)
    query = f"?{ask.query.decode('latin-1')}" if ask.query else ""
    return see_other(f"/sign-in?next={quote(ask.path + query, safe='')}")
