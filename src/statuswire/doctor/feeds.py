"""What the doctor says of a feed: when it was last read, how late it is, how much it sends for nothing, its trouble."""

from __future__ import annotations

from datetime import datetime, timedelta

from statuswire.channels.console_report import spell
from statuswire.core.health import TROUBLED, Flag, flag_of, judged_at, last_reason
from statuswire.doctor.finding import Fact, Finding, Grade, ago, counted
from statuswire.engine.complaints import Complaint
from statuswire.engine.sources import LATE_AFTER, Feeds, lateness, unchanged_share
from statuswire.errors import FetchReason
from statuswire.model import Feed, FeedState, Role
from statuswire.wire import timestamp

_TROUBLE = {
    FeedState.FAILING: "cannot be fetched",
    FeedState.UNREADABLE: "cannot be understood",
    FeedState.BLOCKED: "is refused to us",
}
_ADVICE = {
    FeedState.FAILING: "open the address in a browser; if the page has moved, give its new address in `pages`",
    FeedState.UNREADABLE: "run `statuswire detect` on the page: it may have changed its platform",
    FeedState.BLOCKED: "set `poll.user_agent_contact`, poll less often, or give another `feed` of the page",
}
_TLS_ADVICE = (
    "its server did not prove who it is: if an authority of your own vouches for it, give its certificates as "
    "`ca_file` of the page; an expired or foreign certificate is for the provider to mend"
)
_LEFT_ADVICE = "the rest of it was read, and nothing was guessed; please report it, so that it can be learnt"
_STUCK = "the service may be stuck or overloaded: its log and `/health` say more"
_NONE_LEFT = Complaint(0, ())
FLAG_SENTENCES = {
    Flag.NO_HOST: "the name of its host has not been found since {since}",
    Flag.GONE: "its host has answered that there is no such page since {since}",
}


def feed_finding(feeds: Feeds, feed: Feed, now: datetime) -> Finding:
    """How reading a feed goes, in words. Feeds that are read only on occasion are never late."""
    late = lateness(feeds, feed, now)
    grade, sentence, advice = _with_problems(feeds.complaints.get(feed.id), *_judgement(feeds, feed, late, now))
    subject = f"feed {feeds.page.slug} {_address(feed)}"
    return Finding(subject, grade, sentence, advice, _facts(feeds, feed, late, now))


def _judgement(feeds: Feeds, feed: Feed, late: timedelta, now: datetime) -> tuple[Grade, str, str]:
    """Grade, sentence and advice."""
    state = feed.health.state
    if state in TROUBLED:
        return _trouble(feeds, feed, now)
    if state is FeedState.NEW:
        return _unread(feed)
    sentence = _course(feed, now)
    if late > LATE_AFTER:
        return Grade.ACT, f"{sentence}; {spell(late)} behind its due time", _STUCK
    if feed.health.failures:
        return Grade.NOTE, f"{sentence}; then {counted(feed.health.failures, 'failure')}: {feed.health.last_error}", ""
    return Grade.OK, sentence, ""


def _with_problems(left: Complaint | None, grade: Grade, sentence: str, advice: str) -> tuple[Grade, str, str]:
    """The same judgement, with what could not be read in the last document: worth knowing, the rest was read."""
    if left is None:
        return grade, sentence, advice
    more = f" and {left.count - len(left.first)} more" if left.count > len(left.first) else ""
    sentence = f"{sentence}; {counted(left.count, 'problem')} in its last document: {'; '.join(left.first)}{more}"
    return (Grade.NOTE, sentence, _LEFT_ADVICE) if grade is Grade.OK else (grade, sentence, advice)


def _course(feed: Feed, now: datetime) -> str:
    changed = f"last changed {ago(feed.read_at, now)}" if feed.read_at else "no change seen yet"
    return f"last read well {ago(feed.health.last_ok_at, now)}; {changed}; {_polls(feed)}"


def _polls(feed: Feed) -> str:
    share, polls = unchanged_share(feed), counted(feed.polls, "poll")
    return polls if share is None else f"{polls}, {share:.0%} not modified"


def _unread(feed: Feed) -> tuple[Grade, str, str]:
    if feed.spec.role is Role.HISTORY:
        return Grade.OK, "is read when something ends", ""
    if feed.health.failures:
        return (
            Grade.NOTE,
            f"has not been read yet, {counted(feed.health.failures, 'failure')}: {feed.health.last_error}",
            "",
        )
    if feed.spec.tier:
        return Grade.OK, "is read where the others cannot be", ""
    return Grade.NOTE if feed.polls else Grade.OK, "has not been read yet", ""


def _trouble(feeds: Feeds, feed: Feed, now: datetime) -> tuple[Grade, str, str]:
    health = feed.health
    since = f"since {ago(health.failing_since, now)}" if health.failing_since else "now"
    sentence = f"{_TROUBLE[health.state]} {since}: {health.last_error or 'no reason was kept'}"
    sentence = f"{sentence}; last read well {ago(health.last_ok_at, now)}"
    if feeds.stands_in(feed):
        return Grade.NOTE, f"{sentence}; another feed of the page is read in its place", ""
    return Grade.ACT, sentence, _TLS_ADVICE if last_reason(health) == FetchReason.TLS else _ADVICE[health.state]


def _facts(feeds: Feeds, feed: Feed, late: timedelta, now: datetime) -> dict[str, Fact]:
    flag = flag_of(feed.health, judged_at(feed, now))
    left = feeds.complaints.get(feed.id, _NONE_LEFT)
    return {
        "page": feeds.page.slug,
        "url": _address(feed),
        "role": feed.spec.role.value,
        "tier": feed.spec.tier,
        "state": feed.health.state.value,
        "last_read_at": _time(feed.health.last_ok_at),
        "last_changed_at": _time(feed.read_at),
        "due_at": _time(feed.due_at),
        "late_s": round(late.total_seconds(), 1),
        "polls": feed.polls,
        "not_modified": feed.not_modified,
        "not_modified_share": unchanged_share(feed),
        "problems": left.count,
        "first_problems": left.first,
        "failures": feed.health.failures,
        "failing_since": _time(feed.health.failing_since),
        "last_error": feed.health.last_error,
        "flag": flag.value if flag else None,
    }


def _address(feed: Feed) -> str:
    """Without its query, in which tokens stand."""
    return feed.spec.url.partition("?")[0]


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)
