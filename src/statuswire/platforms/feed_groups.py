"""Which entries of a feed tell of one incident.

Three habits occur, and one vendor's fourth; the feed is asked by counting (checked against captures up to 2026-10):

- one entry per incident, rewritten: its id is the incident's (Statuspage, incident.io, Instatus, Status.io, Flashduty);
- one entry per update with a shared guid: the guid is the incident's (Better Stack, monitors);
- one entry per update with a shared link and a guid of its own: the link is the incident's (StatusCast, Better Stack);
- one entry per update with neither: the guid is a name and the epoch of the update (AWS). Then updates of one name
  belong together until one says resolved, or for as long as the gaps stay below a day.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final, NamedTuple

from statuswire.platforms.feed_parts import derived_id
from statuswire.platforms.feed_titles import read_heading
from statuswire.platforms.feeds import Entry, FeedDocument
from statuswire.platforms.reading import moment, normalise_url, split_url
from statuswire.platforms.remembering import known_again

_GAP: Final = timedelta(hours=24)
"""AWS's own updates of one incident were at most 6.8 hours apart (captures up to 2026-08)."""

_SAME_MOMENT: Final = timedelta(hours=1)
"""The epoch in a guid and the date of its entry; AWS's agree to the second. One further off names something else."""

_STAMPED: Final = re.compile(r"(.{1,500}?)[_-](\d{10}|\d{13})", re.DOTALL)
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Group:
    """The entries of one incident, oldest first, with its id and the other identities it is met under."""

    id: str
    aliases: tuple[str, ...]
    entries: tuple[Entry, ...]
    has_own_updates: bool = False
    """Whether each entry is one update with an id of its own."""


class _Seen(NamedTuple):
    """An entry and what its group is told by: `link` as it can be compared, whether it leads to an incident, and the
    name before the epoch in its id."""

    entry: Entry
    link: str
    is_specific: bool
    stamped: str


@known_again
def _seen(entry: Entry, home: str) -> _Seen:
    link = normalise_url(entry.link)
    if entry.link and not entry.has_own_id and _is_of_page(link, home):
        own_id = derived_id(read_heading(entry.title).title, entry.published, entry.html)
        entry = replace(entry, id=own_id or entry.id)
    return _Seen(entry, link, bool(entry.link) and _is_specific(link, home), _stamp_name(entry))


def _is_of_page(link: str, home: str) -> bool:
    """Whether a link leads to the page itself: then it names no entry, and one without a guid is known by title and
    date, as if it had no link."""
    parts = split_url(link)
    return link == home or (parts is not None and not (parts.path.strip("/") or parts.query or parts.fragment))


def group_entries(feed: FeedDocument) -> list[Group]:
    """The incidents of a feed in the order of their first entries."""
    home = normalise_url(feed.link or feed.self_link)
    seen = [_seen(entry, home) for entry in feed.entries]
    if _are_stamped(seen):
        return [_by_stamp(members) for members in _stamped_runs(seen)]
    if _is_grouped_by_link(seen):
        keys = [one.link if one.is_specific else one.entry.id for one in seen]
        return [_by_link(members) for members in _collect(seen, keys)]
    shared, alike = _shared_links(seen), _alike(seen)
    return [_by_id(members, shared, alike) for members in _collect(seen, [one.entry.id for one in seen])]


def _collect(seen: Sequence[_Seen], keys: Sequence[str]) -> list[tuple[_Seen, ...]]:
    """Entries of equal key together, oldest first."""
    if len(set(keys)) == len(keys):
        return [(one,) for one in seen]
    found: dict[str, list[_Seen]] = {}
    for one, key in zip(seen, keys, strict=True):
        found.setdefault(key, []).append(one)
    return [_oldest_first(members) if len(members) > 1 else tuple(members) for members in found.values()]


def _oldest_first(seen: Sequence[_Seen]) -> tuple[_Seen, ...]:
    """By time; of equal ones the last in the feed is the oldest, for feeds list the newest first."""
    listed_backwards = list(seen[::-1])
    return tuple(sorted(listed_backwards, key=lambda one: _told_at(one.entry)))


def _told_at(entry: Entry) -> datetime:
    return entry.published or entry.updated or _LONG_AGO


def _entries_of(members: Sequence[_Seen]) -> tuple[Entry, ...]:
    return tuple([one.entry for one in members])


# --- by id -------------------------------------------------------------------------------------------------------


def _by_id(members: tuple[_Seen, ...], shared: frozenset[str], alike: frozenset[tuple[str, datetime | None]]) -> Group:
    own_id = members[0].entry.id
    links = [one.link for one in members if one.is_specific and one.link not in shared and one.link != own_id]
    aliases = tuple(dict.fromkeys(links)) if links else _name_of_content(members, alike)
    return Group(own_id, aliases, _entries_of(members))


def _name_of_content(members: tuple[_Seen, ...], alike: frozenset[tuple[str, datetime | None]]) -> tuple[str, ...]:
    """Another name for an incident that nothing but a guid names, for some feeds make all guids anew at every build:
    title and date, as for an entry without a guid.

    None where they tell no two incidents apart: the feed has them twice, or the date is only a day.
    """
    entry = members[0].entry
    is_lasting = "://" in entry.id or entry.id.startswith("tag:")
    if len(members) > 1 or is_lasting or not entry.title or entry.published is None:
        return ()
    if (entry.title, entry.published) in alike or entry.published.time() == time.min:
        return ()
    name = derived_id(entry.title, entry.published, entry.html)
    return (name,) if name != entry.id else ()


def _alike(seen: Sequence[_Seen]) -> frozenset[tuple[str, datetime | None]]:
    """The titles and dates that more than one entry has."""
    counts = Counter([(one.entry.title, one.entry.published) for one in seen])
    return frozenset(content for content, count in counts.items() if count > 1)


def _shared_links(seen: Sequence[_Seen]) -> frozenset[str]:
    """Links under which entries of different ids stand: they name a product or a page, not an incident."""
    if len({one.link for one in seen}) == len(seen):
        return frozenset()
    owners: dict[str, set[str]] = {}
    for one in seen:
        owners.setdefault(one.link, set()).add(one.entry.id)
    return frozenset(link for link, ids in owners.items() if len(ids) > 1)


# --- by link -----------------------------------------------------------------------------------------------------


def _is_specific(link: str, home: str) -> bool:
    """Whether a link leads to one incident rather than to the page or to another site."""
    parts, home_parts = split_url(link), split_url(home)
    if link == home or parts is None or not (parts.path.strip("/") or parts.fragment):
        return False
    return not home_parts or not home or parts.netloc == home_parts.netloc


def _is_grouped_by_link(seen: Sequence[_Seen]) -> bool:
    """Most of the links that several entries share are an incident's, or the guids are the link and a fragment."""
    specific = [one for one in seen if one.is_specific]
    if specific and all(one.entry.id.startswith(f"{one.entry.link}#") for one in specific):
        return True
    clusters = [
        members
        for members in _collect(specific, [one.link for one in specific])
        if len({one.entry.id for one in members}) > 1
    ]
    return sum(map(_is_one_incident, clusters)) * 2 > len(clusters)


def _is_one_incident(members: tuple[_Seen, ...]) -> bool:
    """Entries of one link are one incident where they have one title, or their guids begin with the link."""
    titles = {read_heading(one.entry.title).title for one in members}
    return len(titles) == 1 or all(one.entry.id.startswith(one.entry.link) for one in members)


def _by_link(members: tuple[_Seen, ...]) -> Group:
    newest, entries = members[-1], _entries_of(members)
    if not newest.is_specific:
        return Group(entries[0].id, (), entries)
    link, normal = newest.entry.link, newest.link
    return Group(link, (normal,) if normal != link else (), entries, has_own_updates=True)


# --- by name and epoch -------------------------------------------------------------------------------------------


def _are_stamped(seen: Sequence[_Seen]) -> bool:
    """Whether the ids are a name and the epoch of the entry itself, and none is met twice."""
    stamped = sum(1 for one in seen if one.stamped)
    return stamped * 2 > len(seen) and len({one.entry.id for one in seen}) == len(seen)


def _stamp_name(entry: Entry) -> str:
    """The name before the epoch; empty where the number is not the time of the entry."""
    found = _STAMPED.fullmatch(entry.id)
    at = moment(int(found[2])) if found else None
    if found is None or at is None or entry.published is None or abs(at - entry.published) > _SAME_MOMENT:
        return ""
    return found[1]


def _stamped_runs(seen: Sequence[_Seen]) -> list[tuple[Entry, ...]]:
    runs: list[tuple[Entry, ...]] = []
    for members in map(_entries_of, _collect(seen, [one.stamped or one.entry.id for one in seen])):
        start = 0
        for place in range(1, len(members)):
            if _is_another(members[place - 1], members[place]):
                runs.append(members[start:place])
                start = place
        runs.append(members[start:])
    return runs


def _is_another(earlier: Entry, later: Entry) -> bool:
    closed = read_heading(earlier.title).phase
    return (closed is not None and closed.is_closed) or _told_at(later) - _told_at(earlier) > _GAP


def _by_stamp(members: tuple[Entry, ...]) -> Group:
    """The guid of the oldest is the id; the window moves on, so the others must lead to the same incident later."""
    return Group(members[0].id, tuple(entry.id for entry in members[1:]), members, has_own_updates=True)
