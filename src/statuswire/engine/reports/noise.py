"""How much pages made of work for us: events, what routes made of them, messages sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from statuswire.core.figures import Cell
from statuswire.core.timeline import Window
from statuswire.engine.reports.base import Grounds, Rows
from statuswire.model import (
    DeliveryState,
    Page,
    VerdictKind,
)
from statuswire.store import history


@dataclass(frozen=True, slots=True)
class PageNoise:
    """What one page made of work for us: its events, what each route made of them, and the messages that went out by
    route and channel. A message that tells of several pages counts for the first."""

    page: Page
    events: int
    verdicts: dict[tuple[str, VerdictKind], int]
    messages: dict[tuple[str, str, DeliveryState], int]

    @property
    def delivered(self) -> int:
        return sum(count for (_, _, state), count in self.messages.items() if state is DeliveryState.DELIVERED)


@dataclass(frozen=True, slots=True)
class NoiseReport:
    """The pages that had events or messages, the loudest first."""

    window: Window
    pages: tuple[PageNoise, ...]

    def as_rows(self) -> Rows:
        return tuple(row for one in self.pages for row in _noise_rows(one))


def load_noise(grounds: Grounds) -> NoiseReport:
    """Raises StoreError."""
    tx, window = grounds.tx, grounds.query.window
    since, until = window.since, window.until
    events = history.event_counts(tx, since, until)
    verdicts: dict[int, dict[tuple[str, VerdictKind], int]] = defaultdict(dict)
    for page_id, route, kind, count in history.verdict_counts(tx, since, until):
        verdicts[page_id][route, kind] = count
    messages = history.sent(tx, since, until)
    found = [
        PageNoise(page, events.get(page.id, 0), verdicts.get(page.id, {}), messages.get(page.id, {}))
        for page in grounds.pages
    ]
    loud = [one for one in found if one.events or one.messages]
    return NoiseReport(window, tuple(sorted(loud, key=lambda one: (-one.delivered, -one.events, one.page.slug))))


def _noise_rows(one: PageNoise) -> Iterator[dict[str, Cell]]:
    """A row for the events, one for each verdict of a route, one for each end of messages on a channel."""
    base: dict[str, Cell] = {"page": one.page.slug, "what": "events", "route": "", "channel": "", "count": one.events}
    yield base
    for (route, kind), count in sorted(one.verdicts.items()):
        yield {**base, "what": kind.value, "route": route, "count": count}
    for (route, channel, state), count in sorted(one.messages.items()):
        yield {**base, "what": state.value, "route": route, "channel": channel, "count": count}
