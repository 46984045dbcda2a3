"""Telling people with the real command: routes, restarts, and what an operator asks and orders meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .running import Running
from .site import Site, body

CONFIG = """
pages: []
channels:
  all: {kind: console, format: json}
  loud: {kind: console, format: provider}
quiet: {settle: 0s}
console: {format: default}
routes:
  - {channel: all}
  - {channel: loud, impact: ">=major", name: loud}
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path, CONFIG)
    yield made
    made.close()


def told(running: Running) -> list[str]:
    """The texts of the updates that the channel `all` printed."""
    return [json.loads(line)["update"]["text"] for line in running.lines if line.startswith('{"id"')]


def test_an_incident_goes_by_its_routes_and_every_route_says_why(site: Site) -> None:
    with site.run() as server:
        server.post("/webhook/statuspage", body(1))
        server.until(lambda _: "Word 1." in told(server), "the first word")
        server.post("/webhook/statuspage", body(2, impact="major"))
        server.until_line("Status: Investigating - Word 2.")

        assert told(server) == ["Word 1.", "Word 2."]
        first, second = site.json("why", "1"), site.json("why", "2")
        assert {(one["route"], one["verdict"]) for one in first["verdicts"]} == {("all", "told"), ("loud", "not meant")}
        assert first["verdicts"][1]["reason"] == "impact minor is not meant"
        assert {(one["route"], one["verdict"]) for one in second["verdicts"]} == {("all", "told"), ("loud", "told")}
        listed = site.json("deliveries")["deliveries"]
        assert {(one["channel"], one["state"], one["attempts"]) for one in listed} == {
            ("all", "delivered", 1),
            ("loud", "delivered", 1),
        }
        assert server.get("/health").json["channels"] == {"disabled": [], "failing": [], "waiting": 0}


def test_after_a_restart_it_goes_on_and_repeats_nothing(site: Site) -> None:
    with site.run() as server:
        server.post("/webhook/statuspage", body(1))
        server.until(lambda _: "Word 1." in told(server), "the first word")
        server.until_status("/health", lambda health: health["channels"]["waiting"] == 0)
        server.kill()

    with site.run() as again:
        again.post("/webhook/statuspage", body(1))
        again.post("/webhook/statuspage", body(2))
        again.until(lambda _: "Word 2." in told(again), "the second word")

        assert told(again) == ["Word 2."]
        assert again.stop() == 0
    assert len(site.json("deliveries")["deliveries"]) == 2


def test_a_silence_is_added_and_ended_while_the_service_runs_and_while_it_does_not(site: Site) -> None:
    with site.run() as server:
        server.post("/webhook/statuspage", body(1))
        server.until(lambda _: "Word 1." in told(server), "the first word")

        added = site.command("silence", "add", "--page", "acme*", "--for", "2h", "--reason", "known")
        assert (added.returncode, added.stdout.startswith("silence 1 withholds until 20")) == (0, True), added.stderr
        server.post("/webhook/statuspage", body(2))
        server.until_line("Status: Word 2.")
        server.until_status("/stats", lambda stats: stats["hooks"]["inbox"]["read"] >= 2)
        withheld = until_verdicts(site, 2)
        assert {one["reason"] for one in withheld if one["route"] == "all"} == {"silence: known"}
        assert server.stop() == 0

    listed = site.json("silence")["silences"]
    assert [(one["id"], one["filter"], one["reason"]) for one in listed] == [(1, {"page": ["acme*"]}, "known")]
    assert site.command("silence", "end", "1").stdout == "silence 1 is over\n"
    assert site.command("silence", "end", "1").returncode == 1
    assert site.command("silence").stdout == "nothing is silenced\n"

    with site.run() as again:
        again.post("/webhook/statuspage", body(3))
        again.until(lambda _: told(again) == ["Word 3."], "the third word")


def until_verdicts(site: Site, event_id: int) -> list[dict[str, Any]]:
    for _ in range(20):
        found: list[dict[str, Any]] = site.json("why", str(event_id))["verdicts"]
        if any(one["verdict"] not in ("not looked at", "not meant") for one in found):
            return found
    raise AssertionError(f"event {event_id} was never planned: {found}")


def test_an_incident_is_acknowledged_snoozed_and_given_another_impact(site: Site) -> None:
    with site.run() as server:
        server.post("/webhook/statuspage", body(1))
        server.until(lambda _: "Word 1." in told(server), "the first word")
        (page,) = {event["page"]["slug"] for event in map(json.loads, filter(is_event, server.lines))}

        assert site.command("ack", page, "slow api").stdout == "Slow API is acknowledged for good\n"
        assert site.command("override", page, "inc1", "--impact", "critical").returncode == 0
        refused = site.command("override", page, "inc1", "--status", "degraded")
        assert (refused.returncode, refused.stderr.partition(":")[0]) == (1, "Slow API is an incident")
        assert (
            "`huge` is no impact; right: none, minor"
            in site.command("override", page, "inc1", "--impact", "huge").stderr
        )
        server.post("/webhook/statuspage", body(2))
        server.until_line("Status: Investigating - Word 2.")
        assert site.command("snooze", page, "inc1", "--for", "1h").returncode == 0
        assert {one["kind"] for one in site.json("silence")["marks"]} == {"acknowledged", "snoozed", "override"}
        wrong = site.command("ack", page, "Slow AP")
        assert (wrong.returncode, wrong.stderr) == (1, f"nothing on {page} is called Slow AP; there: Slow API\n")
        assert site.command("snooze", page, "inc1", "--clear").stdout == "Slow API is not snoozed any more\n"


def is_event(line: str) -> bool:
    return line.startswith('{"id"')


def test_one_sample_is_sent_without_any_service(site: Site) -> None:
    done = site.command("send-test", "loud", has_database=False)
    unknown = site.command("send-test", "lout", has_database=False)

    assert done.returncode == 0
    assert "This is a test of the channel: nothing is wrong." in done.stdout
    assert done.stdout.endswith("loud (console): delivered\n")
    assert unknown.returncode == 2
    assert "there is no channel `lout`; did you mean `loud`?" in unknown.stderr
    assert not (site.folder / "site.db").exists()


def test_without_a_database_there_is_nothing_to_ask(site: Site) -> None:
    done = site.command("deliveries")

    assert done.returncode == 2
    assert "site.db is not there yet; `statuswire run` makes it" in done.stderr


def test_a_wrong_configuration_is_told_with_its_lines_and_nothing_starts(site: Site) -> None:
    site.write("channels:\n  ops: {kind: console}\nroutes:\n  - {channel: opps}\n  - {channel: ops, impact: '>=bad'}\n")

    done = site.command("check-config", has_database=False)
    started = site.command("run")

    assert done.returncode == started.returncode == 2
    assert "statuswire.yaml:5: `routes[1].impact` has `>=bad`" in done.stderr
    assert done.stderr == started.stderr


def test_probable_mistakes_are_remarked_upon(site: Site) -> None:
    site.write("pages: [openai]\nchannels: {ops: {kind: console}}\nroutes: [{channel: ops, page: opnai}]\n")

    done = site.command("check-config", has_database=False)

    assert done.returncode == 0
    assert "remark: statuswire.yaml:3: `routes[0].page`: no configured page has the slug `opnai`" in done.stderr


def test_orders_are_taken_from_commands_on_this_machine_only(site: Site) -> None:
    with site.run() as server:
        order = {"type": "enable", "channel": "all"}

        assert server.post("/control", order).status == 401
        assert server.post("/control", order, {"Authorization": "Bearer guess"}).status == 401
        assert server.get("/control").status == 405
