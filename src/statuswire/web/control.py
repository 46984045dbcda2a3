"""`POST /control`: what commands on this machine order of the running service.

Two things are asked for: that the sender is on this machine, and a token that is derived from the installation's
secret. Who knows that can read the database, and might as well have stopped the service and changed it.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import logging
from functools import partial

from statuswire.engine.orders import encode, obey, order_of
from statuswire.errors import StoreError
from statuswire.web import problems
from statuswire.web.asgi import Answer, Receive, Scope, header_map
from statuswire.web.limits import read_body
from statuswire.web.parts import AppParts
from statuswire.web.problems import Refusal

log = logging.getLogger(__name__)

PATH = "/control"
MAX_BYTES = 64 * 1024
DEADLINE_S = 5.0

_FOREIGN = Refusal("untrusted", "Orders are taken from commands of statuswire on this machine only.")


async def control(parts: AppParts, scope: Scope, receive: Receive) -> Answer:
    """Obey one order; the answer says whether it could be done."""
    if scope["method"] != "POST":
        return problems.answer(Refusal("method_not_allowed", "Orders are sent by POST.", allow="POST"))
    headers = header_map(scope["headers"])
    if not (_is_here(scope) and _has_token(headers.get("authorization", ""), parts.control_token)):
        return problems.answer(_FOREIGN)
    body = await read_body(receive, headers, max_bytes=MAX_BYTES, deadline_s=DEADLINE_S)
    if isinstance(body, Refusal):
        return problems.answer(body)
    order = order_of(body)
    if order is None:
        return problems.answer(Refusal("bad_json", "That is no order."))
    try:
        work = partial(obey, order=order, now=parts.clock.now(), config=parts.file)
        obeyed = await asyncio.wrap_future(parts.store.submit(work))
    except StoreError as error:
        log.error("order not kept reason=%s %s", error.reason, error)
        return problems.answer(Refusal("store_unavailable", "The database takes nothing new now.", retry_after_s=10))
    log.info("order=%s done=%s %s", type(order).__name__, obeyed.done, obeyed.sentence)
    parts.on_order()
    return Answer(200, encode(obeyed))


def _has_token(authorization: str, token: str) -> bool:
    given = authorization.removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())


def _is_here(scope: Scope) -> bool:
    """Whether the sender is this machine: on loopback, or at the very address that it has called."""
    client, server = scope.get("client"), scope.get("server")
    if client is None:
        return False
    try:
        return ipaddress.ip_address(client[0]).is_loopback or (server is not None and client[0] == server[0])
    except ValueError:
        return False
