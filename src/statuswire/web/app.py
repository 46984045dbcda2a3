"""The web application: a table of routes over plain ASGI.

Hook paths go straight to `hooks.py`, the few pages to their views. Nothing here needs a framework, and importing one
would cost start-up time and memory that this table does not.
"""

from __future__ import annotations

import logging

from statuswire.errors import StoreError
from statuswire.web import control, front, pages, problems
from statuswire.web.asgi import Answer, App, Receive, Scope, Send, send_answer
from statuswire.web.doors import NOT_FOUND, Doors
from statuswire.web.hooks import Hooks
from statuswire.web.pages import View
from statuswire.web.parts import AppParts, Facts
from statuswire.web.problems import Refusal

__all__ = ["ROUTES", "AppParts", "Facts", "create_app"]

log = logging.getLogger(__name__)

ROUTES: dict[str, View] = {
    "/": front.front,
    "/front.css": front.stylesheet,
    "/health": pages.health,
    "/health/live": pages.live,
    "/stats": pages.stats,
    "/status": pages.status,
    "/incidents": pages.incidents,
    "/metrics": pages.metrics,
}
"""Pages by path, all for GET and HEAD."""

_READING = "GET, HEAD"


def create_app(parts: AppParts) -> App:
    """The ASGI application of one running service."""
    doors = Doors(parts.platforms, parts.addresses)
    hooks = Hooks(parts.inbox, parts.settings, doors, parts.clock, parts.metrics)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"no {scope['type']} here: only HTTP is served")
        try:
            answer = await _answer(parts, hooks, scope, receive)
        except Exception:
            log.exception("request failed method=%s", scope["method"])
            answer = problems.answer(Refusal("internal", "This is our fault; the log says more."))
        await send_answer(send, answer, without_body=scope["method"] == "HEAD")

    return app


async def _answer(parts: AppParts, hooks: Hooks, scope: Scope, receive: Receive) -> Answer:
    path = scope["path"]
    found = hooks.find(path)
    if found is not None:
        return await hooks.answer(found, scope, receive)
    if path == control.PATH:
        return await control.control(parts, scope, receive)
    view = ROUTES.get(path) or ROUTES.get(path.rstrip("/"))
    if view is None:
        return problems.answer(NOT_FOUND)
    if scope["method"] not in ("GET", "HEAD"):
        return problems.answer(Refusal("method_not_allowed", f"Here is only {_READING}.", allow=_READING))
    return await _see(view, parts, scope)


async def _see(view: View, parts: AppParts, scope: Scope) -> Answer:
    try:
        return await view(parts, scope.get("query_string", b""))
    except (StoreError, TimeoutError) as error:
        log.error("page not answered path=%s %s: %s", scope["path"], type(error).__name__, error)
        return problems.answer(Refusal("store_unavailable", "The database cannot be read now.", retry_after_s=10))
