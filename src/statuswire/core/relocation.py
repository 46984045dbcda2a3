"""A provider has moved its page to another platform: what we know, under the names that the new one uses.

Ids are unique per platform and page only, so after a move every component and every incident would look new, and every
known one gone. Before the new documents are recorded the open incidents and the components are therefore found in them
by what both platforms say: address, or title and beginning; group and name. What is found goes on under its new id;
open incidents that are not found keep an id of the old platform's and are not ended by the new one's silence for a day
(`absence`). Nothing is told: a move changes no state.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from statuswire.fingerprint import fold_text
from statuswire.model import Component, Incident, Known, KnownComponent, KnownIncident, Moment, Snapshot

SAME_BEGINNING = timedelta(minutes=10)
"""Two platforms show the beginning of one incident at most this far apart: people copy it by hand."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
NO_MOMENT = Moment(_LONG_AGO, _LONG_AGO)
"""Older than every document: stamps of two platforms cannot be compared."""


@dataclass(frozen=True, slots=True)
class Relocation:
    """`components` are all that are known afterwards; `incidents` pairs of old id and incident under its new one."""

    components: tuple[KnownComponent, ...]
    incidents: tuple[tuple[str, KnownIncident], ...]


def relocate(known: Known, platform: str, snapshots: Sequence[Snapshot], now: datetime) -> Relocation:
    """`platform` is the one left behind, `snapshots` what the new one's documents say.

    Of `known` the incidents must be all that are open, and those whose ids the new platform may use too.
    """
    components = [one for snapshot in snapshots for one in snapshot.components]
    shown = [one for snapshot in snapshots for one in snapshot.incidents]
    return Relocation(
        tuple(_components(known.components, components, now)),
        tuple((one.id, _incident(one, platform, shown, now)) for one in known.incidents),
    )


def _components(known: Iterable[KnownComponent], shown: Iterable[Component], now: datetime) -> Iterable[KnownComponent]:
    """Those of the new platform; one that was known keeps its level and since when, so that a change is still told."""
    by_place = {_place(one.group, one.name): one for one in known}
    by_name = {_place(None, one.name): one for one in by_place.values()}
    for one in {one.id: one for one in shown if one.name}.values():
        old = by_place.get(_place(one.group, one.name)) or by_name.get(_place(None, one.name))
        if old is None:
            yield KnownComponent(
                one.id, one.name, one.group, one.status, one.raw_status, None, NO_MOMENT, now, one.position
            )
        else:
            yield replace(
                old,
                id=one.id,
                name=one.name,
                group=one.group,
                position=one.position,
                updated_at=None,
                moment=NO_MOMENT,
                missing=0,
            )


def _place(group: str | None, name: str) -> str:
    return f"{fold_text(group or '')}/{fold_text(name)}".casefold()


def _incident(known: KnownIncident, platform: str, shown: Iterable[Incident], now: datetime) -> KnownIncident:
    same = next((one for one in shown if is_same(known, one)), None)
    new_id = f"{platform}:{known.id}" if same is None else same.id
    aliases = tuple(dict.fromkeys((known.id, *known.aliases)))
    moved = replace(known, id=new_id, aliases=aliases, absent_since=None, absences=0)
    if same is None:
        return replace(moved, moved_at=now if known.is_open else None)
    updates = tuple(replace(update, ids=(), updated_at=None) for update in known.updates)
    return replace(moved, updates=updates, updated_at=None, moment=NO_MOMENT)


def is_same(known: KnownIncident, shown: Incident) -> bool:
    """Whether two platforms mean one incident: the same address, or the same title and about the same beginning."""
    if known.kind is not shown.kind:
        return False
    if known.url and shown.url and _address(known.url) == _address(shown.url) and "/" in _address(known.url):
        return True
    begun, began = known.scheduled_for or known.started_at, shown.scheduled_for or shown.started_at or shown.created_at
    begun = begun or known.created_at
    is_same_time = begun is not None and began is not None and abs(begun - began) <= SAME_BEGINNING
    return is_same_time and fold_text(known.title).casefold() == fold_text(shown.title).casefold()


def _address(url: str) -> str:
    """An address without scheme and a slash at its end: a path is needed, a host alone is every incident's."""
    return url.partition("://")[2].rstrip("/").lower()
