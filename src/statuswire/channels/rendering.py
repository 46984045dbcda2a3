"""A Message in the parts that every chat shows, as plain text, safe on its line, not yet cut to a length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from statuswire.channels import phrasing, wording
from statuswire.channels.phrasing import Fact
from statuswire.channels.quoting import paragraphs
from statuswire.channels.terminal import one_line
from statuswire.model import EventType, Message, MessageKind, Status


@dataclass(frozen=True, slots=True)
class Rendering:
    """`subject` is what the message is about in few words: the incident's title, else the page. `address` is a web
    address or empty."""

    headline: str
    words: str
    facts: tuple[Fact, ...]
    address: str
    level: Status
    subject: str

    @property
    def colour(self) -> str:
        """`#B3261E`."""
        return phrasing.COLOURS[self.level]

    @property
    def details(self) -> str:
        """The facts on one line."""
        return " · ".join(f"{fact.label}: {fact.value}" for fact in self.facts)

    @property
    def body(self) -> str:
        """All but the headline, as plain text."""
        return "\n".join(part for part in (self.words, self.details, self.address) if part)

    @property
    def plain(self) -> str:
        """Everything as plain text, the headline first."""
        return "\n".join(part for part in (self.headline, self.body) if part)


LINK_LABEL = "Open the status page"


def rendering(message: Message) -> Rendering:
    """The parts of a message of any kind but a heartbeat."""
    headline = one_line(phrasing.headline(message)) or "Status update"
    return Rendering(
        headline=headline,
        words=paragraphs(phrasing.words(message)),
        facts=phrasing.facts(message),
        address=phrasing.address(message),
        level=phrasing.level(message),
        subject=_subject(message) or headline,
    )


_FACTS: Final = frozenset({EventType.COMPONENT_ADDED, EventType.COMPONENT_RENAMED, EventType.FEED_MOVED})


def is_over(message: Message) -> bool:
    """Whether what the message tells of has ended: it is the last of its story, its incident is closed, or all that it
    tells of works again. A thread that several stories share ends with the last of them."""
    if message.is_last or message.is_shared:
        return message.is_last
    incident = message.event.incident
    if len(message.events) == 1 and incident is not None:
        return (wording.phase_of(message.event) or incident.phase).is_closed
    return phrasing.level(message) is Status.OPERATIONAL


def passes(message: Message) -> bool:
    """Whether nothing will ever end what the message tells of: a trial, or facts by themselves. What it opens at a
    pager is closed at once."""
    return message.kind is MessageKind.TEST or all(event.type in _FACTS for event in message.events)


def changes_first(message: Message) -> bool:
    """Whether the first message of the thread no longer shows what is: the incident ended, or it did not after all."""
    return is_over(message) or message.event.type is EventType.INCIDENT_REOPENED


def _subject(message: Message) -> str:
    if message.kind in (MessageKind.DIGEST, MessageKind.STORY) and len(message.events) > 1:
        return f"{len(message.events)} updates"
    incident = message.event.incident
    return one_line(incident.title) if incident is not None else wording.page_name(message.event)
