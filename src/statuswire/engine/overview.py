"""How every page is right now, in the words that the console, `/status` and the front page share. Pure.

Two rules keep this honest. A page that cannot be read, or that nobody reads, is *unknown* and stale since its last
good read, whatever it said then; and a page with something open is never shown as fine, even where the provider's own
roll-up says so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from statuswire.channels import wording
from statuswire.channels.console_report import LastIncident, PageBeat
from statuswire.core.health import OVERDUE_AFTER, Flag, is_forgotten, is_overdue, page_flag
from statuswire.model import Feed, FeedState, Kind, KnownIncident, Page, PageRef, Phase, Role, Status
from statuswire.store import Tx, queries
from statuswire.store.queries import PageState

_PLACE = re.compile(r" at (https?://[^\s()]+)")
_AT_ONCE = 200
_BLIND = frozenset({FeedState.FAILING, FeedState.UNREADABLE, FeedState.BLOCKED})


@dataclass(frozen=True, slots=True)
class PageLook:
    """One page as it is.

    `level` is what to show: UNKNOWN while the page is blind or was never read. `last_known` is the level as last told
    and None where there was none. `stale_since`: when it was last read well, if it cannot be read now; `is_stale` also
    where it never was. `open` are incidents and running maintenances, the latest begun first; `impacted` the names of
    components that they, or the component list, say are not operational. `suggested_url` is where the page seems to
    have moved, which is for the operator to decide. `is_overdue`: it is stale because nobody polls it, whether or not
    it could be read. A page that was dropped is stale since it was last read, and nothing else is said of it.
    """

    page: Page
    level: Status
    last_known: Status | None
    is_stale: bool
    stale_since: datetime | None
    open: tuple[KnownIncident, ...]
    impacted: tuple[str, ...]
    feeds: tuple[Feed, ...]
    suggested_url: str | None = None
    is_overdue: bool = False

    def flag(self, now: datetime) -> Flag | None:
        """What failures of days say of the page, while somebody polls it."""
        return None if self.page.dropped_at is not None or is_forgotten(self.feeds, now) else page_flag(self.feeds, now)


@dataclass(frozen=True, slots=True)
class Overview:
    """All pages, and the incident (not maintenance) that began last on any of them."""

    pages: tuple[PageLook, ...]
    last: tuple[PageRef, KnownIncident] | None

    @property
    def level(self) -> Status:
        """The worst level of all pages; UNKNOWN where nothing is watched."""
        return wording.worst(look.level for look in self.pages) or Status.UNKNOWN

    @property
    def impacted(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for look in self.pages for name in look.impacted))


def load_overview(tx: Tx, now: datetime) -> Overview:
    """The present state of everything, in one read."""
    newest, _ = queries.incident_list(tx, limit=1, kind=Kind.INCIDENT, is_watched=True)
    moves = {page_id: suggested_address(text) for page_id, text in queries.suggestions(tx).items()}
    looks = (
        replace(look, suggested_url=moves[look.page.id]) if look.page.id in moves else look
        for look in look_at(queries.page_states(tx), queries.open_incidents(tx), now)
    )
    return Overview(tuple(looks), newest[0] if newest else None)


def load_look(tx: Tx, page: Page, now: datetime) -> PageLook:
    """One page as it is, in one read."""
    listed = [(page.ref, incident) for incident in queries.open_of(tx, page.id)]
    look = look_at([queries.page_state(tx, page)], listed, now)[0]
    return replace(look, suggested_url=suggested_address(queries.suggestions(tx).get(page.id, "")))


def levels_of(tx: Tx, pages: Sequence[Page], now: datetime) -> Iterator[tuple[Page, Status]]:
    """How each page is, looked at as it is its turn. Most pages are fine, which a few statements say of all of them."""
    calm = queries.calm_pages(tx, now - OVERDUE_AFTER)
    for start in range(0, len(pages), _AT_ONCE):
        some = pages[start : start + _AT_ONCE]
        doubtful = [page for page in some if page.id not in calm]
        listed = queries.open_incidents(tx, [page.id for page in doubtful], has_updates=False)
        levels = {look.page.id: look.level for look in look_at(queries.page_states(tx, doubtful), listed, now)}
        yield from ((page, levels.get(page.id, Status.OPERATIONAL)) for page in some)


def suggested_moves(tx: Tx) -> dict[str, str]:
    """Where pages seem to have moved, by slug."""
    asked = queries.suggestions(tx)
    found = {page.slug: suggested_address(asked[page.id]) for page in queries.pages(tx) if page.id in asked}
    return {slug: address for slug, address in found.items() if address}


def suggested_address(suggestion: str) -> str | None:
    """The address in a sentence of `engine.healing.suggest`."""
    place = _PLACE.search(suggestion)
    return place[1] if place else None


def look_at(
    states: Iterable[PageState], listed: Iterable[tuple[PageRef, KnownIncident]], now: datetime
) -> list[PageLook]:
    """One look for each page state; `listed` are the open incidents of all of them, `now` the moment of the look."""
    open_by_slug: dict[str, list[KnownIncident]] = defaultdict(list)
    for ref, incident in listed:
        if incident.phase is not Phase.SCHEDULED:
            open_by_slug[ref.slug].append(incident)
    return [_look(state, tuple(open_by_slug[state.page.slug]), now) for state in states]


def page_beat(look: PageLook, last: LastIncident | None = None) -> PageBeat:
    """The same for a console heartbeat."""
    return PageBeat(
        name=look.page.name,
        status=look.last_known,
        last=last,
        open_titles=tuple(incident.title for incident in look.open),
        impacted=look.impacted,
        stale_since=look.stale_since if look.is_stale else None,
    )


def last_update_at(incident: KnownIncident) -> datetime:
    """When the provider last said something about it."""
    told = [update.at for update in incident.updates]
    return max(told) if told else incident.started_at or incident.created_at or incident.moment.as_of


def message(overview: Overview) -> str:
    """One sentence on the whole."""
    if not overview.pages:
        return "No pages are watched."
    left = sum(look.is_overdue for look in overview.pages)
    blind = sum(look.is_stale for look in overview.pages) - left
    count = sum(len(look.open) for look in overview.pages)
    parts = []
    if count:
        touched = sum(bool(look.open) for look in overview.pages)
        parts.append(f"{_count(count, 'open incident')} on {_count(touched, 'page')}")
    if blind:
        parts.append(f"{_count(blind, 'page')} cannot be read")
    if left:
        parts.append(f"{_count(left, 'page')} {'is' if left == 1 else 'are'} read by nobody")
    if parts:
        return ", ".join(parts) + "."
    return _CALM.get(overview.level, f"{wording.STATUS_WORDS[overview.level]}: see the pages.")


_CALM = {
    Status.OPERATIONAL: "All systems operational.",
    Status.UNKNOWN: "Not every page has been read yet.",
}


def _look(state: PageState, incidents: tuple[KnownIncident, ...], now: datetime) -> PageLook:
    is_dropped = state.page.dropped_at is not None
    is_left = not is_dropped and is_overdue(state.feeds, now)
    is_stale, stale_since = (True, _read_at(state)) if is_dropped or is_left else _staleness(state)
    last_known = _told_level(state, incidents)
    return PageLook(
        page=state.page,
        level=Status.UNKNOWN if is_stale or last_known is None else last_known,
        last_known=last_known,
        is_stale=is_stale,
        stale_since=stale_since,
        open=incidents,
        impacted=tuple(dict.fromkeys(_impacted(state, incidents))),
        feeds=tuple(state.feeds),
        is_overdue=is_left,
    )


def _impacted(state: PageState, incidents: Sequence[KnownIncident]) -> Iterator[str]:
    """Components that stand at a bad level, then those that an open incident names and nobody calls operational."""
    for component in state.troubled:
        if component.status is not Status.UNKNOWN:
            yield component.name
    for incident in incidents:
        for affected in incident.components:
            if affected.name and affected.status is not Status.OPERATIONAL:
                yield affected.name


def _told_level(state: PageState, incidents: Sequence[KnownIncident]) -> Status | None:
    """The provider's roll-up, else its worst component, or worse if something is open; None before the first word."""
    levels: list[Status] = [incident_level(incident) for incident in incidents]
    if state.status is not None:
        levels.append(state.status)
    else:
        levels += [level for level, count in state.components.items() if count and level is not Status.UNKNOWN]
    if not levels and not _was_read(state):
        return None
    return wording.worst(levels) or Status.OPERATIONAL


def incident_level(incident: KnownIncident) -> Status:
    """What an open incident means for its page: at least something, even where its provider calls its impact none."""
    if incident.kind is Kind.MAINTENANCE:
        return Status.MAINTENANCE
    level = wording.IMPACT_LEVELS[incident.impact]
    return Status.DEGRADED if level in (Status.OPERATIONAL, Status.MAINTENANCE) else level


def _was_read(state: PageState) -> bool:
    """Whether anything was ever learnt of the page: a good read, or a hook that made it."""
    return state.page.origin == "hook" or any(feed.health.last_ok_at for feed in state.feeds)


def _staleness(state: PageState) -> tuple[bool, datetime | None]:
    """Whether no feed that tells of the present can be read, and when one last could.

    A page that has told something, and of which nothing is recognised now, was given another address.
    """
    if not state.page.platform and not state.feeds and (state.status is not None or state.components):
        return True, None
    present = [feed for feed in state.feeds if feed.spec.role is not Role.HISTORY]
    troubled = [feed for feed in present if feed.health.state in _BLIND]
    if not troubled or any(feed.health.state is FeedState.OK for feed in present):
        return False, None
    return True, _read_at(state)


def _read_at(state: PageState) -> datetime | None:
    """When what tells of the present was last read well."""
    present = (feed for feed in state.feeds if feed.spec.role is not Role.HISTORY)
    return max((feed.health.last_ok_at for feed in present if feed.health.last_ok_at is not None), default=None)


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
