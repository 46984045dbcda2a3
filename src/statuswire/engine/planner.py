"""From the event log to deliveries: every route's story of every event, in one transaction with the follower's place.

The planner follows the log by id. A batch of events, what the routes make of them, the deliveries that come of it and
the new place are committed together, so that a kill at any moment loses nothing and doubles nothing. What only time
decides (holds, escalations, digests) is looked at between the batches. Nothing here decides: `core/quiet` and
`core/collecting` do.
"""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial

import msgspec

from statuswire.core import collecting, quiet
from statuswire.core.collecting import Batch, Recent, StormRule
from statuswire.core.quiet import Around, Step, Tell
from statuswire.core.routing import Facts
from statuswire.engine.bell import Bell
from statuswire.engine.clock import Clock
from statuswire.errors import StoreError
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
    Verdict,
    VerdictKind,
)
from statuswire.store import Store, Tx, queries

log = logging.getLogger(__name__)

NAME = "planner"
BATCH = 200
AT_ONCE = 500
COLLECTED_AT_ONCE = 5_000
LOOK_EVERY_S = 1.0
LANES = 8
"""Of one channel whose threads are independent; deliveries of one thread are always in the same lane."""

_encode = msgspec.json.Encoder().encode
_decode_recent = msgspec.json.Decoder(Recent).decode


@dataclass(frozen=True, slots=True)
class KnownChannel:
    """What the planner must know of a channel: its kind, and whether its threads may overtake each other."""

    kind: str
    is_ordered_by_thread: bool = True


@dataclass(frozen=True, slots=True)
class Rules:
    """What is to be told where, from the configuration. `tags` and `categories` are those of pages, by slug."""

    routes: tuple[Route, ...] = ()
    channels: Mapping[str, KnownChannel] = field(default_factory=dict)
    silences: tuple[Silence, ...] = ()
    storm: StormRule | None = field(default_factory=StormRule)
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)


class Planner:
    """The loop. `on_planned` is called after each commit that put deliveries in."""

    def __init__(
        self, store: Store, clock: Clock, rules: Rules, *, on_planned: Callable[[], object] = lambda: None
    ) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._bell = Bell(clock)
        self._on_planned = on_planned

    async def begin(self) -> None:
        """Take the place in the log: where it was left, else at the head. Raises StoreError."""
        await asyncio.to_thread(self._store.write, begin)

    def notify(self, _: object = None) -> None:
        """There is something new in the log, or in what operators say."""
        self._bell.ring()

    async def run(self) -> None:
        """Plan what comes until cancelled."""
        while True:
            try:
                await self.plan_new()
            except StoreError as error:
                log.warning("events not planned: reason=%s %s", error.reason, error)
            except Exception:
                log.exception("events not planned")
            await self._bell.wait(LOOK_EVERY_S)

    async def plan_new(self) -> int:
        """Plan all that is there and due; how many deliveries were put in. Raises StoreError."""
        made = 0
        has_more = True
        while has_more:
            planned = await self._plan()
            made += planned.deliveries
            has_more = planned.has_more
            if planned.deliveries:
                self._on_planned()
        return made

    async def _plan(self) -> Planned:
        """One transaction. An event that cannot be planned must not keep later ones waiting: it alone is left out."""
        try:
            return await self._within(partial(plan_batch, rules=self._rules, now=self._clock.now()))
        except StoreError:
            raise
        except Exception:
            log.exception("a batch could not be planned; its events are taken one by one")
        try:
            return await self._within(partial(plan_batch, rules=self._rules, now=self._clock.now(), limit=1))
        except StoreError:
            raise
        except Exception:
            log.exception("an event is left out")
            return await self._within(partial(leave_out, now=self._clock.now()))

    async def _within(self, work: Callable[[Tx], Planned]) -> Planned:
        return await asyncio.wrap_future(self._store.submit(work))


@dataclass(frozen=True, slots=True)
class Planned:
    """What one transaction did."""

    events: int = 0
    deliveries: int = 0
    has_more: bool = False


def begin(tx: Tx) -> None:
    """A planner that is new begins at the head: what happened before anybody asked is not told."""
    if queries.follower(tx, NAME) is None:
        queries.set_follower(tx, NAME, queries.last_event_id(tx))


def plan_batch(tx: Tx, rules: Rules, now: datetime, limit: int = BATCH) -> Planned:
    """The next events of the log, then what is due; all in the caller's transaction."""
    place = queries.follower(tx, NAME) or 0
    events = queries.events_after(tx, place, limit)
    planning = _Planning(tx, rules, now)
    for event in events:
        planning.take(event)
    if events:
        queries.set_follower(tx, NAME, events[-1].id)
    is_full = planning.wake() + planning.fold() > 0
    return Planned(len(events), planning.made, len(events) == limit or is_full)


def leave_out(tx: Tx, now: datetime) -> Planned:
    """Go past the next event, with a verdict that says so."""
    events = queries.events_after(tx, queries.follower(tx, NAME) or 0, 1)
    if events:
        queries.set_follower(tx, NAME, events[0].id)
        reason = "it could not be planned: see the log"
        queries.add_verdicts(tx, [Verdict(events[0].id, "", VerdictKind.SUPPRESSED, reason)], now)
    return Planned(len(events), 0, bool(events))


class _Planning:
    """One transaction of the planner."""

    def __init__(self, tx: Tx, rules: Rules, now: datetime) -> None:
        self._tx = tx
        self._rules = rules
        self._now = now
        self.made = 0

    @cached_property
    def _silences(self) -> tuple[Silence, ...]:
        return (*self._rules.silences, *queries.silences(self._tx, self._now))

    # --- events ---------------------------------------------------------------------------------------------------

    def take(self, event: Event) -> None:
        """What every route makes of one event."""
        facts = self._facts(event)
        key = quiet.key_of(event)
        for route in self._rules.routes:
            story = queries.story(self._tx, route.name, key)
            step = quiet.on_event(route, story, facts, self._around(route, key, facts), self._now)
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
            marks=queries.marks(self._tx, slug, quiet.key_of(event).removeprefix(f"{slug}/"), self._now),
        )

    def _around(self, route: Route, key: str, facts: Facts) -> Around:
        slug = facts.event.page.slug
        covers = (queries.story(self._tx, route.name, f"{slug}/incident/{id_}") for id_ in facts.covered_by)
        cover = next((one for one in covers if one is not None and one.is_open and (one.told or one.held)), None)
        since = self._now - quiet.SAME_TITLE
        title_key = quiet.title_key_of(facts.event)
        namesake = queries.namesake(self._tx, route.name, key, title_key, since) if title_key else None
        return Around(self._silences, cover, namesake)

    # --- time -----------------------------------------------------------------------------------------------------

    def wake(self) -> bool:
        """What is due of stories that wait; whether there is more. One of a route that is gone waits no longer."""
        routes = {route.name: route for route in self._rules.routes}
        due = queries.due_stories(self._tx, self._now, AT_ONCE)
        for story in due:
            route = routes.get(story.route)
            events = queries.events_by_ids(self._tx, [story.held[-1] if story.held else story.last_event_id])
            if route is None or not events:
                queries.save_story(self._tx, replace(story, held=(), due_at=None, escalate_at=None))
                continue
            facts = self._facts(events[0])
            step = quiet.on_time(route, story, facts, self._around(route, story.key, facts), self._now)
            self._carry_out(route, step, events[0])
        return len(due) == AT_ONCE

    def fold(self) -> bool:
        """Batches that are due: one message tells them all; what is alone in its batch is sent as it is. Whether there
        is more."""
        batches: dict[tuple[str, str], list[Delivery]] = {}
        due = queries.due_collected(self._tx, self._now, COLLECTED_AT_ONCE)
        for one in due:
            batches.setdefault((one.channel, one.batch), []).append(one)
        for (channel, batch), some in batches.items():
            if len(some) == 1:
                queries.send_collected(self._tx, some[0], self._now)
                self.made += 1
                continue
            ids = collecting.latest_of_each([one.event_ids[-1] for one in some], [one.thread for one in some])
            digest = replace(some[0], event_ids=ids, thread=batch, reason="", is_last=False, opened_at=None, batch="")
            self._put(replace(digest, kind=MessageKind.DIGEST, state=DeliveryState.WAITING, next_at=None), channel)
            queries.fold_collected(self._tx, some, self._now)
        return len(due) == COLLECTED_AT_ONCE

    # --- what comes of it -----------------------------------------------------------------------------------------

    def _carry_out(self, route: Route, step: Step, event: Event) -> None:
        if step.story is not None:
            queries.save_story(self._tx, step.story)
        reasons = [reason for tell in step.tell for reason in self._send(route, tell, event)]
        verdicts = _waiting(step.verdicts, reasons) if reasons else step.verdicts
        queries.add_verdicts(self._tx, verdicts, self._now)

    def _send(self, route: Route, tell: Tell, event: Event) -> Iterator[str]:
        """Put a delivery in for each channel; why each one waits that does."""
        for channel in tell.channels:
            batch = collecting.batch_for(route.name, route.quiet, tell, self._now)
            if batch is None and _begins(tell):
                batch = self._storm(channel, event)
            if batch is not None:
                yield f"{batch.reason}, until {batch.due_at:%Y-%m-%d %H:%M} UTC"
            self._put(_delivery(route, tell, channel, batch), channel)

    def _storm(self, channel: str, event: Event) -> Batch | None:
        rule = self._rules.storm
        if rule is None:
            return None
        written = queries.recent_of(self._tx, channel)
        recent = _decode_recent(written) if written else Recent()
        recent, batch = collecting.in_storm(rule, recent, channel, event.page.slug, self._now)
        queries.save_recent(self._tx, channel, self._kind(channel), _encode(recent).decode())
        return batch

    def _put(self, one: Delivery, channel: str) -> None:
        told = one.event_ids if one.kind is MessageKind.DIGEST else one.event_ids[-1:]
        keys = [event.key for event in queries.events_by_ids(self._tx, told)]
        known = self._rules.channels.get(channel, KnownChannel("unknown"))
        lane = f"{zlib.crc32(one.thread.encode()) % LANES}" if known.is_ordered_by_thread else "all"
        named = replace(one, lane=lane, message_id=message_id(channel, one.kind, keys))
        self.made += queries.add_delivery(self._tx, named, known.kind, self._now)

    def _kind(self, channel: str) -> str:
        return self._rules.channels.get(channel, KnownChannel("unknown")).kind


def _delivery(route: Route, tell: Tell, channel: str, batch: Batch | None) -> Delivery:
    return Delivery(
        id=0,
        channel=channel,
        lane="",
        message_id="",
        kind=tell.kind,
        event_ids=tell.event_ids,
        thread=tell.story.thread,
        route=route.name,
        opened_at=tell.story.opened_at,
        is_last=tell.is_last,
        reason=tell.reason,
        state=DeliveryState.WAITING if batch is None else DeliveryState.COLLECTING,
        batch="" if batch is None else batch.name,
        next_at=None if batch is None else batch.due_at,
    )


def _begins(tell: Tell) -> bool:
    return tell.kind is MessageKind.EVENT and tell.story.told == 1 and not tell.is_last


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
