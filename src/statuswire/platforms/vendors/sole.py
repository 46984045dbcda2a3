"""Vendors that say one thing of themselves as a whole: a page with a sentence or a word, and no parts."""

from __future__ import annotations

from collections.abc import Mapping

from statuswire.model import Component, Cover, PageFacts, Problem, Snapshot, Status
from statuswire.platforms.reading import choose, title


def sole_component(platform: str, name: str, home: str, word: str, levels: Mapping[str, Status], said: str) -> Snapshot:
    """The vendor as its only component, at the level of `word`; `said` is what it shows to people.

    A word that is in no table is unknown, kept and named.
    """
    problems: list[Problem] = []
    level = choose(word, levels, Status.UNKNOWN, "status", problems)
    return Snapshot(
        platform,
        page=PageFacts(name=name, url=home, status=level, status_text=title(said, 200)),
        covers=frozenset({Cover.COMPONENTS}),
        components=(Component(platform, name, status=level, raw_status=title(word, 200)),),
        problems=tuple(problems),
    )
