"""Better Stack's words and what follows from them; levels are documented, checked 2026-11.

There is no word for the phase of an incident: it is open until its level is `resolved` or its end has passed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from statuswire.model import Impact, Kind, Phase, Status
from statuswire.platforms.reading import fold_word, html_text
from statuswire.platforms.remembering import Now
from statuswire.platforms.words import COMPONENT_WORDS, PHASE_WORDS

NAME: Final = "betterstack"
Fields = Mapping[str, object]

LEVELS: Final[dict[str, Status]] = {**COMPONENT_WORDS, "resolved": Status.OPERATIONAL}

IMPACTS: Final[dict[str, Impact]] = {
    "downtime": Impact.CRITICAL,
    "degraded": Impact.MINOR,
    "maintenance": Impact.MAINTENANCE,
    "resolved": Impact.UNKNOWN,
    "operational": Impact.UNKNOWN,
    "notmonitored": Impact.UNKNOWN,
}
"""Of a report's level. One that is over says no more how bad it was: what is known stays."""

KINDS: Final[dict[str, Kind]] = {
    "manual": Kind.INCIDENT,
    "automatic": Kind.INCIDENT,
    "maintenance": Kind.MAINTENANCE,
}
"""By `report_type`, and the events of webhooks."""

OVER: Final = frozenset({"resolved", "operational"})

_LEADING: Final = re.compile(
    r"\s*(?:\*\*|__|<(?:b|strong)>)\s*([^*_<>\n]{1,30}?)\s*[:.-]?\s*(?:\*\*|__|</(?:b|strong)>)"
)


def phase_by_time(begins: datetime | None, ends: datetime | None, now: Now) -> Phase | None:
    """Of a maintenance whose document says no more than its window."""
    if ends is not None and now.has_come(ends):
        return Phase.COMPLETED
    if begins is None:
        return None
    return Phase.SCHEDULED if now.is_before(begins) else Phase.IN_PROGRESS


def leading_phase(message: str) -> tuple[Phase | None, str]:
    """The phase that a message begins with in bold (`**Identified** - a bad deploy`), and the word; else None."""
    bold = _LEADING.match(message)
    word = html_text(bold[1]).strip() if bold else ""
    phase = PHASE_WORDS.get(fold_word(word)) if word else None
    return phase, word if phase else ""
