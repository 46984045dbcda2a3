"""How long something may hold that a form asks for, and an order obeyed for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from statuswire.engine.orders import AddSilence, Order
from statuswire.model import Filter
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.face.changes import gone_back
from statuswire.web.face.frame import render
from statuswire.web.html import see_other
from statuswire.web.obeying import obeyed

LENGTHS: Mapping[str, tuple[str, timedelta | None]] = {
    "1h": ("1 hour", timedelta(hours=1)),
    "4h": ("4 hours", timedelta(hours=4)),
    "1d": ("1 day", timedelta(days=1)),
    "7d": ("7 days", timedelta(days=7)),
    "": ("for good", None),
}
"""How long something may hold that a form asks for."""

OFFERED = tuple((value, word) for value, (word, _) in LENGTHS.items())
"""The same as a form offers it."""

MAX_REASON = 500


def until(given: Mapping[str, str], now: datetime, usual: str = "") -> datetime | None:
    """The end that the field `for` means; None for good. What no form of ours offers counts as `usual`."""
    length = LENGTHS.get(given.get("for", usual), LENGTHS[usual])[1]
    return None if length is None else now + length


async def order(ask: Ask, one: Order, back: str, word: str = "") -> Answer:
    """Have it done and go back there, where `word` is said; or say why it was not done. Raises StoreError."""
    done = await obeyed(ask, one)
    if not done.done:
        sentence = f"{done.sentence[:1].upper()}{done.sentence[1:]}."
        return render(ask, "missing.html", status=409, title="Not done", sentence=sentence)
    return gone_back(back, word) if word else see_other(back)


async def silenced(ask: Ask, slug: str, back: str) -> Answer:
    """Have nothing told of the page, or of the one component that the form names, and go back there."""
    given = await ask.form()
    component = given.get("component", "").strip()
    meant = Filter(pages=(slug,), components=(_literal(component),) if component else ())
    reason = given.get("reason", "").strip()[:MAX_REASON] or "by the dashboard"
    end = until(given, ask.parts.clock.now(), "4h")
    return await order(ask, AddSilence(meant, reason, end), back, "silence-made")


def _literal(name: str) -> str:
    """The name as a glob that means nothing but it."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
