"""Reports over a window: uptime, incidents, how promptly providers told, planned work, and how much was told to us."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import Final

from markupsafe import Markup

from statuswire.channels import wording
from statuswire.core.courses import began_at
from statuswire.core.figures import to_csv
from statuswire.engine import reports as made
from statuswire.engine.reports import (
    Grounds,
    IncidentReport,
    MaintenanceReport,
    NoiseReport,
    PageLag,
    Report,
    ReportQuery,
    Rows,
    SignalReport,
    SilenceReport,
    Uptime,
)
from statuswire.model import Impact, Kind, Status
from statuswire.store import Tx
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.face import drawings, words
from statuswire.web.face.filterform import labels_of, offered
from statuswire.web.face.frame import load_standing, may, missing, render
from statuswire.web.face.reports_asked import SPANS, Asked, read_asked
from statuswire.web.needs import Need

DEADLINE_S: Final = 30.0
MOST_SHOWN: Final = 200
"""So many rows of a table are shown; all of them are in its CSV."""

_WORKER: Final = ThreadPoolExecutor(1, "reports")
"""One report at a time: each reads much."""

TABLES: Final[Mapping[str, Callable[[Grounds], Report]]] = {
    "uptime": made.load_uptime,
    "incidents": made.load_incidents,
    "lag": made.load_lag,
    "silent": made.load_silence,
    "maintenance": made.load_maintenance,
    "signals": made.load_signals,
    "noise": made.load_noise,
}
"""What can be had as CSV."""

PRIVATE: Final = frozenset({"noise", "signals"})
"""Of routes, channels and what is our own only viewers know."""


async def reports(ask: Ask) -> Answer:
    """The reports, or one table of them as CSV."""
    asked = read_asked(ask.query, ask.parts.clock.now())
    if asked.table and not _may_have(ask, asked.table):
        return missing(ask, "There is no such table.")
    async with asyncio.timeout(DEADLINE_S):
        return await asyncio.get_running_loop().run_in_executor(_WORKER, _answer, ask, asked)


def _may_have(ask: Ask, table: str) -> bool:
    return table in TABLES and (table not in PRIVATE or may(ask, Need.VIEW))


def _answer(ask: Ask, asked: Asked) -> Answer:
    now, rules = ask.parts.clock.now(), ask.parts.rules()
    query = ReportQuery(asked.window, asked.form.filter, labels=labels_of(rules))
    if asked.table and asked.is_right:
        return _csv(asked, ask.parts.store.read(lambda tx: TABLES[asked.table](Grounds(tx, query, now)).as_rows()))

    def load(tx: Tx) -> tuple[Shown | None, object, object]:
        grounds = Grounds(tx, query, now, pages_alone=True)
        shown = load_shown(grounds, is_viewer=may(ask, Need.VIEW)) if asked.is_right else None
        return shown, offered(tx, rules), load_standing(ask, tx)

    shown, offer, standing = ask.parts.store.read(load)
    context = {"title": "Reports", "current": "reports", "asked": asked, "form": asked.form, "offer": offer}
    contracts = ask.parts.config().promises.values() if may(ask, Need.VIEW) else ()
    context |= {"shown": shown, "spans": SPANS, "most": MOST_SHOWN, "contracts": contracts}
    return render(ask, "reports.html", standing=standing, **context)  # type: ignore[arg-type]  # as loaded


def _csv(asked: Asked, rows: Rows) -> Answer:
    name = f"statuswire-{asked.table}-{asked.window.since:%Y-%m-%d}.csv"
    headers = ((b"content-disposition", f'attachment; filename="{name}"'.encode()),)
    return Answer(200, to_csv(rows).encode("utf-8", "replace"), b"text/csv; charset=utf-8", headers)


# --- what is shown -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """All reports, and what their charts need: the longest bar of each. `parts` has no components where there
    `are_many` pages; `most_down` is how long something was down in the worst month."""

    parts: tuple[Uptime, ...]
    are_many: bool
    months: tuple[date, ...]
    incidents: IncidentReport
    weeks: Markup
    lag: tuple[PageLag, ...]
    silence: SilenceReport
    maintenance: MaintenanceReport
    noise: NoiseReport | None
    signals: SignalReport | None
    most_down: timedelta
    most_incidents: int
    most_messages: int
    longest_lag: timedelta

    def down_bar(self, down: timedelta, level: Status) -> Markup:
        """How long something was down, beside the worst month."""
        whole = self.most_down / timedelta(minutes=1)
        minutes = down / timedelta(minutes=1)
        kind = f"is-{level.value if level is not Status.OPERATIONAL else Status.DEGRADED.value}"
        return drawings.shares([(kind, minutes)], whole, f"{wording.duration(down)} down") if minutes else Markup()

    def impact_bar(self, by_impact: Mapping[Impact, int]) -> Markup:
        """How many incidents there were beside the page that had most."""
        said = ", ".join(f"{by_impact[one]} {one.value}" for one in ORDER if by_impact.get(one))
        return drawings.shares(
            [(f"is-{LEVELS[one]}", by_impact.get(one, 0)) for one in ORDER], self.most_incidents, said
        )

    def lag_bar(self, median: timedelta, far: timedelta) -> Markup:
        longest = self.longest_lag.total_seconds()
        said = f"half within {wording.duration(median)}, 95 of 100 within {wording.duration(far)}"
        return drawings.reach(median.total_seconds(), far.total_seconds(), longest, said)

    def noise_bar(self, count: int) -> Markup:
        return drawings.shares([("is-own", count)], self.most_messages, words.count(count, "message"))


ORDER: Final = (Impact.CRITICAL, Impact.MAJOR, Impact.MINOR, Impact.UNKNOWN, Impact.NONE)
LEVELS: Final[Mapping[Impact, str]] = {
    Impact.CRITICAL: Status.MAJOR_OUTAGE.value,
    Impact.MAJOR: Status.PARTIAL_OUTAGE.value,
    Impact.MINOR: Status.DEGRADED.value,
    Impact.UNKNOWN: Status.UNKNOWN.value,
    Impact.NONE: Status.OPERATIONAL.value,
}


def load_shown(grounds: Grounds, *, is_viewer: bool) -> Shown:
    """Raises StoreError."""
    parts, incidents, lag = made.load_uptime(grounds).parts, made.load_incidents(grounds), made.load_lag(grounds)
    noise = made.load_noise(grounds) if is_viewer else None
    return Shown(
        parts=parts,
        are_many=grounds.are_many,
        months=tuple(month.first for month in parts[0].months) if parts else (),
        incidents=incidents,
        weeks=_weeks(grounds),
        lag=_ways(lag.parts),
        silence=made.load_silence(grounds),
        maintenance=made.load_maintenance(grounds),
        noise=noise,
        signals=made.load_signals(grounds) if is_viewer else None,
        most_down=max((month.tally.down for one in parts for month in one.months), default=timedelta(0)),
        most_incidents=max((one.count for one in incidents.pages), default=0),
        most_messages=max((one.delivered for one in noise.pages), default=0) if noise else 0,
        longest_lag=max((one.lag.p95 for one in lag.parts if one.lag.p95), default=timedelta(0)),
    )


def _ways(parts: Sequence[PageLag]) -> tuple[PageLag, ...]:
    """Without the sum over all ways where everything came by one."""
    ways = Counter(one.page for one in parts)
    return tuple(one for one in parts if one.source is not None or ways[one.page] > 2)


def _weeks(grounds: Grounds) -> Markup:
    """Incidents by the week in which they began, and by impact."""
    window = grounds.query.window
    begin = window.since.astimezone(UTC).date()
    monday = begin - timedelta(days=begin.weekday())
    last = window.until.astimezone(UTC).date()
    weeks: dict[date, dict[Impact, int]] = {
        monday + timedelta(weeks=number): {} for number in range((last - monday).days // 7 + 1)
    }
    for _, some in grounds.begun:
        for one in some:
            day = began_at(one).astimezone(UTC).date()
            counts = weeks.get(day - timedelta(days=day.weekday()))
            if one.kind is Kind.INCIDENT and counts is not None:
                counts[one.impact] = counts.get(one.impact, 0) + 1
    return _drawn(weeks)


def _drawn(weeks: Mapping[date, Mapping[Impact, int]]) -> Markup:
    stacks: list[tuple[str, Sequence[drawings.Piece]]] = [
        (
            f"week of {monday:%Y-%m-%d}: {words.count(sum(counts.values()), 'incident')}",
            [(f"is-{LEVELS[one]}", float(counts.get(one, 0))) for one in ORDER],
        )
        for monday, counts in weeks.items()
    ]
    most = max((sum(counts.values()) for counts in weeks.values()), default=0)
    return drawings.columns(stacks, f"incidents by week, {most} at most") if most else Markup()
