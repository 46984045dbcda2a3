"""Which stories of several pages are one: begun within minutes of each other, and naming the same provider or place.

Pure: what began lately on a route and the correlations that it has, one more beginning, and out comes what to remember
and which correlation the beginning belongs to. The single facts stay what they are; only where they are told changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from statuswire.core.evidence import PLACES, sentence
from statuswire.core.routing import at_least
from statuswire.fingerprint import digest
from statuswire.model import Clue, Correlation, Impact, Sighting

PREFIX: Final = "correlation/"
"""With which the ids of correlations, and so the names of their threads, begin."""

OPEN_FOR: Final = timedelta(hours=1)
"""How long after its newest member another page may join: providers' customers notice one after another."""

MOST_RECENT: Final = 500
"""Beginnings that are remembered on a route; in a storm the oldest of them are forgotten."""

BAD: Final = at_least(Impact.MINOR)


@dataclass(frozen=True, slots=True)
class CorrelationRule:
    """So many pages that begin a story `within` this long, with something in common, are one story."""

    pages: int = 3
    within: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Found:
    """What one more beginning came to: the beginnings to remember, and the correlation that it belongs to, with it
    among the members. `is_new`: it is the one that made the correlation."""

    recent: tuple[Sighting, ...]
    correlation: Correlation | None = None
    is_new: bool = False


def look(
    rule: CorrelationRule,
    route: str,
    one: Sighting,
    recent: Sequence[Sighting],
    known: Iterable[Correlation],
) -> Found:
    """`recent` are beginnings on this route, the oldest first; `known` its correlations, the newest first."""
    kept = [other for other in recent if one.at - other.at < rule.within and other.key != one.key]
    names = {clue.name for clue in one.clues}
    for correlation in known:
        if names & set(correlation.shared) and one.at - correlation.updated_at < OPEN_FOR:
            joined = replace(correlation, members=(*correlation.members, one), updated_at=one.at)
            return Found(tuple(kept), joined)
    remembered = (*kept, one)[-MOST_RECENT:]
    made = _made(rule, route, one, kept)
    if made is None:
        return Found(remembered)
    taken = {member.key for member in made.members}
    return Found(tuple(other for other in kept if other.key not in taken), made, is_new=True)


def _made(rule: CorrelationRule, route: str, one: Sighting, others: Sequence[Sighting]) -> Correlation | None:
    """The correlation that this beginning makes: by what most pages share, a provider rather than a place."""
    best: tuple[Sighting, ...] = ()
    shared = ""
    for clue in sorted(one.clues, key=lambda clue: clue.name in PLACES):
        sharing = (*(other for other in others if clue.name in _names(other)), one)
        if _page_count(sharing) > _page_count(best):
            best, shared = sharing, clue.name
    if _page_count(best) < rule.pages:
        return None
    common = set.intersection(*(_names(member) for member in best))
    id_ = PREFIX + digest("correlation", route, one.key, str(one.event_id))[:16]
    return Correlation(id_, route, (shared, *sorted(common - {shared})), best, best[0].at, one.at)


def _names(one: Sighting) -> set[str]:
    return {clue.name for clue in one.clues}


def _page_count(some: Iterable[Sighting]) -> int:
    return len({one.page for one in some})


# --- in words ----------------------------------------------------------------------------------------------------


def evidence(correlation: Correlation, *, is_new: bool) -> tuple[str, ...]:
    """Why they are one story, a short sentence each: of all members where it is new, else of the newest one."""
    first, last = correlation.members[0].at, correlation.members[-1].at
    minutes = max(int((last - first).total_seconds() // 60), 1)
    count = len(correlation.pages)
    summary = f"{count} pages within {minutes} min name {_listed(correlation.shared)}"
    members = correlation.members if is_new else correlation.members[-1:]
    sentences = (sentence(member.name, clue) for member in members if (clue := _clue(member, correlation)))
    return (summary, *dict.fromkeys(sentences))


def company(correlation: Correlation) -> str:
    """`told with 3 other pages`, of the newest member."""
    others = len(set(correlation.pages) - {correlation.members[-1].page})
    return f"told with {others} other page{'' if others == 1 else 's'}"


def _clue(member: Sighting, correlation: Correlation) -> Clue | None:
    return next((clue for clue in member.clues if clue.name in correlation.shared), None)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def is_thread(thread: str) -> bool:
    """Whether a thread is that of a correlation."""
    return thread.startswith(PREFIX)


def since(now: datetime) -> datetime:
    """Correlations without a new member since then take no more."""
    return now - OPEN_FOR
