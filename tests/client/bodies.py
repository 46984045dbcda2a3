"""Answers of the API, as small as they can be."""

from __future__ import annotations

import json
from typing import Any

PAGE = {"slug": "acme", "name": "Acme Relay", "url": "https://status.acme-relay.example"}
AT = "2026-05-04T10:22:31Z"


def page(**fields: Any) -> dict[str, Any]:
    whole = {"state": "operational", "platform": "statuspage", "stale": False, "last_known": "operational"}
    return {**PAGE, **whole, "components": {"operational": 1}, **fields}


def component(name: str = "API", status: str = "operational", **fields: Any) -> dict[str, Any]:
    return {"id": name.lower(), "name": name, "group": None, "status": status, **fields}


def incident(title: str = "Slow API", *names: str, **fields: Any) -> dict[str, Any]:
    whole = {"id": title.lower(), "title": title, "kind": "incident", "phase": "identified", "impact": "minor"}
    touched = [component(name, "degraded") for name in names]
    return {**whole, "url": "https://x.example", "page": PAGE, "components": touched, "updates": [], **fields}


def listed(*items: dict[str, Any], following: str | None = None) -> bytes:
    return json.dumps({"items": items, "next": following}).encode()


def event(number: int, type_: str = "incident.updated", **fields: Any) -> dict[str, Any]:
    whole = {"id": number, "type": type_, "at": AT, "seen_at": AT, "lag_s": 0, "source": "hook", "page": PAGE}
    return {**whole, **fields}


def frame(number: int, type_: str = "incident.updated") -> bytes:
    """One event as the stream sends it."""
    return f"id: {number}\nevent: {type_}\ndata: {json.dumps(event(number, type_))}\n\n".encode()
