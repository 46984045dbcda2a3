"""Microsoft 365: the public page with nothing but levels, and the health of a tenant in Microsoft Graph.

The page as seen in 2026, Graph as documented (checked 2026-11). A service in Graph is known by the name that is shown,
and an issue names one of them.
"""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Phase, Status
from statuswire.platforms.vendors import microsoft365
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order, stamp
from tests.writers.sayings import number, paragraphs, part_name

GRAPH = "https://graph.microsoft.com/v1.0/admin/serviceAnnouncement"
CONTEXT = "https://graph.microsoft.com/v1.0/$metadata#admin/serviceAnnouncement/"
POST_WORDS = {
    Status.OPERATIONAL: "Available",
    Status.DEGRADED: "Service degradation",
    Status.MAJOR_OUTAGE: "ServiceInterruption",
}
LEVEL_WORDS = {
    Status.OPERATIONAL: "serviceOperational",
    Status.DEGRADED: "serviceDegradation",
    Status.MAJOR_OUTAGE: "serviceInterruption",
}
PHASE_WORDS = {
    Phase.INVESTIGATING: "investigating",
    Phase.IDENTIFIED: "serviceDegradation",
    Phase.MONITORING: "restoringService",
    Phase.RESOLVED: "serviceRestored",
    Phase.POSTMORTEM: "postIncidentReviewPublished",
}

# --- the public page ---------------------------------------------------------------------------------------------


def workload(number: int) -> str:
    return f"AcmePart{number}"


def write_posts(provider: Provider, url: str) -> bytes | None:
    """Of the portals, which are well, and of the consumer services."""
    leaf = url.rpartition("/")[2]
    if "/api/feed/" in url:
        item = f"<item><title>{leaf}</title><description>Fine.</description><status>Available</status></item>"
        return f'<rss version="2.0"><channel><title>{leaf}</title>{item}</channel></rss>'.encode()
    if leaf in microsoft365.PORTALS:
        return msgspec.json.encode(_post(provider, "Available"))
    return msgspec.json.encode([_consumer(one, provider) for one in provider.components.values()])


def _post(provider: Provider, word: str) -> dict[str, object]:
    times = {"AuthoredDateTime": "0001-01-01T00:00:00", "LastUpdatedTime": stamp(provider.now)}
    return {"Id": "7b1f0a52", **times, "Title": "A service", "Message": "<p>Read on.</p>", "Status": word}


def _consumer(one: Component, provider: Provider) -> dict[str, object]:
    names = {"ServiceDisplayName": one.name, "ServiceWorkloadName": one.id}
    return _post(provider, POST_WORDS[one.status]) | names


# --- Graph -------------------------------------------------------------------------------------------------------


def write_graph(provider: Provider, url: str) -> bytes | None:
    """`healthOverviews` and `issues`."""
    if url.endswith("/healthOverviews"):
        rows = [_overview(one) for one in provider.components.values()]
        return msgspec.json.encode({"@odata.context": f"{CONTEXT}healthOverviews", "value": rows})
    issues = [_issue(one) for one in reversed(provider.alive())]
    return msgspec.json.encode({"@odata.context": f"{CONTEXT}issues", "value": issues})


def issue_id(one: TrueIncident) -> str:
    return f"EX{900_000 + number(one)}"


def _overview(one: Component) -> dict[str, str]:
    return {"id": one.id.replace(" ", ""), "service": one.name, "status": LEVEL_WORDS[one.status]}


def _issue(one: TrueIncident) -> dict[str, object]:
    return {
        "id": issue_id(one),
        "title": one.title,
        "service": one.components[0] if one.components else "",
        "feature": "Sign-in",
        "classification": "advisory",
        "status": PHASE_WORDS[one.phase],
        "isResolved": not one.is_open,
        "startDateTime": stamp(one.created_at),
        "endDateTime": None if one.is_open else stamp(in_order(one)[-1].at),
        "lastModifiedDateTime": stamp(one.updated_at),
        "impactDescription": one.title,
        "posts": [_told(update) for update in reversed(in_order(one))],
    }


def _told(update: TrueUpdate) -> dict[str, object]:
    content = {"contentType": "html", "content": paragraphs(update.text)}
    return {"createdDateTime": stamp(update.at), "postType": "regular", "description": content}


WRITERS = (
    Writer(
        platform=microsoft365.PLATFORM,
        write=write_posts,
        component_id=workload,
        page_url=microsoft365.PAGE_URL,
        levels=tuple(POST_WORDS),
        has_incidents=False,
    ),
    Writer(
        platform=microsoft365.PLATFORM,
        write=write_graph,
        incident_id=issue_id,
        component_id=part_name,
        page_url=GRAPH,
        styles=("stamped", "untidy"),
        levels=tuple(LEVEL_WORDS),
        has_maintenances=False,
        has_renaming=False,
        shows_deletions=False,
    ),
)
