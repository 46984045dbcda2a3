"""Deliveries that tell of ourselves: a channel that is disabled is told on those that the operator named for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from statuswire.fingerprint import message_id
from statuswire.model import Delivery, Event, EventType, MessageKind, PageRef, Source, Wording
from statuswire.store import Tx, queries

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OURSELVES = PageRef("statuswire", "statuswire", "")


def notice_event(one: Delivery) -> Event:
    """What a notice is told by, where every message has an event: of no incident or component, and of no number."""
    at = one.created_at or EPOCH
    return Event(EventType.HEARTBEAT, one.message_id, at, at, Source.INFER, OURSELVES)


def tell_of_disabled(tx: Tx, name: str, reason: str, trouble: Mapping[str, str], now: datetime) -> int:
    """Put in a notice for each channel of `trouble` (kinds by name) but the disabled one; how many."""
    text = f"Nothing more is sent to it: {reason}. What is for it waits; `statuswire deliveries enable {name}` goes on."
    told = 0
    for channel, kind in trouble.items():
        if channel == name:
            continue
        one = Delivery(
            id=0,
            channel=channel,
            lane="notices",
            message_id=message_id(channel, MessageKind.NOTICE, [f"disabled {name} {now.isoformat()}"]),
            kind=MessageKind.NOTICE,
            event_ids=(),
            wording=Wording(f"Channel {name} is disabled", text),
        )
        told += queries.add_delivery(tx, one, kind, now)
    return told
