"""Whether a message goes alone and now, or waits to be told with others: digests, quiet hours, storms. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from statuswire.core.quiet import Tell
from statuswire.model import Digest, MessageKind, Quiet, QuietHours

HOUR: Final = timedelta(hours=1)
DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages that are told together at `due_at`; `name` is the same for all of them, `reason` says why they wait."""

    name: str
    due_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class StormRule:
    """More than `pages` pages with something new `within` this long are told together, for `within` long."""

    pages: int = 10
    within: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Storm:
    """One object of a pager that stands for the stories of many pages: its thread, and the keys of those that go on."""

    thread: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recent:
    """When which pages began or ended a story on one channel, the oldest first; `until` is when a storm ends. `storms`
    are those of a pager that are not over."""

    pages: tuple[tuple[datetime, str], ...] = ()
    until: datetime | None = None
    storms: tuple[Storm, ...] = ()


def batch_for(route: str, quiet: Quiet, tell: Tell, now: datetime) -> Batch | None:
    """The batch that a route's own rules put the message in; None where it goes now. An escalation never waits."""
    if tell.kind is MessageKind.ESCALATION:
        return None
    hours = quiet.quiet_hours
    if hours is not None and tell.impact not in hours.loud and (end := quiet_until(hours, now)) is not None:
        return Batch(f"quiet:{route}:{_stamp(end)}", end, "quiet hours")
    if quiet.digest is not None:
        due = next_digest(quiet.digest, now)
        return Batch(f"digest:{route}:{_stamp(due)}", due, "told together")
    return None


def is_urgent(quiet: Quiet, tell: Tell, now: datetime) -> bool:
    """Whether it breaks the quiet hours: then it does not wait for what its thread has waiting, but takes it along."""
    hours = quiet.quiet_hours
    return hours is not None and tell.impact in hours.loud and quiet_until(hours, now) is not None


def next_digest(digest: Digest, now: datetime) -> datetime:
    """The next moment after now at which the digest is due, in UTC. One that is due several times a day is so at fixed
    hours, counted from midnight, so that all that comes in between is in the same one."""
    zone = digest.zone or UTC
    if digest.every >= timedelta(days=1):
        return _next_at(digest.at, zone, now)
    every = max(digest.every, HOUR)
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)
    due = midnight + ((now - midnight) // every + 1) * every
    return min(due, _next_at(time(), zone, now))


def quiet_until(hours: QuietHours, now: datetime) -> datetime | None:
    """When the quiet hours that now lies in end, in UTC; None outside of them. Quiet days in a row have one end."""
    end = until = _end_of_quiet(hours, now)
    while until is not None and 0 < len(hours.days) < DAYS:
        end = until
        until = _end_of_quiet(hours, end)
    return end


def _end_of_quiet(hours: QuietHours, now: datetime) -> datetime | None:
    """The same for one day. Begin and end are moments, so that no change of the clock makes a night longer or shorter
    than its ends say."""
    today = now.astimezone(hours.zone).date()
    nights = timedelta(days=1 if hours.end <= hours.begin else 0)
    for day in (today, today - timedelta(days=1)):
        begin, end = _moment(day, hours.begin, hours.zone), _moment(day + nights, hours.end, hours.zone)
        if begin <= now < end and (not hours.days or day.weekday() in hours.days):
            return end
    return None


def _moment(day: date, wanted: time, zone: tzinfo) -> datetime:
    """When a clock in that zone first shows that time on that day, in UTC. One that a change of the clock leaves out is
    met an hour later by that clock."""
    return datetime.combine(day, wanted, zone).astimezone(UTC)


def _next_at(wanted: time, zone: tzinfo, now: datetime) -> datetime:
    """The next moment after now when a clock in that zone shows that time."""
    today = now.astimezone(zone).date()
    for days in range(3):
        due = _moment(today + timedelta(days=days), wanted, zone)
        if due > now:
            return due
    raise AssertionError("one of three days in a row lies ahead")


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M}"


# --- storms ------------------------------------------------------------------------------------------------------


def in_storm(rule: StormRule, recent: Recent, channel: str, page: str, now: datetime) -> tuple[Recent, Batch | None]:
    """What a story that begins or ends on a page means for its channel: the pages to remember, and the batch where it
    is one too many. What came before the storm was seen has been told already."""
    kept = [one for one in recent.pages if now - one[0] < rule.within and one[1] != page]
    pages = (*kept, (now, page))[-(rule.pages + 1) :]  # more would decide nothing
    is_storm = len(pages) > rule.pages
    until = recent.until if recent.until is not None and recent.until > now else None
    if is_storm and until is None:
        until = now + rule.within
    batch = Batch(f"storm:{channel}:{_stamp_exact(until)}", until, "many pages at once") if until is not None else None
    return replace(recent, pages=pages, until=until), batch


def is_of_storm(batch: str) -> bool:
    """Whether a batch of that name collects a storm."""
    return batch.startswith("storm:")


def _stamp_exact(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S%f}"


def latest_of_each(event_ids: Sequence[int], threads: Sequence[str]) -> tuple[int, ...]:
    """Of each thread the newest event, in order: what a digest tells."""
    newest = dict(sorted(zip(threads, event_ids, strict=True), key=lambda pair: pair[1]))
    return tuple(sorted(newest.values()))
