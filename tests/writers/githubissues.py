"""Pages of GitHub issues: the list of issues, and the comments of each, which the list only points to.

Shapes as <https://docs.github.com/rest/issues> gives them (checked 2026-11). An issue is open or closed; what is
written when it is closed is a comment.
"""

from __future__ import annotations

import msgspec

from statuswire.platforms import githubissues
from tests.core.histories import Provider, TrueIncident, TrueUpdate

from .base import Writer
from .markup import in_order, short_stamp
from .sayings import number_text, open_or_over

API = "https://api.github.com/repos/acme-relay/status/issues"


def write(provider: Provider, url: str) -> bytes | None:
    """The issues, or the comments of the one that the address names."""
    if url == f"{API}?state=all&sort=updated":
        latest = sorted(provider.alive(), key=lambda one: one.updated_at, reverse=True)
        return msgspec.json.encode([_issue(one) for one in latest])
    found = [one for one in provider.alive() if url == _comments_url(one)]
    return msgspec.json.encode([_comment(found[0], update) for update in in_order(found[0])[1:]]) if found else None


def _comments_url(one: TrueIncident) -> str:
    return f"{API}/{number_text(one)}/comments"


def _issue(one: TrueIncident) -> dict[str, object]:
    opening = in_order(one)[0]
    return {
        "number": int(number_text(one)),
        "title": one.title,
        "state": "open" if one.is_open else "closed",
        "locked": False,
        "labels": [],
        "comments": len(one.updates) - 1,
        "user": {"login": "ops", "type": "User"},
        "author_association": "MEMBER",
        "body": opening.text,
        "created_at": short_stamp(opening.at),
        "updated_at": short_stamp(one.updated_at),
        "closed_at": None if one.is_open else short_stamp(one.updated_at),
        "html_url": f"https://github.com/acme-relay/status/issues/{number_text(one)}",
    }


def _comment(one: TrueIncident, update: TrueUpdate) -> dict[str, object]:
    return {
        "id": int(update.token[1:]),
        "issue_url": f"{API}/{number_text(one)}",
        "body": update.text,
        "user": {"login": "ops", "type": "User"},
        "author_association": "MEMBER",
        "created_at": short_stamp(update.at),
        "updated_at": short_stamp(update.edited_at),
    }


WRITER = Writer(
    platform=githubissues.PLATFORM,
    write=write,
    incident_id=number_text,
    phase=open_or_over,
    page_url="https://github.com/acme-relay/status",
    most_incidents=githubissues.MOST_MORE,
    has_maintenances=False,
    shows_deletions=False,
    shows_components=False,
)
