"""Orders by API: the same ones that commands give, obeyed by the same function, and noted with who gave them."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

import msgspec
from fastapi import Response

from statuswire.access import audit
from statuswire.engine.orders import Obeyed, Order, obey
from statuswire.store import Tx
from statuswire.web.api.errors import Refused
from statuswire.web.api.replies import encode, reply
from statuswire.web.asking import Ask
from statuswire.web.problems import Refusal

log = logging.getLogger(__name__)


async def order(ask: Ask, one: Order, subject: str, status: int = 200) -> Response:
    """Have it done. `subject` is what it changes, as the log of changes names it. Refuses with the sentence of whatever
    stands against it. Raises StoreError."""
    now = ask.parts.clock.now()
    obeyed = await asyncio.wrap_future(ask.parts.store.submit(lambda tx: _noted(tx, ask, one, subject, now)))
    log.info("order=%s by=%s done=%s %s", type(one).__name__, ask.principal.name, obeyed.done, obeyed.sentence)
    if not obeyed.done:
        sentence = obeyed.sentence[:1].upper() + obeyed.sentence[1:]
        raise Refused(Refusal("not_done", f"{sentence}."))
    ask.parts.on_order()
    return reply(ask, encode(obeyed), status)


def _noted(tx: Tx, ask: Ask, one: Order, subject: str, now: datetime) -> Obeyed:
    """In one transaction: what was not done is not noted."""
    obeyed = obey(tx, one, now)
    if obeyed.done:
        detail = msgspec.to_builtins(one)
        audit.note(tx, now, ask.principal, f"order.{detail.pop('type')}", subject, detail)
    return obeyed
