"""The users' own examples, to the letter, against the real server started by the real command."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .running import Running

STATUSPAGE_BODY = (
    b'{"incident":{"id":"local_test","name":"Chat Completions API - Elevated Error Rates","status":"investigating",'
    b'"updated_at":"2025-11-03T14:32:00Z","components":[{"name":"Chat Completions"}],'
    b'"incident_updates":[{"body":"Degraded performance due to upstream issue"}]},"page":{"name":"OpenAI API"}}'
)
FIRST_LINE = "[2025-11-03 14:32:00] Product: OpenAI API - Chat Completions"
SECOND_LINE = "Status: Degraded performance due to upstream issue"
GENERIC_BODY = {
    "event_type": "test_event",
    "data": {"id": "test-123", "incident": {"name": "Test Incident", "status": {"label": "Investigating"}}},
}
SECRET = base64.b64encode(b"statuswire-end-to-end-test-key!!").decode()

Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts `statuswire run` on a free port, without pages, on a database of the test's own."""
    started: list[Running] = []

    def run(*arguments: str, config: str = "pages: []\n") -> Running:
        path = tmp_path / "statuswire.yaml"
        path.write_text(config, encoding="utf-8")
        database = f"sqlite:///{tmp_path / 'test.db'}"
        running = Running("run", "--config", str(path), "--database", database, "--port", "0", *arguments, cwd=tmp_path)
        started.append(running)
        return running

    yield run
    for running in started:
        running.__exit__(None, None, None)


def settled(running: Running, hooks: int) -> None:
    """Wait until so many hooks were read and what follows from them was printed."""
    running.until_status("/stats", lambda body: body["hooks"]["inbox"]["read"] >= hooks)


def test_a_statuspage_hook_prints_its_two_lines(start: Start) -> None:
    server = start()

    reply = server.post("/webhook/statuspage", STATUSPAGE_BODY)

    assert reply.status == 202
    lines = server.until_line(SECOND_LINE)
    assert lines[lines.index(FIRST_LINE) + 1] == SECOND_LINE


def test_the_same_hook_again_prints_nothing_not_even_after_a_restart(start: Start) -> None:
    server = start()
    server.post("/webhook/statuspage", STATUSPAGE_BODY)
    server.until_line(SECOND_LINE)

    server.post("/webhook/statuspage", STATUSPAGE_BODY)
    settled(server, 2)
    assert server.stop() == 0
    assert server.lines.count(FIRST_LINE) == 1

    again = start()
    again.post("/webhook/statuspage", STATUSPAGE_BODY)
    settled(again, 3)
    again.post("/test")
    again.until_line("Status: This was a test")
    assert FIRST_LINE not in again.lines


def test_a_new_moment_and_text_print_again(start: Start) -> None:
    server = start()
    server.post("/webhook/statuspage", STATUSPAGE_BODY)
    server.until_line(SECOND_LINE)
    body = json.loads(STATUSPAGE_BODY)
    body["incident"] |= {
        "updated_at": "2025-11-03T14:40:00Z",
        "status": "identified",
        "incident_updates": [{"body": "A fix is on its way"}],
    }

    server.post("/webhook/statuspage", body)

    lines = server.until_line("Status: A fix is on its way")
    assert "[2025-11-03 14:40:00] Product: OpenAI API - Chat Completions" in lines


def test_a_new_moment_alone_prints_again(start: Start) -> None:
    server = start()
    server.post("/webhook/statuspage", STATUSPAGE_BODY)
    server.until_line(SECOND_LINE)

    server.post("/webhook/statuspage", STATUSPAGE_BODY.replace(b"14:32:00", b"14:35:00"))

    server.until_line("[2025-11-03 14:35:00] Product: OpenAI API - Chat Completions")


def test_the_second_sample_of_the_wish_prints_as_promised(start: Start) -> None:
    server = start()

    server.post(
        "/webhook/statuspage",
        {
            "incident": {
                "id": "abc123",
                "name": "Chat API - High Error Rates",
                "status": "investigating",
                "updated_at": "2026-02-20T14:32:00Z",
                "components": [{"name": "Chat Completions API"}],
                "incident_updates": [{"body": "We are investigating elevated error rates"}],
            },
            "page": {"name": "OpenAI"},
        },
    )

    lines = server.until_line("Status: We are investigating elevated error rates")
    assert "[2026-02-20 14:32:00] Product: OpenAI - Chat Completions API" in lines


def test_a_generic_hook_is_taken_and_told(start: Start) -> None:
    server = start()

    reply = server.post("/webhook/generic/test", GENERIC_BODY)

    assert reply.status == 202
    lines = server.until_line("Status: Investigating - Test Incident")
    assert any(line.endswith("Product: test") for line in lines)


def test_a_test_body_is_taken(start: Start) -> None:
    server = start()

    assert server.post("/webhook", {"event": "test", "provider": "local"}).status == 202
    settled(server, 1)

    assert server.get("/stats").json["hooks"]["inbox"]["quarantined"] == 0


def incident_io_body() -> dict[str, Any]:
    kind = "public_incident.incident_created_v2"
    return {
        "event_type": kind,
        kind: {
            "id": "01JA0B1C2D3E4F5G6H7J8K9MNP",
            "name": "Elevated error rates detected",
            "created_at": "2025-11-17T14:32:01Z",
            "updated_at": "2025-11-17T14:32:01Z",
            "incident_status": {"name": "Investigating", "category": "live"},
        },
    }


def test_an_unsigned_incident_io_hook_is_believed_on_loopback(start: Start) -> None:
    server = start("--format", "provider")

    assert server.post("/webhook/incident-io", incident_io_body()).status == 202

    lines = server.until_line("Event: public_incident.incident_created_v2")
    assert "Status: Investigating - Elevated error rates detected" in lines
    assert any(line.startswith("[2025-11-17 14:32:01] Provider: ") for line in lines)


@pytest.mark.parametrize("prefix", ["webhook", "svix"])
def test_a_signed_incident_io_hook_is_believed_and_its_repeat_changes_nothing(start: Start, prefix: str) -> None:
    server = start(config=f"pages: []\nhooks:\n  secrets:\n    incident-io: [whsec_{SECRET}]\n")
    body = json.dumps(incident_io_body()).encode()
    headers = signed(body, prefix, int(time.time()))

    first = server.post("/webhook/incident-io", body, headers)
    second = server.post("/webhook/incident-io", body, headers)

    assert (first.status, second.status) == (202, 200)
    server.until_line("Status: ")


def test_wrong_missing_and_expired_signatures_are_401(start: Start) -> None:
    server = start(config=f"pages: []\nhooks:\n  secrets:\n    incident-io: [whsec_{SECRET}]\n")
    body = json.dumps(incident_io_body()).encode()
    good = signed(body, "webhook", int(time.time()))

    answers = [
        server.post("/webhook/incident-io", body).status,
        server.post("/webhook/incident-io", body, good | {"webhook-signature": "v1,AAAA"}).status,
        server.post("/webhook/incident-io", body + b" ", good).status,
        server.post("/webhook/incident-io", body, signed(body, "webhook", int(time.time()) - 3600)).status,
    ]

    assert answers == [401, 401, 401, 401]
    assert server.get("/incidents").json["incidents"] == []


def signed(body: bytes, prefix: str, at: int) -> dict[str, str]:
    content = f"msg_1.{at}.".encode() + body
    signature = base64.b64encode(hmac.new(base64.b64decode(SECRET), content, hashlib.sha256).digest()).decode()
    return {f"{prefix}-id": "msg_1", f"{prefix}-timestamp": str(at), f"{prefix}-signature": f"v1,{signature}"}


def test_the_test_address_makes_a_sample_incident_go_through_everything(start: Start) -> None:
    server = start()

    assert server.post("/test").status == 202

    server.until_line("Status: This was a test")
    (incident,) = server.get("/incidents").json["incidents"]
    assert incident["phase"] == "resolved"


def test_health_on_port_5000_has_the_fields_that_users_know(tmp_path: Path) -> None:
    """On whichever port is free: 5000 may be taken on the machine that tests."""
    port = str(free_port(5000))
    config = tmp_path / "statuswire.yaml"
    config.write_text("pages: []\n", encoding="utf-8")
    database = f"sqlite:///{tmp_path / 'test.db'}"
    with Running("run", "-c", str(config), "--database", database, "--port", port, cwd=tmp_path) as server:
        server.post("/webhook/statuspage", STATUSPAGE_BODY)
        server.until_line(SECOND_LINE)

        health = server.get("/health").json

        assert server.base_url.endswith(f":{port}")
        assert health["status"] == "running"
        assert health["mode"] == "event-based (webhooks)"
        assert (health["incidents_tracked"], health["total_updates"]) == (1, 1)
        assert health["timestamp"].endswith("Z")


def free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise AssertionError("no free port")


def test_stats_status_and_incidents_answer(start: Start) -> None:
    server = start()
    server.post("/webhook/statuspage", STATUSPAGE_BODY)
    server.until_line(SECOND_LINE)

    stats, status = server.get("/stats").json, server.get("/status").json
    listing = server.get("/incidents?limit=10").json

    assert stats["hooks"]["accepted"] == 1
    assert status["last_incident_title"] == "Chat Completions API - Elevated Error Rates"
    assert listing["next"] is None
    assert [one["id"] for one in listing["incidents"]] == ["local_test"]


def test_malformed_json_is_400_and_a_wrong_type_415(start: Start) -> None:
    server = start()

    assert server.post("/webhook/statuspage", b'{"incident": ').status == 400
    assert server.post("/webhook/statuspage", b"incident=1", {"Content-Type": "application/xml"}).status == 415
    assert server.post("/webhook/statuspage", b"[1]").status == 400
    assert server.post("/webhook/statuspage", {"hello": "world"}).status == 202
    settled_body = server.until_status("/stats", lambda body: body["hooks"]["inbox"]["quarantined"] == 1)
    assert settled_body["hooks"]["rejected"]


def test_a_second_service_on_the_same_database_says_who_holds_it(start: Start) -> None:
    first = start()
    first.until_line("Listening on")

    second = start()

    assert second.process.wait(30) == 75
    assert any(str(first.process.pid) in line for line in second.errors)
