"""Days of uptime as bars, with what to say of each."""

from __future__ import annotations

from datetime import timedelta

from statuswire.channels import wording
from statuswire.core.uptime import Day, Tally
from statuswire.engine.page_account import Bars
from statuswire.model import Status
from statuswire.web.face.charts import Bar
from statuswire.web.face.words import count

_TOLD = (
    Status.MAJOR_OUTAGE,
    Status.PARTIAL_OUTAGE,
    Status.DEGRADED,
    Status.MAINTENANCE,
)
_MINUTE = timedelta(minutes=1)


def bars_of(some: Bars) -> tuple[Bar, ...]:
    """One bar for each day, the earliest first."""
    return tuple(Bar(day.date, day.tally.level, facts(day), day.tally.observed_share) for day in some.days)


def facts(day: Day) -> str:
    """`12 min major outage, 1 h degraded; 2 incidents`; empty where there is nothing to say."""
    spent = [(one, day.tally.spent.get(one, timedelta(0))) for one in _TOLD]
    said = [
        f"{wording.duration(length)} {wording.STATUS_WORDS[status].lower()}"
        for status, length in spent
        if length >= _MINUTE
    ]
    incidents = count(len(day.incidents), "incident") if day.incidents else ""
    return "; ".join(one for one in (", ".join(said), incidents) if one)


def percent(tally: Tally) -> str:
    """The uptime to two decimals, `99.95 %`; a dash where nothing is known."""
    return "–" if tally.uptime is None else f"{tally.uptime:.2f} %"
