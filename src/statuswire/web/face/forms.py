"""How long something may hold that a form asks for, and an order obeyed for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from statuswire.access import audit
from statuswire.engine.orders import AddSilence, DropMark, Obeyed, SetMark, obey
from statuswire.store import Tx
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.face.frame import render
from statuswire.web.html import see_other

log = logging.getLogger(__name__)

MarkOrSilence: TypeAlias = SetMark | DropMark | AddSilence

LENGTHS: Mapping[str, tuple[str, timedelta | None]] = {
    "1h": ("1 hour", timedelta(hours=1)),
    "4h": ("4 hours", timedelta(hours=4)),
    "1d": ("1 day", timedelta(days=1)),
    "7d": ("7 days", timedelta(days=7)),
    "": ("for good", None),
}
"""How long something may hold that a form asks for."""


def until(given: Mapping[str, str], now: datetime, usual: str = "") -> datetime | None:
    """The end that the field `for` means; None for good. What no form of ours offers counts as `usual`."""
    length = LENGTHS.get(given.get("for", usual), LENGTHS[usual])[1]
    return None if length is None else now + length


async def obeyed(ask: Ask, order: MarkOrSilence, back: str) -> Answer:
    """Have it done, write down who did it, and go back there; or say why it was not done. Raises StoreError."""
    now = ask.parts.clock.now()

    def work(tx: Tx) -> Obeyed:
        done = obey(tx, order, now)
        if done.done:
            action, subject = _named(order)
            audit.note(
                tx, now, ask.principal, action, subject, {} if isinstance(order, DropMark) else {"reason": order.reason}
            )
        return done

    done = await asyncio.wrap_future(ask.parts.store.submit(work))
    log.info("order=%s by=%s done=%s", type(order).__name__, ask.principal.name, done.done)
    if not done.done:
        sentence = f"{done.sentence[:1].upper()}{done.sentence[1:]}."
        return render(ask, "missing.html", status=409, title="Not done", sentence=sentence)
    ask.parts.on_order()
    return see_other(back)


def _named(order: MarkOrSilence) -> tuple[str, str]:
    """What is done, and of what, as the log of changes says it."""
    if isinstance(order, AddSilence):
        return "silence.add", f"page/{', '.join(order.filter.pages)}"
    verb = "set" if isinstance(order, SetMark) else "drop"
    return f"mark.{verb}", f"page/{order.page}/incident/{order.subject}/{order.kind}"
