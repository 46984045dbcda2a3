"""The console: one record for each incident update or component change, in one of four formats.

`default` is a contract, exactly::

    [2025-11-03 14:32:00] Product: OpenAI API - Chat Completions
    Status: Degraded performance due to upstream issue

`provider` names the state and the event as well::

    [2025-11-17 14:32:01] Provider: OpenAI | Product: Chat Completions
    Status: Investigating - Elevated error rates detected
    Event: incident.created

Without components its `Product` is the page name, as in the default format: a title is not a product, and "all
services" would claim more than the provider said. `watcher` adds the incident to the default record::

    [2025-11-17 14:32:01] Product: OpenAI - Chat Completions
    Incident: Elevated error rates detected (Investigating)
    Status: We are looking into it.

`json` is one event a line, every type. On a terminal colour and links are added and the words stay the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from pydantic import Field

from statuswire import wire
from statuswire.channels import wording
from statuswire.channels.base import STANDARD_OUTPUT, Channel, ChannelSettings, Conversation, done, single
from statuswire.channels.bodies import json_lines
from statuswire.channels.terminal import PLAIN, Style, link, one_line, paint
from statuswire.model import Delivered, Event, EventType, Line, Message, MessageKind

_SILENT = frozenset(
    {
        EventType.PAGE_STATUS_CHANGED,
        EventType.COMPONENT_ADDED,
        EventType.COMPONENT_REMOVED,
        EventType.COMPONENT_RENAMED,
        EventType.HEARTBEAT,
    }
)
"""Without a line of their own in the formats for people: a page's roll-up repeats what its incidents and components
tell, a changed list of components is no news on an incident, and heartbeats are blocks of the watcher report."""

_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
"""Legal inside a JSON string, but a terminal would obey them. (JSON itself escapes everything below U+0020.)"""


def render(event: Event, format_: str = "default", style: Style = PLAIN) -> str:
    """The lines for an event without the last line end; empty where the format has none for it.

    Raises KeyError for an unknown format: names are checked where they come in.
    """
    write = FORMATS[format_]
    return "" if event.type in _SILENT and write is not _json else write(event, style)


def stamp(moment: datetime, style: Style = PLAIN) -> str:
    """`2025-11-03 14:32:00` in the zone asked for."""
    return moment.astimezone(style.tz).strftime("%Y-%m-%d %H:%M:%S")


def escape(json: str) -> str:
    """JSON text of the same meaning that no terminal obeys."""
    return _UNSAFE_IN_JSON.sub(_escaped, json)


def _default(event: Event, style: Style) -> str:
    return "\n".join((_head(event, style), _status(event, style)))


def _watcher(event: Event, style: Style) -> str:
    lines = [_head(event, style)]
    if event.incident is not None:
        phase = paint(wording.phase_and(event, ""), wording.level(event), style)
        title = link(one_line(event.incident.title), wording.address(event), style)
        lines.append(f"Incident: {title} ({phase})")
    return "\n".join((*lines, _status(event, style)))


def _provider(event: Event, style: Style) -> str:
    name = wording.page_name(event)
    names = ", ".join(wording.component_names(event)) or name
    return "\n".join(
        (
            f"[{_moment(event, style)}] Provider: {_linked(name, event, style)} | Product: {names}",
            f"Status: {_painted_state(event, style)}",
            f"Event: {one_line(event.event_name) or event.type.value}",
        )
    )


def _json(event: Event, style: Style) -> str:
    return escape(wire.encode_event(event).decode())


FORMATS: dict[str, Callable[[Event, Style], str]] = {
    "default": _default,
    "provider": _provider,
    "watcher": _watcher,
    "json": _json,
}


class ConsoleSettings(ChannelSettings):
    """Lines on standard output."""

    format: str = Field(default="default", pattern=f"^({'|'.join(FORMATS)})$", examples=["provider"])
    """One of `default`, `provider`, `watcher`, `json`."""


def converse(message: Message, settings: ChannelSettings, now: datetime) -> Conversation:
    """The lines of each event, in the format asked for; a format without any for it is done at once."""
    assert isinstance(settings, ConsoleSettings)
    texts = (
        _notice(message, settings.format) if message.kind is MessageKind.NOTICE else _texts(message, settings.format)
    )
    if not texts:
        return Delivered()
    return (yield from single(Line(STANDARD_OUTPUT, "\n".join(texts)), now, done))


def _texts(message: Message, format_: str) -> list[str]:
    return [text for event in message.events if (text := render(event, format_))]


def _notice(message: Message, format_: str) -> list[str]:
    """Something about ourselves, in the shape of a record."""
    if message.wording is None:
        return []
    if format_ == "json":
        return [escape(line.decode()) for line in json_lines(message)]
    head = f"[{stamp(message.event.at)}] statuswire: {one_line(message.wording.title)}"
    return [f"{head}\nStatus: {one_line(message.wording.body)}"]


CHANNEL = Channel(
    kind="console",
    title="Lines on standard output",
    settings=ConsoleSettings,
    converse=converse,
    rate_per_s=10_000,
    burst=10_000,
    ordered_by_thread=False,
    formats=tuple(FORMATS),
)


def _head(event: Event, style: Style) -> str:
    """`[time] Product: page - components`, the page's name linked to where the event is told."""
    name = wording.page_name(event)
    rest = wording.product(event).removeprefix(name)
    return f"[{_moment(event, style)}] Product: {_linked(name, event, style)}{rest}"


def _status(event: Event, style: Style) -> str:
    """Here the provider's text holds no state word of ours, so the label takes the colour."""
    return f"{paint('Status:', wording.level(event), style)} {wording.message(event)}"


def _painted_state(event: Event, style: Style) -> str:
    """The state word stands first: before ` - ` of an incident, before ` (was ...)` of a component."""
    text = wording.state_and_message(event)
    mark = " - " if event.incident is not None else " ("
    word, dash, rest = text.partition(mark)
    return paint(word, wording.level(event), style) + dash + rest


def _moment(event: Event, style: Style) -> str:
    return stamp(wording.shown_at(event), style)


def _linked(name: str, event: Event, style: Style) -> str:
    return link(name, wording.address(event), style)


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"
