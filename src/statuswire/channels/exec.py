"""A program of the operator's, run once a message.

It is run directly and not by a shell, with the events as JSON lines on standard input and the essentials in variables.
Text of a provider is in both: a script must quote what it uses. Exit codes are read as in sysexits.h: 0 is done; 64
(usage), 65 (input), 77 (permission) and 78 (configuration) say that trying again cannot help; all others, signals and
time-outs are tried again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from pydantic import Field, field_validator

from statuswire.channels import phrasing, wording
from statuswire.channels.base import Channel, ChannelSettings, Conversation, single
from statuswire.channels.bodies import json_lines
from statuswire.channels.terminal import one_line
from statuswire.model import Command, Delivered, Later, Message, Outcome, Refused, Reply

_HOPELESS: Final = frozenset({64, 65, 77, 78})
_LONGEST_VALUE: Final = 4_000


class ExecSettings(ChannelSettings):
    """A program that is run for each message. Needs `allow_exec: true` at the top level."""

    command: tuple[str, ...] = Field(min_length=1, max_length=100, examples=[["/usr/local/bin/page-me", "--loud"]])
    """The program by its absolute path, and its arguments, as a list. No shell reads it."""

    timeout_s: float = Field(default=15.0, gt=0, le=300, examples=[15])
    """Seconds after which the program, and all that it started, is ended."""

    @field_validator("command")
    @classmethod
    def _is_certain(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value[0].startswith("/"):
            raise ValueError("must begin with the absolute path of a program")
        if any("\0" in word for word in value):
            raise ValueError("may not hold NUL")
        return value


def converse(message: Message, settings: ChannelSettings, now: datetime) -> Conversation:
    """One run of the program."""
    assert isinstance(settings, ExecSettings)
    lines = b"".join(line + b"\n" for line in json_lines(message))
    timeout = timedelta(seconds=settings.timeout_s)
    command = Command(settings.command, lines, environment(message), timeout)
    return (yield from single(command, now, _read))


def environment(message: Message) -> dict[str, str]:
    """`STATUSWIRE_TITLE` and so on; on one line each, and empty where there is nothing to say."""
    event = message.events[-1] if message.events else None
    incident = event.incident if event is not None else None
    values = {
        "message_id": message.id,
        "kind": message.kind.value,
        "route": message.route,
        "title": phrasing.headline(message),
        "text": phrasing.words(message),
        "level": phrasing.level(message).value,
        "url": phrasing.address(message),
        "type": event.type.value if event is not None else "heartbeat",
        "event_id": str(event.id) if event is not None else "",
        "page": event.page.slug if event is not None else "",
        "page_name": wording.page_name(event) if event is not None else "",
        "components": ", ".join(wording.component_names(event)) if event is not None else "",
        "incident": incident.id if incident is not None else "",
        "phase": incident.phase.value if incident is not None else "",
        "impact": incident.impact.value if incident is not None else "",
    }
    return {f"STATUSWIRE_{name.upper()}": _value(text) for name, text in values.items()}


def _value(text: str) -> str:
    return phrasing.shortened(one_line(text), _LONGEST_VALUE)


def _read(reply: Reply, now: datetime) -> Outcome:
    if reply.status == 0:
        return Delivered()
    said = one_line(reply.body[:500].decode("utf-8", "replace"))
    how = f"signal {-reply.status}" if reply.status < 0 else f"exit code {reply.status}"
    reason = f"{how}: {said}" if said else how
    return Refused(reason) if reply.status in _HOPELESS else Later(reason)


CHANNEL = Channel(
    kind="exec",
    title="A program",
    settings=ExecSettings,
    converse=converse,
    rate_per_s=10,
    burst=10,
    requires="allow_exec",
)
