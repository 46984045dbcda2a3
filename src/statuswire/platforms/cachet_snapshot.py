"""How both generations of Cachet put their Snapshot together."""

from __future__ import annotations

from statuswire.model import Component, Cover, Document, Incident, PageFacts, Problem, Snapshot
from statuswire.platforms.cachet_terms import NAME, base_of, flag_zone
from statuswire.platforms.derived import is_whole


def covers_of(cover: Cover, rows: list[object], problems: list[Problem], *, is_last: bool) -> frozenset[Cover]:
    """The list, where no page follows and every row of it was read."""
    return frozenset({cover} if is_last and is_whole(rows, "data", problems) else ())


def snapshot_of(
    document: Document,
    problems: list[Problem],
    *,
    components: tuple[Component, ...] = (),
    incidents: tuple[Incident, ...] = (),
    covers: frozenset[Cover] = frozenset(),
) -> Snapshot:
    if incidents:
        flag_zone(document, problems)
    return Snapshot(
        platform=NAME,
        page=PageFacts(url=base_of(document.url) or None),
        covers=covers,
        components=components,
        incidents=incidents,
        problems=tuple(problems),
    )
