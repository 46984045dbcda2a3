"""What programs get: the events of a message in the one JSON shape, a line each."""

from __future__ import annotations

import msgspec

from statuswire import wire
from statuswire.model import Message, MessageKind, Standing


def json_lines(message: Message) -> tuple[bytes, ...]:
    """The events oldest first, as in the console's `json` and the API; of a heartbeat the standing, of a notice its
    text. No line ends."""
    if message.kind is MessageKind.NOTICE:
        return (msgspec.json.encode(notice(message)),)
    if message.standing is not None:
        return (_heartbeat(message.standing),)
    return tuple(wire.encode_event(event) for event in message.events)


def notice(message: Message) -> dict[str, str]:
    """What programs are told of ourselves."""
    text = message.wording
    return {
        "type": "notice",
        "at": wire.timestamp(message.event.at),
        "title": text.title if text is not None else "",
        "text": text.body if text is not None else "",
    }


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
