"""`statuswire send-test`: one sample event to one channel, as the service would send it, with what comes back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex
from typing import TextIO

from statuswire import config, looping
from statuswire.channels.terminal import one_line
from statuswire.cli.printing import as_json as json_of
from statuswire.config import Config, words
from statuswire.engine.clock import Clock
from statuswire.engine.dispatcher import Outlet, Sender, converse
from statuswire.engine.rules import outlets_of
from statuswire.errors import ConfigError, DeliveryError
from statuswire.fingerprint import message_id
from statuswire.model import (
    Action,
    AffectedComponent,
    Delivered,
    Event,
    EventIncident,
    EventType,
    EventUpdate,
    Impact,
    Kind,
    Message,
    MessageKind,
    PageRef,
    Phase,
    Reply,
    Source,
    Status,
)
from statuswire.net.send import Print
from statuswire.options import RunOptions
from statuswire.telling import sending
from statuswire.wiring import client_of

SHOWN = 500
PATIENCE_S = 90.0


@dataclass(slots=True)
class Trial:
    """What was sent and what came back; it stands between the channel and the real sender."""

    sender: Sender
    replies: list[Reply] = field(default_factory=list)

    async def send(self, action: Action) -> Reply:
        reply = await self.sender.send(action)
        self.replies.append(reply)
        return reply


def run(name: str, options: RunOptions, as_json: bool, out: TextIO) -> int:
    """Exit code 0 where the channel took it, 1 where not. Raises ConfigError for a channel that is not there."""
    loaded = config.load(options=options)

    async def say(text: str) -> None:
        print(text, file=out, flush=True)

    body = looping.run(tried(loaded, name, say))
    print(json_of(body) if as_json else _lines(body), file=out)
    return 0 if body["outcome"] == "delivered" else 1


async def tried(loaded: Config, name: str, say: Print) -> dict[str, object]:
    """What became of a sample, ready for JSON. Raises ConfigError for a channel that is not there."""
    outlet = _outlet(loaded, name)
    outcome, reason, replies = await _try(loaded, outlet, say)
    return {
        "channel": name,
        "kind": outlet.channel.kind,
        "outcome": outcome,
        "reason": reason,
        "replies": [{"status": one.status, "body": _text(one)} for one in replies],
    }


def _outlet(loaded: Config, name: str) -> Outlet:
    if name not in loaded.channels:
        known = tuple(loaded.channels)
        advice = words.choices(name, known) if known else "the configuration has none: name its file with --config"
        raise ConfigError(f"there is no channel `{name}`; {advice}")
    return outlets_of(loaded, (name,))[name]


async def _try(loaded: Config, outlet: Outlet, say: Print) -> tuple[str, str, list[Reply]]:
    """The word for how it ended, why where it did not end well, and the replies."""
    now = Clock().now()
    async with client_of(loaded) as client, sending(client, say) as sender:
        trial = Trial(sender)
        try:
            async with asyncio.timeout(PATIENCE_S):
                outcome = await converse(outlet, sample(outlet.name, now), trial, now)
        except DeliveryError as error:
            return "not_sent", f"{error.reason}: {error}", trial.replies
        except TimeoutError:
            return "not_sent", f"no end after {PATIENCE_S:g} s", trial.replies
    if isinstance(outcome, Delivered):
        return "delivered", "", trial.replies
    return "refused", outcome.reason, trial.replies


def sample(channel: str, now: datetime) -> Message:
    """A message that says of itself that it is a test."""
    api = AffectedComponent("test-component", "Test component", "", Status.DEGRADED)
    begun = now - timedelta(minutes=3)
    text = "This is a test of the channel: nothing is wrong."
    incident = EventIncident(
        "test", "Test incident", Kind.INCIDENT, Phase.INVESTIGATING, Impact.MINOR, "", begun, None, (api,)
    )
    event = Event(
        type=EventType.INCIDENT_CREATED,
        key=f"test {token_hex(8)}",
        at=now,
        seen_at=now,
        source=Source.HOOK,
        page=PageRef("statuswire-test", "statuswire test", ""),
        incident=incident,
        update=EventUpdate("test", Phase.INVESTIGATING, text, now),
    )
    return Message(
        message_id(channel, MessageKind.TEST, [event.key]),
        MessageKind.TEST,
        (event,),
        thread=event.key,
        opened_at=begun,
    )


def _text(reply: Reply) -> str:
    return reply.body.decode("utf-8", "replace")[:SHOWN]


def _lines(body: dict[str, object]) -> str:
    reason = f": {body['reason']}" if body["reason"] else ""
    lines = [f"{body['channel']} ({body['kind']}): {body['outcome']}{reason}"]
    replies = body["replies"]
    assert isinstance(replies, list)
    lines += [f"reply {one['status']}: {one['body']}" for one in replies if one["status"] or one["body"]]
    return "\n".join(map(one_line, lines))
