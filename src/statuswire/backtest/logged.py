"""The stored log as a course: its events one after another, and beside them the state that follows from them.

The database is opened for reading alone, beside a running service if there is one. What the planner asks of the state
is made anew for each moment: the incidents and maintenances that are open come from the events before it. How many
components a page has is taken as it is today, which no event tells in full.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from statuswire.backtest.course import AFTERWARDS, Step
from statuswire.model import (
    Changes,
    Event,
    EventIncident,
    EventType,
    KnownComponent,
    KnownIncident,
    Moment,
    Page,
    Source,
)
from statuswire.store import Store, Tx, queries
from statuswire.store.base import Work

AT_ONCE: Final = 1_000

OURS: Final = frozenset({EventType.MAINTENANCE_REMINDER, EventType.MAINTENANCE_OVERRUN})
"""Made anew by the rules that are tried."""


class Log:
    """Copies the log of one database into a store in memory, step by step."""

    def __init__(
        self,
        read: Callable[[Work[Any]], Any],
        store: Store,
        asides: Sequence[Step] = (),
        *,
        with_overrides: bool = True,
    ) -> None:
        """`asides` are put in between, in order of time. `with_overrides`: with what operators changed by theirs."""
        self._read = read
        self._store = store
        self._asides = deque(asides)
        self._left_out = frozenset() if with_overrides else frozenset({Source.OPERATOR})
        self._versions: dict[int, int] = {}
        self._pages: dict[str, Page] = {}

    def steps(self) -> Iterator[Step]:
        last: datetime | None = None
        for event in self._events():
            if event.type not in OURS and event.source not in self._left_out:
                last = event.seen_at
                yield from self._asides_until(last)
                yield Step(last, partial(self._bring, event))
        if last is not None:
            yield from self._asides_until(last + AFTERWARDS)

    def _asides_until(self, moment: datetime) -> Iterator[Step]:
        while self._asides and self._asides[0].at <= moment:
            yield self._asides.popleft()

    def _events(self) -> Iterator[Event]:
        last = 0
        while found := self._read(partial(queries.events_after, last=last, limit=AT_ONCE)):
            yield from found
            last = found[-1].id

    def _bring(self, event: Event) -> bool:
        page = self._page(event)
        self._store.write(partial(self._record, page=page, event=event))
        return True

    def _record(self, tx: Tx, page: Page, event: Event) -> None:
        if event.incident is not None:
            self._save(tx, page, Changes(incidents=(_known(event.incident, event),)))
        queries.append_events(tx, page.id, (event,))

    def _page(self, event: Event) -> Page:
        """The page in memory, made at its first event with the components that it has today."""
        slug = event.page.slug
        if slug not in self._pages:
            known = self._read(partial(queries.page_by_slug, slug=slug))
            components = self._read(partial(_components, page=known)) if known is not None else ()
            self._pages[slug] = self._store.write(partial(_copied, event=event, known=known))
            self._store.write(partial(self._save, page=self._pages[slug], changes=Changes(components=components)))
        return self._pages[slug]

    def _save(self, tx: Tx, page: Page, changes: Changes) -> None:
        version = self._versions.get(page.id, 0)
        assert queries.save_changes(tx, page.id, version, changes), "nobody else writes here"
        self._versions[page.id] = version + 1


def _components(tx: Tx, page: Page) -> tuple[KnownComponent, ...]:
    return queries.load_known(tx, page.id, feed_id=None, ids=(), with_open=False).components


def _copied(tx: Tx, event: Event, known: Page | None) -> Page:
    platform = known.platform if known is not None else ""
    ref = event.page
    return queries.upsert_page(tx, slug=ref.slug, name=ref.name, url=ref.url, platform=platform, origin="config")


def _known(incident: EventIncident, event: Event) -> KnownIncident:
    """The incident as it stood after the event."""
    return KnownIncident(
        id=incident.id,
        kind=incident.kind,
        title=incident.title,
        phase=incident.phase,
        impact=incident.impact,
        url=incident.url,
        moment=Moment(event.at, event.seen_at),
        components=incident.components,
        started_at=incident.started_at,
        resolved_at=incident.resolved_at,
        scheduled_for=incident.scheduled_for,
        scheduled_until=incident.scheduled_until,
    )
