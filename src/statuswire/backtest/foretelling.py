"""What would have been told of a page that is not watched yet, by the incidents that it shows of the past.

Each moment at which something was said becomes a snapshot of what was said by then, recorded as if it had been read at
that moment, and run through the real planner. What a page does not keep (changes of components, incidents that it has
forgotten, later edits) cannot be told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from statuswire.backtest.counting import Report
from statuswire.backtest.course import Step
from statuswire.backtest.running import counted
from statuswire.core.calendar import CalendarRule
from statuswire.core.selection import is_meant
from statuswire.engine.ingest import record
from statuswire.engine.planner import KnownChannel, Rules
from statuswire.model import (
    Cover,
    Document,
    Impact,
    Incident,
    Page,
    Phase,
    Route,
    Snapshot,
    Source,
    Status,
)
from statuswire.store import Store, Tx, open_store, queries
from statuswire.verdict import Verdict

USUAL: Final = Rules((Route("everything", ("you",)),), {"you": KnownChannel("slack")})
"""What a first channel would be told, with everything as it is unless said otherwise."""

_BEFORE: Final = timedelta(minutes=1)


def over_page(
    verdict: Verdict,
    patterns: Sequence[str],
    *,
    rules: Rules,
    reminding: CalendarRule,
    impact: Impact,
    since: datetime,
    until: datetime,
) -> Report:
    """The rules over what the verdict's documents show of that time; of the components that the patterns mean.

    Raises ConfigError where they show nothing of it.
    """
    shown = [one for one in verdict.incidents if _matters(one, patterns)]
    with closing(open_store("sqlite://")) as store:
        page = store.write(partial(_page, verdict=verdict))
        parts = tuple(replace(one, status=Status.OPERATIONAL) for one in verdict.components)
        _record(store, page, Snapshot("", as_of=since, components=parts, covers=frozenset({Cover.COMPONENTS})), since)
        steps = (
            Step(at, partial(_record, store, page, Snapshot("", as_of=at, incidents=some), at))
            for at, some in courses(shown, since, until)
        )
        return counted(store, rules, reminding, steps, impact, since)


def _page(tx: Tx, verdict: Verdict) -> Page:
    target = verdict.target
    return queries.upsert_page(tx, slug=target.slug, name=verdict.name, url=target.url, platform="", origin="config")


def _record(store: Store, page: Page, snapshot: Snapshot, at: datetime) -> bool:
    document = Document(b"", at)
    recorded = store.write(lambda tx: record(tx, page, snapshot, document=document, source=Source.POLL, now=at))
    return bool(recorded.events)


def _matters(one: Incident, patterns: Sequence[str]) -> bool:
    return not patterns or not one.components or any(is_meant(part, patterns) for part in one.components)


# --- as it was said ------------------------------------------------------------------------------------------------


def courses(
    some: Iterable[Incident], since: datetime, until: datetime
) -> Iterator[tuple[datetime, tuple[Incident, ...]]]:
    """Each moment of the time at which something was said, in order, with the incidents as they stood then.

    Of an incident that was open before, what was said later is left out: its beginning was not ours to tell.
    """
    moments: dict[datetime, list[Incident]] = defaultdict(list)
    for one in some:
        said = sorted({update.at for update in one.updates if update.at is not None} or _bounds(one))
        if said and said[0] > since:
            for at in said:
                if at <= until:
                    moments[at].append(as_at(one, at))
    return ((at, tuple(moments[at])) for at in sorted(moments))


def _bounds(one: Incident) -> set[datetime]:
    """Where no update has a time: beginning and end."""
    begin = one.created_at or one.started_at
    return {moment for moment in (begin, one.resolved_at) if moment is not None}


def as_at(one: Incident, at: datetime) -> Incident:
    """The incident as it was shown at that moment: later updates and its end were not there yet."""
    updates = tuple(update for update in one.updates if update.at is None or update.at <= at)
    phases = [update.phase for update in updates if update.phase is not None]
    is_over = one.resolved_at is not None and one.resolved_at <= at
    phase = phases[-1] if phases else (one.phase if is_over else Phase.INVESTIGATING)
    return replace(
        one,
        updates=updates,
        phase=phase,
        resolved_at=one.resolved_at if is_over or (phase is not None and phase.is_closed) else None,
        updated_at=at,
        backfilled=False,
    )
