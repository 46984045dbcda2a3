"""Upptime: a page made by GitHub Actions, whose data are a public repository (<https://upptime.js.org/docs>).

Checked 2026-11 in the documentation, the source of upptime/uptime-monitor and public repositories. A page needs to be
told apart as `owner/repo` (and a branch that is not the default one as `owner/repo@branch`); the static page links to
its repository, or shows its graphs from there.

    raw.githubusercontent.com/<owner>/<repo>/HEAD/history/summary.json   [{name, url, slug, status, uptime, ...}]
    api.github.com/repos/<owner>/<repo>/issues?labels=status             incidents
    api.github.com/repos/<owner>/<repo>/issues?labels=maintenance        maintenances
    api.github.com/repos/<owner>/<repo>/issues/<number>/comments         what was written about one

Checks run every five minutes at best, so nothing is asked more often. GitHub allows 60 requests an hour to who does not
log in: comments are fetched for few issues. Lists of issues are the thirty changed last and cover nothing. The owner's
GitHub webhooks `issues` and `issue_comment` are read as hooks; they are signed (`X-Hub-Signature-256`), and
`X-GitHub-Event` names the event.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    Component,
    Cover,
    Document,
    FeedSpec,
    Incident,
    Kind,
    Phase,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole, oldest_first
from statuswire.platforms.parts import load_parts
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    ident,
    item_parts,
    load_json,
    moment,
    split_url,
    text,
    title,
)
from statuswire.platforms.remembering import Now, remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.upptime_issues import (
    comments_by_issue,
    is_locked,
    is_made_by_upptime,
    is_ours,
    is_trusted,
    read_comment,
    read_issue,
)

NAME: Final = "upptime"
Fields = Mapping[str, object]

EVERY: Final = timedelta(minutes=5)
GITHUB_JSON: Final = "application/vnd.github+json"
MOST_MORE: Final = 5
RECENT: Final = timedelta(days=1)
DEFAULT_BRANCH: Final = "HEAD"

LEVELS: Final[Mapping[str, Status]] = {
    "up": Status.OPERATIONAL,
    "degraded": Status.DEGRADED,
    "down": Status.MAJOR_OUTAGE,
}

_NAME: Final = r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}"
_REPOSITORY: Final = re.compile(rf"(?P<name>{_NAME})(?:@(?P<branch>[\w-]{{1,100}}))?")
_RAW: Final = re.compile(rf"raw\.githubusercontent\.com/({_NAME})/")
_LINKED: Final = re.compile(rf"https://github\.com/({_NAME})(?=[\"'/?#])")
_PROJECT: Final = "upptime/"
_SIGN: Final = "upptime.js.org"
_SINGLE: Final = re.compile(r"/history/summary\.json$|/repos/[^/]+/[^/]+/issues(?:/\d+/comments)?/?$")
_SITE_KEYS: Final = frozenset({"name", "slug", "status", "uptime"})
_ISSUE_KEYS: Final = frozenset({"number", "labels", "state", "title"})


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The URLs to poll; `page_id` is `owner/repo`, or `owner/repo@branch`. Without it, what the address itself names:
    a repository, a page on github.io, or one document."""
    address = split_url(page_url)
    if address is None or not address.netloc:
        return ()
    if _SINGLE.search(address.path):
        is_summary = address.path.endswith("/history/summary.json")
        role, accept = (Role.STATE, "application/json") if is_summary else (Role.ENTRIES, GITHUB_JSON)
        return (FeedSpec(page_url, role, 0, accept, EVERY),)
    found = _REPOSITORY.fullmatch(page_id or _repository_of(address.hostname or "", address.path))
    if found is None:
        return ()
    name = found["name"]
    issues = f"https://api.github.com/repos/{name}/issues"
    raw = f"https://raw.githubusercontent.com/{name}/{found['branch'] or DEFAULT_BRANCH}"
    return (
        FeedSpec(f"{raw}/history/summary.json", Role.STATE, every=EVERY),
        FeedSpec(f"{issues}?labels=status&state=all&sort=updated", Role.ENTRIES, 0, GITHUB_JSON, EVERY),
        FeedSpec(f"{issues}?labels=maintenance&state=all&sort=updated", Role.ENTRIES, 0, GITHUB_JSON, EVERY),
    )


def _repository_of(host: str, path: str) -> str:
    """`owner/repo` out of an address at GitHub; empty for any other."""
    parts = [part for part in path.split("/") if part]
    if host in ("github.com", "www.github.com", "raw.githubusercontent.com") and len(parts) >= 2:
        return f"{parts[0]}/{parts[1].removesuffix('.git')}"
    if host.endswith(".github.io"):
        return f"{host.removesuffix('.github.io')}/{parts[0] if parts else host}"
    return ""


def page_id(document: Document) -> str | None:
    """`owner/repo` out of the page for people, which shows graphs from its repository and links to it."""
    page = Sight(document).page
    if _SIGN not in page:
        return None
    names = (*_RAW.findall(page), *_LINKED.findall(page))
    return next((name.removesuffix(".git") for name in names if not name.startswith(_PROJECT)), None)


def parse(document: Document) -> Snapshot:
    """Read any document, told by content; raises ParseError."""
    loaded = load_parts(document)
    if isinstance(loaded, dict):
        _refuse_error(loaded)
        return parse_hook(document)
    if not isinstance(loaded, list):
        raise ParseError(ParseReason.SHAPE, "not an Upptime document: neither sites nor issues nor comments")
    kinds = {_kind(row, "", []) for _, row in item_parts(loaded, "", [])}
    if "site" in kinds:
        return _read_summary(loaded)
    if "issue" in kinds:
        return _read_issues(loaded, document)
    if "comment" in kinds:
        return _read_comments(loaded)
    if not loaded and "/issues" in document.url:
        return Snapshot(platform=NAME)
    raise ParseError(ParseReason.SHAPE, "not an Upptime document: a list of neither sites nor issues nor comments")


@remembered
def _kind(row: Fields, where: str, problems: list[Problem]) -> str:
    """What a row is; empty for anything else."""
    if row.keys() >= _SITE_KEYS:
        return "site"
    if row.keys() >= _ISSUE_KEYS:
        return "issue"
    return "comment" if "issue_url" in row else ""


def _refuse_error(fields: Fields) -> None:
    if fields.keys() >= {"message", "documentation_url"}:
        raise ParseError(ParseReason.ERROR_BODY, f"GitHub answers: {title(fields['message'])[:200]}")


def recognize(sight: Sight) -> bool:
    """The summary, or issues that show Upptime's robot; comments are anybody's."""
    if isinstance(sight.json, list):
        rows = [as_mapping(row) for row in sight.json]
        is_summary = bool(rows) and all(row.keys() >= _SITE_KEYS | {"time"} for row in rows[:5])
        return is_summary or any(row.keys() >= _ISSUE_KEYS and is_made_by_upptime(row) for row in rows)
    fields = sight.fields
    return "action" in fields and "repository" in fields and is_made_by_upptime(as_mapping(fields.get("issue")))


# --- documents -------------------------------------------------------------------------------------------------


def _read_summary(rows: list[object]) -> Snapshot:
    problems: list[Problem] = []
    found: dict[str, Component] = {}
    for index, part in item_parts(rows, "sites", problems):
        site = _site(part, f"sites[{index}]", problems, index)
        if site is not None:
            found[site.id] = site
    is_all = is_whole(rows, "sites", problems)
    return Snapshot(
        platform=NAME,
        covers=frozenset({Cover.COMPONENTS} if is_all else ()),
        components=tuple(found.values()),
        problems=tuple(problems),
    )


@remembered
def _site(row: Fields, where: str, problems: list[Problem], index: int) -> Component | None:
    slug, word = ident(row.get("slug")), text(row.get("status"), 100)
    if not slug:
        problems.append(Problem(where, "a site without slug"))
        return None
    level = choose(word, LEVELS, Status.UNKNOWN, f"{where}.status", problems)
    return Component(slug, title(row.get("name")) or slug, status=level, raw_status=word, position=index)


def _read_issues(rows: list[object], document: Document) -> Snapshot:
    """The issues with one of the two labels, by authors who may speak for the page; the others are nobody's news."""
    problems: list[Problem] = []
    incidents = _issue.each(rows, "issues", problems, Now(document.served_at)).found
    return Snapshot(platform=NAME, incidents=incidents, problems=tuple(problems))


@remembered
def _issue(row: Fields, where: str, problems: list[Problem], now: Now) -> Incident | None:
    is_told = is_ours(row) and is_trusted(row, is_locked=is_locked(row))
    return read_issue(row, where, now, problems) if is_told else None


def _read_comments(rows: list[object]) -> Snapshot:
    problems: list[Problem] = []
    found = comments_by_issue(rows, problems)
    incidents = tuple(Incident(id=number, title="", updates=oldest_first(told)) for number, told in found.items())
    return Snapshot(platform=NAME, incidents=incidents, problems=tuple(problems))


def more(document: Document) -> tuple[FeedSpec, ...]:
    """The comments of open and of lately changed issues, newest change first."""
    if _SINGLE.search(document.url.partition("?")[0]) is None:
        return ()
    loaded = Sight(document).json
    rows = [as_mapping(row) for row in loaded] if isinstance(loaded, list) else []
    base = document.url.partition("?")[0].rstrip("/")
    wanted = [
        f"{base}/{ident(row.get('number'))}/comments"
        for row in rows
        if row.keys() >= _ISSUE_KEYS and is_ours(row) and row.get("comments") and _is_recent(row, document)
    ]
    return tuple(FeedSpec(url, Role.ENTRIES, 0, GITHUB_JSON) for url in wanted[:MOST_MORE])


def _is_recent(row: Fields, document: Document) -> bool:
    changed = moment(row.get("updated_at"))
    return row.get("state") == "open" or (changed is not None and document.served_at - changed <= RECENT)


# --- webhooks --------------------------------------------------------------------------------------------------


def parse_hook(document: Document) -> Snapshot:
    """Read a GitHub webhook of the repository; raises ParseError. What is not about an incident tells nothing."""
    fields = as_mapping(load_json(document))
    issue = as_mapping(fields.get("issue"))
    is_ping = "zen" in fields and "hook_id" in fields
    if not is_ping and ("action" not in fields or "repository" not in fields):
        raise ParseError(ParseReason.SHAPE, "not a GitHub webhook: no action and repository")
    problems: list[Problem] = []
    locked = is_locked(issue)
    incident = None
    if issue and is_ours(issue) and is_trusted(issue, is_locked=locked):
        incident = _told(fields, issue, document, problems)
    return Snapshot(
        platform=NAME,
        incidents=(incident,) if incident else (),
        problems=tuple(problems),
        event_name=_event_name(fields, document),
    )


def _told(fields: Fields, issue: Fields, document: Document, problems: list[Problem]) -> Incident | None:
    """The issue as it is now, with the comment if the hook brings one. A deleted issue is over: its stamp is from
    before, so the moment of the hook stands for it, or a list made a moment earlier would bring the issue back."""
    incident = read_issue(issue, "issue", Now(document.served_at), problems)
    comment, action = as_mapping(fields.get("comment")), fields.get("action")
    if incident is None:
        return None
    if comment and action != "deleted" and is_trusted(comment):
        update = read_comment(comment, "comment", problems)
        return incident if update is None else replace(incident, updates=oldest_first((*incident.updates, update)))
    if action == "deleted" and not comment:
        over = Phase.CANCELLED if incident.kind is Kind.MAINTENANCE else Phase.RESOLVED
        return replace(incident, phase=over, updated_at=document.served_at, raw_phase="deleted")
    return incident


def _event_name(fields: Fields, document: Document) -> str:
    """GitHub's name of the event, from the header or by what the body holds, and the action: `issues.opened`."""
    known = "issue_comment" if "comment" in fields else "issues" if "issue" in fields else ""
    event = title(document.headers.get("x-github-event", "")) or known
    return ".".join(filter(None, (event, text(fields.get("action"), 100))))


PLATFORM = Platform(
    name=NAME,
    title="Upptime",
    feeds=feeds,
    parse=parse,
    parse_hook=parse_hook,
    recognize=recognize,
    hosts=("github.com", "raw.githubusercontent.com"),
    marks=(_SIGN,),
    page_id=page_id,
    more=more,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the number of the GitHub issue, the id of a comment, the slug of a site",
        absence="a site that is not in the summary is no longer checked; of issues absence says nothing",
        confidence=Confidence.MEDIUM,
    ),
)
