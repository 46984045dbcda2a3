"""One transaction of the planner: events, what is due, and the deliveries that come of them.

Nothing here decides: `core/quiet` decides whether and when a story is told. Where it goes stands in `posting`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from statuswire.core import quiet, stories
from statuswire.core.quiet import Around, Step
from statuswire.core.routing import Facts, mismatch, with_our_levels
from statuswire.engine.correlating import correlated
from statuswire.engine.posting import Posting, Rules, as_sent
from statuswire.engine.told_stories import Stories
from statuswire.model import (
    Event,
    Kind,
    KnownIncident,
    Mark,
    MarkKind,
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


def not_due(story: Story, reason: str) -> tuple[Story, list[Verdict]]:
    """The story with nothing due any more, and what is said of what it held: that it is not told."""
    rest = replace(story, held=(), due_at=None, why_held="", escalate_at=None)
    return rest, [Verdict(id_, story.route, VerdictKind.SUPPRESSED, reason) for id_ in story.held]


class Planning:
    """One transaction of the planner: of several planners one at a time has it. Its moment is that of the database,
    where that has a clock of its own."""

    def __init__(self, tx: Tx, rules: Rules, now: datetime) -> None:
        self._tx = tx
        self._rules = rules
        self._place = begin(tx)
        self._now = tx.now() or now
        self._stories = Stories(tx, self._now - quiet.SAME_TITLE)
        self._posting = Posting(tx, self._stories, rules, self._now)
        self._pages: dict[str, _PageNow] = {}
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
        self._stories.expect(events)
        for event in events:
            self.take(event)
        if events:
            queries.set_follower(self._tx, NAME, events[-1].id)
        return len(events)

    def take(self, event: Event) -> None:
        """What every route makes of one event."""
        if not self._rules.routes:
            return
        facts = self._facts(event)
        key = stories.key_of(event)
        for route in self._rules.routes:
            self._release(route, event)
            if mismatch(route.filter, facts) and not (stories.closes(event) or stories.is_afterword(event)):
                continue  # as `on_event` decides, without asking for the story
            story = self._stories.story(route.name, key)
            step = quiet.on_event(route, story, facts, self._around(route, key, facts), self._now)
            if step is not None:
                self._carry_out(route, step, event, facts.mark(MarkKind.OVERRIDE))

    def _release(self, route: Route, event: Event) -> None:
        """Components that the route left to what the event is about."""
        if not quiet.may_release(event):
            return
        for story in self._stories.left(route.name, event.page.slug):
            step = quiet.on_release(route, story, event, self._now)
            if step is not None:
                self._carry_out(route, step, event)

    def _facts(self, event: Event) -> Facts:
        slug = event.page.slug
        now = self._page(slug)
        subject = stories.key_of(event).removeprefix(f"{slug}/")
        under, covering = now.trouble(event)
        return Facts(
            event=with_our_levels(event, now.marks),
            tags=self._rules.tags.get(slug, ()),
            category=self._rules.categories.get(slug, ""),
            matters=self._rules.matters.get(slug, ()),
            component_count=now.component_count if event.incident else 0,
            in_maintenance=under,
            covered_by=covering,
            marks=tuple(one for one in now.marks if one.subject == subject),
        )

    def _page(self, slug: str) -> _PageNow:
        if slug not in self._pages:
            self._pages[slug] = _PageNow(self._tx, slug, self._now)
        return self._pages[slug]

    def _around(self, route: Route, key: str, facts: Facts) -> Around:
        slug = facts.event.page.slug
        covers = (self._stories.story(route.name, f"{slug}/incident/{id_}") for id_ in facts.covered_by)
        cover = next((one for one in covers if one is not None and one.is_open and (one.told or one.held)), None)
        namesake = self._stories.namesake(route.name, key, stories.title_key_of(facts.event))
        return Around(self._silences, cover, namesake, facts.event.id in self._followed)

    # --- time -----------------------------------------------------------------------------------------------------

    def wake(self, limit: int) -> bool:
        """What is due of stories that wait; whether there is more. One of a route that is gone, or of a page that
        nobody watches any more, waits no longer."""
        routes = {route.name: route for route in self._rules.routes}
        due = self._stories.due(self._now, limit)
        events = {event.id: event for event in self._stories.events(_newest(one) for one in due)}
        for story in due:
            route, newest = routes.get(story.route), events.get(_newest(story))
            reason = self._why_not(route, newest)
            if route is None or newest is None or reason:
                self._forget_due(story, reason)
                continue
            facts = self._facts(newest)
            step = quiet.on_time(route, story, facts, self._around(route, story.key, facts), self._now)
            self._carry_out(route, step, newest, facts.mark(MarkKind.OVERRIDE))
        return len(due) == limit

    def _why_not(self, route: Route | None, newest: Event | None) -> str:
        """Why nothing more is told of a story; empty where it may be."""
        if route is None:
            return "its route is gone"
        if newest is None:
            return "its events are no longer kept"
        return "its page is not watched any more" if self._page(newest.page.slug).is_dropped else ""

    def _forget_due(self, story: Story, reason: str) -> None:
        rest, verdicts = not_due(story, reason)
        self._stories.save(rest)
        self._posting.judge(verdicts)

    def fold(self, limit: int) -> bool:
        """Batches that are due; whether there is more."""
        return self._posting.fold(limit)

    def finish(self) -> None:
        """The last thing in the transaction."""
        self._stories.write()
        self._posting.finish()

    # --- what comes of it -----------------------------------------------------------------------------------------

    def _carry_out(self, route: Route, step: Step, event: Event, ours: Mark | None = None) -> None:
        step = correlated(self._tx, self._stories, self._rules.correlate, route, step, self._now)
        tells = [replace(tell, ours=ours) for tell in step.tell]
        if step.story is not None:
            self._stories.save(step.story)
        sent = [self._posting.send(route, tell, channel, event) for tell in tells for channel in tell.channels]
        self._posting.judge(as_sent(step.verdicts, sent))


def _moment_of(event: Event) -> tuple[str, datetime]:
    """What was learnt together of one story, from one document."""
    return stories.key_of(event), event.seen_at


def _newest(story: Story) -> int:
    """The event that speaks for what is due of a story."""
    return story.held[-1] if story.held else story.last_event_id


class _PageNow:
    """A page as it stands, each part looked up when an event first needs it."""

    def __init__(self, tx: Tx, slug: str, now: datetime) -> None:
        self._tx = tx
        self._page = queries.page_by_slug(tx, slug)
        self.marks = queries.page_marks(tx, slug, now)

    @property
    def is_dropped(self) -> bool:
        return self._page is not None and self._page.dropped_at is not None

    @cached_property
    def component_count(self) -> int:
        return queries.component_count(self._tx, self._page.id) if self._page is not None else 0

    @cached_property
    def _open(self) -> Sequence[KnownIncident]:
        return queries.open_on_page(self._tx, self._page.id) if self._page is not None else ()

    def trouble(self, event: Event) -> tuple[frozenset[str], tuple[str, ...]]:
        """The components under a running maintenance, and the open incidents that name the component of the event."""
        if event.component is None:
            return frozenset(), ()
        own_id = event.component.id
        running = (one for one in self._open if one.kind is Kind.MAINTENANCE and one.phase is not Phase.SCHEDULED)
        under = frozenset(component.id for one in running for component in one.components)
        naming = tuple(
            one.id
            for one in self._open
            if one.kind is Kind.INCIDENT and any(component.id == own_id for component in one.components)
        )
        return under, naming
