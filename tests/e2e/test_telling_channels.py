"""From a provider that is polled to receivers over HTTP and in files, with the real command."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from statuswire.signing import verify
from tests.fake_provider import Seen, ThreadedProvider, reply

from .site import Site, body

SECRET = "c3RhdHVzd2lyZSBlbmQtdG8tZW5kIHRlc3Qga2V5IQ=="


@pytest.fixture
def receiver() -> Iterator[ThreadedProvider]:
    with ThreadedProvider() as made:
        made.serve("/own", b"{}")
        made.serve("/beat", b"{}")
        yield made


def until(is_reached: Callable[[], bool], what: str) -> None:
    pause = threading.Event()
    for _ in range(600):
        if is_reached():
            return
        pause.wait(0.05)
    raise AssertionError(f"waited in vain for {what}")


def posted(receiver: ThreadedProvider, path: str) -> list[Seen]:
    return [one for one in receiver.seen if one.path == path and one.method == "POST"]


def summary(*incidents: dict[str, Any]) -> bytes:
    page = {"id": "acmepage", "name": "Acme", "url": "https://acme.example", "updated_at": "2026-05-04T10:00:00Z"}
    status = {"indicator": "minor" if incidents else "none", "description": ""}
    whole = {"page": page, "status": status, "components": [], "incidents": incidents, "scheduled_maintenances": []}
    return json.dumps(whole).encode()


def incident(number: int, status: str = "investigating") -> dict[str, Any]:
    """The incident of the hooks, as the page shows it, with the updates so far."""
    shown: dict[str, Any] = body(number, status)["incident"]
    updates = [body(one)["incident"]["incident_updates"][0] for one in range(1, number)]
    return shown | {"incident_updates": shown["incident_updates"] + updates[::-1]}


def config(tmp_path: Path, receiver: ThreadedProvider, provider: ThreadedProvider | None = None) -> str:
    page = {"slug": "acme", "platform": "statuspage", "allow_private": True}
    pages = [page | {"url": provider.url("").rstrip("/")}] if provider is not None else []
    own = {"kind": "webhook", "url": receiver.url("/own"), "secret_env": "OWN_SECRET", "allow_private": True}
    return json.dumps(
        {
            "poll": {"interval": "1s", "while_open": "1s"},
            "pages": pages,
            "quiet": {"settle": "0s"},
            "channels": {"own": own, "log": {"kind": "file", "path": str(tmp_path / "events.jsonl")}},
            "routes": [{"channel": ["own", "log"], "type": "incident.*"}],
            "trouble": "log",
        }
    )


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_what_a_provider_tells_arrives_once_and_in_order_also_over_a_restart(
    tmp_path: Path, receiver: ThreadedProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OWN_SECRET", SECRET)
    with ThreadedProvider() as provider:
        provider.serve("/api/v2/summary.json", summary(incident(1)))
        site = Site(tmp_path, config(tmp_path, receiver, provider))
        with site.run() as server:
            until(lambda: len(posted(receiver, "/own")) == 1, "the first update")
            provider.serve("/api/v2/summary.json", summary(incident(2)))
            until(lambda: len(posted(receiver, "/own")) == 2, "the second update")
            server.until_status("/health", lambda health: health["channels"]["waiting"] == 0)
            server.kill()
        provider.serve("/api/v2/summary.json", summary(incident(4)))
        with site.run() as server:
            until(lambda: len(posted(receiver, "/own")) == 4, "what came while nobody looked")
            server.until_status("/health", lambda health: health["channels"]["waiting"] == 0)
            assert server.stop() == 0
        site.close()

    arrived = posted(receiver, "/own")
    bodies = [json.loads(one.body) for one in arrived]
    assert [one["data"]["update"]["text"] for one in bodies] == ["Word 1.", "Word 2.", "Word 3.", "Word 4."]
    assert len({one.headers["webhook-id"] for one in arrived}) == 4
    for one in arrived:
        sent_at = datetime.fromtimestamp(int(one.headers["webhook-timestamp"]), UTC)
        assert verify(one.body, one.headers, (SECRET,), sent_at).message_id == one.headers["webhook-id"]
    assert [one["update"]["text"] for one in lines_of(tmp_path / "events.jsonl")] == [
        "Word 1.",
        "Word 2.",
        "Word 3.",
        "Word 4.",
    ]


def test_a_receiver_that_is_gone_disables_its_channel_until_somebody_enables_it(
    tmp_path: Path, receiver: ThreadedProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OWN_SECRET", SECRET)
    receiver.script("/own", reply(410))
    site = Site(tmp_path, config(tmp_path, receiver))
    with site.run() as server:
        server.post("/webhook/statuspage", body(1))
        health = server.until_status("/health", lambda health: health["channels"]["disabled"] == ["own"])
        assert health["status"] == "degraded"
        server.post("/webhook/statuspage", body(2))
        server.until_status("/health", lambda health: health["channels"]["waiting"] == 1)
        until(lambda: "Channel own is disabled" in (tmp_path / "events.jsonl").read_text(), "the notice")
        doctor = site.json("doctor")
        (found,) = (one for one in doctor if one["subject"] == "channel own")
        assert (found["grade"], "HTTP 410" in found["sentence"]) == ("act", True)
        assert "own is disabled since" in site.command("deliveries").stdout

        receiver.serve("/own", b"{}")
        assert site.command("deliveries", "enable", "own").stdout == "own is enabled; 1 waiting\n"
        until(lambda: len(posted(receiver, "/own")) == 2, "what has waited")
        first = next(one for one in site.json("deliveries", "--state", "failed")["deliveries"])
        assert site.command("deliveries", "retry", str(first["id"])).returncode == 0
        until(lambda: len(posted(receiver, "/own")) == 3, "what had failed")

    refused, waited, retried = posted(receiver, "/own")
    assert refused.headers["webhook-id"] == retried.headers["webhook-id"] != waited.headers["webhook-id"]
    site.close()


def test_a_webhook_gets_a_sign_of_life_and_a_test(tmp_path: Path, receiver: ThreadedProvider) -> None:
    beat = {"kind": "webhook", "url": receiver.url("/beat"), "style": "flat", "heartbeat": "5s", "allow_private": True}
    site = Site(tmp_path, json.dumps({"pages": [], "channels": {"beat": beat}}))
    with site.run():
        until(lambda: len(posted(receiver, "/beat")) >= 1, "the first heartbeat")
    tried = site.json("send-test", "beat", has_database=False)

    first, *_ = (json.loads(one.body) for one in posted(receiver, "/beat"))
    assert (first["event"], first["state"], first["message"]) == (
        "status.heartbeat",
        "unknown",
        "No pages are watched.",
    )
    assert (tried["outcome"], [one["status"] for one in tried["replies"]]) == ("delivered", [200])
    site.close()
