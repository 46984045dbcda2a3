"""Words of providers that no table knows, as far as they are stored: what was read as unknown, and the raw word.

A word that itself says that nothing is known (`unknown`, `paused`, `no data`) is none of them. Incidents older than a
month are not looked at: their words may have been learnt since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from statuswire.model import Impact, KnownIncident, Phase, Status
from statuswire.platforms.reading import fold_word
from statuswire.platforms.words import COMPONENT_WORDS, IMPACT_WORDS, PHASE_WORDS
from statuswire.store import Tx, queries
from statuswire.store.queries import PageState

RECENT = timedelta(days=30)
LIST_LIMIT = 1000
LISTS_MAX = 20
"""Twenty thousand incidents of a month: more say nothing new, and the doctor should be quick."""

PAGE_STATUS, COMPONENT_STATUS, PHASE, IMPACT = "page_status", "component_status", "phase", "impact"

_TABLES: Mapping[str, tuple[StrEnum, Mapping[str, StrEnum]]] = {
    COMPONENT_STATUS: (Status.UNKNOWN, COMPONENT_WORDS),
    PHASE: (Phase.UNKNOWN, PHASE_WORDS),
    IMPACT: (Impact.UNKNOWN, IMPACT_WORDS),
}


@dataclass(frozen=True, slots=True)
class Met:
    """A word as a page has it. `raw` is empty where the word itself is not kept; `where` names who bears it."""

    field: str
    raw: str
    where: str


def recent_incidents(tx: Tx, now: datetime) -> dict[str, list[KnownIncident]]:
    """Incidents and maintenances that began within a month, with their updates, by slug of their page."""
    found: dict[str, list[KnownIncident]] = defaultdict(list)
    after: str | None = None
    for _ in range(LISTS_MAX):
        listed, after = queries.incident_list(tx, limit=LIST_LIMIT, after=after, since=now - RECENT)
        for ref, incident in listed:
            found[ref.slug].append(incident)
        if after is None:
            break
    return found


def unknown_words(state: PageState, incidents: Iterable[KnownIncident]) -> list[Met]:
    """Every word of the page that no table knows, each once, with the first that bears it."""
    met: dict[tuple[str, str], Met] = {}
    for one in (*_of_page(state), *(word for incident in incidents for word in _of_incident(incident))):
        met.setdefault((one.field, fold_word(one.raw)), one)
    return list(met.values())


def _of_page(state: PageState) -> Iterator[Met]:
    if state.status is Status.UNKNOWN:
        yield Met(PAGE_STATUS, "", "the page as a whole")
    for component in state.troubled:
        if is_unknown(COMPONENT_STATUS, component.status, component.raw_status):
            yield Met(COMPONENT_STATUS, component.raw_status, component.name)


def _of_incident(incident: KnownIncident) -> Iterator[Met]:
    if is_unknown(IMPACT, incident.impact, incident.raw_impact):
        yield Met(IMPACT, incident.raw_impact, incident.title)
    if is_unknown(PHASE, incident.phase, incident.raw_phase):
        yield Met(PHASE, incident.raw_phase, incident.title)
    for update in incident.updates:
        if is_unknown(PHASE, update.phase, update.raw_phase):
            yield Met(PHASE, update.raw_phase, incident.title)


def is_unknown(field: str, meaning: StrEnum | None, raw: str) -> bool:
    """Whether the word became unknown because no table has it."""
    unknown, table = _TABLES[field]
    word = fold_word(raw)
    return meaning is unknown and bool(word) and word not in table
