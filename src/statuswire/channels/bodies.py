"""What programs get: the events of a message in the one JSON shape, a line each."""

from __future__ import annotations

import msgspec

from statuswire import wire
from statuswire.model import Message, Standing


def json_lines(message: Message) -> tuple[bytes, ...]:
    """The events oldest first, as in the console's `json` and the API; of a heartbeat the standing. No line ends."""
    if message.standing is not None:
        return (_heartbeat(message.standing),)
    return tuple(wire.encode_event(event) for event in message.events)


def _heartbeat(standing: Standing) -> bytes:
    return msgspec.json.encode(
        {
            "type": "heartbeat",
            "at": wire.timestamp(standing.at),
            "state": standing.state,
            "label": standing.label,
            "message": standing.message,
            "impacted": standing.impacted,
        }
    )
