"""Messages of the invented page, and a conversation played through."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from statuswire.channels.base import Channel, ChannelSettings
from statuswire.model import Action, Event, Message, MessageKind, Outcome, Reply, Standing
from tests.channels.events import AT, incident_event

NOW = datetime(2025, 11, 3, 14, 33, tzinfo=UTC)
ID = "msg_mfzgkzdfmzqxg43f"
STANDING = Standing("degraded", "DEGRADED", "Slow API", AT, ("API",))


def about(*events: Event, kind: MessageKind = MessageKind.EVENT, **more: object) -> Message:
    return Message(ID, kind, events or (incident_event(),), thread="acme:w2x4", **more)  # type: ignore[arg-type]


def heartbeat() -> Message:
    return Message(ID, MessageKind.HEARTBEAT, standing=STANDING)


def play(
    channel: Channel, message: Message, settings: ChannelSettings, *replies: Reply
) -> tuple[Sequence[Action], Outcome]:
    """The actions that it asked for and the outcome, each action answered in turn and the last reply kept."""
    conversation, actions = channel.converse(message, settings, NOW), []
    waiting = list(replies) or [Reply(0)]
    try:
        actions.append(next(conversation))
        while True:
            reply = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            actions.append(conversation.send(reply))
    except StopIteration as stop:
        return actions, stop.value
