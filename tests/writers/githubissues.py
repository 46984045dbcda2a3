"""Pages of GitHub issues: the list of issues, and the comments of each, which the list only points to.

Shapes as <https://docs.github.com/rest/issues> gives them (checked 2026-11). An issue is open or closed; what is
written when it is closed is a comment.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from statuswire.model import Phase
from statuswire.platforms import githubissues
from tests.core.histories import Provider, TrueIncident, TrueUpdate

from .base import Writer
from .markup import in_order

API = "https://api.github.com/repos/acme-relay/status/issues"


def write(provider: Provider, url: str) -> bytes | None:
    """The issues, or the comments of the one that the address names."""
    if url == f"{API}?state=all&sort=updated":
        return msgspec.json.encode([_issue(one) for one in reversed(provider.alive())])
    found = [one for one in provider.alive() if url == _comments_url(one)]
    return msgspec.json.encode([_comment(found[0], update) for update in in_order(found[0])[1:]]) if found else None


def incident_id(one: TrueIncident) -> str:
    return str(int(one.id[:-1]) + 1)


def phase(phase: Phase, _: int) -> Phase:
    """Open or closed."""
    return Phase.RESOLVED if phase.is_closed else Phase.INVESTIGATING


def _comments_url(one: TrueIncident) -> str:
    return f"{API}/{incident_id(one)}/comments"


def _issue(one: TrueIncident) -> dict[str, object]:
    opening = in_order(one)[0]
    return {
        "number": int(incident_id(one)),
        "title": one.title,
        "state": "open" if one.is_open else "closed",
        "locked": False,
        "labels": [],
        "comments": len(one.updates) - 1,
        "user": {"login": "ops", "type": "User"},
        "author_association": "MEMBER",
        "body": opening.text,
        "created_at": _stamp(opening.at),
        "updated_at": _stamp(one.updated_at),
        "closed_at": None if one.is_open else _stamp(one.updated_at),
        "html_url": f"https://github.com/acme-relay/status/issues/{incident_id(one)}",
    }


def _comment(one: TrueIncident, update: TrueUpdate) -> dict[str, object]:
    return {
        "id": int(update.token[1:]),
        "issue_url": f"{API}/{incident_id(one)}",
        "body": update.text,
        "user": {"login": "ops", "type": "User"},
        "author_association": "MEMBER",
        "created_at": _stamp(update.at),
        "updated_at": _stamp(update.edited_at),
    }


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


WRITER = Writer(
    platform=githubissues.PLATFORM,
    write=write,
    incident_id=incident_id,
    phase=phase,
    page_url="https://github.com/acme-relay/status",
    has_maintenances=False,
    shows_deletions=False,
    shows_components=False,
)
