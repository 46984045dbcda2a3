"""How reading a feed goes, and which `feed.*` event follows: last health + one outcome -> next health + why. Pure.

A failure changes no incident. It is told once, after three in a row or ten minutes of them, and again only when the
feed can be read: one `feed.failing` (or `feed.unreadable`, where documents arrive but make no sense) and one
`feed.recovered` for each spell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from statuswire.core.schedule import Reason
from statuswire.errors import FetchReason, ParseReason
from statuswire.model import EventType, Feed, FeedHealth, FeedState, Role

FAILURES_TO_TELL = 3
TELL_AFTER = timedelta(minutes=10)
MISSES_TO_CHANGE_TIER = 2
HOSTS_TO_JUDGE = 4
ERROR_LIMIT = 300
LOOK_AFTER_FAILURES = 5
LOOK_AFTER = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=2)
"""A page that is due and has not been polled for so long is not watched: no back-off is longer than a day."""

OVERDUE_AFTER = timedelta(minutes=15)
"""A feed that has been due for so long is polled by nobody: due times are stored once a minute, a busy host keeps its
feeds waiting for some minutes, and another process takes over what a dead one polled within two."""

OVERDUE_WAITS = 3
"""Or for so many of its own waits, where these are longer: after a start what was missed is made up for within one."""

NO_HOST_AFTER = timedelta(days=3)
GONE_AFTER = timedelta(days=7)

TROUBLED = frozenset({FeedState.FAILING, FeedState.UNREADABLE, FeedState.BLOCKED})
"""States that have been told of and that a `feed.recovered` ends."""

_BLOCKING: frozenset[Reason] = frozenset({FetchReason.BLOCKED, FetchReason.UNAUTHORIZED, ParseReason.CHALLENGE})

_UNREACHABLE: frozenset[Reason] = frozenset(
    {
        FetchReason.DNS,
        FetchReason.CONNECT,
        FetchReason.TLS,
        FetchReason.TIMEOUT,
        FetchReason.RESET,
        FetchReason.PROTOCOL,
        FetchReason.SERVER_ERROR,
        ParseReason.HTML,
        ParseReason.CHALLENGE,
    }
)
"""Failures that a broken line of ours, a captive portal or a dying proxy would give for every host alike."""

_MISSES: frozenset[Reason] = frozenset(
    {
        FetchReason.BLOCKED,
        FetchReason.UNAUTHORIZED,
        FetchReason.NOT_FOUND,
        FetchReason.GONE,
        FetchReason.REDIRECT,
        FetchReason.TOO_LARGE,
        FetchReason.ENCODING,
        FetchReason.STATUS,
    }
)

_MAY_HAVE_MOVED: frozenset[Reason] = frozenset(
    {*ParseReason, FetchReason.NOT_FOUND, FetchReason.GONE, FetchReason.REDIRECT, FetchReason.DNS}
) - {ParseReason.CHALLENGE}


class Flag(StrEnum):
    """What failures that lasted for days say of a page. A flag is for the operator: nothing is ended or deleted by it.

    `NO_HOST`: the name of its host has not been found for three days (FAULTS N1); `GONE`: its host has answered for a
    week that there is no such document (N14).
    """

    NO_HOST = "no_host"
    GONE = "gone"


_FLAGS: dict[str, tuple[Flag, timedelta]] = {
    FetchReason.DNS.value: (Flag.NO_HOST, NO_HOST_AFTER),
    FetchReason.NOT_FOUND.value: (Flag.GONE, GONE_AFTER),
    FetchReason.GONE.value: (Flag.GONE, GONE_AFTER),
}
"""By the reason of the last failure, with how long the feed must have failed."""


@dataclass(frozen=True, slots=True)
class HealthChange:
    """The next health of a feed. `event` is None where there is nothing to tell; `reason` is for people."""

    health: FeedHealth
    event: EventType | None = None
    reason: str = ""


def after_success(health: FeedHealth, now: datetime) -> HealthChange:
    """Read, or found unchanged: all counts start anew; told as recovered if the trouble was told."""
    better = FeedHealth(state=FeedState.OK, last_ok_at=now)
    if health.state not in TROUBLED:
        return HealthChange(better)
    return HealthChange(better, EventType.FEED_RECOVERED, _recovery(health, now))


def _recovery(health: FeedHealth, now: datetime) -> str:
    if health.failing_since is None:
        return "read again"
    seconds = (now - health.failing_since).total_seconds()
    span = f"{seconds / 60:.0f} min" if seconds >= 60 else f"{max(seconds, 1):.0f} s"
    return f"read again after {span} ({health.last_error})" if health.last_error else "read again"


def after_failure(health: FeedHealth, reason: Reason, message: str, now: datetime) -> HealthChange:
    """One more failure; `message` is for people and must hold no secret. Told once per spell."""
    error = describe(reason, message)
    since = health.failing_since or now
    worse = replace(health, failures=health.failures + 1, failing_since=since, last_error=error)
    if health.state in TROUBLED:
        return HealthChange(replace(worse, state=state_for(reason)))
    if worse.failures < FAILURES_TO_TELL and now - since < TELL_AFTER:
        return HealthChange(worse)
    state = state_for(reason)
    event = EventType.FEED_UNREADABLE if state is FeedState.UNREADABLE else EventType.FEED_FAILING
    return HealthChange(replace(worse, state=state), event, error)


def forgive(health: FeedHealth) -> FeedHealth:
    """Without the failures that were ours (we were offline); trouble that was told stays until the feed is read."""
    if health.state in TROUBLED:
        return health
    return replace(health, failures=0, failing_since=None, last_error="")


def describe(reason: Reason, message: str) -> str:
    """`timeout: no answer within 20 s`, on one line and not endless."""
    text = " ".join(message.split())
    return f"{reason.value}: {text}"[:ERROR_LIMIT] if text else reason.value


def state_for(reason: Reason) -> FeedState:
    """The state that a failure with this reason leads to once it lasts."""
    if reason in _BLOCKING:
        return FeedState.BLOCKED
    return FeedState.UNREADABLE if isinstance(reason, ParseReason) else FeedState.FAILING


def is_miss(reason: Reason) -> bool:
    """Whether the host answers but not with a document of this feed, so that another tier may do better."""
    return isinstance(reason, ParseReason) or reason in _MISSES


def starting_misses(health: FeedHealth) -> int:
    """Misses in a row as far as a restart can tell."""
    is_out = health.state in (FeedState.UNREADABLE, FeedState.BLOCKED)
    return MISSES_TO_CHANGE_TIER if is_out else 0


def is_unreachable(reason: Reason) -> bool:
    """Whether a failure may be our own line's fault."""
    return reason in _UNREACHABLE


def is_offline(unreachable_hosts: int, hosts: int) -> bool:
    """More than half of all hosts at once, of at least four: it is us (FAULTS N11)."""
    return hosts >= HOSTS_TO_JUDGE and unreachable_hosts * 2 > hosts


def may_have_moved(health: FeedHealth, reason: Reason, now: datetime) -> bool:
    """Whether a feed has answered with something else for so long that the page may be served by other software."""
    if reason not in _MAY_HAVE_MOVED or health.failing_since is None:
        return False
    return health.failures >= LOOK_AFTER_FAILURES and now - health.failing_since >= LOOK_AFTER


def last_reason(health: FeedHealth) -> str:
    """The word for the last failure as `describe` put it; empty where the last poll was good."""
    return health.last_error.partition(":")[0]


def flag_of(health: FeedHealth, now: datetime) -> Flag | None:
    """The flag of a feed that has not been read for so long that somebody should look for its page.

    `now` should be no later than the feed's due time: while nobody polls, a failure does not grow older.
    """
    flag, after = _FLAGS.get(last_reason(health), (None, timedelta(0)))
    if flag is None or health.failing_since is None:
        return None
    return flag if now - health.failing_since >= after else None


def judged_at(feed: Feed, now: datetime) -> datetime:
    """Until when a failure is known to have gone on: while nobody polls it does not grow older."""
    return now if feed.due_at is None else min(now, feed.due_at)


def page_flag(feeds: Iterable[Feed], now: datetime) -> Flag | None:
    """The flag of a page, from all its feeds that tell of the present: none as long as one of them can be read."""
    present = [feed for feed in feeds if feed.spec.role is not Role.HISTORY]
    if any(feed.health.state is FeedState.OK for feed in present):
        return None
    until = max((judged_at(feed, now) for feed in present), default=now)
    flags = {flag_of(feed.health, until) for feed in present} - {None}
    return next((flag for flag in Flag if flag in flags), None)


def is_overdue(feeds: Iterable[Feed], now: datetime) -> bool:
    """Whether nobody polls a page: all its feeds that tell of the present should have been polled long ago.

    False where none was ever polled. What a `Retry-After` or a back-off asks for is no delay: the due time is after it.
    """
    polled = [feed for feed in feeds if feed.spec.role is not Role.HISTORY and feed.due_at is not None]
    return bool(polled) and all(_is_overdue(feed, now) for feed in polled)


def _is_overdue(feed: Feed, now: datetime) -> bool:
    if feed.due_at is None:
        return False
    read_at = feed.health.last_ok_at if feed.health.state is FeedState.OK else None
    wait = timedelta(0) if read_at is None else feed.due_at - read_at
    return now - feed.due_at > max(OVERDUE_AFTER, wait * OVERDUE_WAITS)


def is_forgotten(feeds: Iterable[Feed], now: datetime) -> bool:
    """Whether nobody polls these feeds any more, whatever service runs."""
    due = [feed.due_at for feed in feeds if feed.due_at is not None]
    return not due or now - max(due) >= FORGOTTEN_AFTER
