"""What `status` and `detect` print: lines for people, JSON for programs. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from statuswire import wire
from statuswire.channels import wording
from statuswire.channels.console import escape
from statuswire.channels.terminal import Style, link, one_line, paint
from statuswire.model import Component, FeedSpec, Incident, Role, Status
from statuswire.platforms import PLATFORMS
from statuswire.tables import table
from statuswire.verdict import Verdict, groups_of, phase_of

_STATUS_MARKS = {
    Status.OPERATIONAL: "o",
    Status.DEGRADED: "^",
    Status.PARTIAL_OUTAGE: "%",
    Status.MAJOR_OUTAGE: "#",
    Status.MAINTENANCE: "~",
    Status.UNKNOWN: "?",
}
"""A shape beside word and colour, so that a state is told three ways."""

_ADDRESS = re.compile(r"https?://([^/\s]+)\S*(?=: )")


def render_status(verdicts: Sequence[Verdict], style: Style, *, as_json: bool = False) -> str:
    if as_json:
        return _json([_page_mapping(one) for one in verdicts])
    rows = [_status_row(one) for one in verdicts]
    return "\n".join(table(("Page", "State", "What"), rows, style, [one.status for one in verdicts]))


def render_detection(verdict: Verdict, style: Style, *, as_json: bool = False) -> str:
    if as_json:
        return _json(detection_mapping(verdict))
    return "\n".join(
        [
            *_heading(verdict, style),
            *_feed_lines(verdict),
            *_component_lines(verdict, style),
            *_incident_lines(verdict, style),
            *_doubt_lines(verdict),
        ]
    )


def _status_row(verdict: Verdict) -> tuple[str, str, str]:
    level = verdict.status
    return verdict.name, f"{_STATUS_MARKS[level]} {wording.STATUS_WORDS[level]}", _what(verdict)


def _what(verdict: Verdict) -> str:
    """The open incidents, else the components that are not fine, else why nothing is known."""
    if verdict.open_incidents:
        return "; ".join(_incident_sentence(one) for one in verdict.open_incidents)
    broken = [one.name for one in _not_fine(verdict)]
    if broken:
        return ", ".join(broken)
    if verdict.status is Status.UNKNOWN:
        return "; ".join(map(_by_host, verdict.doubts[:2])) or "nothing could be read"
    return ""


def _by_host(doubt: str) -> str:
    """With the host alone in the place of an address, which would fill the line; `detect` says the address."""
    return _ADDRESS.sub(r"\1", doubt)


def _incident_sentence(incident: Incident) -> str:
    phase = phase_of(incident)
    names = ", ".join(one.name for one in incident.components or ())
    return " - ".join(filter(None, (incident.title, names, wording.PHASE_WORDS[phase].lower() if phase else "")))


def _not_fine(verdict: Verdict) -> list[Component]:
    fine = (Status.OPERATIONAL, Status.UNKNOWN)
    return [one for one in verdict.components if one.status not in fine]


def _heading(verdict: Verdict, style: Style) -> list[str]:
    platform = _platform_words(verdict.platform) if verdict.platform else "not recognised"
    level = verdict.status
    lines = [
        f"Page: {one_line(verdict.name)}",
        f"Address: {link(one_line(verdict.target.url), verdict.target.url, style)}",
        f"Platform: {platform}",
        f"Asked: {'once' if verdict.requests == 1 else f'{verdict.requests} times'}",
        f"State: {paint(wording.STATUS_WORDS[level], level, style)}",
        "Evidence:",
    ]
    lines += [f"  {one_line(one.source)} {one_line(one.finding)}" for one in verdict.evidence]
    return lines if verdict.evidence else [*lines, "  none"]


def _platform_words(name: str) -> str:
    """Its title; a format that is partly guessed is marked."""
    platform = PLATFORMS[name]
    return (
        f"{platform.title} (experimental: its format is partly guessed)" if platform.is_experimental else platform.title
    )


def _feed_lines(verdict: Verdict) -> list[str]:
    return ["Feeds:", *(f"  {_feed_sentence(feed, verdict)}" for feed in verdict.feeds)] if verdict.feeds else []


def _feed_sentence(feed: FeedSpec, verdict: Verdict) -> str:
    uses = {
        Role.STATE: "polled for the state",
        Role.ENTRIES: "polled for new entries",
        Role.HISTORY: "read to learn how something ended",
    }
    use = uses[feed.role] if feed.tier == 0 or feed.role is Role.HISTORY else f"in reserve ({feed.tier})"
    return f"{one_line(feed.url)}  {use}{', read now' if feed.url in verdict.read else ''}"


def _component_lines(verdict: Verdict, style: Style) -> list[str]:
    """A tree, groups with the number of their components; what is fine stands without a word."""
    if not verdict.components:
        return []
    groups = groups_of(verdict.components)
    lines = [f"Components: {len(verdict.components)}{_counts(verdict.components)}"]
    for group, members in groups.items():
        indent = "  "
        if group is not None:
            lines.append(f"  {one_line(group)} ({len(members)})")
            indent = "    "
        lines += [indent + _component_line(one, style) for one in members]
    return lines


def _component_line(one: Component, style: Style) -> str:
    word = "" if one.status is Status.OPERATIONAL else "  " + wording.STATUS_WORDS[one.status]
    return f"{_STATUS_MARKS[one.status]} {one_line(one.name)}{paint(word, one.status, style)}"


def _counts(components: Sequence[Component]) -> str:
    wrong = Counter(one.status for one in components if one.status is not Status.OPERATIONAL)
    parts = ", ".join(f"{count} {wording.STATUS_WORDS[status].lower()}" for status, count in wrong.items())
    return f" ({parts})" if parts else ", all operational"


def _incident_lines(verdict: Verdict, style: Style) -> list[str]:
    if not verdict.open_incidents:
        return [f"Open incidents: none (of {len(verdict.incidents)} shown)"] if verdict.snapshots else []
    rows = [f"  {link(one_line(_incident_sentence(one)), one.url, style)}" for one in verdict.open_incidents]
    return [f"Open incidents: {len(rows)}", *rows]


def _doubt_lines(verdict: Verdict) -> list[str]:
    return ["Doubts:", *(f"  {one_line(doubt)}" for doubt in verdict.doubts)] if verdict.doubts else []


def _page_mapping(verdict: Verdict) -> dict[str, object]:
    return {
        "slug": verdict.target.slug,
        "name": verdict.name,
        "url": verdict.target.url,
        "platform": verdict.platform,
        "status": verdict.status.value,
        "looked_at": wire.timestamp(verdict.looked_at),
        "components": dict(Counter(one.status.value for one in verdict.components)),
        "not_operational": [_component_mapping(one) for one in _not_fine(verdict)],
        "open_incidents": [_incident_mapping(one) for one in verdict.open_incidents],
        "doubts": list(verdict.doubts),
    }


def detection_mapping(verdict: Verdict) -> dict[str, object]:
    """What was found, ready for JSON."""
    return {
        **_page_mapping(verdict),
        "is_experimental": bool(verdict.platform and PLATFORMS[verdict.platform].is_experimental),
        "requests": verdict.requests,
        "evidence": [{"source": one.source, "finding": one.finding} for one in verdict.evidence],
        "feeds": [
            {"url": one.url, "role": one.role.value, "tier": one.tier, "read": one.url in verdict.read}
            for one in verdict.feeds
        ],
        "components": [
            {"group": group, "components": [_component_mapping(one) for one in members]}
            for group, members in groups_of(verdict.components).items()
        ],
        "problems": [{"where": one.where, "reason": one.reason} for one in verdict.problems],
    }


def _component_mapping(one: Component) -> dict[str, object]:
    return {"id": one.id, "name": one.name, "group": one.group, "status": one.status.value}


def _incident_mapping(one: Incident) -> dict[str, object]:
    phase = phase_of(one)
    return {
        "id": one.id,
        "title": one.title,
        "kind": one.kind.value,
        "phase": phase.value if phase else None,
        "impact": one.impact.value,
        "url": one.url,
        "components": [component.name for component in one.components or ()],
    }


def _json(body: object) -> str:
    return escape(msgspec.json.format(msgspec.json.encode(body), indent=2).decode())
