"""How a stream begins: what is asked for, from which event on, and what happened since then."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from statuswire.core.routing import mismatch
from statuswire.engine.hub import Hub, Subscription, Told, facts_of
from statuswire.model import Event, Filter
from statuswire.store import queries
from statuswire.web import slugs
from statuswire.web.asking import Ask
from statuswire.web.filters import NAMES, read_filter, read_pairs
from statuswire.web.pages import read_store
from statuswire.web.problems import Refusal

BATCH = 500
_AFTER = ("after", "last_event_id")
_MAX_DIGITS = 18

CROWDED = Refusal("overloaded", "Too many streams are open; come back a little later.", retry_after_s=10)


@dataclass(frozen=True, slots=True)
class Wish:
    """`after` is the last event that the client has; None: only what comes from now on."""

    wanted: Filter
    after: int | None


def read_wish(ask: Ask) -> Wish | Refusal:
    """The header `Last-Event-ID` says it, else the parameter `after`: a browser that reconnects repeats the address
    that it began with, so the header is newer."""
    pairs = read_pairs(ask.query)
    if isinstance(pairs, Refusal):
        return pairs
    said = [value for name, value in pairs if name in _AFTER]
    header = ask.headers.get("last-event-id", "").strip()
    after = _number(header or (said[0] if said else ""))
    if isinstance(after, Refusal) or len(said) > 1:
        return Refusal("bad_parameter", "after must be the number of one event.", known=(*NAMES, "after"))
    wanted = read_filter(pair for pair in pairs if pair[0] not in _AFTER)
    return wanted if isinstance(wanted, Refusal) else Wish(wanted, after)


def _number(text: str) -> int | Refusal | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS):
        return Refusal("bad_parameter", "after must be the number of one event.")
    return int(text)


async def check_pages(ask: Ask, wish: Wish) -> None:
    """Raises RefusedRequest for a slug of which there is no page: nothing would ever come. Raises StoreError."""
    if wish.wanted.pages:
        await read_store(ask.parts, lambda tx: slugs.check_pages(tx, wish.wanted))


async def missed(ask: Ask, hub: Hub, wish: Wish, joined: Subscription) -> AsyncIterator[list[Told]]:
    """What the log has between the client's last event and the beginning of its subscription. Raises StoreError."""
    last = joined.position if wish.after is None else wish.after
    while last < joined.position:
        found = await read_store(ask.parts, lambda tx, last=last: queries.events_after(tx, last, BATCH))  # type: ignore[misc]
        fresh = [event for event in found if event.id <= joined.position]
        if not fresh:
            return
        last = fresh[-1].id
        yield [Told(event) for event in fresh if _is_meant(event, hub, wish)]


def _is_meant(event: Event, hub: Hub, wish: Wish) -> bool:
    return not mismatch(wish.wanted, facts_of(event, hub.labels()))
