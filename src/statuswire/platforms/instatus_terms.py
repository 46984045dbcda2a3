"""Instatus's words, all capitals without separators, and its ids (instatus.com/help/api, checked 2026-11)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from statuswire.model import Impact, Kind, Phase, Problem, Status
from statuswire.platforms.reading import choose, fold_word, moment, normalise_url, text
from statuswire.platforms.words import COMPONENT_WORDS, IMPACT_WORDS, PHASE_WORDS, UNCHANGED_WORDS

NAME: Final = "instatus"
TITLE: Final = "Instatus"
Fields = Mapping[str, object]

OWN_LEVELS: Final[dict[str, Status]] = {
    "OPERATIONAL": Status.OPERATIONAL,
    "DEGRADEDPERFORMANCE": Status.DEGRADED,
    "PARTIALOUTAGE": Status.PARTIAL_OUTAGE,
    "MINOROUTAGE": Status.PARTIAL_OUTAGE,
    "MAJOROUTAGE": Status.MAJOR_OUTAGE,
    "UNDERMAINTENANCE": Status.MAINTENANCE,
}
LEVELS: Final[dict[str, Status]] = {**COMPONENT_WORDS, **{fold_word(word): level for word, level in OWN_LEVELS.items()}}

PAGE_WORDS: Final = frozenset({"UP", "HASISSUES", "UNDERMAINTENANCE"})
"""The roll-up of a page. It names no level, has been seen to say `UP` beside an open incident, and stands in one of the
three documents only: it is kept as text, and the level of the page follows from its components and incidents."""

IMPACTS: Final[dict[str, Impact]] = {
    **IMPACT_WORDS,
    "minoroutage": Impact.MINOR,
    "partialoutage": Impact.MAJOR,
    "majoroutage": Impact.CRITICAL,
    "undermaintenance": Impact.MAINTENANCE,
}

PHASES: Final[dict[str, Phase]] = PHASE_WORDS
MAINTENANCE_PHASES: Final[dict[str, Phase]] = {
    **PHASE_WORDS,
    "investigating": Phase.IN_PROGRESS,
    "identified": Phase.IN_PROGRESS,
    "monitoring": Phase.VERIFYING,
    "resolved": Phase.COMPLETED,
}
"""Updates of a maintenance may be labelled as those of an incident are."""

_AGGREGATES: Final = ("ONE", "SOME", "ALL")

CUID: Final = re.compile(r"c[0-9a-z]{20,30}")
"""Ids; the characters 2 to 9 are milliseconds in base 36 (github.com/paralleldrive/cuid)."""
_CUID_TAIL: Final = re.compile(rf"/({CUID.pattern})/?(?:[?#].*)?$")


def is_own_id(value: object) -> bool:
    return isinstance(value, str) and CUID.fullmatch(value.partition("-")[0]) is not None


def id_in_link(url: str) -> str:
    """The id at the end of an incident's address, whether `/incident` stands before it or not; else empty."""
    found = _CUID_TAIL.search(url)
    return found[1] if found else ""


def link_of(value: object) -> str:
    url = text(value).strip()
    return url if url.startswith(("https://", "http://")) else ""


def aliases_of(url: str, incident_id: str) -> tuple[str, ...]:
    alias = normalise_url(url) if url else ""
    return (alias,) if alias and alias != incident_id else ()


def made_at(own_id: str) -> datetime | None:
    """When an id was made; None for what is no id of this kind."""
    return moment(int(own_id[1:9], 36)) if is_own_id(own_id) else None


def is_own_level(word: object) -> bool:
    return _without_number(word) in OWN_LEVELS if isinstance(word, str) else False


def level_of(word: object, where: str, problems: list[Problem]) -> Status:
    """Groups and roll-ups put a number before the level: `SOMEMAJOROUTAGE`."""
    if isinstance(word, str) and (level := OWN_LEVELS.get(word)) is not None:
        return level
    return choose(_without_number(word), LEVELS, Status.UNKNOWN, where, problems)


def _without_number(word: object) -> object:
    if isinstance(word, str):
        for number in _AGGREGATES:
            if word.startswith(number) and fold_word(word[len(number) :]) in LEVELS:
                return word[len(number) :]
    return word


def phase_of(word: object, kind: Kind, where: str, problems: list[Problem]) -> Phase | None:
    """None, "as before", for no word and for `UPDATE`."""
    written = text(word, 200)
    if not written or fold_word(written) in UNCHANGED_WORDS:
        return None
    return choose(written, PHASES if kind is Kind.INCIDENT else MAINTENANCE_PHASES, Phase.UNKNOWN, where, problems)
