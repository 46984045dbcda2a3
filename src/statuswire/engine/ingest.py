"""The one door in: a Snapshot becomes changes and events inside the caller's transaction.

Poll, feed entry and webhook alike pass through `record`; nothing else writes incidents. Duplicates vanish here because
reconciling is idempotent.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from statuswire.core import absence
from statuswire.core.reconcile import Outcome, reconcile
from statuswire.core.unchanged import says_new
from statuswire.engine import complaints
from statuswire.errors import StoreError, StoreReason
from statuswire.fingerprint import event_key
from statuswire.model import (
    Changes,
    Document,
    Event,
    EventFeed,
    EventType,
    Hook,
    Page,
    PageFacts,
    Snapshot,
    Source,
)
from statuswire.platforms import PLATFORMS
from statuswire.platforms.reading import split_url
from statuswire.store import Tx, queries

MOST_UPDATES = 1_000
"""Of one incident, the newest; an order of magnitude more than anybody ever wrote. What follows compares the updates of
one minute each with each, on the one thread that writes."""

_VERSION = re.compile(r"\W*v?\d")
ATTEMPTS = 3
"""How often to reload a page's state when another writer was quicker (never with SQLite's single writer). From the
second time on nobody else can be."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of recording one Snapshot.

    `wants_history`: something left a list that should show it; read the page's HISTORY feeds once, then `settle`.
    `is_provisional`: the document hints at something it does not prove; look again soon and without validators.
    `has_open`: an incident is open or a maintenance is running, so poll faster.
    `silent`: how many updates were stored without being told (history met on first sight, backfills).
    `wants_levels`: components were met of which the document does not state the level; another one may.
    `is_of_other_page`: the document carries another page's id, so nothing of it was recorded.
    `new_maker`: the software that makes the feed now, where that was another until now.
    """

    events: tuple[Event, ...] = ()
    wants_history: bool = False
    is_provisional: bool = False
    has_open: bool = False
    silent: int = 0
    wants_levels: bool = False
    is_of_other_page: bool = False
    new_maker: str = ""

    def with_details(self, details: Recorded) -> Recorded:
        """The same, after further documents were recorded."""
        return replace(
            self,
            events=self.events + details.events,
            has_open=self.has_open or details.has_open,
            silent=self.silent + details.silent,
        )


Beside = Callable[["Recorded"], tuple[Event, ...]]
"""What else a recording writes, and tells behind the document's events, which are not numbered yet. It comes before
they are: from there to the commit nobody else can append any."""


def _nothing_beside(recorded: Recorded) -> tuple[Event, ...]:
    return ()


Note = Callable[[Tx, Sequence[Event], bool], None]
"""Keeps a document beside what came of it: the events of the recording, numbered, and whether it changed what is
known."""

Keep = Callable[[Page, Document, Source], Note | None]
"""Whether a document may be kept as evidence, asked before it is recorded; None where nobody wants it."""


def keep_nothing(page: Page, document: Document, source: Source) -> None:
    """Without contracts."""


def record(
    tx: Tx,
    page: Page,
    snapshot: Snapshot,
    *,
    document: Document,
    source: Source,
    now: datetime,
    feed_id: int | None = None,
    trusts_id: bool = True,
    is_fresh: bool = False,
    beside: Beside = _nothing_beside,
    keep: Keep = keep_nothing,
) -> Recorded:
    """Write what the Snapshot changes and return the events that follow, numbered. Raises StoreError.

    `trusts_id` False: a document with another page's id is not recorded, for the page may have moved. `is_fresh`: the
    page was read in this transaction. `keep`: who wants the document itself.
    """
    if not trusts_id and names_other_page(queries.page_by_id(tx, page.id) or page, snapshot):
        other = Recorded(is_of_other_page=True, is_provisional=True)
        return replace(other, events=queries.append_events(tx, page.id, beside(other)))
    page = _learn(tx, page if is_fresh else queries.page_by_id(tx, page.id) or page, snapshot, source)
    new_maker = _new_maker(tx, page, document.url, snapshot.generator) if feed_id is not None else ""
    snapshot = _bounded(snapshot)
    names = _names(snapshot)
    is_whole = bool(snapshot.covers)
    note = keep(page, document, source)
    for attempt in range(ATTEMPTS):
        is_again = attempt > 0
        known = queries.load_known(tx, page.id, feed_id=feed_id, ids=names, with_open=is_whole, lock=is_again)
        outcome = reconcile(known, snapshot, page=page.ref, source=source, served_at=document.served_at, now=now)
        if queries.save_changes(tx, page.id, known.version, outcome.changes, feed_id=feed_id):
            has_open = outcome.has_open or (not is_whole and queries.has_open(tx, page.id))
            if feed_id is not None:
                complaints.note(tx, feed_id, snapshot.problems)
            recorded = _recorded(outcome, has_open, new_maker)
            events = queries.append_events(tx, page.id, (*outcome.events, *beside(recorded)))
            if note is not None:
                note(tx, events, says_new(known, outcome.changes))
            return replace(recorded, events=events)
    raise StoreError(StoreReason.UNAVAILABLE, f"page {page.slug} is being written by others all the time")


def _recorded(outcome: Outcome, has_open: bool, new_maker: str) -> Recorded:
    """With the events as they will be, not numbered yet."""
    return Recorded(
        tuple(outcome.events),
        outcome.wants_history,
        outcome.is_provisional,
        has_open,
        outcome.silent,
        outcome.wants_levels,
        new_maker=new_maker,
    )


def _bounded(snapshot: Snapshot) -> Snapshot:
    """The Snapshot with no more updates of an incident than will ever be compared."""
    if all(len(incident.updates) <= MOST_UPDATES for incident in snapshot.incidents):
        return snapshot
    incidents = (replace(one, updates=one.updates[-MOST_UPDATES:]) for one in snapshot.incidents)
    return replace(snapshot, incidents=tuple(incidents))


def _names(snapshot: Snapshot) -> frozenset[str]:
    """Every id and alias under which the Snapshot speaks of an incident."""
    return frozenset(name for incident in snapshot.incidents for name in (incident.id, *incident.aliases))


def settle(tx: Tx, page: Page, now: datetime) -> Recorded:
    """Close what is missing and of which the history, now read, told no end."""
    known = queries.load_known(tx, page.id, feed_id=None, ids=frozenset(), lock=True)
    closed, events = absence.settle(known.incidents, page.ref, now)
    if not closed:
        return Recorded()
    changes = Changes(known.status, known.moment, known.baseline_at, known.feed_moment, incidents=closed)
    if not queries.save_changes(tx, page.id, known.version, changes):
        raise StoreError(StoreReason.UNAVAILABLE, f"page {page.slug} was written by another while settling")
    return Recorded(queries.append_events(tx, page.id, events))


def record_feed(tx: Tx, page: Page, feed_url: str, type: EventType, reason: str, now: datetime) -> tuple[Event, ...]:
    """Tell how reading a feed goes (`feed.failing`, `.recovered`, `.unreadable`, `.moved`)."""
    return queries.append_events(tx, page.id, (feed_event(page, feed_url, type, reason, now),))


def feed_event(page: Page, feed_url: str, type: EventType, reason: str, now: datetime) -> Event:
    return Event(
        type=type,
        key=event_key(page.slug, "feed", feed_url, type, now.isoformat()),
        at=now,
        seen_at=now,
        source=Source.POLL,
        page=page.ref,
        feed=EventFeed(feed_url, reason),
    )


# --- which page ------------------------------------------------------------------------------------------------


def names_other_page(page: Page, snapshot: Snapshot) -> bool:
    """Whether the document has the id of another page of the same platform."""
    told = snapshot.page.id
    return bool(told and page.provider_id) and told != page.provider_id and snapshot.platform == page.platform


def _learn(tx: Tx, page: Page, snapshot: Snapshot, source: Source) -> Page:
    """The page with what the document says of it: its provider's id, its zone, and a name where it had none.

    The page is as the database has it: a caller's copy may be older than what an earlier document taught.
    """
    if _taught(page, snapshot, source) == page:
        return page
    queries.lock_page(tx, page.slug)
    page = queries.page_by_id(tx, page.id) or page  # as it is now that nobody else can change it
    learnt = _taught(page, snapshot, source)
    queries.update_page(tx, learnt)
    return learnt


def _taught(page: Page, snapshot: Snapshot, source: Source) -> Page:
    facts = snapshot.page
    return replace(
        page,
        provider_id=_id_of(page, snapshot, source) or page.provider_id,
        time_zone=facts.time_zone or page.time_zone,
        name=facts.name if facts.name and _is_nameless(page) else page.name,
        url=page.url or facts.url or "",
    )


def _id_of(page: Page, snapshot: Snapshot, source: Source) -> str | None:
    """The provider's id that the document teaches. What was pushed may be of another page, where this one's secret
    address was pasted by mistake: it changes no id, for the page would seem to have moved."""
    is_taught = source is not Source.HOOK or (page.provider_id is None and page.platform == snapshot.platform)
    return snapshot.page.id if is_taught else None


def _new_maker(tx: Tx, page: Page, url: str, generator: str) -> str:
    """The software that makes the feed at this address now, where it was another until now; versions do not count."""
    maker = _VERSION.split(generator, maxsplit=1)[0].strip().casefold()
    if not maker:
        return ""
    name = f"page.{page.id}.maker.{hashlib.sha256(url.encode('utf-8', 'replace')).hexdigest()[:16]}"
    known = queries.setting(tx, name)
    is_new = known != maker and queries.change_setting(tx, name, maker)
    return generator if known and is_new else ""


def _is_nameless(page: Page) -> bool:
    address = split_url(page.url)  # as a provider wrote it, if we learnt it from a hook
    return page.name in ("", page.slug, page.url, address.hostname if address else None)


def page_for_hook(tx: Tx, hook: Hook, snapshot: Snapshot) -> Page:
    """The page that a hook speaks of: the one its secret address belongs to, the one its path names, the one with the
    provider's id or name; else a new one, since a believed push about an unknown page is news all the same."""
    known = known_page(tx, hook, snapshot)
    if known is not None:
        return known
    facts = snapshot.page
    name = facts.name or hook.provider or _title(snapshot.platform)
    wanted = hook.page_slug or slug_of(hook.provider or name)
    new = Page(0, "", name, facts.url or "", snapshot.platform, "hook", facts.id, facts.time_zone)
    made = (_page_called(tx, replace(new, slug=slug)) for slug in _slugs(wanted, snapshot.platform))
    return next(page for page in made if page is not None)


def known_page(tx: Tx, hook: Hook, snapshot: Snapshot) -> Page | None:
    """The page in the store that a hook speaks of by its address, or by the provider's id or name."""
    if hook.page_slug and (page := queries.page_by_slug(tx, hook.page_slug)):
        return page
    return None if hook.provider else _known_page(tx, snapshot.platform, snapshot.page)


def _known_page(tx: Tx, platform: str, facts: PageFacts) -> Page | None:
    if facts.id and (page := queries.page_by_provider(tx, platform, facts.id)):
        return page
    page = queries.page_by_name(tx, facts.name) if facts.name else None
    is_same = page is not None and page.platform == platform and (not facts.id or page.provider_id in (None, facts.id))
    return page if is_same else None


def _page_called(tx: Tx, new: Page) -> Page | None:
    """The page of that slug, made if need be; None where another platform's page has it: ids are unique per platform.
    Another process may make it at this moment."""
    page = queries.page_by_slug(tx, new.slug) or queries.add_page(tx, new) or queries.page_by_slug(tx, new.slug)
    is_same = page is not None and page.platform == new.platform and page.origin == "hook"
    return page if is_same else None


def _slugs(wanted: str, platform: str) -> Iterable[str]:
    """The slug that is wanted, then others with the platform's name."""
    yield wanted
    yield f"{wanted}-{platform}"
    count = 2
    while True:
        yield f"{wanted}-{platform}-{count}"
        count += 1


def _title(platform: str) -> str:
    return PLATFORMS[platform].title if platform in PLATFORMS else platform


def slug_of(name: str) -> str:
    """A name as a slug: lower-case ASCII letters and digits in groups joined by `-`, at most 60 characters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60].strip("-") or "page"
