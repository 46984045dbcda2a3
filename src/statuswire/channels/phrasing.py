"""How a Message reads, whatever the medium: its headline, the provider's words, the facts, the colour, and plain text.

The headline alone is enough on a lock screen: state, provider, component, what. Then come the words of the update, then
the facts. What is the provider's is quoted as it is and never obeyed; every medium escapes it in its own way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import regex

from statuswire.channels import wording
from statuswire.channels.terminal import one_line, safe_url
from statuswire.channels.wording import PHASE_WORDS, STATUS_WORDS
from statuswire.model import Event, EventType, Impact, Kind, Message, MessageKind, Source, Status

COLOURS: Final[dict[Status, str]] = {
    Status.OPERATIONAL: "#4B6B58",
    Status.DEGRADED: "#9E6300",
    Status.PARTIAL_OUTAGE: "#C2500A",
    Status.MAJOR_OUTAGE: "#B3261E",
    Status.MAINTENANCE: "#2F5FB3",
    Status.UNKNOWN: "#6B7280",
}
"""One bar of colour, by the level; the same as on the dashboard."""

duration = wording.duration

LISTED: Final = 20
"""How many events of a digest are listed; the others are counted."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled fact, `Since: 14:02 UTC`."""

    label: str
    value: str


def headline(message: Message) -> str:
    """One line: `Degraded - OpenAI: Chat Completions - Elevated error rates`; of several events, how many and where."""
    if message.wording is not None:
        return one_line(message.wording.title)
    if message.standing is not None:
        return f"{message.standing.label} - {one_line(message.standing.message)}"
    if is_list(message):
        return _headline_of_several(message)
    return _KINDS.get(message.kind, "") + _headline_of_one(by_our_word(message))


def words(message: Message) -> str:
    """What the provider says, in its own lines; of several events a line each. May be empty."""
    if message.wording is not None:
        return message.wording.body
    if message.standing is not None:
        return ", ".join(message.standing.impacted)
    if is_list(message):
        return "\n".join(lines(message.events))
    event = message.event
    if event.incident is not None:
        return event.update.text if event.update is not None else ""
    return wording.message(event)


def facts(message: Message) -> tuple[Fact, ...]:
    """What is to be known besides, where it is known: since when, how bad, the phase, how long it took, the window of a
    maintenance, why it is told now, why several pages are one story. Of a digest's events each has its own, so it has
    none."""
    if not message.events:
        return ()
    incident = None if _is_digest(message) else message.event.incident
    found: list[tuple[str, str]] = []
    if incident is not None and incident.kind is Kind.MAINTENANCE:
        found += [("From", _time(incident.scheduled_for)), ("Until", _time(incident.scheduled_until))]
    elif incident is not None:
        took = _took(message)
        found += [("Took", took)] if took else [("Since", _time(incident.started_at or message.opened_at))]
        found += [("Impact", _impact(incident.impact) if message.ours is None else "")]
    if incident is not None:
        found += [("Phase", PHASE_WORDS[wording.phase_of(message.event) or incident.phase])]
    found += [("By our word", _our_word(message))]
    found += [("Why now", message.reason), ("Together because", "; ".join(message.evidence))]
    return tuple(Fact(label, line) for label, value in found if (line := one_line(value)))


def level(message: Message) -> Status:
    """How bad it is, for colour and priority: the worst of its events; Unknown where none tells."""
    if message.standing is not None:
        return Status.OPERATIONAL if message.standing.state == Status.OPERATIONAL else Status.DEGRADED
    events = (*message.events[:-1], by_our_word(message)) if message.events else ()
    latest = {_subject(event): event for event in events}
    levels = [found for event in latest.values() if (found := wording.level(event)) is not None]
    return wording.worst(levels) or Status.UNKNOWN


def colour(message: Message) -> str:
    """`#B3261E`."""
    return COLOURS[level(message)]


def address(message: Message) -> str:
    """Where a reader learns more, a web address or empty. A digest leads to what all its events share: an incident, or
    a page, or nowhere."""
    if not message.events:
        return ""
    addresses = {wording.address(event) for event in message.events}
    if not _is_digest(message) or len(addresses) == 1:
        return address_of(message.event)
    pages = {event.page.url for event in message.events}
    return safe_url(pages.pop()) if len(pages) == 1 else ""


def address_of(event: Event) -> str:
    """The same of one event."""
    return safe_url(wording.address(event))


def is_list(message: Message) -> bool:
    """Whether its words are the headlines of several events."""
    return (
        message.wording is None and len(message.events) > 1 and message.kind in (MessageKind.DIGEST, MessageKind.STORY)
    )


def plain(message: Message) -> str:
    """Everything as plain text: the headline, the words, the facts on one line, the address."""
    details = " · ".join(f"{fact.label}: {fact.value}" for fact in facts(message))
    return "\n".join(part for part in (headline(message), words(message), details, address(message)) if part)


def lines(events: Sequence[Event]) -> list[str]:
    """A headline for each event, the newest first, at most LISTED and then how many more there are."""
    shown = [_headline_of_one(event) for event in list(reversed(events))[:LISTED]]
    rest = len(events) - len(shown)
    return [*shown, f"and {rest} more"] if rest > 0 else shown


def by_our_word(message: Message) -> Event:
    """The newest event with the impact that the operator gave its incident."""
    event, ours = message.event, message.ours
    if event.incident is None or ours is None or ours.impact is None:
        return event
    return replace(event, incident=replace(event.incident, impact=ours.impact))


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters (code points), cut between graphemes and then ended by `…`."""
    if len(text) <= limit:
        return text
    start = cut = max(limit - 1 - _LOOK_BACK, 0)
    for found in regex.finditer(r"\X", text[start : limit + 64]):
        if start + found.end() > limit - 1:
            break
        cut = start + found.end()
    return f"{text[:cut].rstrip()}…"[:limit]


# --- parts -------------------------------------------------------------------------------------------------------

_TITLE_LIMIT: Final = 200
_NAMES: Final = 3
_LOOK_BACK: Final = 500
"""Graphemes are found again within a few letters wherever one begins to look, so a long text needs no look at all of
it; only a letter with hundreds of marks, or one in a row of hundreds of flags, may be cut."""


_KINDS: Final = {MessageKind.ESCALATION: "Still open - ", MessageKind.TEST: "Test - "}
"""What stands before the headline of one event, so that a trial frightens nobody."""


def _headline_of_one(event: Event) -> str:
    place = wording.page_name(event)
    names = wording.component_names(event)
    if names:
        rest = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
        place = f"{place}: {', '.join(names[:_NAMES])}{rest}"
    what = one_line(event.incident.title) if event.incident is not None else ""
    ours = "By our word" if event.source is Source.OPERATOR else ""
    parts = (ours, _state(event), place, shortened(what, _TITLE_LIMIT))
    return " - ".join(part for part in parts if part)


_STATES: Final = {
    EventType.INCIDENT_RESOLVED: "Resolved",
    EventType.INCIDENT_POSTMORTEM: "Postmortem",
    EventType.INCIDENT_EDITED: "Edited",
    EventType.MAINTENANCE_SCHEDULED: "Maintenance planned",
    EventType.MAINTENANCE_STARTED: "Maintenance begins",
    EventType.MAINTENANCE_COMPLETED: "Maintenance done",
    EventType.MAINTENANCE_CANCELLED: "Maintenance called off",
    EventType.MAINTENANCE_REMINDER: "Maintenance soon",
    EventType.MAINTENANCE_OVERRUN: "Maintenance overdue",
    EventType.COMPONENT_ADDED: "Component added",
    EventType.COMPONENT_REMOVED: "Component removed",
    EventType.COMPONENT_RENAMED: "Component renamed",
    EventType.FEED_FAILING: "Cannot read",
    EventType.FEED_UNREADABLE: "Cannot understand",
    EventType.FEED_RECOVERED: "Readable again",
    EventType.FEED_MOVED: "Page moved",
}


def _state(event: Event) -> str:
    told = wording.level(event)
    return _STATES.get(event.type) or (STATUS_WORDS[told] if told is not None else "Update")


def _headline_of_several(message: Message) -> str:
    pages = dict.fromkeys(wording.page_name(event) for event in message.events)
    named = ", ".join(list(pages)[:_NAMES]) + (f" and {len(pages) - _NAMES} more" if len(pages) > _NAMES else "")
    if message.kind is MessageKind.STORY:
        return f"{STATUS_WORDS[level(message)]} - {len(pages)} pages at once: {named}"
    return f"{len(message.events)} updates - {named}"


def _is_digest(message: Message) -> bool:
    return message.kind is MessageKind.DIGEST and len(message.events) > 1


def _subject(event: Event) -> tuple[str, str]:
    """What an event is about, so that only the newest of each counts."""
    incident = event.incident.id if event.incident is not None else ""
    component = event.component.id if event.component is not None else ""
    return event.page.slug, incident or component or event.type.value.partition(".")[0]


def _took(message: Message) -> str:
    """How long it lasted, of an incident that is over."""
    incident = message.event.incident
    if incident is None or not incident.phase.is_closed:
        return ""
    begun = incident.started_at or message.opened_at
    ended = incident.resolved_at or message.event.at
    return duration(ended - begun) if begun is not None and ended >= begun else ""


def _our_word(message: Message) -> str:
    """`Critical, not Minor as the provider says: it hits checkout (ann)`; empty where nobody overrode anything."""
    ours, incident = message.ours, message.event.incident
    if ours is None or ours.impact is None or incident is None:
        return ""
    differs = incident.impact is not ours.impact and message.event.source is not Source.OPERATOR
    said = f", not {incident.impact.value} as the provider says" if differs else ""
    reason = f": {ours.reason}" if ours.reason else ""
    author = f" ({ours.author})" if ours.author else ""
    return f"{ours.impact.value.capitalize()}{said}{reason}{author}"


def _impact(impact: Impact) -> str:
    return "" if impact is Impact.UNKNOWN else impact.value.capitalize()


def _time(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
