"""`statuswire deliveries`: what is on its way to whom, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from statuswire.channels.terminal import Style, one_line
from statuswire.model import DeliveryState
from statuswire.store import Tx, queries
from statuswire.tables import minute, table
from statuswire.web.told import delivery_body, trouble_body

MOST = 1_000

Row = dict[str, object]


def rows(tx: Tx, channel: str | None, state: DeliveryState | None, since: datetime, limit: int) -> list[Row]:
    """The newest first, as `--json` prints them."""
    listed = queries.delivery_list(tx, channel=channel, state=state, since=since, limit=limit)
    return [delivery_body(tx, one) for one in listed]


def channel_rows(tx: Tx) -> list[Row]:
    """Channels that are disabled or fail."""
    return [trouble_body(one) for one in queries.channel_states(tx) if one.disabled_at is not None or one.failures]


def render(found: Sequence[Row], channels: Sequence[Row], style: Style) -> str:
    """A table for people, then what is wrong with channels."""
    lines = [_sentence(one) for one in channels]
    if not found:
        return "\n".join(["nothing was to be delivered in that time", *lines])
    cells = [tuple(one_line(str(cell)) for cell in _cells(one)) for one in found]
    head = ("Id", "Channel", "State", "Put in", "Tries", "What", "Last error")
    return "\n".join([*table(head, cells, style), *lines])


def _cells(one: Row) -> tuple[object, ...]:
    at = minute(one["created_at"])
    return one["id"], one["channel"], one["state"], at, one["attempts"], one["what"], one["last_error"]


def _sentence(one: Row) -> str:
    name = one["channel"]
    if one["disabled_at"]:
        advice = f"statuswire deliveries enable {name}"
        return one_line(f"{name} is disabled since {one['disabled_at']}: {one['reason']}; go on with: {advice}")
    return one_line(f"{name} fails since {one['failing_since']}: {one['reason']}; tried again {one['next_at']}")
