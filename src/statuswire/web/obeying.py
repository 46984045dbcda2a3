"""Orders that come by HTTP, from a program or a form: the same ones that commands give, in the name of whoever asks."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

import msgspec

from statuswire.access.audit import actor_of
from statuswire.engine.obeyed import Obeyed
from statuswire.engine.orders import Order, Undone, obey_all
from statuswire.web.asking import Ask

log = logging.getLogger(__name__)


async def obeyed(ask: Ask, *orders: Order) -> Obeyed:
    """What became of it, after its commit; of several orders all are carried out, or none. Raises StoreError."""
    author = actor_of(ask.principal)
    named = [msgspec.structs.replace(one, author=author) for one in orders]
    work = partial(obey_all, orders=named, now=ask.parts.clock.now(), config=ask.parts.file)
    try:
        done = await asyncio.wrap_future(ask.parts.store.submit(work))
    except Undone as undone:
        done = undone.obeyed
    names = ",".join(type(one).__name__ for one in orders)
    log.info("order=%s by=%s done=%s %s", names, ask.principal.name, done.done, done.sentence)
    if done.done:
        ask.parts.on_order()
    return done
