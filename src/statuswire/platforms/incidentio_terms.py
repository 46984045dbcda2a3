"""What the readers of incident.io's several document shapes share: ids, words and how a level becomes an impact."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from statuswire.model import Impact, Kind, Phase, Problem, Status
from statuswire.platforms.reading import choose, text
from statuswire.platforms.words import (
    COMPONENT_WORDS,
    IMPACT_ORDER,
    PHASE_WORDS,
    STATUS_IMPACT,
    UNCHANGED_WORDS,
)

NAME = "incidentio"

SHARED_HOST = "statuspage.incident.io"
"""Where pages without a host name of their own live, one per first path segment."""

MAINTENANCE_PHASES = frozenset({Phase.SCHEDULED, Phase.IN_PROGRESS, Phase.VERIFYING, Phase.COMPLETED, Phase.CANCELLED})

_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")


def is_ulid(name: object) -> bool:
    """True for the 26 characters (Crockford base 32) that name pages, components, incidents and updates there."""
    return isinstance(name, str) and _ULID.fullmatch(name) is not None


def status_of(word: object, where: str, problems: list[Problem]) -> Status:
    return choose(word, COMPONENT_WORDS, Status.UNKNOWN, where, problems)


def phase_of(word: object, where: str, problems: list[Problem]) -> Phase | None:
    """None where nothing is said ("no phase change"), UNKNOWN for a word that no table knows."""
    said = text(word)
    if not said or said.lower() in UNCHANGED_WORDS:
        return None
    return choose(said, PHASE_WORDS, Phase.UNKNOWN, where, problems)


def kind_of(phase: Phase | None) -> Kind:
    return Kind.MAINTENANCE if phase in MAINTENANCE_PHASES else Kind.INCIDENT


def worst_impact(levels: Iterable[Status]) -> Impact:
    """The impact of the worst level; UNKNOWN of none at all."""
    impacts = [STATUS_IMPACT.get(level, Impact.UNKNOWN) for level in levels]
    return max(impacts, key=IMPACT_ORDER.index, default=Impact.UNKNOWN)


def incident_url(page_url: str, incident_id: str) -> str:
    """The public address of an incident; empty where that of the page is not known."""
    return f"{page_url.rstrip('/')}/incidents/{incident_id}" if page_url and incident_id else ""


def page_url_of(api_url: str) -> str:
    """The page that a native URL belongs to: `https://host/proxy/host/...` is `https://host`, and
    `https://statuspage.incident.io/proxy/slug/...` is `https://statuspage.incident.io/slug`; else empty."""
    try:
        parts = urlsplit(api_url)
    except ValueError:
        return ""
    steps = [step for step in parts.path.split("/") if step]
    if len(steps) < 2 or steps[0] != "proxy" or not parts.hostname:
        return ""
    if parts.hostname == SHARED_HOST:
        return f"https://{SHARED_HOST}/{steps[1]}"
    return f"{parts.scheme}://{parts.netloc}"
