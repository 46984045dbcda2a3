"""What is on its way to whom, what became of it, and how each channel goes; with what operators do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qs, urlencode

from statuswire.engine.orders import Drop, Enable, SendAgain
from statuswire.engine.planner import Rules
from statuswire.model import Delivery, DeliveryState, Event, Verdict
from statuswire.store import Tx, queries
from statuswire.store.queries import ChannelState, Listed
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.face.changes import place, said
from statuswire.web.face.forms import order
from statuswire.web.face.frame import Context, show
from statuswire.web.told import what_of

PATH: Final = "/deliveries"
SHOWN: Final = 50
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = 2**62

STATES: Final[Mapping[str, str]] = {
    "": "all",
    DeliveryState.WAITING.value: "waiting",
    DeliveryState.COLLECTING.value: "collecting",
    DeliveryState.FAILED.value: "failed",
    DeliveryState.DROPPED.value: "dropped",
    DeliveryState.DELIVERED.value: "delivered",
    DeliveryState.FOLDED.value: "folded",
}
"""In the order shown."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; empty for all. `below` is the number of a delivery."""

    state: str = ""
    channel: str = ""
    below: int = _LAST

    @classmethod
    def of(cls, query: bytes) -> Asked:
        given = {name: some[-1] for name, some in parse_qs(query.decode("latin-1"), max_num_fields=20).items()}
        state, below = given.get("state", ""), given.get("below", "")
        number = int(below) if below.isascii() and below.isdecimal() and len(below) <= 18 else _LAST
        return cls(state if state in STATES else "", given.get("channel", "")[:100], number)

    def address(self, **other: object) -> str:
        kept: dict[str, object] = {"state": self.state, "channel": self.channel} | other
        query = urlencode({name: value for name, value in kept.items() if value})
        return f"{PATH}?{query}" if query else PATH


@dataclass(frozen=True, slots=True)
class Row:
    """A delivery with what it tells, in a few words."""

    listed: Listed
    what: str

    @property
    def one(self) -> Delivery:
        return self.listed.delivery

    @property
    def at(self) -> datetime | None:
        """When it ended, else when it was made."""
        return self.listed.ended_at or self.one.created_at

    @property
    def can_be_sent(self) -> bool:
        return self.one.state not in (DeliveryState.DELIVERED, DeliveryState.FOLDED)


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel and how sending to it goes; `is_configured` False: what is left of one that is gone."""

    state: ChannelState
    waiting: int
    is_configured: bool
    was_used: bool

    @property
    def word(self) -> str:
        if self.state.disabled_at is not None:
            return "disabled"
        if self.state.failures:
            return "failing"
        return "ok" if self.was_used else "not used yet"

    @property
    def reason(self) -> str:
        return self.state.disabled_reason or self.state.last_error if self.word in ("disabled", "failing") else ""


async def deliveries(ask: Ask) -> Answer:
    """The list that the address asks for, below the channels."""
    asked, rules = Asked.of(ask.query), ask.parts.rules()

    def load(tx: Tx) -> Context:
        rows = _rows(tx, asked)
        has_more = len(rows) > SHOWN
        return {
            "asked": asked,
            "states": STATES,
            "channels": tuple(channel_rows(tx, rules)),
            "rows": rows[:SHOWN],
            "older": asked.address(below=rows[SHOWN - 1].one.id) if has_more else "",
            "newest": asked.address() if asked.below != _LAST else "",
            "said": said(ask),
        }

    return await show(ask, "deliveries.html", load, title="Deliveries", current="deliveries")


def _rows(tx: Tx, asked: Asked) -> list[Row]:
    listed = queries.delivery_list(
        tx,
        channel=asked.channel or None,
        state=DeliveryState(asked.state) if asked.state else None,
        since=_EVER,
        limit=SHOWN + 1,
        below=asked.below,
    )
    last = [one.delivery.event_ids[-1] for one in listed if one.delivery.event_ids]
    events = {event.id: event for event in queries.events_by_ids(tx, last)}
    return [Row(one, what_of(one.delivery, _told(one.delivery, events))) for one in listed]


def _told(one: Delivery, events: Mapping[int, Event]) -> list[Event]:
    return [events[id_] for id_ in one.event_ids[-1:] if id_ in events]


def channel_rows(tx: Tx, rules: Rules) -> Iterator[ChannelRow]:
    """Those of the configuration in its order, then what is left of others."""
    states = {one.name: one for one in queries.channel_states(tx)}
    waiting = queries.waiting_counts(tx)
    for name, known in rules.channels.items():
        yield ChannelRow(states.get(name) or ChannelState(name, known.kind), waiting.get(name, 0), True, name in states)
    for name, state in states.items():
        if name not in rules.channels:
            yield ChannelRow(state, waiting.get(name, 0), False, True)


# --- one ---------------------------------------------------------------------------------------------------------


async def one(ask: Ask) -> Answer:
    """One delivery: what it tells, why, and how sending it went."""
    id_ = _number(ask)

    def load(tx: Tx) -> Context | None:
        listed = queries.one_delivery(tx, id_)
        if listed is None:
            return None
        events = queries.events_by_ids(tx, listed.delivery.event_ids)
        return {
            "row": Row(listed, what_of(listed.delivery, events[-1:])),
            "events": events,
            "why": {event.id: _verdict(tx, event, listed.delivery.route) for event in events[-20:]},
            "channel": queries.channel_state(tx, listed.delivery.channel),
            "said": said(ask),
        }

    return await show(ask, "delivery.html", load, title=f"Delivery {id_}", current="deliveries")


def _verdict(tx: Tx, event: Event, route: str) -> Verdict | None:
    return next((verdict for verdict, _ in queries.verdicts(tx, event.id) if verdict.route == route), None)


def _number(ask: Ask) -> int:
    """That of the address; 0, which no delivery has, where it is none."""
    text = ask.params["id"]
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0


# --- what is done about it -----------------------------------------------------------------------------------------


async def send(ask: Ask) -> Answer:
    """Send it now: one that waits, or that was given up."""
    id_ = _number(ask)
    return await order(ask, SendAgain(id_), place(f"{PATH}/{id_}", "delivery-sent"))


async def drop(ask: Ask) -> Answer:
    """Never send it."""
    id_ = _number(ask)
    return await order(ask, Drop(id_), place(f"{PATH}/{id_}", "delivery-dropped"))


async def enable(ask: Ask) -> Answer:
    """Send to a channel again that was disabled."""
    return await order(ask, Enable(ask.params["name"]), place(PATH, "channel-enabled"))
