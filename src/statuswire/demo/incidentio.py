"""A simulated provider in the shapes of incident.io: native documents, the imitated API, feed and account hook.

The native documents are undocumented; their shape is that of pages seen in use. Hooks: docs.incident.io. Checked
2026-11.
"""

from __future__ import annotations

from datetime import datetime
from html import escape

import msgspec

from statuswire.demo.bodies import Bodies, Body, json_body
from statuswire.demo.world import Case, Part, Post, Provider, ulid
from statuswire.model import Kind, Phase, Status

_LEVELS = {
    Status.OPERATIONAL: "operational",
    Status.DEGRADED: "degraded_performance",
    Status.PARTIAL_OUTAGE: "partial_outage",
    Status.MAJOR_OUTAGE: "full_outage",
    Status.MAINTENANCE: "under_maintenance",
}
_IMPACTS = {"minor": "degraded_performance", "major": "partial_outage", "critical": "full_outage"}
_PLANNED = {
    Phase.SCHEDULED: "maintenance_scheduled",
    Phase.IN_PROGRESS: "maintenance_in_progress",
    Phase.COMPLETED: "maintenance_complete",
}
HOOK_TYPE = "status_page_incident.update_shared_v1"


def documents(provider: Provider, base: str) -> Bodies:
    """Every document of the page by its path."""
    host = base.partition("://")[2]
    cases = [_case(provider, case) for case in provider.cases]
    return {
        f"/proxy/{host}": json_body({"summary": _summary(provider, base)}),
        f"/proxy/{host}/incidents": json_body({"incidents": cases}),
        "/api/v2/summary.json": json_body(_imitation(provider, base)),
        "/api/v2/components.json": json_body({"page": _page(provider, base), "components": _flat(provider)}),
        "/feed.atom": _atom(provider, base),
    }


def hook(provider: Provider, key: str) -> bytes:
    """What an organisation's own webhook is sent when an update of its page is published."""
    case = provider.case(key)
    shown = _case(provider, case)
    incident = {
        "id": shown["id"],
        "status_page_id": _page_id(provider),
        "name": case.title,
        "incident_status": _word(case.phase),
        "published_at": shown["published_at"],
        "component_impacts": [{**impact, "component_status": impact["status"]} for impact in _impacts(provider, case)],
        "updates": [_hook_update(provider, case, post) for post in case.posts],
    }
    update = _hook_update(provider, case, case.posts[-1])
    body = {"status_page_incident": incident, "update": update}
    return msgspec.json.encode({"event_type": HOOK_TYPE, HOOK_TYPE: body})


def _summary(provider: Provider, base: str) -> dict[str, object]:
    parts = [{"id": _part_id(provider, part), "name": part.name} for part in provider.parts]
    return {
        "id": _page_id(provider),
        "name": provider.name,
        "public_url": base,
        "components": [{**part, "status_page_id": _page_id(provider)} for part in parts],
        "structure": {"id": ulid(f"{provider.slug}/structure", provider.born_at), "items": _structure(provider)},
        "affected_components": [
            {"component_id": _part_id(provider, part), "status": _LEVELS[part.status]}
            for part in provider.parts
            if part.status is not Status.OPERATIONAL
        ],
        "ongoing_incidents": [_case(provider, case) for case in provider.open_cases(Kind.INCIDENT)],
        "scheduled_maintenances": [_case(provider, case) for case in provider.open_cases(Kind.MAINTENANCE)],
    }


def _structure(provider: Provider) -> list[dict[str, object]]:
    groups = dict.fromkeys(part.group for part in provider.parts)
    return [
        {
            "group": {
                "id": ulid(f"{provider.slug}/{group}", provider.born_at),
                "name": group or provider.name,
                "hidden": False,
                "components": [
                    {"component_id": _part_id(provider, part), "name": part.name, "hidden": False}
                    for part in provider.parts
                    if part.group == group
                ],
            }
        }
        for group in groups
    ]


def _case(provider: Provider, case: Case) -> dict[str, object]:
    return {
        "id": ulid(case.key, case.started_at),
        "name": case.title,
        "type": case.kind.value,
        "status": _word(case.phase),
        "published_at": _stamp(case.started_at),
        "affected_components": [
            {"component_id": _part_id(provider, provider.part(name)), "status": _IMPACTS[case.impact]}
            for name in case.parts
        ],
        "component_impacts": _impacts(provider, case),
        "updates": [_update(provider, case, post) for post in case.posts],
    }


def _impacts(provider: Provider, case: Case) -> list[dict[str, object]]:
    ended = _stamp(case.posts[-1].at) if case.phase.is_closed else None
    return [
        {
            "id": ulid(f"{case.key}/{name}", case.started_at),
            "component_id": _part_id(provider, provider.part(name)),
            "status_page_incident_id": ulid(case.key, case.started_at),
            "status": _IMPACTS[case.impact],
            "start_at": _stamp(case.started_at),
            "end_at": ended,
        }
        for name in case.parts
    ]


def _update(provider: Provider, case: Case, post: Post) -> dict[str, object]:
    level = "operational" if post.phase.is_closed else _IMPACTS[case.impact]
    return {
        "id": ulid(post.key, post.at),
        "published_at": _stamp(post.at),
        "message_string": post.text,
        "to_status": _word(post.phase),
        "component_statuses": [
            {"component_id": _part_id(provider, provider.part(name)), "status": level} for name in case.parts
        ],
        "automated_update": False,
    }


def _hook_update(provider: Provider, case: Case, post: Post) -> dict[str, object]:
    shown = _update(provider, case, post)
    return {
        "id": shown["id"],
        "status_page_incident_id": ulid(case.key, case.started_at),
        "message": post.text,
        "incident_status": _word(post.phase),
        "published_at": shown["published_at"],
        "component_statuses": [
            {"component_id": _part_id(provider, provider.part(name)), "component_status": _IMPACTS[case.impact]}
            for name in case.parts
        ],
    }


def _imitation(provider: Provider, base: str) -> dict[str, object]:
    """The Statuspage-like summary: keys of empty lists are left out and updates have no texts, as the product does."""
    cases = [_imitated(case, base) for case in provider.open_cases(Kind.INCIDENT)]
    wrong = bool(cases) or any(part.status is not Status.OPERATIONAL for part in provider.parts)
    status = {"indicator": "minor", "description": "Partial Outage"} if wrong else _FINE
    body = {"page": _page(provider, base), "status": status, "components": _flat(provider)[:25]}
    return {**body, "incidents": cases} if cases else body


def _imitated(case: Case, base: str) -> dict[str, object]:
    own_id = ulid(case.key, case.started_at)
    return {
        "id": own_id,
        "name": case.title,
        "status": _word(case.phase),
        "impact": case.impact,
        "shortlink": f"{base}/incidents/{own_id}",
        "created_at": _stamp(case.started_at),
        "updated_at": _stamp(case.changed_at),
        "components": [],
        "incident_updates": [
            {"id": ulid(post.key, post.at), "status": _word(post.phase), "body": "", "created_at": _stamp(post.at)}
            for post in reversed(case.posts)
        ],
    }


_FINE = {"indicator": "none", "description": "All Systems Operational"}


def _page(provider: Provider, base: str) -> dict[str, object]:
    stamp = _stamp(provider.changed_at)
    return {"id": _page_id(provider), "name": provider.name, "url": f"{base}/", "updated_at": stamp}


def _flat(provider: Provider) -> list[dict[str, object]]:
    stamp = _stamp(provider.changed_at)
    return [
        {
            "id": _part_id(provider, part),
            "name": part.name,
            "status": _LEVELS[part.status],
            "created_at": stamp,
            "updated_at": stamp,
            "group": None,
            "group_id": None,
        }
        for part in provider.parts
    ]


def _atom(provider: Provider, base: str) -> Body:
    """One entry for each incident, with its latest update only."""
    entries = "".join(_entry(provider, case, base) for case in provider.cases)
    return (
        "application/atom+xml; charset=utf-8",
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>{base}/</id><title>{escape(provider.name)}</title>"
        f"<updated>{_stamp(provider.changed_at)}</updated><generator>incident.io</generator>{entries}</feed>".encode(),
    )


def _entry(provider: Provider, case: Case, base: str) -> str:
    link = f"{base}//incidents/{ulid(case.key, case.started_at)}"
    post = case.posts[-1]
    text = escape(post.text).replace("\n", "<br/>")
    parts = "".join(f"<li>{escape(provider.part(key).name)} (Degraded performance)</li>" for key in case.parts)
    html = (
        f"<b>Status: {post.phase.value.capitalize()}</b><br/><br/>{text}<br/><br/>"
        f"<b>Affected components</b><ul>{parts}</ul>"
    )
    return (
        f'<entry><id>{link}</id><link href="{link}"/><updated>{_stamp(post.at)}</updated>'
        f'<title><![CDATA[{case.title}]]></title><content type="html"><![CDATA[{html}]]></content></entry>'
    )


def _word(phase: Phase) -> str:
    return _PLANNED.get(phase, phase.value)


def _page_id(provider: Provider) -> str:
    return ulid(provider.slug, provider.born_at)


def _part_id(provider: Provider, part: Part) -> str:
    return ulid(f"{provider.slug}/{part.own_key}", provider.born_at)


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
