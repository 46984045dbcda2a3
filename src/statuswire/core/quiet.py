"""How a route tells a story: at once, later or not at all. Pure: a story and an event in, a Step out.

A story is one incident, component or feed as one route has told it. It begins with an event that opens it, goes on with
updates and ends with one that closes it; what was told once is always told to its end. In order, an event is

    withheld   by a silence, a snooze, a running maintenance, the gate, or an incident that tells of it already
    dropped    because its story was never told and is over
    held       at the beginning (`hold`, `settle`), when it comes back too soon (`flap`), while the incident that
               names its component is held itself, and while more of what was learnt with it follows
    left out   in the middle, where only first and last are wanted
    told

and whatever is held when its time comes is told once, by its newest event. A closing event within the hold lets the
whole story go untold. What was withheld because an incident told of it, or planned work explained it, is held anew when
that is over. Whether a message then goes alone or with others is decided in `collecting`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from statuswire.core.routing import Facts, gate_reason, locked, mismatch, silenced_by, worst
from statuswire.core.stories import closes, is_afterword, is_level, key_of, stands_alone, title_key_of
from statuswire.model import (
    Event,
    EventType,
    Impact,
    Kind,
    Mark,
    MarkKind,
    MessageKind,
    Mode,
    Quiet,
    Route,
    Silence,
    Source,
    Story,
    Verdict,
    VerdictKind,
)

SAME_TITLE: Final = timedelta(days=1)
"""Incidents of one title within this long share a thread."""

_SETTLING: Final = frozenset(
    {EventType.COMPONENT_STATUS_CHANGED, EventType.PAGE_STATUS_CHANGED, EventType.FEED_UNREADABLE}
)
"""What may be a passing blink: held for `settle`. A failing feed has failed for ten minutes when it is told."""

_BLINK: Final = "may pass by itself"
_IS_BACK: Final = "came back soon after its end"
_AT_ONCE: Final = "more of it came at once"
_LEFT: Final = "what told of it is over"
_PASSED: Final = {
    _BLINK: "it passed by itself",
    _IS_BACK: "it came back and went again",
    _LEFT: "it passed with what told of it",
}
_STAYED: Final = {
    _BLINK: "still so after a while",
    _IS_BACK: "it came back and stays",
    _AT_ONCE: "",
    _LEFT: "still so though what told of it is over",
}
"""Why an event is held, and what is said of it when it was over before it was told, and when it was not."""

_COVERED: Final = "an incident tells of it already"
_PLANNED: Final = "its component is under maintenance"

MAINTENANCE: Final = "maintenance"
"""`Story.left_to` of a component under planned work, told or not."""

_PATIENCE: Final = timedelta(minutes=1)
"""How soon at the soonest it is asked again whether an escalation is still withheld."""

_COVER_FIRST: Final = timedelta(seconds=1)
"""What waits for its cover is decided after it."""


@dataclass(frozen=True, slots=True)
class Tell:
    """A message to make: of these events, oldest first, in that thread, for these channels. `evidence` says why several
    pages are one story; `ours` is the operator's word about it, where that differs from the provider's."""

    channels: tuple[str, ...]
    kind: MessageKind
    event_ids: tuple[int, ...]
    story: Story
    reason: str = ""
    is_last: bool = False
    impact: Impact | None = None
    evidence: tuple[str, ...] = ()
    ours: Mark | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What one event, or the time, made of a story."""

    story: Story | None
    tell: tuple[Tell, ...] = ()
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a story. `cover`: a story of this route that tells of the same trouble already; `namesake`: an
    earlier one of this page with the same title. `is_followed`: another event of the story was learnt at the same
    moment and comes next."""

    silences: Sequence[Silence] = ()
    cover: Story | None = None
    namesake: Story | None = None
    is_followed: bool = False


# --- events ------------------------------------------------------------------------------------------------------


def on_event(route: Route, story: Story | None, facts: Facts, around: Around, now: datetime) -> Step | None:
    """What the route makes of an event; None where its filter does not mean it.

    `story` is what this route has told of the same thing so far. An event that ends a story which was told, or waits to
    be, is meant whatever the filter says of it.
    """
    event = facts.event
    is_engaged = story is not None and story.is_open and (story.told > 0 or bool(story.held))
    is_its_end = is_engaged and (closes(event) or is_afterword(event))
    if mismatch(route.filter, facts) and not is_its_end:
        return None
    if against := locked(facts):
        return Step(story, verdicts=(Verdict(event.id, route.name, VerdictKind.SUPPRESSED, against),))
    known = _known(route, story, facts, around, now)
    withheld = "" if is_its_end else _withheld(route, known, facts, around, now)
    if withheld:
        if stands_alone(event) and not closes(event):
            return Step(story, verdicts=(_verdict(known, event.id, VerdictKind.SUPPRESSED, withheld),))
        return _quietly(_left(_unheard(known, event, now), withheld, around), event, withheld)
    if story is not None and is_its_end:
        return _end(route, known, facts, now)
    if stands_alone(event):
        fact = replace(known, told=0, is_open=True, thread=f"{known.key}/{event.key}")
        return Step(story, _tell(route, fact, facts).tell, (_told(known, event.id),))
    if closes(event) or is_afterword(event):
        return _add(route, story, known, facts, now)
    if not is_engaged:
        return _open(route, story, known, facts, around, now)
    return _go_on(route, known, facts, around, now)


def _known(route: Route, story: Story | None, facts: Facts, around: Around, now: datetime) -> Story:
    """The story with what the event says of it, begun where there was none."""
    event, impact = facts.event, facts.impact
    if story is None:
        key = key_of(event)
        thread = around.namesake.thread if around.namesake is not None and route.quiet.groups_titles else key
        is_open = not (closes(event) or is_afterword(event))
        story = Story(route.name, key, thread, now, event.page.slug, title_key_of(event), is_open)
        bad = impact or Impact.UNKNOWN
    else:
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
    if facts.event.source is Source.OPERATOR:
        return ""
    component = facts.event.component
    if component is not None and route.quiet.is_quiet_in_maintenance and component.id in facts.in_maintenance:
        return _PLANNED
    cover = around.cover
    if component is not None and cover is not None and cover.told > 0 and route.quiet.leaves_to_incidents:
        return _COVERED
    return gate_reason(route.filter, facts) if route.quiet.has_gate else ""


def _unheard(story: Story, event: Event, now: datetime) -> Story:
    """The story after an event that was withheld: what it began has begun untold, what it ended is over."""
    if closes(event):
        return replace(story, is_open=False, escalate_at=None)
    if story.is_open or is_afterword(event):
        return story
    begun = replace(story, is_open=True, told=0, held=(), due_at=None, escalate_at=None)
    return replace(begun, opened_at=now, is_escalated=False)


def _left(story: Story, withheld: str, around: Around) -> Story:
    """The story with what tells of it in its stead, where it goes on untold."""
    if not story.is_open or story.told or story.held:
        return replace(story, left_to="")
    if withheld == _COVERED and around.cover is not None:
        return replace(story, left_to=around.cover.key)
    return replace(story, left_to=MAINTENANCE if withheld == _PLANNED else "")


def _quietly(story: Story, event: Event, reason: str) -> Step:
    return Step(story, verdicts=(_verdict(story, event.id, VerdictKind.SUPPRESSED, reason),))


def _open(route: Route, before: Story | None, story: Story, facts: Facts, around: Around, now: datetime) -> Step:
    event = facts.event
    wait, why = _hold(route.quiet, before, event, around, now)
    escalate_at = _escalation(route.quiet, event, now)
    bad = facts.impact or Impact.UNKNOWN
    begun = replace(story, is_open=True, told=0, held=(), left_to="", opened_at=now, is_escalated=False)
    opened = replace(begun, escalate_at=escalate_at, impact=bad)
    if wait <= timedelta(0) and around.is_followed and route.quiet.gathers:
        wait, why = timedelta(0), _AT_ONCE
    elif wait <= timedelta(0):
        return _tell(route, opened, facts)
    held = replace(opened, held=(event.id,), due_at=now + wait, why_held=why)
    return Step(held, verdicts=(_verdict(held, event.id, VerdictKind.HELD, why),))


def _hold(quiet: Quiet, before: Story | None, event: Event, around: Around, now: datetime) -> tuple[timedelta, str]:
    """How long the beginning of a story is held, and why. Planned work does not pass by itself, nor does our word."""
    wait, why = timedelta(0), _BLINK
    if event.source is Source.OPERATOR:
        return wait, why
    if before is not None and before.closed_at is not None and now - before.closed_at < quiet.flap:
        wait, why = quiet.flap, _IS_BACK
    elif event.type in _SETTLING:
        wait = quiet.settle
    elif event.incident is not None and event.incident.kind is Kind.INCIDENT:
        wait = quiet.hold
    cover_at = _cover_at(quiet, event, around, now)
    return (max(wait, cover_at - now), why) if cover_at is not None else (wait, why)


def _cover_at(quiet: Quiet, event: Event, around: Around, now: datetime) -> datetime | None:
    """When it is known whether the incident that names the component is told, where that waits itself."""
    cover = around.cover
    if event.component is None or cover is None or not cover.held or not quiet.leaves_to_incidents:
        return None
    return max(cover.due_at or now, now) + _COVER_FIRST


def _escalation(quiet: Quiet, event: Event, now: datetime) -> datetime | None:
    """When the story outlives its time; never for planned work, which may stand open for weeks."""
    is_planned = event.incident is not None and event.incident.kind is Kind.MAINTENANCE
    return None if quiet.escalation is None or is_planned else now + quiet.escalation.after


def _go_on(route: Route, story: Story, facts: Facts, around: Around, now: datetime) -> Step:
    event = facts.event
    if story.held:
        held = replace(story, held=(*story.held, event.id))
        return Step(held, verdicts=(_verdict(held, event.id, VerdictKind.HELD, story.why_held),))
    if route.quiet.mode is Mode.FIRST_AND_LAST:
        return _quietly(story, event, "between first and last")
    if around.is_followed and route.quiet.gathers:
        held = replace(story, held=(event.id,), due_at=now, why_held=_AT_ONCE)
        return Step(held, verdicts=(_verdict(held, event.id, VerdictKind.HELD, _AT_ONCE),))
    return _tell(route, story, facts)


def _end(route: Route, story: Story, facts: Facts, now: datetime) -> Step:
    """The end of a story that was told, which is told too, or of one that was held, which then never is."""
    event = facts.event
    ended = _over(story, now)
    if not story.held:
        return _tell(route, ended, facts, is_last=True)
    if story.why_held == _AT_ONCE:
        return _gathered(route, story, ended, facts)
    reason = _PASSED[story.why_held]
    gone = (_verdict(story, id_, VerdictKind.SUPPRESSED, reason) for id_ in (*story.held, event.id))
    return Step(ended, verdicts=tuple(gone))


def _gathered(route: Route, story: Story, ended: Story, facts: Facts) -> Step:
    """The end of a story of which the rest was learnt at the same moment: all of it is one message."""
    told = replace(ended, told=story.told + 1, was_told=True)
    ids = (*story.held, facts.event.id)
    verdicts = [_verdict(story, id_, VerdictKind.FOLDED, "told with a later one") for id_ in story.held]
    tell = Tell(_ears(route, story), MessageKind.EVENT, ids, told, is_last=True, impact=story.impact)
    return Step(told, (tell,), (*verdicts, _told(told, facts.event.id)))


def _over(story: Story, now: datetime) -> Story:
    return replace(story, is_open=False, held=(), due_at=None, why_held="", escalate_at=None, closed_at=now)


_MAY_RELEASE: Final = frozenset({EventType.INCIDENT_UPDATED, EventType.MAINTENANCE_UPDATED})


def may_release(event: Event) -> bool:
    """Whether components that were left to an incident or to planned work may be left no more."""
    return event.incident is not None and (event.type in _MAY_RELEASE or closes(event) or is_afterword(event))


def on_release(route: Route, story: Story, event: Event, now: datetime) -> Step | None:
    """What an event of an incident or of planned work makes of a component that was left to it; None where it still is.

    Where that is over, or names the component no more, the component is held as any that may pass by itself: providers
    end the incident first and set its components right afterwards.
    """
    incident = event.incident
    if incident is None or story.left_to != (MAINTENANCE if incident.kind is Kind.MAINTENANCE else key_of(event)):
        return None
    is_named = any(f"{event.page.slug}/component/{one.id}" == story.key for one in incident.components)
    if is_named and not (closes(event) or is_afterword(event)):
        return None
    held = replace(
        story,
        left_to="",
        held=(story.last_event_id,),
        due_at=now + route.quiet.settle,
        why_held=_LEFT,
        escalate_at=None if route.quiet.escalation is None else now + route.quiet.escalation.after,
    )
    return Step(held, verdicts=(_verdict(held, story.last_event_id, VerdictKind.HELD, _LEFT),))


def _add(route: Route, before: Story | None, story: Story, facts: Facts, now: datetime) -> Step:
    """What is said of something that is over, or is the end of something of which nothing was told."""
    event = facts.event
    closed = replace(story, is_open=False, escalate_at=None)
    if before is not None and not before.was_told:
        return _quietly(closed, event, "its beginning was not told")
    if is_level(event) and route.quiet.settle > timedelta(0):
        return _quietly(closed, event, "nothing bad was told of it")
    if before is None and closes(event):
        return _tell(route, _over(story, now), facts, is_last=True)
    if before is not None and (before.is_open or route.quiet.mode is Mode.FIRST_AND_LAST):
        return _quietly(closed, event, "its beginning was not told" if before.is_open else "after the last")
    return _tell(route, closed, facts)


def _tell(route: Route, story: Story, facts: Facts, *, is_last: bool = False) -> Step:
    event_id = facts.event.id
    told = replace(story, told=story.told + 1, was_told=True)
    channels = _ears(route, story) if is_last else route.channels
    tell = Tell(channels, MessageKind.EVENT, (event_id,), told, is_last=is_last, impact=facts.impact)
    return Step(told, (tell,), (_told(told, event_id),))


def _ears(route: Route, story: Story) -> tuple[str, ...]:
    """Who is told the end: also those who were told that it goes on for so long."""
    return route.all_channels if story.is_escalated else route.channels


def _told(story: Story, event_id: int, reason: str = "") -> Verdict:
    return _verdict(story, event_id, VerdictKind.TOLD, reason)


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
    again, escalated = _escalated(route, story, facts, around, now)
    waited = replace(story, escalate_at=again, is_escalated=story.is_escalated or bool(escalated))
    return Step(waited, (*held.tell, *escalated), held.verdicts)


def _is_due(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now


def _held(route: Route, story: Story, facts: Facts, around: Around, now: datetime) -> Step:
    free = replace(story, held=(), due_at=None, why_held="")
    withheld = mismatch(route.filter, facts) or _against(facts) or _withheld(route, free, facts, around, now)
    if withheld or not story.held:
        gone = tuple(_verdict(story, id_, VerdictKind.SUPPRESSED, withheld) for id_ in story.held)
        return Step(_left(free, withheld, around), verdicts=gone)
    cover_at = _cover_at(route.quiet, facts.event, around, now)
    if cover_at is not None:
        return Step(replace(story, due_at=cover_at))
    *earlier, newest = story.held
    stayed = _STAYED[story.why_held]
    told = replace(free, told=story.told + 1, was_told=True)
    verdicts = [_verdict(story, id_, VerdictKind.FOLDED, "told with a later one") for id_ in earlier]
    verdicts.append(_told(story, newest, stayed))
    tell = Tell(route.channels, MessageKind.EVENT, story.held, told, reason=stayed, impact=story.impact)
    return Step(told, (tell,), tuple(verdicts))


def _against(facts: Facts) -> str:
    """Why what is held is not so by the operator's word; empty where that says the same."""
    override, component = facts.mark(MarkKind.OVERRIDE), facts.event.component
    agrees = override is not None and component is not None and component.status is override.status
    return "" if agrees else locked(facts)


def _escalated(
    route: Route, story: Story, facts: Facts, around: Around, now: datetime
) -> tuple[datetime | None, tuple[Tell, ...]]:
    """When to look again (None: never), and what is told to more people. What is held or withheld is not told to them
    before it is told at all."""
    escalation = route.quiet.escalation
    if escalation is None or not story.is_open or facts.mark(MarkKind.ACKNOWLEDGED) is not None:
        return None, ()
    if story.held:
        return story.due_at, ()
    if story.told == 0 or _withheld(route, story, facts, around, now):
        return now + max(escalation.after, _PATIENCE), ()
    reason = "open for so long, and nobody has acknowledged it"
    ids = (story.last_event_id,)
    return None, (Tell(escalation.channels, MessageKind.ESCALATION, ids, story, reason=reason, impact=story.impact),)
