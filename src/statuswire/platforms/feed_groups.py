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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from statuswire.platforms.feed_parts import derived_id
from statuswire.platforms.feed_titles import read_heading
from statuswire.platforms.feeds import Entry, FeedDocument
from statuswire.platforms.reading import moment, normalise_url, split_url

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


def group_entries(feed: FeedDocument) -> list[Group]:
    """The incidents of a feed in the order of their first entries."""
    entries = feed.entries
    if _are_stamped(entries):
        return [_by_stamp(members) for members in _stamped_runs(entries)]
    home = normalise_url(feed.link or feed.self_link)
    if _is_grouped_by_link(entries, home):
        return [_by_link(members, home) for members in _collect(entries, [_link_key(entry, home) for entry in entries])]
    shared, alike = _shared_links(entries), _alike(entries)
    return [_by_id(members, home, shared, alike) for members in _collect(entries, [entry.id for entry in entries])]


def _collect(entries: Sequence[Entry], keys: Iterable[str]) -> list[tuple[Entry, ...]]:
    """Entries of equal key together, oldest first."""
    found: dict[str, list[Entry]] = {}
    for entry, key in zip(entries, keys, strict=True):
        found.setdefault(key, []).append(entry)
    return [oldest_first(members) if len(members) > 1 else tuple(members) for members in found.values()]


def oldest_first(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """By time; of equal ones the last in the feed is the oldest, for feeds list the newest first."""
    listed_backwards = list(entries[::-1])
    return tuple(sorted(listed_backwards, key=_told_at))


def _told_at(entry: Entry) -> datetime:
    return entry.published or entry.updated or _LONG_AGO


# --- by id -------------------------------------------------------------------------------------------------------


def _by_id(
    members: tuple[Entry, ...], home: str, shared: frozenset[str], alike: frozenset[tuple[str, datetime | None]]
) -> Group:
    links = (normalise_url(entry.link) for entry in members if _is_specific(entry.link, home))
    own = tuple(dict.fromkeys(link for link in links if link not in shared and link != members[0].id))
    return Group(members[0].id, own or _name_of_content(members, alike), members)


def _name_of_content(members: tuple[Entry, ...], alike: frozenset[tuple[str, datetime | None]]) -> tuple[str, ...]:
    """Another name for an incident that nothing but a guid names, for some feeds make all guids anew at every build:
    title and date, as for an entry without a guid.

    None where they tell no two incidents apart: the feed has them twice, or the date is only a day.
    """
    entry = members[0]
    is_lasting = "://" in entry.id or entry.id.startswith("tag:")
    if len(members) > 1 or is_lasting or not entry.title or entry.published is None:
        return ()
    if (entry.title, entry.published) in alike or entry.published.time() == time.min:
        return ()
    name = derived_id(entry.title, entry.published, entry.html)
    return (name,) if name != entry.id else ()


def _alike(entries: Sequence[Entry]) -> frozenset[tuple[str, datetime | None]]:
    """The titles and dates that more than one entry has."""
    counts = Counter((entry.title, entry.published) for entry in entries)
    return frozenset(content for content, count in counts.items() if count > 1)


def _shared_links(entries: Sequence[Entry]) -> frozenset[str]:
    """Links under which entries of different ids stand: they name a product or a page, not an incident."""
    owners: dict[str, set[str]] = {}
    for entry in entries:
        owners.setdefault(normalise_url(entry.link), set()).add(entry.id)
    return frozenset(link for link, ids in owners.items() if len(ids) > 1)


# --- by link -----------------------------------------------------------------------------------------------------


def _is_specific(link: str, home: str) -> bool:
    """Whether a link leads to one incident rather than to the page or to another site."""
    if not link:
        return False
    normal = normalise_url(link)
    parts, home_parts = split_url(normal), split_url(home)
    if normal == home or parts is None or not (parts.path.strip("/") or parts.fragment):
        return False
    return not home_parts or not home or parts.netloc == home_parts.netloc


def _is_grouped_by_link(entries: Sequence[Entry], home: str) -> bool:
    """Most of the links that several entries share are an incident's, or the guids are the link and a fragment."""
    specific = [entry for entry in entries if _is_specific(entry.link, home)]
    if specific and all(entry.id.startswith(f"{entry.link}#") for entry in specific):
        return True
    clusters = [
        members
        for members in _collect(specific, [normalise_url(entry.link) for entry in specific])
        if len({entry.id for entry in members}) > 1
    ]
    return sum(map(_is_one_incident, clusters)) * 2 > len(clusters)


def _is_one_incident(members: tuple[Entry, ...]) -> bool:
    """Entries of one link are one incident where they have one title, or their guids begin with the link."""
    titles = {read_heading(entry.title).title for entry in members}
    return len(titles) == 1 or all(entry.id.startswith(entry.link) for entry in members)


def _link_key(entry: Entry, home: str) -> str:
    return normalise_url(entry.link) if _is_specific(entry.link, home) else entry.id


def _by_link(members: tuple[Entry, ...], home: str) -> Group:
    link = members[-1].link
    if not _is_specific(link, home):
        return Group(members[0].id, (), members)
    normal = normalise_url(link)
    return Group(link, (normal,) if normal != link else (), members, has_own_updates=True)


# --- by name and epoch -------------------------------------------------------------------------------------------


def _are_stamped(entries: Sequence[Entry]) -> bool:
    """Whether the ids are a name and the epoch of the entry itself, and none is met twice."""
    stamped = sum(1 for entry in entries if _stamp_name(entry))
    return stamped * 2 > len(entries) and len({entry.id for entry in entries}) == len(entries)


def _stamp_name(entry: Entry) -> str:
    """The name before the epoch; empty where the number is not the time of the entry."""
    found = _STAMPED.fullmatch(entry.id)
    at = moment(int(found[2])) if found else None
    if found is None or at is None or entry.published is None or abs(at - entry.published) > _SAME_MOMENT:
        return ""
    return found[1]


def _stamped_runs(entries: Sequence[Entry]) -> list[tuple[Entry, ...]]:
    runs: list[tuple[Entry, ...]] = []
    for members in _collect(entries, [_stamp_name(entry) or entry.id for entry in entries]):
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
