"""Whether a message goes alone and now, or waits to be told with others: digests, quiet hours, storms. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

from statuswire.core.quiet import Tell
from statuswire.model import Digest, MessageKind, Quiet, QuietHours

HOUR: Final = timedelta(hours=1)


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
class Recent:
    """When which pages began a story on one channel, the oldest first; `until` is when a storm ends."""

    pages: tuple[tuple[datetime, str], ...] = ()
    until: datetime | None = None


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
    """When the quiet hours that now lies in end, in UTC; None outside of them."""
    local = now.astimezone(hours.zone)
    is_over_midnight = hours.end <= hours.begin
    begun_today = local.time() >= hours.begin and (is_over_midnight or local.time() < hours.end)
    begun_yesterday = is_over_midnight and local.time() < hours.end
    weekday = local.weekday() if begun_today else (local.weekday() - 1) % 7
    if not (begun_today or begun_yesterday) or (hours.days and weekday not in hours.days):
        return None
    return _next_at(hours.end, hours.zone, now)


def _next_at(wanted: time, zone: tzinfo, now: datetime) -> datetime:
    """The next moment after now when a clock in that zone shows that time. One that a change of the clock leaves out is
    met an hour later by that clock."""
    today = now.astimezone(zone).date()
    for days in range(3):
        due = datetime.combine(today + timedelta(days=days), wanted, zone).astimezone(UTC)
        if due > now:
            return due
    raise AssertionError("one of three days in a row lies ahead")


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M}"


# --- storms ------------------------------------------------------------------------------------------------------


def in_storm(rule: StormRule, recent: Recent, channel: str, page: str, now: datetime) -> tuple[Recent, Batch | None]:
    """What a story that begins on a page means for its channel: the pages to remember, and the batch where it is one
    too many. What began before the storm was seen has been told already."""
    kept = [one for one in recent.pages if now - one[0] < rule.within and one[1] != page]
    pages = (*kept, (now, page))
    is_storm = len({name for _, name in pages}) > rule.pages
    until = recent.until if recent.until is not None and recent.until > now else None
    if is_storm and until is None:
        until = now + rule.within
    batch = Batch(f"storm:{channel}:{_stamp_exact(until)}", until, "many pages at once") if until is not None else None
    return Recent(pages, until), batch


def _stamp_exact(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S%f}"


def latest_of_each(event_ids: Sequence[int], threads: Sequence[str]) -> tuple[int, ...]:
    """Of each thread the newest event, in order: what a digest tells."""
    newest = dict(sorted(zip(threads, event_ids, strict=True), key=lambda pair: pair[1]))
    return tuple(sorted(newest.values()))
