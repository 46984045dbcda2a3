"""The web application: plain ASGI over the table of routes (`table.py`).

    hooks ─ doors.py, hooks.py                 believed by signature or secret address
    /signals/... ─ signals.py                  believed by secret address
    /control ─ control.py                      believed by the machine's own token
    all else ─ table.py ─ guard ─ view         who may ask is decided here, once, before the view is loaded

Nothing here needs a framework, and importing one would cost start-up time and memory that a table does not. Views are
loaded when first asked for.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from statuswire import extras
from statuswire.errors import StoreError
from statuswire.model import ReplicaRole
from statuswire.web import control, guard, problems
from statuswire.web.asgi import ACCEPTED, REFUSES_BY_ANSWER, Answer, App, Message, Receive, Scope, Send, send_answer
from statuswire.web.asking import Ask, View
from statuswire.web.doors import NOT_FOUND, Doors
from statuswire.web.guard import Guard
from statuswire.web.hooks import Hooks
from statuswire.web.needs import Need
from statuswire.web.parts import AppParts, Facts
from statuswire.web.problems import Refusal, RefusedRequest
from statuswire.web.routing import WEBSOCKET, Match, Router, Row
from statuswire.web.table import ROWS

__all__ = ["AppParts", "Facts", "create_app"]

log = logging.getLogger(__name__)

_ROUTER = Router(ROWS)
_TURNED_AWAY = "face.frame:turned_away"
_AS_PAGES = frozenset({"forbidden", "stale_form", "cross_origin"})

_NOWHERE = Row("GET", "", Need.SEE, "face.frame:nowhere")

API = "/api/"
SIGNALS = "/signals/"

NOT_HERE = Refusal("not_here", "Other processes of this installation do that (`roles`).", retry_after_s=10)

EVERYWHERE = frozenset({"/health", "/health/live", "/metrics"})
"""What every process answers, whatever its roles."""

Load = Callable[[str], Awaitable[View]]


async def load_view(name: str) -> View:
    """The view that a row names, loaded beside the loop, because some bring libraries with them."""
    module, _, function = name.partition(":")
    path = f"statuswire.web.{module}"
    if path not in sys.modules:
        await asyncio.to_thread(import_module, path)
    return cast(View, getattr(import_module(path), function))


def create_app(parts: AppParts, load: Load = load_view) -> App:
    """The ASGI application of one running service. `load` finds the view of a row."""
    doors = Doors(parts.platforms, parts.addresses)
    hooks = Hooks(parts.inbox, parts.settings, doors, parts.clock, parts.metrics, proxies=parts.access.proxies)
    guarded, signals = Guarded(parts, Guard(parts), load), Signals(parts)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            raise RuntimeError(f"no {scope['type']} here: only HTTP and WebSocket are served")
        try:
            answer = await _answer(guarded, hooks, signals, scope, receive, send)
        except Exception:
            log.exception("request failed method=%s", scope.get("method", WEBSOCKET))
            answer = problems.answer(Refusal("internal", "This is our fault; the log says more."))
        if answer is not None:
            await _send(scope, send, answer)

    return app


async def _send(scope: Scope, send: Send, answer: Answer) -> None:
    if scope["type"] != "websocket":
        await send_answer(send, answer, without_body=scope["method"] == "HEAD")
    elif REFUSES_BY_ANSWER in scope.get("extensions", {}) and ACCEPTED not in scope:
        await send_answer(send, answer, kind="websocket.http.response")
    else:
        await send({"type": "websocket.close", "code": 1008 if answer.status < 500 else 1011})


async def _answer(
    guarded: Guarded, hooks: Hooks, signals: Signals, scope: Scope, receive: Receive, send: Send
) -> Answer | None:
    path = scope["path"]
    is_signal = path.startswith(SIGNALS) and scope["type"] == "http"
    found = hooks.find(path) if scope["type"] == "http" else None
    if (found is not None or is_signal) and ReplicaRole.HOOKS not in guarded.parts.roles:
        return problems.answer(NOT_HERE)
    if is_signal:
        return await signals.answer(scope, receive)
    if found is not None:
        return await hooks.answer(found, scope, receive)
    if path == control.PATH and scope["type"] == "http":
        return await control.control(guarded.parts, scope, receive)
    return await guarded.answer(scope, receive, send)


class Signals:
    """Those who say how we are ourselves, loaded with the first of them."""

    def __init__(self, parts: AppParts) -> None:
        self._parts = parts
        self._answer: Callable[[Scope, Receive], Awaitable[Answer]] | None = None

    async def answer(self, scope: Scope, receive: Receive) -> Answer:
        if self._answer is None:
            module = await asyncio.to_thread(import_module, "statuswire.web.signals")
            self._answer = module.Taking(self._parts).answer
        return await self._answer(scope, receive)


class _Begun:
    """Sees with which status a view that answers by itself began to."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 200

    async def send(self, message: Message) -> None:
        self.status = message.get("status", self.status)
        await self._send(message)


@dataclass(frozen=True, slots=True)
class Guarded:
    """Everything of the table, behind the one guard."""

    parts: AppParts
    guard: Guard
    load: Load

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> Answer | None:
        match = _ROUTER.find(scope["path"])
        ask = Ask(self.parts, scope, receive, send, match.params if match is not None else {})
        misdirected = self.guard.misdirected(ask)
        if misdirected is not None:
            return problems.answer(misdirected)
        if match is None:
            return await self._nowhere(ask)
        if ReplicaRole.WEB not in self.parts.roles and scope["path"] not in EVERYWHERE:
            return problems.answer(NOT_HERE)
        row = _row(match, scope)
        if row is None:
            return problems.answer(_method_refused(match))
        return await self._counted(row, ask)

    async def _nowhere(self, ask: Ask) -> Answer | None:
        """Nothing is there: said to people as a page, below the API as everywhere else as a problem document."""
        is_page = guard.is_for_a_person(ask) and not ask.path.startswith(API)
        if not is_page or ReplicaRole.WEB not in self.parts.roles or extras.lacking("web"):
            return problems.answer(NOT_FOUND)
        return await self._see(_NOWHERE, ask)

    async def _counted(self, row: Row, ask: Ask) -> Answer | None:
        """What is answered, counted by the row's pattern: nothing that a caller writes becomes a label. Streams are not
        timed, and what they send is not looked at, for it goes to thousands."""
        clock, is_stream = self.parts.clock, row.view.startswith("live.")
        started, begun = clock.monotonic(), _Begun(ask.send)
        if not is_stream:
            ask.send = begun.send
        status = 500
        try:
            answer = await self._see(row, ask)
            status = begun.status if answer is None else answer.status
        finally:
            self.parts.metrics.requested(row.pattern, status, None if is_stream else clock.monotonic() - started)
        return answer

    async def _see(self, row: Row, ask: Ask) -> Answer | None:
        try:
            refused = await self.guard.admit(ask, row.need)
            if refused is not None:
                return await _refused(row, ask, refused)
            view = await self.load(row.view)
            return await view(ask)
        except RefusedRequest as error:
            return problems.answer(error.refusal)
        except ModuleNotFoundError as error:
            advice = extras.sentence(error)
            if not advice:
                raise
            return problems.answer(Refusal("not_installed", f"This {advice}."))
        except (StoreError, TimeoutError) as error:
            log.error("page not answered path=%s %s: %s", row.pattern, type(error).__name__, error)
            return problems.answer(Refusal("store_unavailable", "The database cannot be read now.", retry_after_s=10))


async def _refused(row: Row, ask: Ask, refused: Refusal) -> Answer | None:
    """A page of the dashboard that one may not see, and a form that is not taken, say so as a page; the rest as the
    guard does."""
    is_told = refused.code in _AS_PAGES or (refused.code == "unauthenticated" and ask.is_form)
    if not is_told or not row.view.startswith("face.") or not guard.is_for_a_person(ask):
        return guard.answer(ask, refused)
    ask.refused = refused
    return await (await load_view(_TURNED_AWAY))(ask)


def _row(match: Match, scope: Scope) -> Row | None:
    if scope["type"] == "websocket":
        return match.rows.get(WEBSOCKET)
    method = scope["method"]
    return match.rows.get("GET" if method == "HEAD" else method)


def _method_refused(match: Match) -> Refusal:
    methods = [method for row in match.rows for method in (("GET", "HEAD") if row == "GET" else (row,))]
    allow = ", ".join(method for method in methods if method != WEBSOCKET)
    return Refusal("method_not_allowed", f"Here is only {allow or 'a WebSocket'}.", allow=allow)
