"""A simulated provider in the shapes of Atlassian Statuspage: JSON, Atom, RSS and the subscriber's hook.

Shapes as documented on every Statuspage under `/api` and in the vendor's "Enable webhook notifications"; checked
2026-11.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

import msgspec

from statuswire.demo.bodies import Bodies, Body, json_body
from statuswire.demo.world import Case, Part, Post, Provider, code
from statuswire.model import Kind, Phase, Status

LEVELS = {
    Status.OPERATIONAL: "operational",
    Status.DEGRADED: "degraded_performance",
    Status.PARTIAL_OUTAGE: "partial_outage",
    Status.MAJOR_OUTAGE: "major_outage",
    Status.MAINTENANCE: "under_maintenance",
}
_ROLL_UPS = {
    Status.OPERATIONAL: ("none", "All Systems Operational"),
    Status.MAINTENANCE: ("maintenance", "Service Under Maintenance"),
    Status.DEGRADED: ("minor", "Partially Degraded Service"),
    Status.PARTIAL_OUTAGE: ("major", "Partial System Outage"),
    Status.MAJOR_OUTAGE: ("critical", "Major Service Outage"),
}
_SEVERITY = list(_ROLL_UPS)
SHOWN_IN_JSON, SHOWN_IN_FEED = 50, 25
LABELS = {Phase.IN_PROGRESS: "In progress"}


def documents(provider: Provider, base: str) -> Bodies:
    """Every document of the page by its path."""
    incidents = [case for case in provider.cases if case.kind is Kind.INCIDENT]
    maintenances = [case for case in provider.cases if case.kind is Kind.MAINTENANCE]
    head = {"page": _page(provider, base)}
    return {
        "/api/v2/summary.json": json_body(_summary(provider, base)),
        "/api/v2/incidents.json": json_body({**head, "incidents": _cases(provider, incidents, base)}),
        "/api/v2/scheduled-maintenances.json": json_body(
            {**head, "scheduled_maintenances": _cases(provider, maintenances, base)}
        ),
        "/history.atom": _atom(provider, base),
        "/history.rss": _rss(provider, base),
    }


def _cases(provider: Provider, cases: Sequence[Case], base: str) -> list[dict[str, object]]:
    return [_case(provider, one, base) for one in cases[:SHOWN_IN_JSON]]


def hook(provider: Provider, key: str, base: str) -> bytes:
    """What a subscriber is sent after a change of a case: the whole case again."""
    status = _roll_up(provider)
    page = {"id": code(provider.slug), "name": provider.name, "status_indicator": status["indicator"]}
    body = {
        "meta": {"documentation": "https://help.statuspage.io", "generated_at": _stamp(provider.changed_at)},
        "page": {**page, "status_description": status["description"]},
        "incident": {**_case(provider, provider.case(key), base), "backfilled": provider.case(key).is_backfilled},
    }
    return msgspec.json.encode(body)


def _summary(provider: Provider, base: str) -> dict[str, object]:
    return {
        "page": _page(provider, base),
        "components": _components(provider),
        "incidents": [_case(provider, case, base) for case in provider.open_cases(Kind.INCIDENT)],
        "scheduled_maintenances": [_case(provider, case, base) for case in provider.open_cases(Kind.MAINTENANCE)],
        "status": _roll_up(provider),
    }


def _page(provider: Provider, base: str) -> dict[str, object]:
    return {
        "id": code(provider.slug),
        "name": provider.name,
        "url": base,
        "time_zone": "Etc/UTC",
        "updated_at": _stamp(provider.changed_at),
    }


def _roll_up(provider: Provider) -> dict[str, str]:
    indicator, description = _ROLL_UPS[max((part.status for part in provider.parts), key=_SEVERITY.index)]
    return {"indicator": indicator, "description": description}


def _components(provider: Provider) -> list[dict[str, object]]:
    """Group rows stand before their members and repeat the worst of them."""
    rows: list[dict[str, object]] = []
    for group in dict.fromkeys(part.group for part in provider.parts):
        members = [part for part in provider.parts if part.group == group]
        if group is not None:
            worst = max(members, key=lambda part: _SEVERITY.index(part.status))
            children = [_component_id(provider, part) for part in members]
            rows.append(_row(provider, Part(group, None, worst.status), len(rows) + 1, children))
        rows += [_row(provider, part, len(rows) + place, None) for place, part in enumerate(members, 1)]
    return rows


def _row(provider: Provider, part: Part, position: int, children: list[str] | None) -> dict[str, object]:
    return {
        "id": _component_id(provider, part),
        "name": part.name,
        "status": LEVELS[part.status],
        "created_at": _stamp(provider.born_at),
        "updated_at": _stamp(part.changed_at or provider.born_at),
        "position": position,
        "description": None,
        "showcase": True,
        "start_date": None,
        "group": children is not None,
        "group_id": code(f"{provider.slug}/{part.group}") if part.group else None,
        "page_id": code(provider.slug),
        "only_show_if_degraded": False,
        "components": children,
    }


def _component_id(provider: Provider, part: Part) -> str:
    return code(f"{provider.slug}/{part.own_key}")


def _case(provider: Provider, case: Case, base: str) -> dict[str, object]:
    ended = case.posts[-1].at if case.phase.is_closed else None
    parts = [provider.part(name) for name in case.parts]
    body: dict[str, object] = {
        "id": code(case.key),
        "name": case.title,
        "status": case.phase.value,
        "impact": case.impact,
        "created_at": _stamp(case.started_at),
        "started_at": _stamp(case.started_at),
        "updated_at": _stamp(case.changed_at),
        "monitoring_at": None,
        "resolved_at": _stamp(ended) if ended else None,
        "shortlink": _link(case, base),
        "page_id": code(provider.slug),
        "components": [_row(provider, part, place, None) for place, part in enumerate(parts, 1)],
        "incident_updates": [_update(provider, case, post) for post in reversed(case.posts)],
        "reminder_intervals": None,
    }
    if case.scheduled_for and case.scheduled_until:
        body |= {"scheduled_for": _stamp(case.scheduled_for), "scheduled_until": _stamp(case.scheduled_until)}
    return body


def _update(provider: Provider, case: Case, post: Post) -> dict[str, object]:
    affected = [
        {
            "code": _component_id(provider, part),
            "name": f"{part.group} - {part.name}" if part.group else part.name,
            "old_status": LEVELS[level],
            "new_status": LEVELS[level],
        }
        for part, level in ((provider.part(name), level) for name, level in post.levels.items())
    ]
    return {
        "id": code(post.key),
        "incident_id": code(case.key),
        "status": post.phase.value,
        "body": post.text,
        "created_at": _stamp(post.at),
        "updated_at": _stamp(post.edited_at),
        "display_at": _stamp(post.at),
        "affected_components": affected or None,
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _atom(provider: Provider, base: str) -> Body:
    host = base.partition("://")[2]
    entries = "".join(
        f"<entry><id>tag:{host},2005:Incident/{int(code(case.key), 36) % 10**8}</id>"
        f"<published>{_seconds(case.started_at)}</published><updated>{_seconds(case.changed_at)}</updated>"
        f'<link rel="alternate" type="text/html" href="{_link(case, base)}"/>'
        f'<title>{escape(case.title)}</title><content type="html">{escape(history(case))}</content></entry>'
        for case in provider.cases[:SHOWN_IN_FEED]
    )
    return (
        "application/atom+xml; charset=utf-8",
        f'<?xml version="1.0" encoding="UTF-8"?><feed xml:lang="en-US" xmlns="http://www.w3.org/2005/Atom">'
        f"<id>tag:{host},2005:/history</id>"
        f'<link rel="alternate" type="text/html" href="{base}"/>'
        f'<link rel="self" type="application/atom+xml" href="{base}/history.atom"/>'
        f"<title>{escape(provider.name)} Status - Incident History</title>"
        f"<updated>{_seconds(provider.changed_at)}</updated><author><name>{escape(provider.name)}</name></author>"
        f"{entries}</feed>".encode(),
    )


def _rss(provider: Provider, base: str) -> Body:
    items = "".join(
        f"<item><title>{escape(case.title)}</title><description>{escape(history(case))}</description>"
        f"<pubDate>{format_datetime(case.changed_at)}</pubDate>"
        f"<link>{_link(case, base)}</link><guid>{_link(case, base)}</guid></item>"
        for case in provider.cases[:SHOWN_IN_FEED]
    )
    return (
        "application/rss+xml; charset=utf-8",
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>{escape(provider.name)} Status - Incident History</title><link>{base}</link>"
        f"<description>Statuspage</description><pubDate>{format_datetime(provider.changed_at)}</pubDate>"
        f"{items}</channel></rss>".encode(),
    )


def history(case: Case) -> str:
    """The whole history in HTML, newest first, below the window of a maintenance; times without a year and without
    seconds, as the product writes."""
    planned = [_plan(case.scheduled_for, case.scheduled_until)] if case.scheduled_for and case.scheduled_until else []
    return "\n".join(planned + [_paragraph(post) for post in reversed(case.posts)])


def _plan(begins: datetime, ends: datetime) -> str:
    return f"<p><strong>THIS IS A SCHEDULED EVENT {begins:%b %d, %H:%M} - {ends:%b %d, %H:%M} UTC</strong></p>"


def _paragraph(post: Post) -> str:
    label = LABELS.get(post.phase, post.phase.value.capitalize())
    text = escape(post.text).replace("\n", "<br />")
    return (
        f"<p><small>{post.at:%b} <var data-var='date'>{post.at.day:>2}</var>, "
        f"<var data-var='time'>{post.at:%H:%M}</var> UTC</small><br>"
        f"<strong>{label}</strong> - {text}</p>"
    )


def _link(case: Case, base: str) -> str:
    return f"{base}/incidents/{code(case.key)}"


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _seconds(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
