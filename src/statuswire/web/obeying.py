"""Orders that come by HTTP, from a program or a form: the same ones that commands give, in the name of whoever asks."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

import msgspec

from statuswire.access.audit import actor_of
from statuswire.engine.obeyed import Obeyed
from statuswire.engine.orders import Order, obey
from statuswire.web.asking import Ask

log = logging.getLogger(__name__)


async def obeyed(ask: Ask, order: Order) -> Obeyed:
    """What became of it, after its commit. Raises StoreError."""
    named = msgspec.structs.replace(order, author=actor_of(ask.principal))
    work = partial(obey, order=named, now=ask.parts.clock.now(), config=ask.parts.file)
    done = await asyncio.wrap_future(ask.parts.store.submit(work))
    log.info("order=%s by=%s done=%s %s", type(order).__name__, ask.principal.name, done.done, done.sentence)
    if done.done:
        ask.parts.on_order()
    return done
