"""When a feed is due next, and why: interval, `max-age`, `Retry-After`, back-off, drift and jitter. Pure.

The rules, from the weakest to the strongest:

1. the configured interval, shorter while something is open on the page, up to twice as long when a page has had
   nothing new for days, and up to five minutes where the document itself wishes for it (`ttl` of RSS);
2. a host that closes idle connections a little before that time is asked a little sooner, on the same connection;
3. after a failure an exponential back-off whose start and cap depend on the reason;
4. what the provider asks for: `max-age` of an answer, `Retry-After` of any.

Every function returns a `Due`: how long to wait after the end of the last poll, and the rule that decided. Jitter is
a number in [0, 1) that belongs to the feed (`jitter_of`) and never changes, so that the feeds of one start keep their
distance for ever. It only ever adds to a wait that a rule demands.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from statuswire.errors import FetchReason, ParseReason

Reason = FetchReason | ParseReason

UNCONDITIONAL_EVERY = 20
"""Every so manieth poll goes without validators: servers that answer a wrong 304 for ever exist."""

RETRY_AFTER_MIN = timedelta(seconds=1)
RETRY_AFTER_MAX = timedelta(hours=6)
MAX_AGE_CAP = timedelta(hours=1)
"""Static hosts send a day or a year for files that they do replace; a status page an hour old is useless."""

QUIET_AFTER = timedelta(days=1)
QUIET_FULL = timedelta(days=7)
QUIET_CAP = timedelta(minutes=5)
WISH_CAP = timedelta(minutes=5)
"""Generators of feeds write a fixed hour or day, whatever the feed is about."""
IDLE_MARGIN = timedelta(seconds=5)
IDLE_REACH = 1.1
BACK_OFF_SPREAD = 0.1
PROBE_INTERVAL = timedelta(hours=1)
LOOK_AGAIN = timedelta(seconds=5)
LOOK_AGAIN_TIMES = 6
SOON_GAP = timedelta(seconds=10)
FIRST_GAP = timedelta(milliseconds=20)
"""Between first polls of new feeds: a thousand new pages are read within twenty seconds."""
HANDFUL = 10
RESUME_MAX = timedelta(days=1)
HISTORY_RETRIES = (timedelta(seconds=10), timedelta(seconds=25))

_NOTHING = timedelta(0)


class DueReason(StrEnum):
    """The rule that decided when a feed is due."""

    FIRST = "first"
    RESUMED = "resumed"
    OVERDUE = "overdue"
    INTERVAL = "interval"
    OPEN = "open"
    QUIET = "quiet"
    WISH = "wish"
    KEEP_ALIVE = "keep_alive"
    MAX_AGE = "max_age"
    RETRY_AFTER = "retry_after"
    BACK_OFF = "back_off"
    OFFLINE = "offline"
    PROBE = "probe"
    LOOK_AGAIN = "look_again"
    SOON = "soon"
    HISTORY = "history"


MISSED = frozenset({DueReason.OVERDUE, DueReason.BACK_OFF, DueReason.OFFLINE})
"""Polls that come later than the feed's own pace would have it: the provider could not be reached, or we did not run,
were offline, or could not write."""

AWAY_AFTER = timedelta(minutes=5)
"""So long nobody looked: what began and ended meanwhile stands in the page's history alone."""


@dataclass(frozen=True, slots=True)
class Due:
    """How long to wait after the end of the last poll, and why."""

    after: timedelta
    reason: DueReason


@dataclass(frozen=True, slots=True)
class Pace:
    """What the operator asked for. `while_open` longer than `interval` counts as `interval`.

    `usual` and `faster` are what follows from it, made once: most polls of most pages end with one of these two.
    """

    interval: timedelta = timedelta(seconds=60)
    while_open: timedelta = timedelta(seconds=20)
    usual: Due = field(init=False, compare=False, repr=False)
    faster: Due = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        usual = Due(self.interval, DueReason.INTERVAL)
        faster = Due(self.while_open, DueReason.OPEN) if self.while_open < self.interval else usual
        object.__setattr__(self, "usual", usual)
        object.__setattr__(self, "faster", faster)


@dataclass(frozen=True, slots=True)
class BackOff:
    """Wait `first` (or the interval, if longer) after one failure, twice as long after each further one, to `cap`."""

    first: timedelta
    cap: timedelta


_TRANSIENT = BackOff(_NOTHING, timedelta(minutes=15))
_STUBBORN = BackOff(_NOTHING, timedelta(hours=1))

BACK_OFFS: dict[Reason, BackOff] = {
    FetchReason.BLOCKED: BackOff(timedelta(minutes=5), timedelta(hours=1)),
    FetchReason.UNAUTHORIZED: BackOff(timedelta(minutes=5), timedelta(hours=1)),
    ParseReason.CHALLENGE: BackOff(timedelta(minutes=5), timedelta(hours=1)),
    FetchReason.RATE_LIMITED: BackOff(timedelta(minutes=1), timedelta(hours=1)),
    FetchReason.NOT_FOUND: BackOff(_NOTHING, timedelta(hours=6)),
    FetchReason.GONE: BackOff(timedelta(hours=1), timedelta(days=1)),
    ParseReason.INACTIVE: BackOff(timedelta(hours=1), timedelta(days=1)),
    FetchReason.BAD_URL: BackOff(timedelta(hours=1), timedelta(hours=6)),
    FetchReason.FORBIDDEN_ADDRESS: BackOff(timedelta(minutes=5), timedelta(hours=6)),
    FetchReason.REDIRECT: BackOff(_NOTHING, timedelta(hours=6)),
    FetchReason.TLS: _STUBBORN,
    FetchReason.TOO_LARGE: _STUBBORN,
    FetchReason.ENCODING: _STUBBORN,
    FetchReason.PROTOCOL: _STUBBORN,
    FetchReason.STATUS: _STUBBORN,
}
"""Reasons that are not here are transient: from the interval to a quarter of an hour."""


def pace_of(pace: Pace, every: timedelta | None) -> Pace:
    """The pace of a feed that is worth asking only so often: never more often, also while something is open."""
    if every is None or every <= pace.while_open:
        return pace
    return Pace(max(every, pace.interval), max(every, pace.while_open))


def jitter_of(url: str) -> float:
    """A number in [0, 1) that is the feed's own: the same in every run, replica and Python version."""
    digest = hashlib.blake2b(url.encode("utf-8", "surrogatepass"), digest_size=6).digest()
    return int.from_bytes(digest, "big") / 2**48


def is_unconditional(polls: int) -> bool:
    """Whether the next poll of a feed that was polled `polls` times has to go without validators."""
    return polls % UNCONDITIONAL_EVERY == UNCONDITIONAL_EVERY - 1


def clamp_retry_after(asked: timedelta) -> timedelta:
    """Between a second and six hours, whatever was sent (FAULTS N9: negative, ten years)."""
    return min(max(asked, RETRY_AFTER_MIN), RETRY_AFTER_MAX)


# --- the first poll of a run --------------------------------------------------------------------------------------


def at_start(pace: Pace, due_in: timedelta | None, jitter: float, queued: timedelta = _NOTHING) -> Due:
    """When a feed is polled first after the start, or after it was added.

    `due_in` is how far ahead its stored time lies, None if it was never polled. A new feed is read as soon as the new
    ones before it are, `queued` from now, but within one interval. An overdue one takes its place in the interval, so
    that a restart does not poll everything at once.
    """
    if due_in is None:
        return Due(queued if queued <= pace.interval else pace.interval * jitter, DueReason.FIRST)
    if due_in <= _NOTHING:
        return overdue(pace, jitter)
    return Due(min(due_in, RESUME_MAX), DueReason.RESUMED)


def after_first(due: Due, jitter: float, feeds: int) -> Due:
    """Where more than a handful of new `feeds` were read in a row, each goes to its own place in the interval now."""
    if feeds <= HANDFUL or due.reason not in (DueReason.INTERVAL, DueReason.OPEN, DueReason.MAX_AGE):
        return due
    return Due(due.after * (1.0 + jitter), due.reason)


def overdue(pace: Pace, jitter: float) -> Due:
    """A missed poll is made up for once, at the feed's own place in the interval."""
    return Due(pace.interval * jitter, DueReason.OVERDUE)


# --- after a poll -------------------------------------------------------------------------------------------------


def after_answer(
    pace: Pace,
    *,
    max_age: timedelta | None = None,
    retry_after: timedelta | None = None,
    has_open: bool = False,
    quiet_for: timedelta = _NOTHING,
    wish: timedelta | None = None,
    idle_limit: timedelta | None = None,
) -> Due:
    """After a good poll, changed or not.

    `quiet_for` is how long the feed has told nothing new, `wish` how long its document wants to be left alone while
    nothing is open (up to five minutes), `idle_limit` after how long its host closes an idle
    connection, where it says so. Never sooner than `max_age` (up to an hour) and `retry_after` (1 s to 6 h) allow.
    """
    due = _wanted(pace, has_open, quiet_for)
    if wish is not None and not has_open and (granted := min(wish, WISH_CAP)) > due.after:
        due = Due(granted, DueReason.WISH)
    if idle_limit is not None:
        due = _kept_alive(due, idle_limit)
    if max_age is not None and max_age > due.after:
        due = Due(max(min(max_age, MAX_AGE_CAP), due.after), DueReason.MAX_AGE)
    if retry_after is not None and (asked := clamp_retry_after(retry_after)) > due.after:
        due = Due(asked, DueReason.RETRY_AFTER)
    return due


def _wanted(pace: Pace, has_open: bool, quiet_for: timedelta) -> Due:
    if has_open:
        return pace.faster
    if quiet_for <= QUIET_AFTER:
        return pace.usual
    return Due(_drifted(pace.interval, quiet_for), DueReason.QUIET)


def _drifted(interval: timedelta, quiet_for: timedelta) -> timedelta:
    """From once the interval after a quiet day to twice after a week, but not beyond five minutes by this alone."""
    share = min((quiet_for - QUIET_AFTER) / (QUIET_FULL - QUIET_AFTER), 1.0)
    return max(interval, min(interval * (1.0 + share), QUIET_CAP))


def _kept_alive(due: Due, idle_limit: timedelta) -> Due:
    """Five seconds before the host hangs up, where that is at most a tenth sooner than wanted anyway.

    A new TLS connection costs both sides about eight times a request on an open one.
    """
    sooner = idle_limit - IDLE_MARGIN
    if sooner < due.after <= sooner * IDLE_REACH:
        return Due(sooner, DueReason.KEEP_ALIVE)
    return due


def after_failure(
    pace: Pace,
    reason: Reason,
    failures: int,
    *,
    jitter: float = 0.0,
    retry_after: timedelta | None = None,
) -> Due:
    """After the `failures`-th failure in a row: exponential, capped by reason, at least what `Retry-After` asks."""
    back_off = BACK_OFFS.get(reason, _TRANSIENT)
    base = max(back_off.first, pace.interval)
    delay = max(base, min(base * 2 ** min(max(failures - 1, 0), 16), back_off.cap))
    asked = _NOTHING if retry_after is None else clamp_retry_after(retry_after)
    if asked > delay:
        return Due(spread(asked, jitter), DueReason.RETRY_AFTER)
    return Due(spread(delay, jitter), DueReason.BACK_OFF)


def spread(delay: timedelta, jitter: float) -> timedelta:
    """Up to a tenth longer, so that what failed together does not come back together."""
    return delay * (1.0 + BACK_OFF_SPREAD * jitter)


def host_pause(reason: Reason, retry_after: timedelta | None) -> timedelta:
    """How long no feed of the same host may be polled after such a failure (FAULTS N9); zero for most."""
    if retry_after is not None:
        return clamp_retry_after(retry_after)
    return BACK_OFFS[reason].first if reason is FetchReason.RATE_LIMITED else _NOTHING


# --- special cases ------------------------------------------------------------------------------------------------


def while_offline(pace: Pace, jitter: float) -> Due:
    """While we are the ones who are offline no feed backs off, so that all are fresh soon after the line is back."""
    return Due(spread(pace.interval, jitter), DueReason.OFFLINE)


def look_again(pace: Pace, times: int) -> Due:
    """A document hinted at something it does not prove: in five seconds, but only six times in a row."""
    if times > LOOK_AGAIN_TIMES:
        return Due(pace.interval, DueReason.INTERVAL)
    return Due(min(LOOK_AGAIN, pace.interval), DueReason.LOOK_AGAIN)


def probe(due: Due, jitter: float) -> Due:
    """A feed that is out of use because another tier took its place is tried once an hour, or later if it must be."""
    slow = spread(PROBE_INTERVAL, jitter)
    return due if due.after >= slow else Due(slow, DueReason.PROBE)


def soon(since_last_wish: timedelta | None) -> Due:
    """After a hook: at once, but once in ten seconds at most. `since_last_wish` None: there was none yet."""
    if since_last_wish is None or since_last_wish >= SOON_GAP:
        return Due(_NOTHING, DueReason.SOON)
    return Due(SOON_GAP - since_last_wish, DueReason.SOON)


def after_absence(pace: Pace, jitter: float) -> Due:
    """History that is read because nobody looked, of many pages at once: at the feed's own place in the interval."""
    return Due(pace.interval * jitter, DueReason.HISTORY)


def history_retry(failures: int) -> Due | None:
    """When a history document that could not be fetched is tried again; None: not any more (all within a minute)."""
    if failures > len(HISTORY_RETRIES):
        return None
    return Due(HISTORY_RETRIES[failures - 1], DueReason.HISTORY)
