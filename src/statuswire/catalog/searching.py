"""Finding a provider by what a user writes: name, slug, alias, host, category, with typos."""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher
from functools import cache
from heapq import nsmallest

from statuswire.catalog.rows import Provider, providers

_TYPO_CUTOFF = 0.6
Likeness = Callable[[str], float]


def find(slug: str) -> Provider | None:
    """The provider of exactly this slug or alias, case aside."""
    return _by_word().get(slug.strip().lower())


def search(query: str, limit: int = 20) -> tuple[Provider, ...]:
    """Providers that match, best first: exact names, then beginnings, parts, categories, and near misses.

    Equally good ones, and all where nothing is asked for, by how well known they are.
    """
    wanted = query.strip().lower()
    if not wanted:
        return tuple(sorted(providers(), key=lambda one: (-one.lists, one.slug))[:limit])
    likeness = _likeness_to(wanted)
    scored = [(_score(wanted, one, likeness), one) for one in providers()]
    hits = [(-score, -one.lists, one.slug, one) for score, one in scored if score >= _TYPO_CUTOFF]
    return tuple(hit[-1] for hit in nsmallest(limit, hits))


def nearest(slug: str, limit: int = 3) -> tuple[str, ...]:
    """Slugs that a user who wrote an unknown one may have meant."""
    return tuple(one.slug for one in search(slug, limit))


@cache
def _by_word() -> dict[str, Provider]:
    """Slugs, names and aliases; a slug always wins over another row's alias."""
    words = {alias: one for one in providers() for alias in one.aliases}
    words |= {one.name.lower(): one for one in providers()}
    return words | {one.slug: one for one in providers()}


def _score(wanted: str, one: Provider, likeness: Likeness) -> float:
    """1 for the very word, less for weaker likeness; below 0.6 is no match."""
    words = (one.slug, one.name.lower(), *one.aliases)
    if wanted in words or wanted in one.hosts:
        return 1.0
    if any(word.startswith(wanted) for word in words):
        return 0.95
    if any(wanted in word for word in words) or any(wanted.endswith(f".{host}") for host in one.hosts):
        return 0.9
    if wanted == one.category or wanted in one.category.split("-"):
        return 0.85
    return 0.8 * max(map(likeness, words))


def _likeness_to(wanted: str) -> Likeness:
    """Letters in common with `wanted`, weighted; 0 for words of very different length and those surely too unlike."""
    matcher = SequenceMatcher(None, "", wanted, autojunk=False)
    enough = _TYPO_CUTOFF / 0.8
    most = max(3, len(wanted) // 2)

    def likeness(word: str) -> float:
        if abs(len(word) - len(wanted)) > most:
            return 0.0
        matcher.set_seq1(word)
        return matcher.ratio() if matcher.quick_ratio() >= enough else 0.0

    return likeness
