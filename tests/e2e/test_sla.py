"""A contract with a real service: what the provider sent is what is kept, by command, page and API, and later too."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .acme import STAMP, Acme, summary
from .running import PATIENCE_S

CONTRACT = {"page": "acme", "components": ["API"], "objective": 99.99, "credits": [{"below": 99.99, "credit": 10}]}
CALM, DOWN, UP = summary(0), summary(5, "major_outage", incident="API down"), summary(9, incident="API down")


class Kept:
    """The service, commands beside it, and the month in which all of it happens."""

    def __init__(self, acme: Acme) -> None:
        self.acme = acme
        self.month = acme.service.get("/health").json["timestamp"][:7]

    def command(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        where = ("--config", "acme.yaml", "--database", "sqlite:///acme.db")
        clean = {name: value for name, value in os.environ.items() if not name.startswith("STATUSWIRE_")}
        return subprocess.run(
            [sys.executable, "-m", "statuswire", *words, *where],
            cwd=self.acme.folder, env=clean, capture_output=True, timeout=2 * PATIENCE_S, check=False,
        )  # fmt: skip

    def statement(self) -> Any:
        done = self.command("sla", "statement", "acme-api", "--month", self.month, "--json")
        assert done.returncode in (0, 1, 3), done.stderr
        return json.loads(done.stdout)


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def hook() -> bytes:
    """What the provider pushes about the same incident."""
    at = STAMP.format(minute=7)
    word = {"id": "u9", "status": "identified", "body": "Pushed.", "created_at": at, "updated_at": at}
    incident = {"id": "w2x4y6z8b1c3", "name": "API down", "status": "identified", "impact": "minor", "created_at": at}
    told = {"page": {"id": "acmerelay000"}, "incident": {**incident, "updated_at": at, "incident_updates": [word]}}
    return json.dumps(told).encode()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """An outage that has come and gone, told by polls, and a hook."""
    settings: dict[str, object] = {"contracts": {"acme-api": CONTRACT}}
    with Acme(tmp_path_factory.mktemp("sla"), settings) as acme:
        acme.say(DOWN)
        acme.service.until_line("We are looking.")
        assert acme.service.post("/webhook/statuspage", hook()).status == 202
        acme.service.until_line("Pushed.")
        acme.say(UP)
        api = "/api/v1/components?page=acme"
        acme.service.until_status(api, lambda body: body["items"][0]["status"] == "operational")
        yield Kept(acme)


def test_what_the_provider_sent_is_kept_under_its_digest(kept: Kept) -> None:
    documents = {one["sha256"]: one for one in kept.statement()["documents"]}

    for body, source in ((CALM, "poll"), (DOWN, "poll"), (UP, "poll"), (hook(), "hook")):
        one = documents[digest(body)]
        assert (one["bytes"], one["source"], one["is_withheld"]) == (len(body), source, False)
        assert kept.command("sla", "document", digest(body)).stdout == body
        assert kept.acme.service.get(f"/api/v1/documents/{digest(body)}").body == body


def test_the_statement_names_the_documents_behind_each_incident(kept: Kept) -> None:
    told = kept.acme.service.get(f"/api/v1/contracts/acme-api/statement?month={kept.month}").json

    (incident,) = told["incidents"]
    assert incident["title"] == "API down", "it goes on since May, by the provider's word"
    assert {digest(DOWN), digest(hook())} <= set(incident["documents"])
    assert (told["breach"], told["is_final"]) == ("undecided", False)
    assert told["states"][-1]["state"] == "to_come" and told["states"][-1]["minutes"] > 0


def test_the_page_and_the_list_have_the_contract(kept: Kept) -> None:
    page = kept.acme.service.get(f"/reports/sla/acme-api?month={kept.month}")

    assert page.status == 200 and digest(DOWN).encode() in page.body
    assert b"acme-api" in kept.command("sla", "list").stdout


def test_what_is_kept_outlives_a_kill_and_a_prune_and_is_still_what_its_name_says(kept: Kept) -> None:
    before = {one["sha256"] for one in kept.statement()["documents"]}

    kept.acme.restart()
    pruned = kept.command("prune", "--older-than", "31d", "--json")

    assert pruned.returncode == 0, pruned.stderr
    assert before <= {one["sha256"] for one in kept.statement()["documents"]}
    verified = kept.command("sla", "verify", "--json")
    assert (verified.returncode, json.loads(verified.stdout)["damaged"]) == (0, [])


def test_nothing_is_kept_without_a_contract(tmp_path: Path) -> None:
    with Acme(tmp_path) as acme:
        acme.say(DOWN)
        acme.service.until_line("We are looking.")

        assert acme.service.get(f"/api/v1/documents/{digest(DOWN)}").status == 404
