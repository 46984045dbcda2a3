"""A small world on loopback: providers, a receiver of what is told, a database with a history, and the program's name.

with World(folder) as world: world.session("docs/tutorial.md", folder) ...
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from itertools import count
from pathlib import Path
from types import TracebackType

import yaml

from tests.e2e.running import Running
from tests.e2e.waiting import wait_until
from tests.fake_provider import ThreadedProvider, reply
from tests.manual import scenes
from tests.manual.blocks import ROOT
from tests.manual.shell import PATIENCE_S

AT = "2026-05-04T10:00:00.000Z"
PAGES: dict[str, tuple[str, ...]] = {
    "openai": ("Chat Completions", "API"),
    "github": ("Actions", "Codespaces"),
    "payments": ("Europe / API", "Checkout"),
    "acme": ("API", "Docs"),
    "aws": ("us-east-1 / EC2", "eu-west-1 / S3"),
    "example": ("API", "Checkout"),
}
"""Each with its components, some in groups."""
IN_TROUBLE = {"payments": 0, "acme": 0, "aws": 1}
"""Pages with an incident, and the component that has it."""
EXAMPLE = "https://status.example.com"
STATUSGATOR = "https://statusgator.com"
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
SIGNALS = re.compile(r"/signals/([a-z2-7]{32})\b")
CONTRACT = {"page": "payments", "components": ["Europe / *", "Checkout"], "objective": 99.9}
DATABASE = "postgresql://statuswire@db.example/statuswire"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def summary(slug: str) -> bytes:
    """What a page says, as Statuspage has it: one incident where it is in trouble, else one planned maintenance."""
    components = list(_components(slug))
    touched = [one for one in components if one["id"] == f"{slug}-c{IN_TROUBLE.get(slug, 0)}"]
    story = {"created_at": AT, "updated_at": AT, "components": touched, "impact": "major"}
    told = {"id": f"{slug}-u1", "body": "We are looking.", "created_at": AT}
    incident = {"id": f"{slug}-i1", "name": "Slow API", "status": "investigating"}
    planned = {"id": f"{slug}-m1", "name": "A new disk", "status": "scheduled", "impact": "maintenance"}
    times = {"scheduled_for": "2036-05-04T10:00:00Z", "scheduled_until": "2036-05-04T12:00:00Z"}
    incidents = [{**story, **incident, "incident_updates": [{**told, "status": "investigating"}]}]
    maintenances = [{**story, **planned, **times, "incident_updates": [{**told, "status": "scheduled"}]}]
    body = {
        "page": {"id": f"{slug}-p", "name": slug.title(), "url": "https://s.example", "updated_at": AT},
        "status": {"indicator": "none", "description": ""},
        "components": components,
        "incidents": incidents if slug in IN_TROUBLE else [],
        "scheduled_maintenances": [] if slug in IN_TROUBLE else maintenances,
    }
    return json.dumps(body).encode()


def _components(slug: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for number, name in enumerate(PAGES[slug]):
        group, _, own = name.rpartition(" / ")
        status = "partial_outage" if IN_TROUBLE.get(slug) == number else "operational"
        row = {"id": f"{slug}-c{number}", "status": status, "updated_at": AT, "position": number, "group_id": None}
        if group:
            rows.append({**row, "id": f"{slug}-g{number}", "name": group, "group": True})
            row |= {"group_id": f"{slug}-g{number}"}
        rows.append({**row, "name": own, "group": False})
    return rows


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Example Status</title><link>https://s.example</link>
<item><title>Slow API</title><description>All is well again.</description><guid>e1</guid>
<pubDate>Mon, 04 May 2026 10:00:00 GMT</pubDate></item></channel></rss>
"""


class World:
    """Begun once, for all pages. `environ` is that of every command."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._providers = {slug: ThreadedProvider() for slug in PAGES}
        self._receiver = ThreadedProvider()
        self._numbers = count()
        self.token, self.digest = "", ""

    def __enter__(self) -> World:
        for slug, provider in self._providers.items():
            provider.__enter__()
            provider.serve("/api/v2/summary.json", summary(slug))
            provider.serve("/history.rss", RSS.encode())
        self._receiver.__enter__()
        self._make_programs()
        self._make_history()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for provider in (*self._providers.values(), self._receiver):
            provider.__exit__(kind, error, trace)

    def url(self, slug: str) -> str:
        return self._providers[slug].url("")

    def page(self, slug: str) -> dict[str, object]:
        return {"slug": slug, "name": slug.title(), "url": self.url(slug), "allow_private": True}

    def session(self, page: str) -> tuple[Path, Mapping[str, str]]:
        """A folder for a page's commands, with what they find there, and their variables."""
        folder = self._folder / f"{next(self._numbers):02}-{Path(page).stem}"
        folder.mkdir()
        (folder / ".venv").mkdir()
        (folder / ".venv" / "bin").symlink_to(self._folder / "bin")
        config = self._folder / ("empty.yaml" if page in scenes.UNWATCHED else "statuswire.yaml")
        if page not in scenes.BARE:
            scenes.fill(folder)
            shutil.copy(self._folder / "statuswire.db", folder / "statuswire.db")
            for place in (folder, folder / "etc"):
                shutil.copy(config, place / "statuswire.yaml")
        return folder, self._environ(folder, config)

    def _environ(self, folder: Path, config: Path) -> Mapping[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("STATUSWIRE_")}
        return kept | {
            "BOARD": "board-1",
            "PATH": f"{self._folder / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "src"),
            "PYTHONUNBUFFERED": "1",
            "HOME": str(folder),
            "STATUSWIRE_CONFIG": str(config),
        }

    # --- what is made once ----------------------------------------------------------------------------------------

    def _make_programs(self) -> None:
        """`statuswire` as an installed one would be called, the Python of the environment, and another machine."""
        programs = self._folder / "bin"
        programs.mkdir()
        called = {"statuswire": f'{sys.executable} -m statuswire "$@"', "python": f'{sys.executable} "$@"'}
        for name, words in (called | {"ssh": 'sh -c "$2"'}).items():
            (programs / name).write_text(f"#!/bin/sh\nexec {words}\n", encoding="utf-8")
            (programs / name).chmod(0o755)

    def _make_history(self) -> None:
        """A database that knows all pages, with deliveries that failed and a hook that cannot be read."""
        config = {
            "poll": {"interval": "1s", "while_open": "1s"},
            "pages": [self.page(slug) for slug in PAGES],
            "channels": {"ops": {"kind": "webhook", "url": self._receiver.url("/told"), "allow_private": True}},
            "routes": [{"name": "everything", "channel": "ops"}],
            "contracts": {"payments-api": CONTRACT},
        }
        (self._folder / "statuswire.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
        (self._folder / "empty.yaml").write_text("pages: []\n", encoding="utf-8")
        self._receiver.script("/told", reply(400))
        self._receiver.serve("/api/v3/boards/board-1/monitors", json.dumps(scenes.MONITORS).encode())
        run = ("run", "--config", "statuswire.yaml", "--port", "0")
        with Running(*run, cwd=self._folder, patience_s=PATIENCE_S) as service:
            _until(service, "/api/v1/components", 2 * len(PAGES))
            service.post("/webhook/statuspage", {"no": "incident"})
            _until(service, "/api/v1/hooks/quarantined", 1)
            _until(service, "/api/v1/deliveries?state=failed", 2)
            given = service.post("/api/v1/tokens", {"name": "docs", "scopes": ["read"]})
            self.token = given.json["token"]
            service.stop()
        self.digest = self._first_document()
        self._receiver.script("/told", reply(204))

    def _first_document(self) -> str:
        """The digest of one that is kept for the contract."""
        with closing(sqlite3.connect(self._folder / "statuswire.db")) as database:
            return str(database.execute("SELECT digest FROM raw_document").fetchone()[0])

    def elsewhere(self) -> str:
        """Who answers for another service."""
        return self._receiver.url("")


def _until(service: Running, path: str, count: int) -> None:
    """Wait until a list of the API has so many items."""
    wait_until(lambda: len(service.get(path).json["items"]) >= count, f"{count} of {path}", PATIENCE_S)


class Spoken:
    """What the commands of one page are turned into, so that they meet this world and nothing else."""

    def __init__(self, world: World, folder: Path, database: str | None) -> None:
        self._world, self._folder, self._database = world, folder, database
        self._ports: dict[str, str] = {}
        self._secret = "TOKEN"

    def hear(self, printed: str) -> None:
        """Note the secret address that a command told, which the page has as TOKEN further on."""
        if told := SIGNALS.search(printed):
            self._secret = told[1]

    def __call__(self, text: str) -> str:
        for pattern, other in scenes.STANDS_IN:
            text = re.sub(pattern, other, text)
        text = re.sub(r"(?:(?<=127\.0\.0\.1:)|(?<=--port )|(?<=\bport: ))\d+", lambda found: self.port(found[0]), text)
        text = re.sub(r"(?<![\w.:}/-])/(?=(?:backup|etc|var)/)|(?<=sqlite:///)/(?=var/)", f"{self._folder}/", text)
        text = re.sub(r"(?m)^  - github$", f"  - {json.dumps(self._world.page('github'))}", text)
        text = text.replace(EXAMPLE, self._world.url("example")).replace("sw_...", self._world.token)
        text = text.replace(STATUSGATOR, self._world.elsewhere()).replace("/signals/TOKEN", f"/signals/{self._secret}")
        text = DIGEST.sub(self._world.digest, text)
        return text.replace(DATABASE, self._database or DATABASE)

    def port(self, number: str) -> str:
        """A free one, the same for the same number."""
        return self._ports.setdefault(number, str(free_port()))
