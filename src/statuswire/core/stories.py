"""What an event is in the story that it belongs to: its beginning, its end, a word after the end, or a fact by itself.

A story is one incident, component, feed or page. A moved feed and a changed list of components neither begin nor
continue anything: they are told by themselves, in threads of their own.
"""

from __future__ import annotations

from typing import Final

from statuswire.model import Event, EventType, Status

OPENING: Final = frozenset(
    {
        EventType.INCIDENT_CREATED,
        EventType.INCIDENT_REOPENED,
        EventType.MAINTENANCE_SCHEDULED,
        EventType.FEED_FAILING,
        EventType.FEED_UNREADABLE,
    }
)
_CLOSING: Final = frozenset(
    {
        EventType.INCIDENT_RESOLVED,
        EventType.MAINTENANCE_COMPLETED,
        EventType.MAINTENANCE_CANCELLED,
        EventType.FEED_RECOVERED,
        EventType.COMPONENT_REMOVED,
    }
)
_BY_ITSELF: Final = frozenset(
    {
        EventType.COMPONENT_ADDED,
        EventType.COMPONENT_REMOVED,
        EventType.COMPONENT_RENAMED,
        EventType.FEED_MOVED,
        EventType.HEARTBEAT,
    }
)
_LEVELS: Final = frozenset({EventType.COMPONENT_STATUS_CHANGED, EventType.PAGE_STATUS_CHANGED})
_WELL: Final = frozenset({Status.OPERATIONAL, Status.MAINTENANCE})


def opens(event: Event) -> bool:
    """Whether the event begins something that somebody must know."""
    return event.type in OPENING or (is_level(event) and not closes(event))


def closes(event: Event) -> bool:
    """Whether the event ends it. A component that is removed has no level any more, whatever it was."""
    if event.component is not None and event.type is EventType.COMPONENT_STATUS_CHANGED:
        return event.component.status in _WELL
    if event.page_change is not None:
        return event.page_change.new in _WELL
    return event.type in _CLOSING


def is_level(event: Event) -> bool:
    """Whether it is about how well a component or a page is."""
    return event.type in _LEVELS


def is_afterword(event: Event) -> bool:
    """Whether it is said of something that is over: a postmortem, a correction."""
    return event.incident is not None and event.incident.phase.is_closed and not closes(event)


def stands_alone(event: Event) -> bool:
    """Whether it is a fact that no story needs."""
    return event.type in _BY_ITSELF


def key_of(event: Event) -> str:
    """The story that an event belongs to, `<page>/<kind>/<id>`."""
    if event.incident is not None:
        return f"{event.page.slug}/incident/{event.incident.id}"
    if event.component is not None:
        return f"{event.page.slug}/component/{event.component.id}"
    if event.feed is not None:
        return f"{event.page.slug}/feed/{event.feed.url}"
    return f"{event.page.slug}/page"


def title_key_of(event: Event) -> str:
    """By what two incidents of a page are called the same; empty for what has no title."""
    if event.incident is None:
        return ""
    title = " ".join(event.incident.title.casefold().split())
    return f"{event.page.slug}/{title}" if title else ""
