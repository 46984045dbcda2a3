"""Our own side beside the provider's: the signals of pages, the incidents that they are about, and who is to blame."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from statuswire.core.blame import AT_ONCE, Elsewhere, TheirWord, Verdict, judge
from statuswire.core.signals import LONGEST_LEAD, Pair, Paired, is_about, pair, signals_of
from statuswire.engine.overview import PageLook, load_look
from statuswire.model import KnownIncident, Page, Signal, Status
from statuswire.store import Tx, history, queries

SHOWN: Final = timedelta(days=7)
"""So far back the signals of a page are shown beside it."""

_LOOKED_AT: Final = 20
"""So many other pages, those whose signals began nearest, are asked what their providers say."""

_ADMITS: Final = frozenset({Status.DEGRADED, Status.PARTIAL_OUTAGE, Status.MAJOR_OUTAGE})


@dataclass(frozen=True, slots=True)
class PageSignals:
    """The signals of a page since `since`, the earliest first, its incidents of that time, which belong together, and
    the verdict as of now. `ever`: whether the page has had a signal at any time."""

    page: Page
    since: datetime
    signals: tuple[Signal, ...]
    incidents: tuple[KnownIncident, ...]
    paired: Paired
    verdict: Verdict
    ever: bool

    @property
    def firing(self) -> tuple[Signal, ...]:
        return tuple(one for one in self.signals if one.is_firing)


def load_signals(
    tx: Tx, since: datetime, now: datetime, pages: Sequence[Page] | None = None
) -> dict[int, tuple[Signal, ...]]:
    """By page, the signals that fired at any time since then, the earliest first. Raises StoreError."""
    ids = None if pages is None else [page.id for page in pages]
    found: dict[int, list[Signal]] = defaultdict(list)
    for one in signals_of(queries.signal_words(tx, since, ids), now):
        if one.ended_at is None or one.ended_at >= since:
            found[one.page_id].append(one)
    return {page_id: tuple(some) for page_id, some in found.items()}


@dataclass(frozen=True, slots=True)
class Beside:
    """A signal, and the incident of its page that admitted it first; None as long as none does."""

    page: Page
    signal: Signal
    admitted: KnownIncident | None


def load_beside(tx: Tx, since: datetime, now: datetime, pages: Sequence[Page] | None = None) -> list[Beside]:
    """The signals that fired at any time since then, of these pages or of all, the latest begun first. Raises
    StoreError."""
    found = load_signals(tx, since, now, pages)
    by_id = queries.pages_by_ids(tx, set(found)) if pages is None else {page.id: page for page in pages}
    beside: list[Beside] = []
    for page_id, signals in found.items():
        begin = min(since, signals[0].began_at) - LONGEST_LEAD
        admitted = pair(signals, history.incidents_within(tx, page_id, begin, now), now).admitted
        beside += (Beside(by_id[page_id], one, admitted.get(one.id)) for one in signals)
    return sorted(beside, key=lambda one: (one.signal.began_at, one.signal.id), reverse=True)


def load_page_signals(tx: Tx, page: Page, now: datetime, *, length: timedelta = SHOWN) -> PageSignals:
    """Raises StoreError."""
    since = now - length
    signals = load_signals(tx, since, now, [page]).get(page.id, ())
    incidents = history.incidents_within(tx, page.id, since - LONGEST_LEAD, now)
    look = load_look(tx, page, now)
    verdict = _verdict(tx, look, signals, now)
    ever = bool(signals) or queries.has_signals(tx, page.id)
    return PageSignals(page, since, signals, tuple(incidents), pair(signals, incidents, now), verdict, ever)


def load_incident_pair(tx: Tx, page: Page, incident: KnownIncident, now: datetime) -> Pair | None:
    """What our own signals have to do with one incident; None where none of them has. Raises StoreError."""
    begin = _told_at_most(incident) - LONGEST_LEAD
    signals = load_signals(tx, begin, now, [page]).get(page.id, ())
    if not any(is_about(incident, one, now) for one in signals):
        return None
    known = [one for one in history.incidents_within(tx, page.id, begin, now) if one.id != incident.id]
    found = pair(signals, [*known, incident], now).of(incident.id)
    return found if found is not None and found.signals else None


def _told_at_most(incident: KnownIncident) -> datetime:
    """The earliest moment that it knows of."""
    known = (incident.created_at, incident.first_seen_at, incident.started_at, incident.moment.as_of)
    return min(moment for moment in known if moment is not None)


def _verdict(tx: Tx, look: PageLook, signals: Sequence[Signal], now: datetime) -> Verdict:
    firing = [one for one in signals if one.is_firing]
    if not firing:
        return judge((), their_word(look), (), now)
    since = min(one.began_at for one in firing)
    return judge(firing, their_word(look), _elsewhere(tx, look.page, since, load_signals(tx, now, now), now), now)


def their_word(look: PageLook) -> TheirWord:
    """What the provider says, as it was last read."""
    name = look.page.name or look.page.slug
    return TheirWord(name, look.last_known or Status.UNKNOWN, look.is_stale or look.last_known is None, look.open)


def _elsewhere(
    tx: Tx, page: Page, since: datetime, everywhere: Mapping[int, tuple[Signal, ...]], now: datetime
) -> tuple[Elsewhere, ...]:
    """Other pages of which a signal fires that began at about the same time."""
    begun = {
        page_id: min(fires, key=lambda at: abs(at - since))
        for page_id, some in everywhere.items()
        if page_id != page.id and (fires := [one.began_at for one in some if one.is_firing])
    }
    near = sorted((abs(at - since), page_id) for page_id, at in begun.items() if abs(at - since) <= AT_ONCE)
    pages = queries.pages_by_ids(tx, {page_id for _, page_id in near[:_LOOKED_AT]})
    return tuple(_one_elsewhere(load_look(tx, pages[page_id], now), begun[page_id]) for _, page_id in near[:_LOOKED_AT])


def _one_elsewhere(look: PageLook, at: datetime) -> Elsewhere:
    admits = bool(look.open) or look.last_known in _ADMITS
    return Elsewhere(look.page.name or look.page.slug, at, admits)
