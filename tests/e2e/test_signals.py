"""Us or them with the real service: what Alertmanager sends stands beside what the provider says."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from tests.servers import alertmanager
from tests.signals import bodies
from tests.web.face.looking import text_of

from .acme import Acme, summary
from .running import Running


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Acme]:
    with Acme(tmp_path) as one:
        yield one


def stamp(minutes_ago: float, now: datetime | None = None) -> str:
    return f"{(now or datetime.now(UTC)) - timedelta(minutes=minutes_ago):%Y-%m-%dT%H:%M:%S.000Z}"


def admits(at: str) -> bytes:
    """The provider says since then that its API is slow."""
    body = json.loads(summary(1, "degraded_performance", incident="Slow API"))
    (incident,) = body["incidents"]
    incident["created_at"] = incident["incident_updates"][0]["created_at"] = at
    for one in (body["page"], incident, *body["components"]):
        one["updated_at"] = at
    return json.dumps(body).encode()


def run(acme: Acme, *arguments: str) -> str:
    """What a command prints in the folder of the service."""
    where = ("--config", "acme.yaml", "--database", "sqlite:///acme.db")
    command = [sys.executable, "-m", "statuswire", *arguments, *where]
    return subprocess.run(command, cwd=acme.folder, capture_output=True, text=True, check=True).stdout


def path_of(acme: Acme) -> str:
    (address,) = json.loads(run(acme, "signals", "address", "acme", "--json"))
    assert address["url"] == acme.url + address["path"]
    return str(address["path"])


def signals(service: Running) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = service.get("/api/v1/signals").json["items"]
    return found


def test_a_signal_that_was_acknowledged_survives_and_stands_beside_the_providers_word(acme: Acme) -> None:
    now = datetime.now(UTC)
    alert = {"startsAt": stamp(9, now), "labels": {"alertname": "CheckoutErrors", "status_component": "API"}}
    body = bodies.alertmanager(alert)
    path = path_of(acme)

    assert acme.service.post(path, body).json["new"] == 1
    acme.restart()
    assert acme.service.post(path, body).json["status"] == "duplicate"
    assert acme.service.get("/api/v1/pages/acme/signals").json["verdict"] == "unclear"

    acme.say(admits(stamp(2, now)))
    found = acme.service.until_status("/api/v1/pages/acme/signals", lambda body: body["verdict"] == "them")
    assert found["reasons"][0]["sentence"] == "Acme Relay admits it: Slow API."

    page = lxml.html.fromstring(acme.service.get("/pages/acme").body.decode())
    kinds = page.xpath("//*[local-name()='svg'][@class='axis']/*[local-name()='rect']/@class")
    words = text_of(page.xpath("//section[@aria-labelledby='ours-title']")[0])
    assert {"is-ours", "is-degraded"} <= set(kinds)
    assert "Probably them. Acme Relay admits it: Slow API." in words
    assert "Acme Relay told of an incident: Slow API (you saw it 7 min before they said so)" in words

    story = lxml.html.fromstring(acme.service.get("/pages/acme/incidents/w2x4y6z8b1c3").body.decode())
    assert text_of(story.xpath("//*[@id='ours']")[0]).startswith("You saw it 7 min before they said so.")

    table = acme.service.get("/api/v1/reports/signals?format=csv").body.decode()
    (_, row) = csv.DictReader(io.StringIO(table))
    assert (row["page"], row["leads"], row["without_signal"]) == ("acme", "1", "0")
    assert float(row["lead_median_s"]) == 420
    assert "One in ten checkouts fails" in run(acme, "signals")


def test_signals_make_no_event_and_change_no_component(acme: Acme) -> None:
    questions = ("/api/v1/events?order=newest&limit=1", "/api/v1/components?page=acme")
    before = [acme.service.get(one).json for one in questions]

    assert acme.service.post(path_of(acme), bodies.plain()).status == 202

    assert [acme.service.get(one).json for one in questions] == before


def test_the_real_alertmanager_says_when_it_begins_and_when_it_ends(acme: Acme, tmp_path: Path) -> None:
    with alertmanager.running(tmp_path, acme.url + path_of(acme)) as server:
        labels = {"alertname": "CheckoutErrors", "depends_on": "acme", "status_component": "API"}
        alert = {"labels": labels, "annotations": {"summary": "One in ten fails"}, "startsAt": stamp(5)}
        server.tell(alert)
        acme.service.until_status("/api/v1/signals?state=firing", lambda body: bool(body["items"]))
        (one,) = signals(acme.service)
        assert (one["title"], one["component"], one["source"]) == ("One in ten fails", "API", "alertmanager")
        assert one["began_at"] == alert["startsAt"].replace(".000Z", "Z")

        server.tell(alert | {"endsAt": stamp(0)})
        acme.service.until_status("/api/v1/signals?state=resolved", lambda body: bool(body["items"]))

    (one,) = signals(acme.service)
    assert one["ended_at"] >= one["began_at"]
