"""Cachet's numbers as words, and the readers that its two generations, its feeds and its webhooks share.

Numbers are those of the vendor's source (cachethq/cachet 2.4 and cachethq/core 3, checked 2026-11). The texts beside
them (`status_name`, `human_status`, `human`) follow the language of the site and are left alone. Numbers may come as
text. A number that no table knows stays as it is, so that it is named as an unknown word.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Final

from statuswire.model import Document, IncidentUpdate, Phase, Problem, Status
from statuswire.platforms.reading import choose, flag, moment, plain, split_url, text
from statuswire.platforms.words import COMPONENT_WORDS, PHASE_WORDS

NAME: Final = "cachet"

LEVELS_2: Final[Mapping[str, str]] = {
    "0": "unknown",
    "1": "operational",
    "2": "performance issues",
    "3": "partial outage",
    "4": "major outage",
}
LEVELS_3: Final[Mapping[str, str]] = {
    "1": "operational",
    "2": "performance issues",
    "3": "partial outage",
    "4": "major outage",
    "5": "unknown",
    "6": "under maintenance",
}
"""The level of a component; what was 0 in version 2 is 5 in version 3."""

PHASES_2: Final[Mapping[str, str]] = {
    "0": "scheduled",
    "1": "investigating",
    "2": "identified",
    "3": "watching",
    "4": "fixed",
}
PHASES_3: Final[Mapping[str, str]] = {**PHASES_2, "0": "reported"}
"""The phase of an incident. 0 was a planned maintenance before there were schedules, and is "reported" since version 3,
which counts it among the unresolved."""

SCHEDULE_PHASES: Final[Mapping[str, str]] = {"0": "upcoming", "1": "in progress", "2": "complete"}

PHASE_MEANINGS: Final[Mapping[str, Phase]] = {**PHASE_WORDS, "reported": Phase.INVESTIGATING}

ROLL_UPS: Final[Mapping[str, Status]] = {
    **COMPONENT_WORDS,
    "success": Status.OPERATIONAL,
    "info": Status.DEGRADED,
    "danger": Status.MAJOR_OUTAGE,
}
"""The page's own word: three in version 2 (`info`: something is not well), those of components in version 3."""

MESSAGE_ID: Final = "message"
"""The text of the incident itself, which has no id as its updates have: the first thing that is said of it."""


def level(value: object, numbers: Mapping[str, str], where: str, problems: list[Problem]) -> tuple[Status, str]:
    """The level that a number or an object `{"value", "human"}` means, and the word for it."""
    word = _word(value, numbers)
    return choose(word, COMPONENT_WORDS, Status.UNKNOWN, where, problems), word


def phase(value: object, numbers: Mapping[str, str], where: str, problems: list[Problem]) -> tuple[Phase | None, str]:
    """The phase that a number means, and the word for it; None where none is stated."""
    word = _word(value, numbers)
    return (choose(word, PHASE_MEANINGS, Phase.UNKNOWN, where, problems) if word else None), word


def _word(value: object, numbers: Mapping[str, str]) -> str:
    if isinstance(value, dict):
        value = value.get("value")
    written = text(value, 200).strip()
    return numbers.get(written, written)


def stamp(value: object, zone: str | None) -> datetime | None:
    """A time as either version writes it: text, or `{"human": "2 hours ago", "string": "2026-05-04 10:22:31"}`."""
    if isinstance(value, dict):
        value = value.get("string")
    return _stamp(value, zone) if isinstance(value, str) and len(value) <= _SHORT else moment(value, zone)


_SHORT: Final = 40
_stamp = lru_cache(maxsize=8192)(moment)
"""The same incidents come with each document."""


def update(update_id: str, told: Phase | None, raw_phase: str, message: object, at: datetime | None) -> IncidentUpdate:
    """One message; Markdown stays, HTML becomes text."""
    body, raw = plain(text(message))
    return IncidentUpdate(update_id, told, body, at, raw=raw, raw_phase=raw_phase)


def opening(told: Phase | None, raw_phase: str, message: object, at: datetime | None) -> tuple[IncidentUpdate, ...]:
    """The text of an incident as the first update of it; none where there is no text."""
    first = update(MESSAGE_ID, told, raw_phase, message, at)
    return (first,) if first.text else ()


def is_disabled(row: Mapping[str, object]) -> bool:
    """Whether a component is switched off: those are listed all the same, but the page does not show them."""
    enabled = row.get("enabled")
    return enabled is not None and not flag(enabled)


def web_address(value: object) -> str:
    """The address, empty unless it is http(s)."""
    url = text(value).strip()
    return url if url.startswith(("https://", "http://")) else ""


def flag_zone(document: Document, problems: list[Problem]) -> None:
    """Times stand without a zone, in that of the application, which nothing states: without a setting of the operator
    they are taken as UTC, and it is said."""
    if document.time_zone is None:
        problems.append(Problem("time_zone", "times without a zone are read as UTC"))


def base_of(url: str) -> str:
    """The page's address, from that of one of its API documents; empty for none."""
    parts = split_url(url)
    if parts is None or not parts.netloc or "/api/" not in parts.path:
        return ""
    return f"{parts.scheme}://{parts.netloc}{parts.path[: parts.path.rindex('/api/')]}"
