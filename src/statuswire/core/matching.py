"""Which update of a document is which update that we know.

One provider update may reach us through a JSON document and a hook (with the provider's id), through a feed (without
an id, to the minute, its text rendered from other markup) and several times from each. It must be one update.

Three rounds, each only over what the round before left:

1. by the provider's id;
2. by text and time, where at least one side has no id;
3. by minute and phase, where exactly one side has an id: the same update worded or cut differently by another source;
   where neither has: an edit, provided that the time is the very same or the document shows a full history from
   which the old wording is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from statuswire.fingerprint import fold_text, minute
from statuswire.model import IncidentUpdate, KnownUpdate, Phase

SAME_TIME = timedelta(seconds=90)
"""Two sources show one update at most this far apart: feeds round to the minute, some stamp the sending."""

SAME_SLOT = timedelta(seconds=10)
"""As SAME_TIME for one update in two wordings, where the side without an id shows more than the minute: a second update
of the same phase may follow within it."""

SAME_TIME_INHERITED = timedelta(minutes=5)
"""As SAME_TIME where one side shows no time of its own and took the incident's."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """An update of a document with its time settled. `has_own_time` is False where the incident's was taken;
    `is_timeless` where there was nothing to take either, so that only the text can tell."""

    update: IncidentUpdate
    at: datetime
    fold: str
    has_own_time: bool = True
    is_timeless: bool = False


def settle_times(
    updates: Sequence[IncidentUpdate], incident_at: datetime | None, otherwise: datetime
) -> list[Incoming]:
    """The updates (oldest first) with a time each.

    An update without a time takes the incident's if it is the newest: that is what moved the incident. An older one
    cannot be placed and is timeless.
    """
    settled = []
    for position, update in enumerate(updates):
        is_newest = position == len(updates) - 1
        fold = fold_text(update.text)
        if update.at is not None:
            settled.append(Incoming(update, update.at, fold))
        elif is_newest and incident_at is not None:
            settled.append(Incoming(update, incident_at, fold, has_own_time=False))
        else:
            settled.append(Incoming(update, incident_at or otherwise, fold, has_own_time=False, is_timeless=True))
    return settled


Rule = Callable[[Incoming, KnownUpdate, bool], bool]


def match(
    known: Sequence[KnownUpdate], incoming: Sequence[Incoming], *, is_pushed: bool = False
) -> list[KnownUpdate | None]:
    """For each incoming update the known one that it is, or None where it is new. A known one without an id is used
    once. What is pushed is sent because there is something new: under a later stamp the same words are another update.
    """
    if not known:
        return [None] * len(incoming)
    found: list[KnownUpdate | None] = [None] * len(incoming)
    free = {update.key: update for update in known}
    by_id = {one: update for update in known for one in (update.key, *update.ids)}
    for index, one in enumerate(incoming):
        if one.update.id and (same := by_id.get(one.update.id)):
            found[index] = same
            free.pop(same.key, None)
    _match_exactly(incoming, free, found)
    is_full_history = len(incoming) >= len(known)
    for rule, mark_of_known, mark in _ROUNDS:
        buckets = _buckets(free.values(), mark_of_known) if None in found else {}
        for index, one in enumerate(incoming):
            bucket = buckets.get(mark(one)) if found[index] is None else None
            if bucket and (same := _nearest(one, bucket, rule, is_full_history)):
                found[index] = same
                del free[same.key], bucket[same.key]
    if found == [None] and not is_pushed:
        found = [_restamped(incoming[0], known)]
    return found


def _restamped(one: Incoming, known: Sequence[KnownUpdate]) -> KnownUpdate | None:
    """The newest known update, where a document that shows one update alone, without an id, shows it again under a
    later stamp: such feeds stamp the entry, which moves when a component or a title is edited. The same words after
    other ones are another update."""
    newest = max(known, key=lambda update: (update.at, update.seq))
    is_same = not one.update.id and bool(one.fold) and one.fold == newest.fold and one.at > newest.at
    return newest if is_same and _phases_agree(one.update.phase, newest.phase) else None


def _buckets(updates: Iterable[KnownUpdate], mark: Callable[[KnownUpdate], str]) -> dict[str, dict[str, KnownUpdate]]:
    """The updates by what a rule wants equal, so that an incident of thousands is not compared each with each."""
    buckets: dict[str, dict[str, KnownUpdate]] = {}
    for update in updates:
        buckets.setdefault(mark(update), {})[update.key] = update
    return buckets


def _match_exactly(incoming: Sequence[Incoming], free: dict[str, KnownUpdate], found: list[KnownUpdate | None]) -> None:
    """Round 2 for the usual case, a feed read again, by one look-up instead of comparisons."""
    by_text = {(update.at, update.fold): update for update in reversed(free.values())}  # the first of equals wins
    for index, one in enumerate(incoming):
        same = None if found[index] else by_text.get((one.at, one.fold))
        if same is not None and same.key in free and _is_same_text(one, same, False):
            found[index] = same
            del free[same.key]


def _nearest(one: Incoming, bucket: dict[str, KnownUpdate], rule: Rule, is_full_history: bool) -> KnownUpdate | None:
    nearest: KnownUpdate | None = None
    for other in bucket.values():
        if not rule(one, other, is_full_history):
            continue
        if other.at == one.at:
            return other
        if nearest is None or abs(other.at - one.at) < abs(nearest.at - one.at):
            nearest = other
    return nearest


def _is_same_text(one: Incoming, other: KnownUpdate, _: bool) -> bool:
    if one.update.id and other.ids:
        return False
    if one.fold != other.fold or not _phases_agree(one.update.phase, other.phase):
        return False
    return one.is_timeless or _is_same_time(one, other)


def _is_same_time(one: Incoming, other: KnownUpdate) -> bool:
    """Taken times are the incident's version stamps: two different ones are two versions, however near."""
    if not one.has_own_time and not other.has_own_time:
        return one.at == other.at
    has_own_times = one.has_own_time and other.has_own_time
    return abs(one.at - other.at) <= (SAME_TIME if has_own_times else SAME_TIME_INHERITED)


def _is_same_slot(one: Incoming, other: KnownUpdate, is_full_history: bool) -> bool:
    if one.is_timeless or (one.update.id and other.ids) or not _phases_agree(one.update.phase, other.phase):
        return False
    if not one.has_own_time and not other.has_own_time and one.at != other.at:
        return False
    if minute(one.at) != minute(other.at):
        return False
    if bool(one.update.id) != bool(other.ids):
        shown_at = other.at if one.update.id else one.at
        return shown_at.second == 0 or abs(one.at - other.at) <= SAME_SLOT
    return one.at == other.at or (is_full_history and one.at.second == 0)


def _phases_agree(one: Phase | None, other: Phase | None) -> bool:
    return one == other or one in _VAGUE or other in _VAGUE


_VAGUE = (None, Phase.UNKNOWN)

_ROUNDS: tuple[tuple[Rule, Callable[[KnownUpdate], str], Callable[[Incoming], str]], ...] = (
    (_is_same_text, lambda known: known.fold, lambda one: one.fold),
    (_is_same_slot, lambda known: known.at.isoformat(), lambda one: "" if one.is_timeless else one.at.isoformat()),
    (_is_same_slot, lambda known: minute(known.at), lambda one: "" if one.is_timeless else minute(one.at)),
)
"""Round 2, and round 3 by the very same time before the minute: the rule, and what must be equal on either side."""
