"""Pages that are nothing but the issues of a GitHub repository: an open issue is an incident that goes on.

<https://docs.github.com/rest/issues> (checked 2026-11); some vendors keep their status so, without Upptime:

    api.github.com/repos/<owner>/<repo>/issues?state=all     [{number, title, state, labels: [{name}], user, body, ...}]
    api.github.com/repos/<owner>/<repo>/issues/<number>/comments

Any repository has issues, so nothing is recognised: the platform is named by whoever knows that these are incidents.
Pull requests are none. A label may say how bad it is (`major`, `severity: major`, `impact/minor`) or that it is a
maintenance; all other labels are the owner's. Anybody can open an issue: only what somebody with a part in the
repository wrote is told, or stands in an issue that was locked. The list is of the thirty changed last and covers
nothing. GitHub allows 60 requests an hour to who does not log in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, FeedSpec, Impact, Incident, Kind, Phase, Problem, Role, Snapshot
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import oldest_first
from statuswire.platforms.parts import load_parts
from statuswire.platforms.reading import as_mapping, fold_word, ident, item_parts, moment, split_url, text, title
from statuswire.platforms.remembering import Now, remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.upptime_issues import (
    comments_by_issue,
    is_locked,
    is_trusted,
    labels_of,
    read_issue,
)
from statuswire.platforms.words import IMPACT_WORDS

NAME: Final = "githubissues"
Fields = Mapping[str, object]

EVERY: Final = timedelta(minutes=5)
GITHUB_JSON: Final = "application/vnd.github+json"
MOST_MORE: Final = 5
RECENT: Final = timedelta(days=1)

_REPOSITORY: Final = re.compile(r"/([A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}?)(?:\.git)?(?:/.*)?")
_API: Final = re.compile(r"/repos/[^/]+/[^/]+/issues(?:/\d+/comments)?/?$")
_ISSUE_KEYS: Final = frozenset({"number", "title", "state"})
_NAMES_LEVEL: Final = re.compile(r"^(?:severity|impact|priority|status|level)\s*[:/ -]\s*", re.IGNORECASE)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The issues of the repository `page_id` (`owner/repo`), else of the one that the address names."""
    address = split_url(page_url)
    if address is None or not address.netloc:
        return ()
    if _API.search(address.path):
        return (FeedSpec(page_url, Role.ENTRIES, 0, GITHUB_JSON, EVERY),)
    is_named = (address.hostname or "").removeprefix("www.") == "github.com"
    found = _REPOSITORY.fullmatch(f"/{page_id}" if page_id else address.path if is_named else "")
    if found is None:
        return ()
    url = f"https://api.github.com/repos/{found[1]}/issues?state=all&sort=updated"
    return (FeedSpec(url, Role.ENTRIES, 0, GITHUB_JSON, EVERY),)


def parse(document: Document) -> Snapshot:
    """Read a list of issues, or of the comments of one; raises ParseError."""
    loaded = load_parts(document)
    if not isinstance(loaded, list):
        raise ParseError(ParseReason.SHAPE, f"no list of issues: {title(as_mapping(loaded).get('message'), 200)}")
    kinds = {_kind(row, "", []) for _, row in item_parts(loaded, "", [])}
    if "comment" in kinds:
        return _read_comments(loaded)
    if loaded and "issue" not in kinds:
        raise ParseError(ParseReason.SHAPE, "a list of neither issues nor comments")
    return _read_issues(loaded, document)


@remembered
def _kind(row: Fields, where: str, problems: list[Problem]) -> str:
    """What a row is; empty for anything else."""
    if "issue_url" in row:
        return "comment"
    return "issue" if row.keys() >= _ISSUE_KEYS else ""


def _read_issues(listed: list[object], document: Document) -> Snapshot:
    problems: list[Problem] = []
    incidents = _issue.each(listed, "issues", problems, Now(document.served_at)).found
    return Snapshot(NAME, incidents=incidents, problems=tuple(problems))


def _read_comments(listed: list[object]) -> Snapshot:
    problems: list[Problem] = []
    found = comments_by_issue(listed, problems)
    incidents = tuple(Incident(number, "", updates=oldest_first(told)) for number, told in found.items())
    return Snapshot(NAME, incidents=incidents, problems=tuple(problems))


def _is_told(row: Fields) -> bool:
    return "pull_request" not in row and is_trusted(row, is_locked=is_locked(row))


@remembered
def _issue(row: Fields, where: str, problems: list[Problem], now: Now) -> Incident | None:
    """None for an issue that is not told. It names no components here: labels are about something else."""
    incident = read_issue(row, where, now, problems) if _is_told(row) else None
    if incident is None:
        return None
    labels = [fold_word(_NAMES_LEVEL.sub("", label)) for label in labels_of(row)]
    impact = next((found for label in labels if (found := IMPACT_WORDS.get(label))), Impact.UNKNOWN)
    if incident.kind is Kind.MAINTENANCE:
        return replace(incident, components=None)
    if impact is Impact.MAINTENANCE:
        return _as_maintenance(incident)
    return replace(incident, impact=impact, components=None)


_AS_MAINTENANCE: Final = {Phase.RESOLVED: Phase.COMPLETED, Phase.INVESTIGATING: Phase.IN_PROGRESS}


def _as_maintenance(incident: Incident) -> Incident:
    phase = _AS_MAINTENANCE.get(incident.phase, incident.phase) if incident.phase else None
    told = replace(incident, kind=Kind.MAINTENANCE, impact=Impact.MAINTENANCE, phase=phase)
    return replace(told, components=None, started_at=None)


def more(document: Document) -> tuple[FeedSpec, ...]:
    """The comments of open and of lately changed issues, newest change first."""
    base = document.url.partition("?")[0].rstrip("/")
    loaded = Sight(document).json
    if _API.search(base) is None or not isinstance(loaded, list):
        return ()
    rows = [as_mapping(row) for row in loaded]
    wanted = [
        f"{base}/{ident(row.get('number'))}/comments"
        for row in rows
        if row.keys() >= _ISSUE_KEYS and row.get("comments") and _is_told(row) and _is_recent(row, document)
    ]
    return tuple(FeedSpec(url, Role.ENTRIES, 0, GITHUB_JSON) for url in wanted[:MOST_MORE])


def _is_recent(row: Fields, document: Document) -> bool:
    changed = moment(row.get("updated_at"))
    is_open = text(row.get("state"), 100) == "open"
    return is_open or (changed is not None and document.served_at - changed <= RECENT)


PLATFORM: Final = Platform(
    name=NAME,
    title="Issues of a GitHub repository",
    feeds=feeds,
    parse=parse,
    more=more,
    coverage=Coverage(
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the number of the issue, the id of a comment",
        confidence=Confidence.MEDIUM,
    ),
)
