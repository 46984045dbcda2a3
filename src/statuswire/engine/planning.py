"""One transaction of the planner: events, what is due, and the deliveries that come of them.

Nothing here decides: `core/quiet` decides whether and when a story is told. Where it goes stands in `posting`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cached_property

from statuswire.core import quiet, stories
from statuswire.core.quiet import Around, Step
from statuswire.core.routing import Facts, mismatch, with_our_levels
from statuswire.engine.correlating import correlated
from statuswire.engine.posting import Posting, Rules, as_sent
from statuswire.model import (
    Event,
    Kind,
    Mark,
    MarkKind,
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


def begin(tx: Tx) -> int:
    """The place in the log, which no other planner has until the commit. A new planner begins at the head: what
    happened before anybody asked is not told."""
    place = queries.lock_follower(tx, NAME)
    return queries.begin_follower(tx, NAME, queries.last_event_id(tx)) if place is None else place


def forget_due(tx: Tx, story: Story, reason: str, now: datetime) -> None:
    """Nothing is due of the story any more; what it held is not told."""
    queries.save_story(tx, replace(story, held=(), due_at=None, why_held="", escalate_at=None))
    gone = [Verdict(id_, story.route, VerdictKind.SUPPRESSED, reason) for id_ in story.held]
    queries.add_verdicts(tx, gone, now)


class Planning:
    """One transaction of the planner: of several planners one at a time has it. Its moment is that of the database,
    where that has a clock of its own."""

    def __init__(self, tx: Tx, rules: Rules, now: datetime) -> None:
        self._tx = tx
        self._rules = rules
        self._place = begin(tx)
        self._now = tx.now() or now
        self._posting = Posting(tx, rules, self._now)
        self._followed: frozenset[int] = frozenset()

    @property
    def made(self) -> int:
        """How many deliveries were put on their way."""
        return self._posting.made

    @cached_property
    def _silences(self) -> tuple[Silence, ...]:
        return (*self._rules.silences, *queries.silences(self._tx, self._now))

    # --- events ---------------------------------------------------------------------------------------------------

    def follow(self, limit: int) -> int:
        """The next events of the log; how many."""
        events = queries.events_after(self._tx, self._place, limit)
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
        self._posting.know(event)
        facts = self._facts(event)
        key = stories.key_of(event)
        for route in self._rules.routes:
            self._release(route, event)
            if mismatch(route.filter, facts) and not (stories.closes(event) or stories.is_afterword(event)):
                continue  # as `on_event` decides, without asking for the story
            story = queries.story(self._tx, route.name, key)
            step = quiet.on_event(route, story, facts, self._around(route, key, facts), self._now)
            if step is not None:
                self._carry_out(route, step, event, facts.mark(MarkKind.OVERRIDE))

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
        marks = queries.page_marks(self._tx, slug, self._now)
        subject = stories.key_of(event).removeprefix(f"{slug}/")
        under, covering = _trouble(self._tx, page, event) if page is not None else (frozenset[str](), ())
        return Facts(
            event=with_our_levels(event, marks),
            tags=self._rules.tags.get(slug, ()),
            category=self._rules.categories.get(slug, ""),
            matters=self._rules.matters.get(slug, ()),
            component_count=queries.component_count(self._tx, page.id) if page is not None and event.incident else 0,
            in_maintenance=under,
            covered_by=covering,
            marks=tuple(one for one in marks if one.subject == subject),
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
            self._carry_out(route, step, events[0], facts.mark(MarkKind.OVERRIDE))
        return len(due) == limit

    def fold(self, limit: int) -> bool:
        """Batches that are due; whether there is more."""
        return self._posting.fold(limit)

    def finish(self) -> None:
        """The last thing in the transaction."""
        self._posting.finish()

    # --- what comes of it -----------------------------------------------------------------------------------------

    def _carry_out(self, route: Route, step: Step, event: Event, ours: Mark | None = None) -> None:
        step = correlated(self._tx, self._rules.correlate, route, step, self._now)
        tells = [replace(tell, ours=ours) for tell in step.tell]
        if step.story is not None:
            queries.save_story(self._tx, step.story)
        sent = [self._posting.send(route, tell, channel, event) for tell in tells for channel in tell.channels]
        queries.add_verdicts(self._tx, as_sent(step.verdicts, sent), self._now)


def _moment_of(event: Event) -> tuple[str, datetime]:
    """What was learnt together of one story, from one document."""
    return stories.key_of(event), event.seen_at


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
