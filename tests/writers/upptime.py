"""Upptime: the summary of sites, the issues of a repository with their comments, and GitHub's webhooks of both.

An issue is open or closed. Maintenances go by the clock there, and so have no life of their own. Shapes as GitHub's
documentation and public repositories have them (checked 2026-11).
"""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Status
from statuswire.platforms import upptime
from tests.core.histories import Provider, TrueIncident, TrueUpdate, What

from .base import Writer
from .markup import short_stamp
from .sayings import open_or_over

REPOSITORY = "acme/status"
API = f"https://api.github.com/repos/{REPOSITORY}"
SUMMARY, INCIDENTS, MAINTENANCES = (feed.url for feed in upptime.feeds(f"https://github.com/{REPOSITORY}"))
LEVELS = {Status.OPERATIONAL: "up", Status.DEGRADED: "degraded", Status.MAJOR_OUTAGE: "down"}
OWNER = {"user": {"login": "acme", "id": 2, "type": "User"}, "author_association": "OWNER"}
SHOWN = 30


def write(provider: Provider, url: str) -> bytes | None:
    """The summary, a list of issues, those changed last at the head, or the comments on one."""
    if url == SUMMARY:
        return msgspec.json.encode([_site(one) for one in provider.components.values()])
    if url == MAINTENANCES:
        return b"[]"
    latest = sorted(provider.alive(), key=lambda one: one.updated_at, reverse=True)[:SHOWN]
    if url == INCIDENTS:
        return msgspec.json.encode([_issue(provider, one) for one in latest])
    told = next((one for one in provider.alive() if f"/issues/{incident_id(one)}/" in url), None)
    return msgspec.json.encode([_comment(told, update) for update in told.updates[1:]]) if told else None


def hook(provider: Provider, what: What) -> bytes | None:
    """An issue, with the comment that was just written."""
    if isinstance(what, str):
        return None
    is_new = what.updates[-1].at == provider.now and not what.is_deleted
    body = {
        "action": "deleted" if what.is_deleted else _action(provider, what),
        "issue": _issue(provider, what),
        "repository": {"id": 1, "full_name": REPOSITORY, "html_url": f"https://github.com/{REPOSITORY}"},
        "sender": OWNER["user"],
    }
    if is_new and len(what.updates) > 1:
        body["comment"] = _comment(what, what.updates[-1])
    return msgspec.json.encode(body)


def incident_id(one: TrueIncident) -> str:
    return str(40 + int(one.id[:-1]))


def component_id(number: int) -> str:
    return f"part-{number}"


def _action(provider: Provider, what: TrueIncident) -> str:
    if what.updates[-1].at != provider.now:
        return "edited"
    return "created" if len(what.updates) > 1 else "opened"


def _site(one: Component) -> dict[str, object]:
    share = dict.fromkeys(("uptime", "uptimeDay", "uptimeWeek", "uptimeMonth", "uptimeYear"), "99.98%")
    url = f"https://{one.id}.acme-relay.example"
    return {
        "name": one.name,
        "url": url,
        "icon": "",
        "slug": one.id,
        "status": LEVELS[one.status],
        **share,
        "time": 187,
    }


def _issue(provider: Provider, one: TrueIncident) -> dict[str, object]:
    number = incident_id(one)
    return {
        "url": f"{API}/issues/{number}",
        "comments_url": f"{API}/issues/{number}/comments",
        "html_url": f"https://github.com/{REPOSITORY}/issues/{number}",
        "id": 9_000 + int(number),
        "number": int(number),
        "title": one.title,
        "labels": [{"name": name} for name in ("status", *one.components)],
        "state": "open" if one.is_open else "closed",
        "locked": True,
        "comments": len(one.updates) - 1,
        "created_at": short_stamp(one.created_at),
        "updated_at": short_stamp(one.updated_at),
        "closed_at": None if one.is_open else short_stamp(one.updates[-1].at),
        "body": one.updates[0].text,
        **OWNER,
    }


def _comment(one: TrueIncident, update: TrueUpdate) -> dict[str, object]:
    own_id, issue = int(update.token[1:]), f"{API}/issues/{incident_id(one)}"
    return {
        "id": own_id,
        "url": f"{API}/issues/comments/{own_id}",
        "issue_url": issue,
        "created_at": short_stamp(update.at),
        "updated_at": short_stamp(update.edited_at),
        "body": update.text,
        **OWNER,
    }


WRITER = Writer(
    platform=upptime.PLATFORM,
    write=write,
    hook=hook,
    incident_id=incident_id,
    component_id=component_id,
    phase=open_or_over,
    page_url=f"https://github.com/{REPOSITORY}",
    levels=tuple(LEVELS),
    has_maintenances=False,
    shows_deletions=False,
)
