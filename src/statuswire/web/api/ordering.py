"""Orders by API: the same ones that commands give, obeyed by the same function, and noted with who gave them."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

import msgspec
from fastapi import Response

from statuswire.access.audit import actor_of
from statuswire.engine.orders import Order, obey
from statuswire.web.api.errors import Refused
from statuswire.web.api.replies import encode, reply
from statuswire.web.asking import Ask
from statuswire.web.problems import Refusal

log = logging.getLogger(__name__)


async def order(ask: Ask, one: Order, status: int = 200) -> Response:
    """Have it done, in the name of whoever asks. Refuses with the sentence of whatever stands against it. Raises
    StoreError."""
    named = msgspec.structs.replace(one, author=actor_of(ask.principal))
    work = partial(obey, order=named, now=ask.parts.clock.now())
    obeyed = await asyncio.wrap_future(ask.parts.store.submit(work))
    log.info("order=%s by=%s done=%s %s", type(one).__name__, ask.principal.name, obeyed.done, obeyed.sentence)
    if not obeyed.done:
        sentence = obeyed.sentence[:1].upper() + obeyed.sentence[1:]
        raise Refused(Refusal("not_done", f"{sentence}."))
    ask.parts.on_order()
    return reply(ask, encode(obeyed), status)
