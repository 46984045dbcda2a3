"""One issue of cState, as its JSON documents show it; the shape stands in `cstate`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from statuswire.model import AffectedComponent, Component, Document, Impact, Incident, Phase, Problem
from statuswire.platforms.cstate_body import read_body
from statuswire.platforms.reading import choose, flag, ident, moment, normalise_url, text, title

Fields = Mapping[str, object]

SEVERITIES: Final[Mapping[str, Impact]] = {
    "ok": Impact.NONE,
    "notice": Impact.MINOR,
    "disrupted": Impact.MAJOR,
    "down": Impact.CRITICAL,
}


def read_issue(
    row: Fields, where: str, document: Document, problems: list[Problem], systems: Mapping[str, Component] | None
) -> Incident | None:
    """One issue. The affected systems are told only where the document shows which they are (`systems`).

    What is open has no version stamp: the index calls it open and no more, and must not outweigh the finer phase that
    the text may tell.
    """
    link, filename = text(row.get("permalink")).strip(), ident(row.get("filename"))
    names = tuple(dict.fromkeys(one for one in (normalise_url(link) if link else "", filename) if one))
    if not names:
        problems.append(Problem(where, "an issue without permalink and filename"))
        return None
    began, changed = moment(row.get("createdAt"), document.time_zone), moment(row.get("lastMod"), document.time_zone)
    is_resolved, is_informational = flag(row.get("resolved")), flag(row.get("informational"))
    ended = moment(row.get("resolvedAt"), document.time_zone)
    updates = read_body(text(row.get("body")), began, document.time_zone)
    word = text(row.get("severity"), 100)
    impact = choose(word, SEVERITIES, Impact.UNKNOWN, f"{where}.severity", problems)
    return Incident(
        id=names[0],
        title=title(row.get("title")),
        phase=phase_of(updates[-1].phase if updates else None, is_resolved, is_informational or _is_unplaced(row)),
        impact=Impact.NONE if is_informational else impact,
        url=link if link.startswith(("https://", "http://")) else "",
        created_at=began,
        started_at=began,
        resolved_at=ended if is_resolved else None,
        updated_at=max((one for one in (ended, changed) if one), default=None) if is_resolved else None,
        components=_affected(row.get("affected"), systems) if systems is not None else None,
        updates=updates,
        aliases=names[1:],
        raw_phase="resolved" if is_resolved else "",
        raw_impact=word,
    )


def _is_unplaced(row: Fields) -> bool:
    """Whether it names no system. The index shows what is open under its systems alone: it cannot tell the end of such
    an issue, which as on the page itself opens nothing."""
    return "affected" in row and not row["affected"]


def phase_of(told: Phase | None, is_resolved: bool, is_informational: bool) -> Phase | None:
    """Resolved is a field; the finer phase of what is open is that of the newest update, where the text names one."""
    if is_resolved:
        return told if told is Phase.POSTMORTEM else Phase.RESOLVED
    if is_informational:
        return None
    return told if told is not None and not told.is_closed else Phase.INVESTIGATING


def _affected(listed: object, systems: Mapping[str, Component]) -> tuple[AffectedComponent, ...]:
    names = [title(name) for name in listed if title(name)] if isinstance(listed, list) else []
    known = ((name, systems.get(name)) for name in dict.fromkeys(names))
    return tuple(
        AffectedComponent(system.id, name, system.group, system.status) if system else AffectedComponent("", name)
        for name, system in known
    )
