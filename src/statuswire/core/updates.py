"""The updates of one incident: what was known and what a document shows -> what is known now, and what was edited.

Updates are facts. They are only ever added or reworded, never removed, however old the document is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from statuswire.core.context import supersedes
from statuswire.core.matching import Incoming, match
from statuswire.fingerprint import derived_update_id, revision
from statuswire.model import KnownUpdate, Moment, Source


@dataclass(frozen=True, slots=True)
class MergedUpdates:
    """`all` in order of provider time; `known` (as it is now), `added` and `edited` are parts of it; `changed` holds
    every known one that is to be written again, by key (edits, new ids, texts that were missing). `shown` are the keys
    of the known ones that the document shows, `timeless` those of the added ones of which it shows no time."""

    all: tuple[KnownUpdate, ...]
    known: tuple[KnownUpdate, ...] = ()
    added: tuple[KnownUpdate, ...] = ()
    edited: tuple[KnownUpdate, ...] = ()
    changed: dict[str, KnownUpdate] = field(default_factory=dict)
    shown: frozenset[str] = frozenset()
    timeless: frozenset[str] = frozenset()


def merge_updates(
    known: tuple[KnownUpdate, ...],
    incoming: Sequence[Incoming],
    *,
    moment: Moment,
    known_moment: Moment | None,
    source: Source,
    now: datetime,
) -> MergedUpdates:
    """`moment` is the document's place in the provider's time, `known_moment` of what was known (None: nothing).

    Nothing tells when an update without a time was written, but that it was not before the one that stands before it.
    """
    added: dict[str, KnownUpdate] = {}
    changed: dict[str, KnownUpdate] = {}
    edited: dict[str, KnownUpdate] = {}
    next_seq = 1 + max((update.seq for update in known), default=0)
    matches = match(known, incoming, is_pushed=source is Source.HOOK)
    taken = {same.key for same in matches if same is not None}
    by_key = {update.key: update for update in known}
    keys = _Keys(by_key)
    minutes = _Minutes((update for update in known if update.key not in taken), is_pushed=source is Source.HOOK)
    told_before: datetime | None = None
    timeless: set[str] = set()
    for one, same in zip(incoming, matches, strict=True):
        key = one.update.id or derived_update_id(one.update.phase or "", one.fold, one.at)
        same = same or (by_key.get(key) if key not in taken else None)
        if same is None and one.update.id in added:
            continue
        if same is None:
            key, at = keys.unused(key), (one.is_timeless and told_before) or minutes.place(one)
            added[key] = _new_update(replace(one, at=at), key, next_seq + len(added), source, now)
            minutes.note(at)
            told_before = at
            if one.is_timeless:
                timeless.add(key)
            continue
        minutes.note(same.at)
        told_before = same.at
        before = changed.get(same.key, same)
        after = _revise(one, before, moment, known_moment)
        if after is not before:
            changed[same.key] = after
            if _is_edit(before, after):
                edited[same.key] = after
    if not added and not changed:
        return MergedUpdates(known, known, shown=frozenset(taken))
    revised = tuple(changed.get(one.key, one) for one in known)
    return MergedUpdates(
        all=tuple(sorted((*revised, *added.values()), key=order)),
        known=revised,
        added=tuple(sorted(added.values(), key=order)),
        edited=tuple(edited.values()),
        changed=changed,
        shown=frozenset(taken),
        timeless=frozenset(timeless),
    )


def order(update: KnownUpdate) -> tuple[datetime, int]:
    """Provider time, then order of arrival."""
    return update.at, update.seq


def latest(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two moments of which either may be unknown."""
    return max((moment for moment in (one, other) if moment is not None), default=None)


class _Keys:
    """Keys of the updates of one incident, each given away once, whatever number of updates say the same."""

    def __init__(self, known: Collection[str]) -> None:
        self._used = set(known)
        self._counts: dict[str, int] = {}

    def unused(self, key: str) -> str:
        """The key, or `key-2`, `key-3` for the same words posted again within the minute."""
        free, count = key, self._counts.get(key, 1)
        while free in self._used:
            count += 1
            free = f"{key}-{count}"
        self._counts[key] = count
        self._used.add(free)
        return free


class _Minutes:
    """The last moment known of each minute: of the updates that the document does not show, and of those it has shown
    so far."""

    def __init__(self, unseen: Iterable[KnownUpdate], *, is_pushed: bool) -> None:
        self._last: dict[datetime, datetime] = {}
        self._is_pushed = is_pushed
        for update in unseen:
            self.note(update.at)

    def note(self, at: datetime) -> None:
        minute = at.replace(second=0, microsecond=0)
        self._last[minute] = max(at, self._last.get(minute, at))

    def place(self, one: Incoming) -> datetime:
        """The update's time, or where a feed shows only its minute, that of the last one before it in this minute.

        Else an update that a hook told to the second would count as later than all others of its minute. A hook means
        the second that it says, also a whole minute.
        """
        if self._is_pushed or one.update.id or one.at.second or one.at.microsecond:
            return one.at
        return self._last.get(one.at, one.at)


def _new_update(one: Incoming, key: str, seq: int, source: Source, now: datetime) -> KnownUpdate:
    update = one.update
    return KnownUpdate(
        key=key,
        seq=seq,
        phase=update.phase,
        text=update.text,
        at=one.at,
        fold=one.fold,
        ids=(update.id,) if update.id else (),
        revisions=(revision(update.text),),
        updated_at=update.updated_at,
        raw=update.raw,
        raw_phase=update.raw_phase,
        source=source,
        has_own_time=one.has_own_time,
        seen_at=now,
        components=update.components,
    )


def _revise(one: Incoming, known: KnownUpdate, moment: Moment, known_moment: Moment | None) -> KnownUpdate:
    """The known update after another telling of it; the very same object where nothing is new.

    A source without ids enriches only what is missing: its rendering of a text is not an edit of it. A source with
    ids knows the time to the second, where a feed shows the minute.
    """
    update = one.update
    if _says_nothing_new(one, known):
        return known
    ids = known.ids if not update.id or update.id in known.ids else (*known.ids, update.id)
    phase = known.phase or update.phase
    at = one.at if ids and not known.ids and one.has_own_time else known.at
    richer = replace(known, ids=ids, phase=phase, at=at, components=known.components or update.components)
    if not known.text and update.text:
        richer = _reworded(richer, one)
    elif _may_reword(one, known, moment, known_moment):
        richer = replace(_reworded(richer, one), phase=update.phase or phase)
    return known if richer == known else richer


def _says_nothing_new(one: Incoming, known: KnownUpdate) -> bool:
    update = one.update
    return (
        update.text == known.text
        and update.phase in (None, known.phase)
        and (not update.id or update.id in known.ids)
        and (not update.components or bool(known.components))
    )


def _may_reword(one: Incoming, known: KnownUpdate, moment: Moment, known_moment: Moment | None) -> bool:
    """Whether another wording under the same identity is the provider's edit, and not a late copy of an old wording
    or another source's rendering."""
    update = one.update
    if not update.text or known_moment is None or (known.ids and not update.id):
        return False
    wording = revision(update.text)
    if wording == revision(known.text) and update.phase in (None, known.phase):
        return False
    if wording in known.revisions and update.phase in (None, known.phase):
        stamps = update.updated_at, known.updated_at
        return stamps[0] is not None and stamps[1] is not None and stamps[0] > stamps[1]
    return supersedes(update.updated_at, moment, known.updated_at, known_moment)


def _reworded(known: KnownUpdate, one: Incoming) -> KnownUpdate:
    update = one.update
    wording = revision(update.text)
    return replace(
        known,
        text=update.text,
        raw=update.raw,
        fold=one.fold,
        raw_phase=update.raw_phase or known.raw_phase,
        revisions=known.revisions if wording in known.revisions else (*known.revisions, wording),
        updated_at=latest(known.updated_at, update.updated_at),
    )


def _is_edit(before: KnownUpdate, after: KnownUpdate) -> bool:
    has_new_text = bool(before.text) and revision(before.text) != revision(after.text)
    return has_new_text or (before.phase is not None and before.phase is not after.phase)
