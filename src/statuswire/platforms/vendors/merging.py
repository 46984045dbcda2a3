"""One incident that several places of a document name."""

from __future__ import annotations

from dataclasses import replace

from statuswire.model import Incident
from statuswire.platforms.words import IMPACT_ORDER


def together(known: Incident | None, told: Incident) -> Incident:
    """The incident as first told, with the components of both and the worse of the two impacts."""
    if known is None:
        return told
    parts = {one.id: one for one in (*(known.components or ()), *(told.components or ()))}
    impact = max(known.impact, told.impact, key=IMPACT_ORDER.index)
    return replace(known, impact=impact, components=tuple(parts.values()))
