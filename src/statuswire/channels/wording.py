"""Titles and sentences that every channel shares: what an event is about, in words.

The provider's own words stay theirs; ours are short. Everything returned is on one line and safe to show.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from statuswire.channels.terminal import one_line, safe_url
from statuswire.model import (
    AffectedComponent,
    Event,
    EventComponent,
    EventFeed,
    EventIncident,
    EventType,
    Impact,
    Kind,
    Phase,
    Source,
    Status,
)

STATUS_WORDS: dict[Status, str] = {
    Status.OPERATIONAL: "Operational",
    Status.DEGRADED: "Degraded",
    Status.PARTIAL_OUTAGE: "Partial outage",
    Status.MAJOR_OUTAGE: "Major outage",
    Status.MAINTENANCE: "Maintenance",
    Status.UNKNOWN: "Unknown",
}

STATUS_LABELS: dict[Status, str] = {
    Status.OPERATIONAL: "ACTIVE",
    Status.DEGRADED: "DEGRADED",
    Status.PARTIAL_OUTAGE: "PARTIAL OUTAGE",
    Status.MAJOR_OUTAGE: "MAJOR OUTAGE",
    Status.MAINTENANCE: "MAINTENANCE",
    Status.UNKNOWN: "UNKNOWN",
}
"""The one-word state of heartbeats and of `/status`."""

PHASE_WORDS: dict[Phase, str] = {
    Phase.INVESTIGATING: "Investigating",
    Phase.IDENTIFIED: "Identified",
    Phase.MONITORING: "Monitoring",
    Phase.RESOLVED: "Resolved",
    Phase.POSTMORTEM: "Postmortem",
    Phase.SCHEDULED: "Scheduled",
    Phase.IN_PROGRESS: "In progress",
    Phase.VERIFYING: "Verifying",
    Phase.COMPLETED: "Completed",
    Phase.CANCELLED: "Cancelled",
    Phase.UNKNOWN: "Update",
}

IMPACT_LEVELS: dict[Impact, Status] = {
    Impact.NONE: Status.OPERATIONAL,
    Impact.MINOR: Status.DEGRADED,
    Impact.MAJOR: Status.PARTIAL_OUTAGE,
    Impact.CRITICAL: Status.MAJOR_OUTAGE,
    Impact.MAINTENANCE: Status.MAINTENANCE,
    Impact.UNKNOWN: Status.DEGRADED,
}
"""The level an open incident means for its page; one of unknown impact is at least something."""

_SEVERITY: dict[Status, int] = {
    Status.OPERATIONAL: 0,
    Status.MAINTENANCE: 1,
    Status.UNKNOWN: 2,
    Status.DEGRADED: 3,
    Status.PARTIAL_OUTAGE: 4,
    Status.MAJOR_OUTAGE: 5,
}

_FEED_SENTENCES: dict[EventType, str] = {
    EventType.FEED_FAILING: "Cannot read {url}: {reason}",
    EventType.FEED_UNREADABLE: "Cannot understand {url}: {reason}",
    EventType.FEED_RECOVERED: "{url}: {reason}",
    EventType.FEED_MOVED: "{url}: {reason}",
}

_COMPONENT_SENTENCES: dict[EventType, str] = {
    EventType.COMPONENT_ADDED: "Added to the page: {now}",
    EventType.COMPONENT_REMOVED: "Removed from the page",
    EventType.COMPONENT_RENAMED: "Renamed from {old} to {new}",
}

_OLD_WORDS = {status.value: word for status, word in STATUS_WORDS.items()}


def worst(levels: Iterable[Status]) -> Status | None:
    """The level to show for several; something broken outranks something unknown, which outranks what is fine."""
    return max(levels, key=lambda level: _SEVERITY[level], default=None)


def product(event: Event) -> str:
    """The page name, then ` - ` and the affected components joined by `, `; without components the page name alone."""
    names = ", ".join(component_names(event))
    return f"{page_name(event)} - {names}" if names else page_name(event)


def page_name(event: Event) -> str:
    return one_line(event.page.name) or event.page.slug


def component_names(event: Event) -> tuple[str, ...]:
    """Names of the components an event touches, in the provider's order; one that occurs twice carries its group."""
    touched = _touched(event)
    names = [one_line(one.name) for one in touched]
    seen = Counter(names)
    marked = (
        f"{one_line(one.group)} / {name}" if seen[name] > 1 and one.group else name
        for one, name in zip(touched, names, strict=True)
    )
    return tuple(dict.fromkeys(name for name in marked if name))


def shown_at(event: Event) -> datetime:
    """The moment of the provider's update, else of the event."""
    return event.update.at if event.update is not None else event.at


def phase_of(event: Event) -> Phase | None:
    """The phase an incident event tells: that of its update, else of the incident."""
    if event.update is not None and event.update.phase is not Phase.UNKNOWN:
        return event.update.phase
    return event.incident.phase if event.incident is not None else None


def message(event: Event) -> str:
    """The provider's text on one line; where it gives none, the phase and the title; for other events a sentence."""
    if event.incident is not None:
        return _said(event) or phase_and(event, one_line(event.incident.title))
    if event.component is not None:
        sentence = _component_sentence(event.type, event.component)
        return f"{sentence}. {_said(event)}" if event.source is Source.OPERATOR else sentence
    if event.feed is not None:
        return _feed_sentence(event.type, event.feed)
    if event.page_change is not None:
        return _change(STATUS_WORDS[event.page_change.new], STATUS_WORDS[event.page_change.old])
    return event.type.value


def state_and_message(event: Event) -> str:
    """`Investigating - Elevated error rates`: the state word before the text, the title where there is no text."""
    if event.incident is None:
        return message(event)
    return phase_and(event, _said(event) or one_line(event.incident.title))


def phase_and(event: Event, text: str) -> str:
    word = PHASE_WORDS[phase_of(event) or Phase.UNKNOWN]
    return f"{word} - {text}" if text else word


def _said(event: Event) -> str:
    """What the event says in words: the provider's on one line, ours where the event is our own; empty for none."""
    if event.update is not None:
        return one_line(event.update.text)
    return _calendar_sentence(event.type, event.incident, event.at) if event.incident is not None else ""


def _calendar_sentence(type_: EventType, incident: EventIncident, at: datetime) -> str:
    """`Begins in 1 h: Database upgrade`, of events that follow from the planned times alone; empty for others."""
    title = one_line(incident.title)
    if type_ is EventType.MAINTENANCE_REMINDER and incident.scheduled_for is not None:
        return f"Begins in {duration(incident.scheduled_for - at)}: {title}"
    if type_ is EventType.MAINTENANCE_OVERRUN and incident.scheduled_until is not None:
        return f"Goes on {duration(at - incident.scheduled_until)} beyond its planned end: {title}"
    return ""


def duration(span: timedelta) -> str:
    """`45 s`, `12 min`, `1 h 12 min`, `2 d 3 h`."""
    seconds = max(int(span.total_seconds()), 0)
    if seconds < 60:
        return f"{seconds} s"
    minutes, hours = seconds // 60, seconds // 3600
    if minutes < 60:
        return f"{minutes} min"
    if hours < 24:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    return f"{hours // 24} d {hours % 24} h" if hours % 24 else f"{hours // 24} d"


def level(event: Event) -> Status | None:
    """How bad the state is that an event tells, for a colour; None where it tells none."""
    if event.incident is not None:
        return _incident_level(event.incident, phase_of(event))
    if event.component is not None:
        return event.component.status
    if event.page_change is not None:
        return event.page_change.new
    if event.feed is not None:
        return Status.OPERATIONAL if event.type is EventType.FEED_RECOVERED else Status.UNKNOWN
    return None


def address(event: Event) -> str:
    """Where a reader learns more: the incident's page, else the status page."""
    return (event.incident.url if event.incident is not None else "") or event.page.url


def _touched(event: Event) -> tuple[AffectedComponent | EventComponent, ...]:
    if event.incident is not None:
        return event.incident.components
    return () if event.component is None else (event.component,)


def _incident_level(incident: EventIncident, phase: Phase | None) -> Status:
    if phase is not None and phase.is_closed:
        return Status.OPERATIONAL
    if incident.kind is Kind.MAINTENANCE:
        return Status.MAINTENANCE
    bad = [one.status for one in incident.components if _SEVERITY[one.status] > _SEVERITY[Status.UNKNOWN]]
    return worst([IMPACT_LEVELS[incident.impact], *bad]) or Status.DEGRADED


def _component_sentence(type_: EventType, component: EventComponent) -> str:
    """`Partial outage (was operational)`, and for the other component events what happened."""
    now = STATUS_WORDS[component.status]
    if type_ is EventType.COMPONENT_STATUS_CHANGED:
        return _change(now, _OLD_WORDS.get(component.old or "", "")) if component.old else now
    sentence = _COMPONENT_SENTENCES.get(type_, "{now}")
    return sentence.format(now=now, old=one_line(component.old or ""), new=one_line(component.new or ""))


def _change(new: str, old: str) -> str:
    return f"{new} (was {old.lower()})" if old else new


def _feed_sentence(type_: EventType, feed: EventFeed) -> str:
    """The query of an address is left out: it may hold a token. So is what only repeats: the word for programs before
    the sentence for people, and the host."""
    url = safe_url(feed.url.partition("?")[0]) or "the feed"
    reason = _MACHINE_WORD.sub(r"\1", one_line(feed.reason)).replace(f"{_host(url)}: ", "")
    sentence = _FEED_SENTENCES.get(type_, "{url}: {reason}")
    return sentence.format(url=url, reason=reason).removesuffix(": ")


_MACHINE_WORD = re.compile(r"(^|\()[a-z]+(?:_[a-z]+)*: (?=\S)")
"""`server_error: ` where a reason or its part in brackets begins."""


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].partition(":")[0] or url
