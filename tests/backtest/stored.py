"""Stored documents of an invented page, and the same in the log of a database."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from statuswire.core.routing import USUAL_TYPES
from statuswire.engine.planner import KnownChannel, Rules
from statuswire.engine.series import merged
from statuswire.model import Filter, Impact, Quiet, Route
from statuswire.options import ReplayOptions
from statuswire.replay import Player
from statuswire.store import Tx, open_store

START = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
Words = tuple[float, str, str]


def stamp(minute: float) -> str:
    return (START + timedelta(minutes=minute)).isoformat().replace("+00:00", "Z")


def incident(id_: str, title: str, *updates: Words, impact: str = "minor", **more: str) -> dict[str, Any]:
    """An incident as it stands after these updates: minute, status, text."""
    rows = [
        {"id": f"{id_}-{minute}", "status": status, "body": text, "display_at": stamp(minute)}
        | {"created_at": stamp(minute), "updated_at": stamp(minute)}
        for minute, status, text in updates
    ]
    last = updates[-1]
    return {
        "id": id_,
        "name": title,
        "status": last[1],
        "impact": impact,
        "created_at": stamp(updates[0][0]),
        "updated_at": stamp(last[0]),
        "resolved_at": stamp(last[0]) if last[1] == "resolved" else None,
        "incident_updates": rows[::-1],
        "components": [],
        **more,
    }


def summary(
    minute: float, *incidents: dict[str, Any], status: str = "operational", planned: Sequence[dict[str, Any]] = ()
) -> tuple[float, str]:
    """The page at that minute, with one component."""
    page = {"id": "q7h2m0x9c4vd", "name": "Acme Relay", "url": "https://s.example", "updated_at": stamp(minute)}
    component = {"id": "k3m9s8d1f2gh", "name": "API", "status": status, "updated_at": stamp(minute), "group": False}
    body = {
        "page": page,
        "status": {"indicator": "none", "description": ""},
        "components": [component],
        "incidents": list(incidents),
        "scheduled_maintenances": list(planned),
    }
    return minute, json.dumps(body)


def written(path: Path, *documents: tuple[float, str]) -> Path:
    lines = (json.dumps({"captured_at": stamp(minute), "body": body}) for minute, body in documents)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def logged(series: Path, database: Path) -> str:
    """A database whose log holds what the series tells; its URL."""
    url = f"sqlite:///{database}"
    with closing(open_store(url)) as store:
        player = Player(store, ReplayOptions((series,)))
        for one in merged((series,)):
            player.play(one)
    return url


def rules(quiet: Quiet | None = None, **asked: Any) -> Rules:
    """One route `ops` to one channel of that name."""
    wanted = Filter(types=USUAL_TYPES, **asked)
    route = Route("ops", ("ops",), wanted, quiet or Quiet())
    return Rules(routes=(route,), channels={"ops": KnownChannel("console")})


def said(url: str, *words: Callable[[Tx], object]) -> None:
    """An operator says something while the log is written."""
    with closing(open_store(url)) as store:
        for word in words:
            store.write(word)


WORST = Impact.MAJOR
