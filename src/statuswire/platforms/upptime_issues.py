"""The issues and comments of GitHub as Upptime uses them: an issue is an incident, a comment an update.

    issue    {number, title, state, locked, labels: [{name}], user: {type}, author_association, body, created_at,
              updated_at, closed_at, html_url, comments}       api.github.com/repos/<owner>/<repo>/issues
    comment  {id, issue_url, body, user, author_association, created_at, updated_at}

(<https://docs.github.com/rest/issues>, <https://upptime.js.org/docs>, and upptime/uptime-monitor's source, checked
2026-11.) The robot opens an issue labelled `status`, the site's slug and its tags, titles it "🛑 Website is down" or
"⚠️ Website has degraded performance", and locks it. A maintenance is an issue labelled `maintenance` whose body has

    <!--
    start: 2026-05-09T22:00:00.000Z
    end: 2026-05-09T23:30:00.000Z
    expectedDown: website, api
    expectedDegraded: search
    -->

Anybody can open an issue, and a template may lend it the label: only what the robot or somebody with a part in the
repository wrote is told, or stands in an issue that was locked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from statuswire.model import AffectedComponent, Impact, Incident, IncidentUpdate, Kind, Phase, Problem
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    flag,
    ident,
    items,
    moment,
    normalise_url,
    plain,
    text,
    title,
)
from statuswire.platforms.remembering import Now

Fields = Mapping[str, object]

INCIDENT_LABEL: Final = "status"
MAINTENANCE_LABEL: Final = "maintenance"
TRUSTED: Final = frozenset({"OWNER", "MEMBER", "COLLABORATOR", "CONTRIBUTOR"})
"""A member who hides the membership is shown as a contributor: the robot commits to the repository."""

STATES: Final[Mapping[str, Phase]] = {"open": Phase.INVESTIGATING, "closed": Phase.RESOLVED}
"""GitHub's states; Upptime knows no phases."""

IMPACTS: Final[Mapping[str, Impact]] = {"is down": Impact.CRITICAL, "has degraded performance": Impact.MINOR}
"""How the robot ends the title of an issue."""

BODY_ID: Final = "body"

_TITLE: Final = re.compile(r"(?P<mark>🛑|⚠️?)\s*(?P<site>.{1,300}?) (?P<what>is down|has degraded performance)")
_COMMENT_BLOCK: Final = re.compile(r"<!--(.{0,4000}?)-->", re.DOTALL)
_FIELD: Final = re.compile(r"^\s*(start|end|expectedDown|expectedDegraded)\s*:\s*(.*?)\s*$", re.MULTILINE)
_NOT_IN_SLUG: Final = re.compile(r"[^a-z0-9]+")
_NUMBER: Final = re.compile(r"/issues/(\d{1,12})$")


def labels_of(row: Fields) -> list[str]:
    """The names of the labels, of an issue or as GitHub writes them in short."""
    listed = row.get("labels")
    rows = listed if isinstance(listed, list) else []
    names = (text(one.get("name"), 200) if isinstance(one, dict) else text(one, 200) for one in rows)
    return [name for name in names if name]


def is_ours(row: Fields) -> bool:
    """Whether an issue has one of Upptime's labels; a pull request is no incident."""
    return "pull_request" not in row and bool({INCIDENT_LABEL, MAINTENANCE_LABEL} & set(labels_of(row)))


def is_made_by_upptime(row: Fields) -> bool:
    """Whether the issue itself shows its maker: the robot's title, or the block of a maintenance."""
    if not is_ours(row):
        return False
    return _TITLE.fullmatch(title(row.get("title"))) is not None or "start" in _window_fields(row)


def is_trusted(row: Fields, *, is_locked: bool = False) -> bool:
    """Whether the author may speak for the page; unknown authors of what only members can write to may."""
    is_robot = as_mapping(row.get("user")).get("type") == "Bot"
    association = row.get("author_association")
    return is_robot or is_locked or association is None or text(association, 100) in TRUSTED


# --- issues ----------------------------------------------------------------------------------------------------


def read_issue(row: Fields, where: str, now: Now, problems: list[Problem]) -> Incident | None:
    """One incident or maintenance; None, and a Problem, where it has no number."""
    number = ident(row.get("number"))
    if not number:
        problems.append(Problem(where, "an issue without number"))
        return None
    is_maintenance = MAINTENANCE_LABEL in labels_of(row)
    fields = _window_fields(row) if is_maintenance else {}
    begins, ends = moment(fields.get("start")), moment(fields.get("end"))
    written = title(row.get("title"))
    made = _TITLE.fullmatch(written)
    created_at, closed_at = moment(row.get("created_at")), moment(row.get("closed_at"))
    word = text(row.get("state"), 100)
    phase = choose(word, STATES, Phase.UNKNOWN, f"{where}.state", problems)
    url = text(row.get("html_url")).strip()
    return Incident(
        id=number,
        title=written,
        kind=Kind.MAINTENANCE if is_maintenance else Kind.INCIDENT,
        phase=_planned(phase, begins, closed_at, now) if is_maintenance else phase,
        impact=_impact(made, is_maintenance=is_maintenance),
        url=url if url.startswith(("https://", "http://")) else "",
        created_at=created_at,
        started_at=None if is_maintenance else created_at,
        resolved_at=closed_at,
        updated_at=moment(row.get("updated_at")),
        scheduled_for=begins,
        scheduled_until=ends,
        components=_expected(fields) if is_maintenance else _affected(row, made),
        updates=_opening(row, created_at),
        aliases=(normalise_url(url),) if url else (),
        raw_phase=word,
        raw_impact=made["what"] if made else "",
    )


def _impact(made: re.Match[str] | None, *, is_maintenance: bool) -> Impact:
    if is_maintenance:
        return Impact.MAINTENANCE
    return IMPACTS[made["what"]] if made else Impact.UNKNOWN


_PLANNED: Final = {Phase.INVESTIGATING: Phase.IN_PROGRESS, Phase.RESOLVED: Phase.COMPLETED}


def _planned(phase: Phase, begins: datetime | None, closed_at: datetime | None, now: Now) -> Phase:
    """Of a maintenance: open before its time it is a plan, closed before its time it was called off."""
    if phase is Phase.RESOLVED and begins and closed_at and closed_at < begins:
        return Phase.CANCELLED
    if phase is Phase.INVESTIGATING and begins and now.is_before(begins):
        return Phase.SCHEDULED
    return _PLANNED.get(phase, phase)


def _opening(row: Fields, at: datetime | None) -> tuple[IncidentUpdate, ...]:
    body, raw = plain(_COMMENT_BLOCK.sub("", text(row.get("body"))).strip())
    return (IncidentUpdate(BODY_ID, None, body, at, raw=raw),) if body else ()


def _affected(row: Fields, made: re.Match[str] | None) -> tuple[AffectedComponent, ...]:
    """The site whose slug is a label. Its tags are labels too: the site of the title tells which one is the slug."""
    slugs = [name for name in labels_of(row) if name != INCIDENT_LABEL]
    site = made["site"] if made else ""
    own = [slug for slug in slugs if site and slug == _slug(site)]
    return tuple(AffectedComponent(slug, site if slug in own or len(slugs) == 1 else "") for slug in own or slugs)


def _slug(name: str) -> str:
    return _NOT_IN_SLUG.sub("-", name.lower()).strip("-")


def _window_fields(row: Fields) -> dict[str, str]:
    """The lines of the comment block of a maintenance."""
    block = _COMMENT_BLOCK.search(text(row.get("body")))
    return dict(_FIELD.findall(block[1])) if block else {}


def _expected(fields: Mapping[str, str]) -> tuple[AffectedComponent, ...]:
    slugs = (slug.strip() for key in ("expectedDown", "expectedDegraded") for slug in fields.get(key, "").split(","))
    return tuple(AffectedComponent(slug, "") for slug in dict.fromkeys(slugs) if slug)


# --- comments --------------------------------------------------------------------------------------------------


def read_comment(row: Fields, where: str, problems: list[Problem]) -> IncidentUpdate | None:
    comment_id = ident(row.get("id"))
    if not comment_id:
        problems.append(Problem(where, "a comment without id"))
        return None
    body, raw = plain(text(row.get("body")))
    changed = moment(row.get("updated_at"))
    return IncidentUpdate(comment_id, None, body, moment(row.get("created_at")), updated_at=changed, raw=raw)


def comments_by_issue(listed: object, problems: list[Problem]) -> dict[str, list[IncidentUpdate]]:
    """The trusted comments by the number of their issue, in the order given: oldest first."""
    found: dict[str, list[IncidentUpdate]] = {}
    for index, row in items(listed, "comments", problems):
        number = _NUMBER.search(text(row.get("issue_url")))
        if number is None:
            problems.append(Problem(f"comments[{index}]", "a comment of no issue"))
        elif is_trusted(row):
            update = read_comment(row, f"comments[{index}]", problems)
            if update is not None:
                found.setdefault(number[1], []).append(update)
    return found


def is_locked(row: Fields) -> bool:
    return flag(row.get("locked"))
