"""The service health of a tenant in Microsoft Graph: `healthOverviews` and `issues`.

    {"@odata.context": ".../serviceAnnouncement/healthOverviews",
     "value": [{"id": "Exchange", "service": "Exchange Online", "status": "serviceOperational", "issues": [...]}]}
    {"value": [{"id": "EX123456", "title", "service", "feature", "classification": "advisory", "status", "isResolved",
                "startDateTime", "endDateTime", "lastModifiedDateTime", "impactDescription",
                "posts": [{"createdDateTime", "postType", "description": {"contentType": "html", "content"}}]}]}

Documented at learn.microsoft.com (`serviceHealth`, `serviceHealthIssue`); checked 2026-11. An issue names its service
by the name that is shown, so that is the id of the component.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from statuswire.model import (
    AffectedComponent,
    Component,
    Cover,
    Impact,
    Incident,
    IncidentUpdate,
    PageFacts,
    Phase,
    Problem,
    Snapshot,
    Status,
)
from statuswire.platforms.reading import as_mapping, choose, flag, fold_word, ident, items, moment, plain, text, title

Fields = Mapping[str, object]

_RECOVERY: Final = ("restoringservice", "extendedrecovery", "mitigated", "mitigatedexternal", "verifyingservice")
_CLOSED: Final = ("servicerestored", "resolved", "resolvedexternal")
_DROPPED: Final = ("falsepositive", "investigationsuspended")

LEVELS: Final[dict[str, Status]] = {
    "serviceoperational": Status.OPERATIONAL,
    **dict.fromkeys(("investigating", "reported", "confirmed", "servicedegradation", *_RECOVERY), Status.DEGRADED),
    "serviceinterruption": Status.MAJOR_OUTAGE,
    **dict.fromkeys((*_CLOSED, "postincidentreviewpublished", *_DROPPED), Status.OPERATIONAL),
    "unknownfuturevalue": Status.UNKNOWN,
}
PHASES: Final[dict[str, Phase]] = {
    **dict.fromkeys(("investigating", "reported", "confirmed"), Phase.INVESTIGATING),
    **dict.fromkeys(("servicedegradation", "serviceinterruption"), Phase.IDENTIFIED),
    **dict.fromkeys(_RECOVERY, Phase.MONITORING),
    **dict.fromkeys((*_CLOSED, "serviceoperational"), Phase.RESOLVED),
    "postincidentreviewpublished": Phase.POSTMORTEM,
    **dict.fromkeys(_DROPPED, Phase.CANCELLED),
    "unknownfuturevalue": Phase.UNKNOWN,
}
IMPACTS: Final[dict[str, Impact]] = {"incident": Impact.MAJOR, "advisory": Impact.MINOR}

_WORST: Final = "serviceinterruption"


def is_graph(loaded: object) -> bool:
    """Whether it is one of the two lists."""
    fields = as_mapping(loaded)
    if "serviceAnnouncement/" in text(fields.get("@odata.context"), 400):
        return isinstance(fields.get("value"), list)
    listed = fields.get("value")
    first = as_mapping(listed[0]) if isinstance(listed, list) and listed else {}
    return "service" in first and "status" in first


def read_graph(fields: Fields, platform: str) -> Snapshot:
    """The Snapshot of a list: rows with a classification are issues, the others the health of services."""
    problems: list[Problem] = []
    rows: dict[str, Component] = {}
    incidents: dict[str, Incident] = {}
    is_whole, has_issues = "@odata.nextLink" not in fields, False
    for place, row in items(fields.get("value"), "value", problems):
        where = f"value[{place}]"
        if "classification" in row:
            has_issues = True
            _add(incidents, _issue(row, where, "", problems))
            continue
        component = _overview(row, where, place, problems)
        if component is None:
            is_whole = False
            continue
        rows.setdefault(component.id, component)
        for number, issue in items(row.get("issues"), f"{where}.issues", problems):
            _add(incidents, _issue(issue, f"{where}.issues[{number}]", component.raw_status, problems))
    is_health = is_whole and bool(rows) and not has_issues and not _skipped(problems)
    return Snapshot(
        platform=platform,
        page=PageFacts(name="Microsoft 365"),
        covers=frozenset({Cover.COMPONENTS}) if is_health else frozenset(),
        components=tuple(rows.values()),
        incidents=tuple(incidents.values()),
        problems=tuple(problems),
    )


def _skipped(problems: list[Problem]) -> bool:
    return any(problem.where.endswith("]") and problem.where.startswith("value[") for problem in problems)


def _add(incidents: dict[str, Incident], incident: Incident | None) -> None:
    if incident is not None:
        incidents.setdefault(incident.id, incident)


def _overview(row: Fields, where: str, place: int, problems: list[Problem]) -> Component | None:
    name = title(row.get("service")) or ident(row.get("id"))
    if not name:
        problems.append(Problem(where, "a service without name"))
        return None
    word = text(row.get("status"), 100)
    level = choose(word, LEVELS, Status.UNKNOWN, f"{where}.status", problems)
    return Component(name, name, None, level, word, position=place)


# --- issues ------------------------------------------------------------------------------------------------------


def _issue(row: Fields, where: str, overview: str, problems: list[Problem]) -> Incident | None:
    """`overview` is the word for the whole service, where the issue stands under it."""
    own_id = ident(row.get("id"))
    if not own_id:
        problems.append(Problem(where, "an issue without id"))
        return None
    word = text(row.get("status"), 100)
    phase = choose(word, PHASES, Phase.UNKNOWN, f"{where}.status", problems)
    if flag(row.get("isResolved")) and not phase.is_closed:
        phase = Phase.RESOLVED
    impact = choose(row.get("classification"), IMPACTS, Impact.UNKNOWN, f"{where}.classification", problems)
    if impact is Impact.MAJOR and _WORST in (fold_word(word), fold_word(overview)):
        impact = Impact.CRITICAL
    name = title(row.get("service"))
    level = Status.OPERATIONAL if phase.is_closed else LEVELS.get(fold_word(word), Status.UNKNOWN)
    return Incident(
        id=own_id,
        title=title(row.get("title")),
        phase=phase,
        impact=impact,
        created_at=moment(row.get("startDateTime")),
        started_at=moment(row.get("startDateTime")),
        resolved_at=moment(row.get("endDateTime")) if phase.is_closed else None,
        updated_at=moment(row.get("lastModifiedDateTime")),
        components=(AffectedComponent(name, name, None, level),) if name else None,
        updates=_updates(row, own_id, where, phase, problems),
        raw_phase=word,
        raw_impact=text(row.get("classification"), 100),
    )


def _updates(row: Fields, own_id: str, where: str, phase: Phase, problems: list[Problem]) -> tuple[IncidentUpdate, ...]:
    """The posts, oldest first, the newest in the phase of the issue; without posts what it says of its impact."""
    found: dict[str, IncidentUpdate] = {}
    for place, post in items(row.get("posts"), f"{where}.posts", problems):
        created = ident(post.get("createdDateTime"))
        words, raw = plain(text(as_mapping(post.get("description")).get("content")))
        if not created:
            problems.append(Problem(f"{where}.posts[{place}]", "a post without time"))
            continue
        at = moment(created)
        found[created] = IncidentUpdate(f"{own_id}/{created}", None, words, at, raw=raw)
    posts = sorted(found.values(), key=lambda update: update.at.timestamp() if update.at else 0.0)
    if not posts:
        words, raw = plain(text(row.get("impactDescription")))
        return (IncidentUpdate("", phase, words, moment(row.get("startDateTime")), raw=raw),) if words else ()
    posts[-1] = replace(posts[-1], phase=phase)
    return tuple(posts)
