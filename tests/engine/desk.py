"""What a planner is told and makes: a real store, a clock that moves when told, and events put into the log."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from statuswire.engine.planner import KnownChannel, Planner, Rules
from statuswire.model import Delivery, DeliveryState, Event, Route
from statuswire.store import SqliteOptions, Store, Tx, open_store, queries
from statuswire.store.base import Row
from tests.engine.interleaving import Process
from tests.fakes import FakeClock

SMALL = SqliteOptions(reserve_bytes=1 << 16)
CHANNELS: Mapping[str, KnownChannel] = {
    "ops": KnownChannel("webhook"),
    "log": KnownChannel("file", is_ordered_by_thread=False),
    "pager": KnownChannel("pagerduty", is_pager=True),
}


@dataclass
class Desk:
    """A planner over a store. `again` is what comes up after a restart."""

    rules: Rules
    path: Path | None = None
    shared: Process | None = None
    clock: FakeClock = field(default_factory=FakeClock)
    count: int = 0
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        url = "sqlite://" if self.path is None else f"sqlite:///{self.path}"
        if self.shared is not None:
            self.shared.now = self.clock.now
        self.store = self.shared or open_store(url, options=SMALL)
        self.planner = Planner(self.store, self.clock, self.rules)
        asyncio.run(self.planner.begin())

    def close(self) -> None:
        self.store.close()

    def again(self) -> None:
        """Restart."""
        if self.path is not None:
            self.store.close()
            self.open()
        else:
            self.planner = Planner(self.store, self.clock, self.rules)

    def happen(self, *events: Event) -> list[Event]:
        """Put events into the log as they come now, each from a document of its own."""
        now = self.clock.now()
        numbered = []
        for event in events:
            self.count += 1
            seen_at = now + timedelta(microseconds=self.count)
            numbered.append(replace(event, key=f"k{self.count}", at=now, seen_at=seen_at))
        return self.store.write(lambda tx: [one for event in numbered for one in _append(tx, event)])

    def plan(self) -> int:
        return asyncio.run(self.planner.plan_new())

    def pass_time(self, **lengths: float) -> int:
        """Let time pass, and plan what is due then."""
        asyncio.run(self.clock.advance(timedelta(**lengths).total_seconds()))
        return self.plan()

    def tell(self, *events: Event) -> list[Event]:
        """Events happen and are planned."""
        happened = self.happen(*events)
        self.plan()
        return happened

    # --- what came of it ---------------------------------------------------------------------------------------------

    def deliveries(self, channel: str = "ops", state: DeliveryState = DeliveryState.WAITING) -> list[Delivery]:
        """Oldest first."""
        since = self.clock.now() - timedelta(days=999)
        listed = self.store.read(
            lambda tx: queries.delivery_list(tx, channel=channel, state=state, since=since, limit=10_000)
        )
        return [one.delivery for one in reversed(listed)]

    def told(self, channel: str = "ops") -> list[tuple[int, ...]]:
        """The events of each message on its way."""
        return [one.event_ids for one in self.deliveries(channel)]

    def verdicts(self, event_id: int) -> list[tuple[str, str, str]]:
        found = self.store.read(lambda tx: queries.verdicts(tx, event_id))
        return [(one.route, one.kind.value, one.reason) for one, _ in found]

    def rows(self, sql: str) -> list[Row]:
        return self.store.read(lambda tx: tx.all(sql))


def _append(tx: Tx, event: Event) -> tuple[Event, ...]:
    page = event.page
    known = queries.page_by_slug(tx, page.slug) or queries.upsert_page(
        tx, slug=page.slug, name=page.name, url=page.url, platform="statuspage", origin="config"
    )
    return queries.append_events(tx, known.id, [event])


def rules(*routes: Route, **fields: object) -> Rules:
    return Rules(routes=routes, channels=CHANNELS, **fields)  # type: ignore[arg-type]  # fields by name
