"""What the doctor says of the watched pages, and of the feeds of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from statuswire.catalog import Target
from statuswire.core.health import is_forgotten
from statuswire.doctor.feeds import FLAG_SENTENCES, feed_finding
from statuswire.doctor.finding import Fact, Finding, Grade, ago
from statuswire.doctor.words import PAGE_STATUS, Met, recent_incidents, unknown_words
from statuswire.engine.complaints import complaints
from statuswire.engine.overview import suggested_address
from statuswire.engine.sources import Feeds
from statuswire.model import Page
from statuswire.platforms import PLATFORMS
from statuswire.store import Tx, queries
from statuswire.store.queries import PageState

WORDS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Watch:
    """What is meant to be watched: the pages of the configuration, and whether a service is running."""

    targets: Sequence[Target]
    is_running: bool
    now: datetime

    @property
    def slugs(self) -> frozenset[str]:
        return frozenset(target.slug for target in self.targets)


def page_findings(tx: Tx, watch: Watch) -> Iterator[Finding]:
    """Everything about every page, in the order in which pages were made. Raises StoreError."""
    states, suggestions = queries.page_states(tx, queries.all_pages(tx)), queries.suggestions(tx)
    recent, left = recent_incidents(tx, watch.now), complaints(tx)
    for state in states:
        page = state.page
        if not is_watched(state, watch):
            if page.slug not in watch.slugs:
                yield _left(state, watch.now)
            continue
        feeds = Feeds(page, tuple(state.feeds), watch.is_running, left)
        suggestion = suggestions.get(page.id, "")
        met = unknown_words(state, recent.get(page.slug, ()))
        yield from about_page(feeds, suggestion, met, watch.now)
        yield from (feed_finding(feeds, feed, watch.now) for feed in state.feeds)
    yield from _missing(watch, {state.page.slug for state in states if state.page.dropped_at is None})


def is_watched(state: PageState, watch: Watch) -> bool:
    """Whether nobody dropped the page, and the configuration has it, or it came by a hook, or it was polled lately (by
    another process, or one that ended without a successor)."""
    if state.page.dropped_at is not None:
        return False
    if state.page.slug in watch.slugs or state.page.origin == "hook":
        return True
    return not is_forgotten(state.feeds, watch.now)


def about_page(feeds: Feeds, suggestion: str, met: Sequence[Met], now: datetime) -> Iterator[Finding]:
    """What is to say of a page beside its feeds; nothing for most."""
    yield from _recognition(feeds.page)
    yield from _flag(feeds, now)
    yield from _suggestion(feeds.page, suggestion)
    if met:
        yield _words(feeds.page, met)


def _recognition(page: Page) -> Iterator[Finding]:
    subject = _subject(page)
    platform = PLATFORMS.get(page.platform)
    if not page.platform:
        if page.origin == "hook":
            return
        advice = (
            f"run `statuswire detect {_address(page)}`; where it finds nothing, give a `feed` or `platform` of the page"
        )
        yield Finding(subject, Grade.ACT, "is not recognised yet: nothing is read of it", advice, _facts(page))
    elif platform is None:
        sentence = f"was read as {page.platform}, which this version does not know"
        yield Finding(subject, Grade.ACT, sentence, "run the version that knew it", _facts(page))
    elif platform.is_experimental:
        sentence = f"is read as {platform.title}, which is experimental: parts of the format are guessed"
        advice = "compare it with the page now and then"
        yield Finding(subject, Grade.NOTE, sentence, advice, _facts(page, is_experimental=True))


def _flag(feeds: Feeds, now: datetime) -> Iterator[Finding]:
    flag = feeds.flag(now)
    if flag is None:
        return
    begun = min(feed.health.failing_since for feed in feeds.present if feed.health.failing_since)
    sentence = FLAG_SENTENCES[flag].format(since=ago(begun, now))
    advice = "find its new address and give it in `pages`, or take the page out; what is known of it is kept"
    yield Finding(_subject(feeds.page), Grade.ACT, sentence, advice, _facts(feeds.page, flag=flag.value))


def _suggestion(page: Page, suggestion: str) -> Iterator[Finding]:
    """What healing found and did not dare to follow, unless the page is configured there by now."""
    address = suggested_address(suggestion)
    if not suggestion or (address and _host(address) == _host(page.url)):
        return
    do = f"if so, give `url: {address}`" if address else "if so, give its new address"
    advice = f"look whether that is the same provider; {do} for this page in the configuration"
    facts = _facts(page, suggested_url=address)
    yield Finding(_subject(page), Grade.ACT, suggestion.partition("; if so,")[0], advice, facts)


def _words(page: Page, met: Sequence[Met]) -> Finding:
    shown = [_spelt(one) for one in met[:WORDS_SHOWN]]
    if len(met) > WORDS_SHOWN:
        shown.append(f"and {len(met) - WORDS_SHOWN} more")
    sentence = f"has words that no table knows: {', '.join(shown)}"
    advice = "they are shown as unknown and never guessed; please report them, so that they can be learnt"
    fields = dict.fromkeys(one.field for one in met)
    raw: dict[str, Fact] = {f"unknown_{field}": [one.raw for one in met if one.field == field] for field in fields}
    return Finding(_subject(page), Grade.NOTE, sentence, advice, _facts(page, **raw))


def _spelt(one: Met) -> str:
    if one.field == PAGE_STATUS:
        return "the status of the page as a whole (its word is not kept)"
    return f'{one.field.replace("_", " ")} "{one.raw[:60]}" ({one.where[:60]})'


def _left(state: PageState, now: datetime) -> Finding:
    """A page of an earlier configuration: its history is kept and nothing of it is anybody's trouble."""
    read = [feed.health.last_ok_at for feed in state.feeds if feed.health.last_ok_at]
    dropped_at = state.page.dropped_at
    since = f"since {ago(dropped_at, now)}" if dropped_at is not None else "any more"
    sentence = f"is not watched {since}; last read well {ago(max(read, default=None), now)}"
    return Finding(_subject(state.page), Grade.OK, sentence, "", _facts(state.page, is_watched=False))


def _missing(watch: Watch, known: Iterable[str]) -> Iterator[Finding]:
    """Pages of the configuration that no service has met yet."""
    there = set(known)
    for target in watch.targets:
        if target.slug in there:
            continue
        sentence = "is in the configuration, and the service has not met it yet"
        advice = "start the service again with this configuration" if watch.is_running else ""
        yield Finding(f"page {target.slug}", Grade.NOTE, sentence, advice, {"page": target.slug})


def _subject(page: Page) -> str:
    return f"page {page.slug}"


def _facts(page: Page, **more: Fact) -> dict[str, Fact]:
    return {"page": page.slug, "url": _address(page), "platform": page.platform, **more}


def _address(page: Page) -> str:
    """Without its query, in which tokens stand."""
    return page.url.partition("?")[0]


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")
