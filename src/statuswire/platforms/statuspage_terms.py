"""Statuspage's words and the readers of the values that repeat on every poll.

Pages have hundreds of components whose names and stamps are the same in each document, so the reading of such a value
is remembered: it halves the time of a large `summary.json`. Words are those of <https://metastatuspage.com/api>
(checked 2026-11); what else imitations write is found in the shared tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from statuswire.model import Phase, Problem, Status
from statuswire.platforms.reading import choose, fold_word, ident, moment, title
from statuswire.platforms.words import COMPONENT_WORDS, PHASE_WORDS, UNCHANGED_WORDS

Fields = Mapping[str, object]

OWN_ID = re.compile(r"[0-9a-z]{12}")
"""Pages, components, incidents and updates of Statuspage itself; an imitation may have anything else."""

ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
"""The ids of incident.io, which answers at the same addresses after a page has moved there."""

LEVELS: dict[object, Status] = {
    "operational": Status.OPERATIONAL,
    "degraded_performance": Status.DEGRADED,
    "partial_outage": Status.PARTIAL_OUTAGE,
    "major_outage": Status.MAJOR_OUTAGE,
    "under_maintenance": Status.MAINTENANCE,
}

OWN_PHASES: frozenset[str] = frozenset(Phase) - {Phase.CANCELLED, Phase.UNKNOWN}
"""The words of Statuspage itself, which are the same as ours."""

MAINTENANCE_PHASES = frozenset({Phase.SCHEDULED, Phase.IN_PROGRESS, Phase.VERIFYING, Phase.COMPLETED})

_SHORT = 200
"""Longer values are read but not remembered."""


def is_own_id(value: object) -> bool:
    return isinstance(value, str) and OWN_ID.fullmatch(value) is not None


def is_ulid(value: object) -> bool:
    return isinstance(value, str) and ULID.fullmatch(value) is not None


def read_id(value: object) -> str:
    """An id as text; empty where there is none."""
    if isinstance(value, str) and len(value) <= _SHORT and value.isalnum():
        return value
    return ident(value)


def read_name(value: object) -> str:
    return _name(value) if isinstance(value, str) and len(value) <= _SHORT else title(value)


def read_stamp(value: object, zone: str | None) -> datetime | None:
    return _stamp(value, zone) if isinstance(value, str) and len(value) <= _SHORT else moment(value, zone)


_name = lru_cache(maxsize=4096)(title)
_stamp = lru_cache(maxsize=8192)(moment)


def read_level(word: object, where: str, place: object, problems: list[Problem]) -> Status:
    """The level of a component; `where` and `place` (an index) name it in a problem."""
    if isinstance(word, str) and (level := LEVELS.get(word)) is not None:
        return level
    return choose(word, COMPONENT_WORDS, Status.UNKNOWN, f"{where}[{place}].status", problems)


def read_phase(word: str, where: str, problems: list[Problem]) -> Phase | None:
    """The phase of an update; None, "as before", for no word and for `Update`."""
    if not word or fold_word(word) in UNCHANGED_WORDS:
        return None
    return choose(word, PHASE_WORDS, Phase.UNKNOWN, where, problems)
