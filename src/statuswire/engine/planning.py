"""One transaction of the planner: events, what is due, and the deliveries that come of them.

Nothing here decides: `core/quiet` decides whether and when a story is told, `core/collecting` whether with others.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

import msgspec

from statuswire.core import collecting, correlation, quiet, stories
from statuswire.core.collecting import Batch, Recent, StormRule
from statuswire.core.correlation import CorrelationRule
from statuswire.core.quiet import Around, Step, Tell
from statuswire.core.routing import Facts, mismatch
from statuswire.engine.correlating import correlated
from statuswire.fingerprint import message_id
from statuswire.model import (
    Delivery,
    DeliveryState,
    Event,
    Kind,
    MessageKind,
    Page,
    Phase,
    Route,
    Silence,
    Story,
    Verdict,
    VerdictKind,
)
from statuswire.store import Tx, queries

NAME = "planner"
LANES = 8
"""Of one channel whose threads are independent; deliveries of one thread are always in the same lane."""

_encode = msgspec.json.Encoder().encode
_decode_recent = msgspec.json.Decoder(Recent).decode


@dataclass(frozen=True, slots=True)
class KnownChannel:
    """What the planner must know of a channel: its kind, whether its threads may overtake each other, and whether many
    stories may be told as one there. A pager's may not: each is an object of its own, which must be closed again."""

    kind: str
    is_ordered_by_thread: bool = True
    takes_storms: bool = True


@dataclass(frozen=True, slots=True)
class Rules:
    """What is to be told where, from the configuration. `tags` and `categories` are those of pages, by slug."""

    routes: tuple[Route, ...] = ()
    channels: Mapping[str, KnownChannel] = field(default_factory=dict)
    silences: tuple[Silence, ...] = ()
    storm: StormRule | None = field(default_factory=StormRule)
    correlate: CorrelationRule | None = field(default_factory=CorrelationRule)
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)


def begin(tx: Tx) -> int:
    """The place in the log. A new planner begins at the head: what happened before anybody asked is not told."""
    place = queries.follower(tx, NAME)
    if place is None:
        place = queries.last_event_id(tx)
        queries.set_follower(tx, NAME, place)
    return place


def forget_due(tx: Tx, story: Story, reason: str, now: datetime) -> None:
    """Nothing is due of the story any more; what it held is not told."""
    queries.save_story(tx, replace(story, held=(), due_at=None, why_held="", escalate_at=None))
    gone = [Verdict(id_, story.route, VerdictKind.SUPPRESSED, reason) for id_ in story.held]
    queries.add_verdicts(tx, gone, now)


class Planning:
    """One transaction of the planner."""

    def __init__(self, tx: Tx, rules: Rules, now: datetime) -> None:
        self._tx = tx
        self._rules = rules
        self._now = now
        self.made = 0
        self._keys: dict[int, str] = {}
        self._followed: frozenset[int] = frozenset()

    @cached_property
    def _silences(self) -> tuple[Silence, ...]:
        return (*self._rules.silences, *queries.silences(self._tx, self._now))

    # --- events ---------------------------------------------------------------------------------------------------

    def follow(self, limit: int) -> int:
        """The next events of the log; how many."""
        events = queries.events_after(self._tx, begin(self._tx), limit)
        last = {_moment_of(event): event.id for event in events}
        self._followed = frozenset(event.id for event in events if last[_moment_of(event)] != event.id)
        for event in events:
            self.take(event)
        if events:
            queries.set_follower(self._tx, NAME, events[-1].id)
        return len(events)

    def take(self, event: Event) -> None:
        """What every route makes of one event."""
        if not self._rules.routes:
            return
        self._keys[event.id] = event.key
        facts = self._facts(event)
        key = stories.key_of(event)
        for route in self._rules.routes:
            self._release(route, event)
            if mismatch(route.filter, facts) and not (stories.closes(event) or stories.is_afterword(event)):
                continue  # as `on_event` decides, without asking for the story
            story = queries.story(self._tx, route.name, key)
            step = quiet.on_event(route, story, facts, self._around(route, key, facts), self._now)
            if step is not None:
                self._carry_out(route, step, event)

    def _release(self, route: Route, event: Event) -> None:
        """Components that the route left to what the event is about."""
        if not quiet.may_release(event):
            return
        for story in queries.left_stories(self._tx, route.name, event.page.slug):
            step = quiet.on_release(route, story, event, self._now)
            if step is not None:
                self._carry_out(route, step, event)

    def _facts(self, event: Event) -> Facts:
        slug = event.page.slug
        page = queries.page_by_slug(self._tx, slug)
        under, covering = _trouble(self._tx, page, event) if page is not None else (frozenset[str](), ())
        return Facts(
            event=event,
            tags=self._rules.tags.get(slug, ()),
            category=self._rules.categories.get(slug, ""),
            component_count=queries.component_count(self._tx, page.id) if page is not None and event.incident else 0,
            in_maintenance=under,
            covered_by=covering,
            marks=queries.marks(self._tx, slug, stories.key_of(event).removeprefix(f"{slug}/"), self._now),
        )

    def _around(self, route: Route, key: str, facts: Facts) -> Around:
        slug = facts.event.page.slug
        covers = (queries.story(self._tx, route.name, f"{slug}/incident/{id_}") for id_ in facts.covered_by)
        cover = next((one for one in covers if one is not None and one.is_open and (one.told or one.held)), None)
        since = self._now - quiet.SAME_TITLE
        title_key = stories.title_key_of(facts.event)
        namesake = queries.namesake(self._tx, route.name, key, title_key, since) if title_key else None
        return Around(self._silences, cover, namesake, facts.event.id in self._followed)

    # --- time -----------------------------------------------------------------------------------------------------

    def wake(self, limit: int) -> bool:
        """What is due of stories that wait; whether there is more. One of a route that is gone waits no longer."""
        routes = {route.name: route for route in self._rules.routes}
        due = queries.due_stories(self._tx, self._now, limit)
        for story in due:
            route = routes.get(story.route)
            events = queries.events_by_ids(self._tx, [story.held[-1] if story.held else story.last_event_id])
            if route is None or not events:
                reason = "its route is gone" if route is None else "its events are no longer kept"
                forget_due(self._tx, story, reason, self._now)
                continue
            facts = self._facts(events[0])
            step = quiet.on_time(route, story, facts, self._around(route, story.key, facts), self._now)
            self._carry_out(route, step, events[0])
        return len(due) == limit

    def fold(self, limit: int) -> bool:
        """Batches that are due: one message tells them all; what is alone in its batch is sent as it is. Whether there
        is more."""
        batches: dict[tuple[str, str], list[Delivery]] = {}
        due = queries.due_collected(self._tx, self._now, limit)
        for one in due:
            batches.setdefault((one.channel, one.batch), []).append(one)
        for some in batches.values():
            if len(some) == 1:
                queries.send_collected(self._tx, some[0], self._now)
                self._conclude(some, some)
                self.made += 1
            else:
                self._fold(some)
        return len(due) == limit

    def _fold(self, some: Sequence[Delivery]) -> None:
        """One digest in place of these. What it tells of a story is the newest of it."""
        first = some[0]
        ids = collecting.latest_of_each([one.event_ids[-1] for one in some], self._stories_of(some))
        digest = replace(
            first,
            event_ids=ids,
            thread=first.batch,
            reason="",
            is_last=False,
            is_shared=False,
            opened_at=None,
            batch="",
        )
        queries.fold_collected(self._tx, some, self._now)
        self._put(replace(digest, kind=MessageKind.DIGEST, state=DeliveryState.WAITING, next_at=None))
        self._conclude(some, [one for one in some if one.event_ids[-1] in ids])

    def _stories_of(self, some: Sequence[Delivery]) -> list[str]:
        """Where each belongs: of several stories in one thread, each must be told, and a fact by itself too."""
        events = queries.events_by_ids(self._tx, [one.event_ids[-1] for one in some])
        keys = {event.id: stories.key_of(event) for event in events if not stories.stands_alone(event)}
        return [keys.get(one.event_ids[-1], one.thread) for one in some]

    def _conclude(self, some: Sequence[Delivery], told: Sequence[Delivery]) -> None:
        """The last word on events that waited to be told together."""
        shown = {one.id for one in told}
        verdicts = [
            Verdict(one.event_ids[-1], one.route, VerdictKind.TOLD, "")
            if one.id in shown
            else Verdict(one.event_ids[-1], one.route, VerdictKind.FOLDED, "told with a later one")
            for one in some
            if one.route
        ]
        queries.add_verdicts(self._tx, verdicts, self._now)

    # --- what comes of it -----------------------------------------------------------------------------------------

    def _carry_out(self, route: Route, step: Step, event: Event) -> None:
        step = correlated(self._tx, self._rules.correlate, route, step, self._now)
        if step.story is not None:
            queries.save_story(self._tx, step.story)
        reasons = [self._send(route, tell, channel, event) for tell in step.tell for channel in tell.channels]
        verdicts = _waiting(step.verdicts, reasons) if reasons and all(reasons) else step.verdicts
        queries.add_verdicts(self._tx, verdicts, self._now)

    def _send(self, route: Route, tell: Tell, channel: str, event: Event) -> str:
        """Put a delivery in for a channel; why it waits, empty where it does not."""
        batch, along = self._batch(route, tell, channel, event)
        made = self._put(_delivery(route, tell, channel, batch, along))
        if along:
            queries.fold_collected(self._tx, along, self._now)
            self._conclude(along, ())
        if batch is None or not made:
            return ""
        return f"{batch.reason}, until {batch.due_at:%Y-%m-%d %H:%M} UTC"

    def _batch(self, route: Route, tell: Tell, channel: str, event: Event) -> tuple[Batch | None, list[Delivery]]:
        """What the message waits for; where it must not wait, what of its thread has waited and goes with it.

        Nothing may overtake what was said before in its thread.
        """
        batch = collecting.batch_for(route.name, route.quiet, tell, self._now)
        if batch is not None or tell.kind is MessageKind.ESCALATION:
            return batch, []
        waiting = queries.collecting_of(self._tx, channel, tell.story.thread)
        before = [one for one in waiting if one.event_ids[-1] != tell.event_ids[-1]]
        if not before:
            return (self._storm(channel, event) if _is_edge(tell) else None), []
        last = before[-1]
        is_patient = last.route == route.name or collecting.is_of_storm(last.batch)
        if is_patient and last.next_at is not None and not collecting.is_urgent(route.quiet, tell, self._now):
            return Batch(last.batch, last.next_at, "told with what came before"), []
        return None, before

    def _storm(self, channel: str, event: Event) -> Batch | None:
        rule = self._rules.storm
        if rule is None or not self._known(channel).takes_storms:
            return None
        written = queries.recent_of(self._tx, channel)
        recent = _decode_recent(written) if written else Recent()
        recent, batch = collecting.in_storm(rule, recent, channel, event.page.slug, self._now)
        queries.save_recent(self._tx, channel, self._known(channel).kind, _encode(recent).decode())
        return batch

    def _put(self, one: Delivery) -> bool:
        """Whether it is on its way, now or later, by this delivery: not where another route told the same there."""
        told = one.event_ids if one.kind is MessageKind.DIGEST else one.event_ids[-1:]
        keys = [self._key(id_) for id_ in told]
        known = self._known(one.channel)
        lane = f"{zlib.crc32(one.thread.encode()) % LANES}" if known.is_ordered_by_thread else "all"
        # What another route told there alone is not told again in company.
        kind = MessageKind.EVENT if one.kind is MessageKind.STORY else one.kind
        named = replace(one, lane=lane, message_id=message_id(one.channel, kind, keys))
        if queries.add_delivery(self._tx, named, known.kind, self._now):
            self.made += 1
            return True
        if one.state is not DeliveryState.WAITING:
            return False
        slower = queries.hasten(self._tx, named, self._now)
        if slower is not None:
            self.made += 1
            self._conclude([slower], [slower])
        return slower is not None

    def _key(self, event_id: int) -> str:
        """The key of an event, by which its messages are named; empty where it is no longer kept."""
        if event_id not in self._keys:
            found = queries.events_by_ids(self._tx, (event_id,))
            self._keys[event_id] = found[0].key if found else ""
        return self._keys[event_id]

    def _known(self, channel: str) -> KnownChannel:
        return self._rules.channels.get(channel, _UNKNOWN)


_UNKNOWN = KnownChannel("unknown")


def _delivery(route: Route, tell: Tell, channel: str, batch: Batch | None, along: Sequence[Delivery]) -> Delivery:
    """`along` are earlier ones of the thread whose events it tells too."""
    return Delivery(
        id=0,
        channel=channel,
        lane="",
        message_id="",
        kind=tell.kind,
        event_ids=(*(id_ for one in along for id_ in one.event_ids), *tell.event_ids),
        thread=tell.story.thread,
        route=route.name,
        opened_at=tell.story.opened_at,
        is_last=tell.is_last,
        is_shared=correlation.is_thread(tell.story.thread),
        reason=tell.reason,
        evidence=tell.evidence,
        state=DeliveryState.WAITING if batch is None else DeliveryState.COLLECTING,
        batch="" if batch is None else batch.name,
        next_at=None if batch is None else batch.due_at,
    )


def _moment_of(event: Event) -> tuple[str, datetime]:
    """What was learnt together of one story, from one document."""
    return stories.key_of(event), event.seen_at


def _is_edge(tell: Tell) -> bool:
    """Whether the message begins or ends a story: what comes in crowds when a storm does."""
    return tell.kind in (MessageKind.EVENT, MessageKind.STORY) and (tell.story.told == 1 or tell.is_last)


def _waiting(verdicts: Iterable[Verdict], reasons: Sequence[str]) -> tuple[Verdict, ...]:
    """The same, those told held for what their messages wait for."""
    return tuple(
        replace(one, kind=VerdictKind.HELD, reason=reasons[0]) if one.kind is VerdictKind.TOLD else one
        for one in verdicts
    )


def _trouble(tx: Tx, page: Page, event: Event) -> tuple[frozenset[str], tuple[str, ...]]:
    """The components under a running maintenance, and the open incidents that name the component of the event."""
    if event.component is None:
        return frozenset(), ()
    own_id = event.component.id
    open_ones = queries.open_on_page(tx, page.id)
    running = (one for one in open_ones if one.kind is Kind.MAINTENANCE and one.phase is not Phase.SCHEDULED)
    under = frozenset(component.id for one in running for component in one.components)
    naming = tuple(
        one.id
        for one in open_ones
        if one.kind is Kind.INCIDENT and any(component.id == own_id for component in one.components)
    )
    return under, naming
