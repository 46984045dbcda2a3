"""What the title of an entry says beside the title: `[Resolved] API slow`, `Service disruption: Errors`.

Only words at the edge and set off by brackets, a colon or a dash count, and only those in the tables: "not yet
resolved" is a sentence, "[Resolved]" is a field. Forms seen (checked 2026-11): Hund, cState, Rootly, Better Stack and
Pakyas write brackets, AWS and Slack a colon, Azure and OpenStatus a dash, Alibaba Cloud brackets at the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from statuswire.model import Impact, Kind, Phase, Status
from statuswire.platforms.incidentio_locales import LOCAL_LEVELS, LOCAL_PHASES
from statuswire.platforms.reading import fold_word
from statuswire.platforms.words import IMPACT_WORDS, UNCHANGED_WORDS


@dataclass(frozen=True, slots=True)
class Heading:
    """A title without its marks, and what the marks said; `raw` is the word that gave the phase."""

    title: str
    phase: Phase | None = None
    impact: Impact = Impact.UNKNOWN
    kind: Kind | None = None
    raw: str = ""


# --- words -------------------------------------------------------------------------------------------------------

_TOO_COMMON: Final = frozenset(
    {"new", "open", "active", "future", "complete", "started", "update", "updated", "unknown"}
)
"""Words of the phase table that begin ordinary titles too ("New: dark mode")."""

PHASES: Final[dict[str, Phase]] = {
    **LOCAL_PHASES,
    **{
        fold_word(word): Phase.RESOLVED
        for word in ("已恢复", "已恢復", "復旧", "復旧済み", "behoben", "rétabli", "restablecido")
    },
    fold_word("Service is operating normally"): Phase.RESOLVED,
}
_TITLE_PHASES: Final = {word: phase for word, phase in PHASES.items() if word not in _TOO_COMMON}

_TITLE_IMPACTS: Final[dict[str, Impact]] = {
    **{word: impact for word, impact in IMPACT_WORDS.items() if impact is not Impact.UNKNOWN},
    "information": Impact.NONE,
    "informationalmessage": Impact.MINOR,
    "performanceissues": Impact.MINOR,
    "serviceimpact": Impact.MAJOR,
    "servicedegradation": Impact.MAJOR,
    "servicedisruption": Impact.CRITICAL,
}
"""With the words of AWS's health feed, in its own order of badness."""

_INCIDENTS: Final = frozenset(
    fold_word(word)
    for word in ("incident", "outage", "notice", "störung", "incidente", "incidencia", "panne", "storing", "障害")
)
_MAINTENANCES: Final = frozenset(word for word, level in LOCAL_LEVELS.items() if level is Status.MAINTENANCE)


def kind_of_word(word: str) -> Kind | None:
    """The kind that a word names, in the languages of the tables."""
    folded = fold_word(word)
    if folded in _MAINTENANCES:
        return Kind.MAINTENANCE
    return Kind.INCIDENT if folded in _INCIDENTS else None


# --- titles ------------------------------------------------------------------------------------------------------

_BRACKETS: Final = re.compile(r"[\[(【（]\s*([^\[\](){}【】（）]{1,40}?)\s*[\])】）]\s*[-–—:：]?\s*(.+)", re.DOTALL)
_COLON: Final = re.compile(r"([^:：]{1,40}?)\s*[:：]\s+(.+)", re.DOTALL)
_DASH: Final = re.compile(r"([^-–—]{1,30}?) [-–—] (.+)", re.DOTALL)
_LAST: Final = re.compile(r"(.+?)\s*[\[(【（]\s*([^\[\](){}【】（）]{1,40}?)\s*[\])】）]", re.DOTALL)
_FRONT: Final = (_BRACKETS, _COLON, _DASH)


@lru_cache(maxsize=2048)
def read_heading(title: str) -> Heading:
    """The title taken apart. Marks nest: `Service is operating normally: [RESOLVED] Increased Error Rates`."""
    heading = Heading(title)
    for _ in range(3):
        closer = _without_mark(heading)
        if closer is None:
            break
        heading = closer
    last = _LAST.fullmatch(heading.title)
    phase = _TITLE_PHASES.get(fold_word(last[2])) if last else None
    return replace(heading, title=last[1], phase=phase, raw=last[2]) if last and phase else heading


def _without_mark(heading: Heading) -> Heading | None:
    for form in _FRONT:
        found = form.fullmatch(heading.title)
        said = _said(found[1], heading, found[2]) if found else None
        if said:
            return said
    return None


def _said(word: str, heading: Heading, rest: str) -> Heading | None:
    """The heading with what one mark adds; None where the mark is part of the title."""
    folded = fold_word(word)
    phase, impact, kind = _TITLE_PHASES.get(folded), _TITLE_IMPACTS.get(folded), kind_of_word(word)
    if phase is None and impact is None and kind is None and folded not in UNCHANGED_WORDS:
        return None
    return Heading(
        title=rest,
        phase=phase or heading.phase,
        impact=impact or heading.impact,
        kind=kind or heading.kind,
        raw=word if phase else heading.raw,
    )


# --- monitors ----------------------------------------------------------------------------------------------------

_MONITOR: Final = re.compile(r"(.{1,200}?) (went down|recovered)", re.DOTALL)


def read_monitor(title: str, words: str) -> Heading | None:
    """Better Stack's items about a monitor, where title and text are the same sentence from a template:
    `<monitor> went down`, `<monitor> recovered`. None for whatever a person wrote."""
    found = _MONITOR.fullmatch(title) if title == words else None
    if found is None:
        return None
    phase = Phase.RESOLVED if found[2] == "recovered" else Phase.INVESTIGATING
    return Heading(found[1], phase=phase, kind=Kind.INCIDENT, raw=found[2])
