"""What could not be read in the last document of each feed, kept for the operator: `statuswire doctor` shows it.

Nothing is counted over time here (the metrics do that): a feed whose next document is whole has no complaint left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from statuswire.model import Problem
from statuswire.store import Tx, queries

MOST = 5
_LONGEST = 160
_UNKNOWN_WORD = "unknown word"


@dataclass(frozen=True, slots=True)
class Complaint:
    """How many items and words of a document were not understood; the first few (`place: reason`), each reason once."""

    count: int
    first: tuple[str, ...]


def note(tx: Tx, feed_id: int, problems: Sequence[Problem]) -> None:
    """Keep what the feed's newest document left unread in place of what an earlier one did; writes only a change."""
    name = queries.problems_setting(feed_id)
    told = _written(problems)
    if (queries.setting(tx, name) or "") != told:
        queries.set_setting(tx, name, told)


def complaints(tx: Tx) -> dict[int, Complaint]:
    """By feed; those whose last document was read whole are left out."""
    return {id_: msgspec.json.decode(told, type=Complaint) for id_, told in queries.feed_problems(tx).items()}


def _written(problems: Sequence[Problem]) -> str:
    """Empty where there are none. Unknown words come first: they are what can be learnt."""
    if not problems:
        return ""
    by_reason: dict[str, Problem] = {}
    for one in problems:
        by_reason.setdefault(one.reason, one)
    chosen = sorted(by_reason.values(), key=lambda one: not one.reason.startswith(_UNKNOWN_WORD))[:MOST]
    first = tuple(f"{one.where[:_LONGEST]}: {one.reason[:_LONGEST]}" for one in chosen)
    return msgspec.json.encode(Complaint(len(problems), first)).decode()
