"""What a recorded document adds to the metrics: its problems, and the words that no table knows (FAULTS D16).

A Snapshot keeps the provider's word beside what it was read as, so that a word that became `unknown` can be told from
one that says so itself (`unknown`, `paused`, `no data`). Each word counts once for a document, however many
components bear it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from statuswire.metrics import Metrics
from statuswire.model import Impact, Phase, Snapshot, Status
from statuswire.platforms.reading import fold_word
from statuswire.platforms.words import COMPONENT_WORDS, IMPACT_WORDS, PHASE_WORDS

Read = Iterable[tuple[StrEnum | None, str]]
"""Pairs of what a word was read as and the word."""


def count_snapshot(metrics: Metrics, snapshot: Snapshot) -> None:
    """Count one document that was recorded."""
    metrics.met_problems(snapshot.platform, len(snapshot.problems))
    for field, count in unknown_words(snapshot).items():
        metrics.met_unknown_words(snapshot.platform, field, count)


def unknown_words(snapshot: Snapshot) -> dict[str, int]:
    """How many different words of each kind no table knows; `page_status` is the provider's roll-up."""
    components = ((one.status, one.raw_status) for one in snapshot.components)
    impacts = ((one.impact, one.raw_impact) for one in snapshot.incidents)
    return {
        "page_status": int(snapshot.page.status is Status.UNKNOWN),
        "component_status": _count(components, Status.UNKNOWN, COMPONENT_WORDS),
        "phase": _count(_phases(snapshot), Phase.UNKNOWN, PHASE_WORDS),
        "impact": _count(impacts, Impact.UNKNOWN, IMPACT_WORDS),
    }


def _phases(snapshot: Snapshot) -> Read:
    for incident in snapshot.incidents:
        yield incident.phase, incident.raw_phase
        for update in incident.updates:
            yield update.phase, update.raw_phase


def _count(read: Read, unknown: StrEnum, table: Mapping[str, StrEnum]) -> int:
    words = {fold_word(word) for meaning, word in read if meaning is unknown}
    return sum(bool(word) and word not in table for word in words)
