"""Hooks in: check a request, keep its body, answer after the commit. Reading happens later, from the inbox.

    head  -> door (404, 405), compressed or plainly not JSON (415), nobody we believe (401)
    body  -> size and time while it streams in (413, 408), signature (401), type and syntax (415, 400)
    inbox -> 202 accepted, 200 duplicate, 503 too busy or cannot be stored

Plain ASGI: this is the one path where thousands of requests a second may arrive. One line is logged per request, with
the path's template and never the path, which may hold a secret.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_hex

import msgspec

from statuswire.access.settings import Network
from statuswire.engine.arrivals import Overloaded
from statuswire.engine.clock import Clock
from statuswire.engine.inbox import Inbox
from statuswire.errors import StoreError
from statuswire.metrics import Metrics
from statuswire.model import Hook
from statuswire.web import problems
from statuswire.web.asgi import Answer, Receive, Scope, header_map
from statuswire.web.bodies import check_body, check_head
from statuswire.web.doors import ANY_METHODS, Doors
from statuswire.web.limits import Buckets, read_body
from statuswire.web.peers import peer_of
from statuswire.web.problems import Refusal
from statuswire.web.samples import sample_bodies
from statuswire.web.trust import Believed, Door, HookSettings, Unproven, Way, decide, prove

log = logging.getLogger(__name__)

_ID_HEADERS = ("webhook-id", "svix-id", "x-github-delivery")
_KEPT_HEADERS = ("content-type", "user-agent", *_ID_HEADERS, "x-github-event", "x-betteruptime-event")
"""Headers that are stored with a body: none that holds a secret, a cookie or a signature."""

_MAX_ID = 200
_MAX_HEADER = 1000
_STORE_RETRY_S = 30
_GUESSES = frozenset({401, 404})
"""Statuses of which a network may cause only so many: each may be a guess at an address or a signature."""

_FLOODS = frozenset({"too_many_refusals", "overloaded"})
"""Answers that come in thousands when they come: counted, but not a line each."""

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a believed body."""

    message_id: str
    is_new: bool


def _new_id() -> str:
    return "hook_" + token_hex(12)


class Hooks:
    """All hook paths: `find` tells whether a path is one, `answer` does the rest."""

    def __init__(
        self,
        inbox: Inbox,
        settings: HookSettings,
        doors: Doors,
        clock: Clock,
        metrics: Metrics,
        *,
        proxies: Sequence[Network] = (),
        new_id: Callable[[], str] = _new_id,
        refusals: Buckets | None = None,
    ) -> None:
        self._inbox = inbox
        self._settings = settings
        self._doors = doors
        self._clock = clock
        self._metrics = metrics
        self._proxies = proxies
        self._new_id = new_id
        self._refusals = refusals or Buckets()
        self._warned: set[str] = set()

    def find(self, path: str) -> Door | Refusal | None:
        return self._doors.find(path)

    async def answer(self, found: Door | Refusal, scope: Scope, receive: Receive) -> Answer:
        """Answer one request to the door that `find` gave for its path."""
        started_s = self._clock.monotonic()
        outcome = await self._take(found, scope, receive)
        if isinstance(outcome, Refusal):
            outcome = self._limit(outcome, scope)
        self._note(found, outcome, self._clock.monotonic() - started_s)
        return problems.answer(outcome) if isinstance(outcome, Refusal) else _accepted(outcome)

    # --- one request -------------------------------------------------------------------------------------------

    async def _take(self, found: Door | Refusal, scope: Scope, receive: Receive) -> Kept | Refusal:
        methods = found.methods if isinstance(found, Door) else ANY_METHODS
        if scope["method"] not in methods:
            sent_by = " or ".join(methods)
            return Refusal("method_not_allowed", f"Hooks are sent by {sent_by}.", allow=", ".join(methods))
        if isinstance(found, Refusal):
            return found
        headers = header_map(scope["headers"])
        peer = peer_of(scope, self._proxies)
        trust = decide(found, headers, self._settings, is_from_beyond=peer.is_relayed and peer.by_trusted)
        if isinstance(trust, Refusal):
            return trust
        if peer.is_relayed and isinstance(trust, Believed) and trust.way is Way.LOOPBACK:
            self._warn(found)
        is_test = found.source == "test"
        if not is_test and (refusal := check_head(headers)):
            return refusal
        limits = self._settings
        body = await read_body(receive, headers, max_bytes=limits.max_body_bytes, deadline_s=limits.body_deadline_s)
        if isinstance(body, Refusal):
            return body
        return await self._admit(found, headers, body, trust, is_test=is_test)

    async def _admit(
        self, door: Door, headers: Mapping[str, str], body: bytes, trust: Believed | Unproven, *, is_test: bool
    ) -> Kept | Refusal:
        now = self._clock.now()
        if isinstance(trust, Unproven):
            proven = prove(trust, body, headers, now)
            if isinstance(proven, Refusal):
                return proven
            trust = proven
        if not is_test and (refusal := check_body(body, headers, trust, now)):
            return refusal
        message_id = trust.signed_id or _sent_id(headers) or self._new_id()
        hooks = self._samples(door, message_id, now) if is_test else [_hook(door, message_id, body, headers, now)]
        return await self._keep(hooks, message_id, is_reserved=trust.is_authenticated)

    async def _keep(self, hooks: Iterable[Hook], message_id: str, *, is_reserved: bool) -> Kept | Refusal:
        try:
            are_new = [await self._inbox.accept(hook, is_reserved=is_reserved) for hook in hooks]
        except Overloaded as error:
            wait_s = int(error.retry_after.total_seconds())
            return Refusal("overloaded", "Too many hooks are waiting; send it again.", retry_after_s=wait_s)
        except StoreError as error:
            log.error("hook not stored reason=%s %s", error.reason, error)
            detail = "The body could not be stored and is not accepted; send it again."
            return Refusal("store_unavailable", detail, retry_after_s=_STORE_RETRY_S)
        return Kept(message_id, any(are_new))

    def _samples(self, door: Door, message_id: str, now: datetime) -> list[Hook]:
        """The hooks of one sample incident, opened and at once resolved."""
        return [
            Hook(door.source, f"{message_id}/{number}", door.platform, body, now, {"content-type": "application/json"})
            for number, body in enumerate(sample_bodies(message_id, now), 1)
        ]

    def _warn(self, door: Door) -> None:
        """Once for each path: what a tunnel brings is as good as what this machine sends, and more can reach it."""
        if door.path not in self._warned:
            self._warned.add(door.path)
            log.warning(
                "unsigned hooks come through a tunnel or proxy path=%s: whoever learns its address can post; give the"
                " provider a secret address, set hooks.secrets, or name the proxy in auth.proxies to have them refused",
                door.path,
            )

    # --- afterwards --------------------------------------------------------------------------------------------

    def _limit(self, refusal: Refusal, scope: Scope) -> Refusal:
        if refusal.status not in _GUESSES or scope.get("client") is None:
            return refusal
        if self._refusals.allows(peer_of(scope, self._proxies).network, self._clock.monotonic()):
            return refusal
        detail = "Too many requests from this network were refused; wait a little."
        return Refusal("too_many_refusals", detail, retry_after_s=self._refusals.retry_after_s)

    def _note(self, found: Door | Refusal, outcome: Kept | Refusal, seconds: float) -> None:
        source, path = (found.source, found.path) if isinstance(found, Door) else ("other", "-")
        if isinstance(outcome, Refusal):
            answer, level = outcome.code, logging.DEBUG if outcome.code in _FLOODS else logging.INFO
            self._metrics.answered(source, answer)
        else:
            answer, level = "accepted" if outcome.is_new else "duplicate", logging.DEBUG
            self._metrics.answered(source, answer, seconds)
        if log.isEnabledFor(level):
            log.log(level, "hook path=%s source=%s answer=%s ms=%.1f", path, source, answer, seconds * 1000)


def _accepted(kept: Kept) -> Answer:
    if kept.is_new:
        return Answer(202, _encode({"status": "accepted", "id": kept.message_id}))
    return Answer(200, _encode({"status": "duplicate", "id": kept.message_id}))


def _sent_id(headers: Mapping[str, str]) -> str:
    """The message id that an unsigned sender gives: good enough to drop its own repeats, and no more."""
    return next((headers[name] for name in _ID_HEADERS if headers.get(name)), "")


def _hook(door: Door, message_id: str, body: bytes, headers: Mapping[str, str], now: datetime) -> Hook:
    return Hook(
        source=door.source,
        message_id=_stored_id(door, message_id),
        platform=door.platform,
        body=body,
        received_at=now,
        headers={name: headers[name][:_MAX_HEADER] for name in _KEPT_HEADERS if name in headers},
        page_slug=door.page_slug,
        provider=door.provider,
    )


def _stored_id(door: Door, message_id: str) -> str:
    """Unique within the door: two providers, or two pages, may well count their messages alike."""
    if len(message_id) > _MAX_ID:
        message_id = "sha256:" + sha256(message_id.encode("utf-8", "replace")).hexdigest()
    scope = door.page_slug or door.provider
    return f"{scope}/{message_id}" if scope else message_id
