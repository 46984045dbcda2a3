"""`statuswire deliveries`: what is on its way to whom, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from statuswire.channels.terminal import Style, one_line
from statuswire.lookup_report import table
from statuswire.model import Delivery, DeliveryState, Event
from statuswire.store import Tx, queries
from statuswire.store.queries import ChannelState, Listed
from statuswire.wire import timestamp

MOST = 1_000

Row = dict[str, object]


def rows(tx: Tx, channel: str | None, state: DeliveryState | None, since: datetime, limit: int) -> list[Row]:
    """The newest first, as `--json` prints them."""
    listed = queries.delivery_list(tx, channel=channel, state=state, since=since, limit=limit)
    return [_row(tx, one) for one in listed]


def channel_rows(tx: Tx) -> list[Row]:
    """Channels that are disabled or fail."""
    return [_channel(one) for one in queries.channel_states(tx) if one.disabled_at is not None or one.failures]


def _row(tx: Tx, listed: Listed) -> Row:
    one = listed.delivery
    events = queries.events_by_ids(tx, one.event_ids[-1:])
    return {
        "id": one.id,
        "message_id": one.message_id,
        "channel": one.channel,
        "route": one.route,
        "kind": one.kind.value,
        "state": one.state.value,
        "what": _what(one, events),
        "events": list(one.event_ids),
        "attempts": one.attempts,
        "created_at": _time(one.created_at),
        "next_at": _time(one.next_at) if listed.ended_at is None else None,
        "ended_at": _time(listed.ended_at),
        "last_error": one.last_error,
    }


def _what(one: Delivery, events: Sequence[Event]) -> str:
    if one.wording is not None:
        return one.wording.title
    if not events:
        return "events that are gone"
    event = events[-1]
    title = event.incident.title if event.incident else event.component.name if event.component else event.type.value
    more = f" and {len(one.event_ids) - 1} more" if len(one.event_ids) > 1 else ""
    return f"{event.page.name or event.page.slug}: {title}{more}"


def _channel(one: ChannelState) -> Row:
    return {
        "channel": one.name,
        "disabled_at": _time(one.disabled_at),
        "reason": one.disabled_reason or one.last_error,
        "failures": one.failures,
        "failing_since": _time(one.failing_since),
        "next_at": _time(one.next_at),
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)


def render(found: Sequence[Row], channels: Sequence[Row], style: Style) -> str:
    """A table for people, then what is wrong with channels."""
    lines = [_sentence(one) for one in channels]
    if not found:
        return "\n".join(["nothing was to be delivered in that time", *lines])
    cells = [tuple(one_line(str(cell)) for cell in _cells(one)) for one in found]
    head = ("Id", "Channel", "State", "Put in", "Tries", "What", "Last error")
    return "\n".join([*table(head, cells, style), *lines])


def _cells(one: Row) -> tuple[object, ...]:
    at = str(one["created_at"] or "")[:16].replace("T", " ")
    return one["id"], one["channel"], one["state"], at, one["attempts"], one["what"], one["last_error"]


def _sentence(one: Row) -> str:
    name = one["channel"]
    if one["disabled_at"]:
        advice = f"statuswire deliveries enable {name}"
        return one_line(f"{name} is disabled since {one['disabled_at']}: {one['reason']}; go on with: {advice}")
    return one_line(f"{name} fails since {one['failing_since']}: {one['reason']}; tried again {one['next_at']}")
