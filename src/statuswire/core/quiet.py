"""How a route tells a story: at once, later or not at all. Pure: a story and an event in, a Step out.

A story is one incident, component or feed as one route has told it. It begins with an event that opens it, goes on with
updates and ends with one that closes it; what was told once is always told to its end. In order, an event is

    withheld   by a silence, a snooze, a running maintenance, the gate, or an incident that tells of it already
    dropped    because its story was never told and is over
    held       at the beginning (`hold`, `settle`), and when it comes back too soon (`flap`)
    left out   in the middle, where only first and last are wanted
    told

and whatever is held when its time comes is told once, by its newest event. A closing event within the hold lets the
whole story go untold. Whether a message then goes alone or with others is decided in `collecting`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from statuswire.core.routing import Facts, gate_reason, mismatch, silenced_by, worst
from statuswire.model import (
    Event,
    EventType,
    Impact,
    MarkKind,
    MessageKind,
    Mode,
    Quiet,
    Route,
    Silence,
    Status,
    Story,
    Verdict,
    VerdictKind,
)

SAME_TITLE: Final = timedelta(days=1)
"""Incidents of one title within this long share a thread."""

_OPENING: Final = frozenset(
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
    }
)
_SETTLING: Final = frozenset(
    {EventType.COMPONENT_STATUS_CHANGED, EventType.PAGE_STATUS_CHANGED, EventType.FEED_UNREADABLE}
)
"""What may be a passing blink: held for `settle`. A failing feed has failed for ten minutes when it is told."""

_BLINK: Final = "may pass by itself"
_IS_BACK: Final = "came back soon after its end"
_PASSED: Final = {_BLINK: "it passed by itself", _IS_BACK: "it came back and went again"}
_STAYED: Final = {_BLINK: "still so after a while", _IS_BACK: "it came back and stays"}
"""Why an event is held, and what is said of it when it was over before it was told, and when it was not."""

_WELL: Final = frozenset({Status.OPERATIONAL, Status.MAINTENANCE})


@dataclass(frozen=True, slots=True)
class Tell:
    """A message to make: of these events, oldest first, in that thread, for these channels."""

    channels: tuple[str, ...]
    kind: MessageKind
    event_ids: tuple[int, ...]
    story: Story
    reason: str = ""
    is_last: bool = False
    impact: Impact | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What one event, or the time, made of a story."""

    story: Story | None
    tell: tuple[Tell, ...] = ()
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a story. `cover`: a story of this route that tells of the same trouble already; `namesake`: an
    earlier one of this page with the same title."""

    silences: Sequence[Silence] = ()
    cover: Story | None = None
    namesake: Story | None = None


def opens(event: Event) -> bool:
    """Whether the event begins something that somebody must know."""
    return event.type in _OPENING or (_is_level(event) and not closes(event))


def closes(event: Event) -> bool:
    """Whether the event ends it."""
    if event.component is not None and event.type is EventType.COMPONENT_STATUS_CHANGED:
        return event.component.status in _WELL
    if event.page_change is not None:
        return event.page_change.new in _WELL
    return event.type in _CLOSING


def _is_level(event: Event) -> bool:
    return event.type in (EventType.COMPONENT_STATUS_CHANGED, EventType.PAGE_STATUS_CHANGED)


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


# --- events ------------------------------------------------------------------------------------------------------


def on_event(route: Route, story: Story | None, facts: Facts, around: Around, now: datetime) -> Step | None:
    """What the route makes of an event; None where its filter does not mean it.

    `story` is what this route has told of the same thing so far. An event that ends a story which was told is meant
    whatever the filter says of its phase or impact.
    """
    event = facts.event
    is_engaged = story is not None and story.is_open and story.told > 0
    if mismatch(route.filter, facts) and not (is_engaged and closes(event)):
        return None
    known = _known(route, story, facts, around, now)
    withheld = "" if is_engaged and closes(event) else _withheld(route, known, facts, around, now)
    if withheld:
        return _quietly(known, event, withheld, VerdictKind.SUPPRESSED)
    if closes(event):
        return _close(route, story, known, facts, now)
    if _is_afterword(event):
        return _add(route, story, known, facts)
    if story is None or not story.is_open or (story.told == 0 and not story.held):
        return _open(route, story, known, facts, now)
    return _go_on(route, known, facts)


def _known(route: Route, story: Story | None, facts: Facts, around: Around, now: datetime) -> Story:
    """The story with what the event says of it, begun where there was none or where it begins again."""
    event = facts.event
    impact = facts.impact
    if story is None:
        key = key_of(event)
        thread = around.namesake.thread if around.namesake is not None and route.quiet.groups_titles else key
        story = Story(route.name, key, thread, now, event.page.slug, title_key_of(event), is_open=not closes(event))
    bad = worst((story.impact, impact)) if impact is not None else story.impact
    return replace(story, impact=bad, last_event_id=event.id)


def _withheld(route: Route, story: Story, facts: Facts, around: Around, now: datetime) -> str:
    """Why nothing is told of the event, whatever its story; empty where something is."""
    silence = silenced_by(around.silences, facts, now)
    if silence is not None:
        return f"silence: {silence.reason}"
    snooze = facts.mark(MarkKind.SNOOZED)
    if snooze is not None and not closes(facts.event):
        return f"snoozed: {snooze.reason}" if snooze.reason else "snoozed"
    component = facts.event.component
    if component is not None and route.quiet.is_quiet_in_maintenance and component.id in facts.in_maintenance:
        return "its component is under maintenance"
    if component is not None and around.cover is not None and around.cover.key != story.key:
        return "an incident tells of it already"
    return gate_reason(route.filter, facts) if route.quiet.has_gate else ""


def _quietly(story: Story, event: Event, reason: str, kind: VerdictKind) -> Step:
    is_open = False if closes(event) else story.is_open
    return Step(replace(story, is_open=is_open), verdicts=(Verdict(event.id, story.route, kind, reason),))


def _open(route: Route, before: Story | None, story: Story, facts: Facts, now: datetime) -> Step:
    event, quiet = facts.event, route.quiet
    is_back = before is not None and before.closed_at is not None and now - before.closed_at < quiet.flap
    wait, why = timedelta(0), ""
    if is_back:
        wait, why = quiet.flap, _IS_BACK
    elif event.type in _SETTLING:
        wait, why = quiet.settle, _BLINK
    elif event.incident is not None and event.type in _OPENING:
        wait, why = quiet.hold, _BLINK
    opened = replace(story, is_open=True, told=0, held=(), opened_at=now, escalate_at=_escalation(quiet, now))
    if wait <= timedelta(0):
        return _tell(route, opened, facts, (event.id,))
    held = replace(opened, held=(event.id,), due_at=now + wait, why_held=why)
    return Step(held, verdicts=(_verdict(held, event.id, VerdictKind.HELD, why),))


def _escalation(quiet: Quiet, now: datetime) -> datetime | None:
    return now + quiet.escalation.after if quiet.escalation is not None else None


def _go_on(route: Route, story: Story, facts: Facts) -> Step:
    event = facts.event
    if story.held:
        held = replace(story, held=(*story.held, event.id))
        return Step(held, verdicts=(_verdict(held, event.id, VerdictKind.HELD, story.why_held),))
    if route.quiet.mode is Mode.FIRST_AND_LAST:
        return _quietly(story, event, "between first and last", VerdictKind.SUPPRESSED)
    return _tell(route, story, facts, (event.id,))


def _is_afterword(event: Event) -> bool:
    """Whether it is said of something that is over: a postmortem, a correction."""
    return event.incident is not None and event.incident.phase.is_closed


def _add(route: Route, before: Story | None, story: Story, facts: Facts) -> Step:
    closed = replace(story, is_open=False)
    if route.quiet.mode is Mode.FIRST_AND_LAST:
        return _quietly(closed, facts.event, "after the last", VerdictKind.SUPPRESSED)
    if before is not None and before.told == 0:
        return _quietly(closed, facts.event, "its beginning was not told", VerdictKind.SUPPRESSED)
    return _tell(route, closed, facts, (facts.event.id,))


def _close(route: Route, before: Story | None, story: Story, facts: Facts, now: datetime) -> Step:
    event = facts.event
    ended = replace(story, is_open=False, held=(), due_at=None, why_held="", escalate_at=None)
    if story.held:
        reason = _PASSED[story.why_held]
        gone = (_verdict(story, id_, VerdictKind.SUPPRESSED, reason) for id_ in (*story.held, event.id))
        return Step(replace(ended, closed_at=now), verdicts=tuple(gone))
    if before is None and not _is_level(event):
        return _tell(route, replace(ended, closed_at=now), facts, (event.id,), is_last=True)
    if before is None or before.told == 0:
        return _quietly(ended, event, "its beginning was not told", VerdictKind.SUPPRESSED)
    return _tell(route, replace(ended, closed_at=now), facts, (event.id,), is_last=True)


def _tell(route: Route, story: Story, facts: Facts, ids: tuple[int, ...], *, is_last: bool = False) -> Step:
    told = replace(story, told=story.told + 1)
    tell = Tell(route.channels, MessageKind.EVENT, ids, told, is_last=is_last, impact=facts.impact)
    return Step(told, (tell,), (_verdict(told, ids[-1], VerdictKind.TOLD, ""),))


def _verdict(story: Story, event_id: int, kind: VerdictKind, reason: str) -> Verdict:
    return Verdict(event_id, story.route, kind, reason)


# --- time --------------------------------------------------------------------------------------------------------


def on_time(route: Route, story: Story, facts: Facts, around: Around, now: datetime) -> Step:
    """What is due of a story: what was held is told, by its newest event, if nothing withholds it by now; what outlived
    its time is told to more people, unless somebody acknowledged it. `facts` are those of the newest event."""
    held = _held(route, story, facts, around, now) if _is_due(story.due_at, now) else Step(story)
    story = held.story or story
    if not _is_due(story.escalate_at, now):
        return held
    story = replace(story, escalate_at=None)
    told = (*held.tell, *_escalated(route, story, facts, around, now))
    return Step(story, told, held.verdicts)


def _is_due(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now


def _held(route: Route, story: Story, facts: Facts, around: Around, now: datetime) -> Step:
    free = replace(story, held=(), due_at=None, why_held="")
    withheld = _withheld(route, free, facts, around, now)
    if withheld:
        gone = (_verdict(story, id_, VerdictKind.SUPPRESSED, withheld) for id_ in story.held)
        return Step(free, verdicts=tuple(gone))
    *earlier, newest = story.held
    stayed = _STAYED[story.why_held]
    told = replace(free, told=story.told + 1)
    verdicts = [_verdict(story, id_, VerdictKind.FOLDED, "told with a later one") for id_ in earlier]
    verdicts.append(_verdict(story, newest, VerdictKind.TOLD, stayed))
    tell = Tell(route.channels, MessageKind.EVENT, story.held, told, reason=stayed, impact=story.impact)
    return Step(told, (tell,), tuple(verdicts))


def _escalated(route: Route, story: Story, facts: Facts, around: Around, now: datetime) -> tuple[Tell, ...]:
    escalation = route.quiet.escalation
    is_wanted = story.is_open and story.told > 0 and facts.mark(MarkKind.ACKNOWLEDGED) is None
    if escalation is None or not is_wanted or _withheld(route, story, facts, around, now):
        return ()
    return (
        Tell(
            escalation.channels,
            MessageKind.ESCALATION,
            (story.last_event_id,),
            story,
            reason="open for so long, and nobody has acknowledged it",
            impact=story.impact,
        ),
    )
