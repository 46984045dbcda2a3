"""A provider with two components and a service that watches it, for whoever asks that service."""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType

from tests.fake_provider import ThreadedProvider

from .running import Running

STAMP = "2026-05-04T10:{minute:02}:00.000Z"


def summary(minute: int = 0, api: str = "operational", *, incident: str = "") -> bytes:
    """What a Statuspage says: how its API is, and the title of an incident of minor impact that touches it."""
    at = STAMP.format(minute=minute)
    components = [
        {"id": "k3m9s8d1f2gh", "name": "API", "status": api, "updated_at": at},
        {"id": "q7r8s9t0u1v2", "name": "Chat, Completions", "status": "operational", "updated_at": at},
    ]
    story = {
        "id": "w2x4y6z8b1c3",
        "name": incident,
        "status": "investigating",
        "impact": "minor",
        "created_at": STAMP.format(minute=0),
        "updated_at": at,
        "components": components[:1],
        "incident_updates": [{"id": "u1", "status": "investigating", "body": "We are looking.", "created_at": at}],
    }
    body = {
        "page": {"id": "acmerelay000", "name": "Acme Relay", "url": "https://s.example", "updated_at": at},
        "status": {"indicator": "none", "description": ""},
        "components": [{"position": 1, "group": False, "group_id": None, **one} for one in components],
        "incidents": [story] if incident else [],
        "scheduled_maintenances": [],
    }
    return json.dumps(body).encode()


class Acme:
    """The provider, and the service with its base URL. The state is read once a second."""

    def __init__(self, folder: Path, settings: dict[str, object] | None = None) -> None:
        self.folder = folder
        self.provider = ThreadedProvider()
        self._settings = settings or {}

    def __enter__(self) -> Acme:
        self.provider.__enter__()
        self.say(summary())
        page = {"slug": "acme", "name": "Acme Relay", "url": self.provider.url("/"), "allow_private": True}
        config = {"poll": {"interval": "1s", "while_open": "1s"}, "pages": [page], **self._settings}
        (self.folder / "acme.yaml").write_text(json.dumps(config), encoding="utf-8")
        self.service = self.run("0")
        self.url = self.service.base_url
        self.service.until_status("/api/v1/components?page=acme", lambda body: bool(body["items"]))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.service.__exit__(kind, error, trace)
        self.provider.__exit__(kind, error, trace)

    def run(self, port: str) -> Running:
        """The service on a port, on the database that is there."""
        where = ("--config", "acme.yaml", "--database", "sqlite:///acme.db")
        return Running("run", *where, "--port", port, cwd=self.folder)

    def say(self, body: bytes) -> None:
        """From now on the provider says this."""
        self.provider.serve("/api/v2/summary.json", body)

    def push(self, name: str) -> None:
        """One event at once: a hook about an incident of this name on a page of its own."""
        body = {"event_type": "incident", "data": {"id": name, "incident": {"name": name, "status": {"label": "down"}}}}
        assert self.service.post("/webhook/generic/brook", body).status == 202

    def restart(self) -> None:
        """Kill the service and start it again at the same address."""
        self.service.kill()
        self.service.__exit__(None, None, None)
        self.service = self.run(self.url.rpartition(":")[2])
        assert self.service.base_url == self.url
