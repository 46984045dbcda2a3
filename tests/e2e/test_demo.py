"""`statuswire demo` as a user runs it: on a machine without a network, to its end, every kind of line."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from .running import Running

OFFLINE = ("unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")
PATIENCE_S = 60.0
TOLD_AT_ANY_SPEED = {
    "incident.created",
    "incident.updated",
    "incident.resolved",
    "maintenance.scheduled",
    "maintenance.completed",
    "component.status_changed",
}
TOLD_IN_REAL_TIME = TOLD_AT_ANY_SPEED | {
    "incident.edited",
    "incident.reopened",
    "maintenance.started",
    "page.status_changed",
    "feed.failing",
    "feed.recovered",
}


def offline() -> tuple[str, ...]:
    """The command that takes the network away, but for loopback."""
    if shutil.which("ip") is None or subprocess.run([*OFFLINE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no private network here: unshare(1) with a network namespace and ip(8) are needed")
    return OFFLINE


def played(folder: Path, *arguments: str, within: tuple[str, ...] = ()) -> Running:
    """A demo that has come to its end."""
    with Running("demo", *arguments, cwd=folder, within=within) as demo:
        assert demo.process.wait(PATIENCE_S) == 0
    return demo


def events_of(demo: Running) -> list[dict[str, Any]]:
    return [json.loads(line) for line in demo.lines]


def test_without_a_network_it_shows_the_service_at_work_and_ends_well(tmp_path: Path) -> None:
    demo = played(tmp_path, "--speed", "4", within=offline())

    statuses = [status for _, status in demo.records]
    assert "Status: Card payments take longer." in statuses
    assert any("was operational" in status for status in statuses)
    assert demo.lines[-1].startswith("The demo is over:")
    assert demo.errors == []


def test_as_json_it_prints_events_only_each_update_once(tmp_path: Path) -> None:
    demo = played(tmp_path, "--speed", "4", "--format", "json")

    events = events_of(demo)
    told = Counter((one["incident"]["id"], one["update"]["id"]) for one in events if is_telling(one))
    assert {one["type"] for one in events} >= TOLD_AT_ANY_SPEED
    assert set(told.values()) == {1}
    assert list(tmp_path.iterdir()) == [], "it leaves nothing behind"


@pytest.mark.nightly
def test_in_real_time_it_shows_every_kind_of_event_within_half_a_minute(tmp_path: Path) -> None:
    began = time.monotonic()
    demo = played(tmp_path, "--format", "json")
    took_s = time.monotonic() - began

    assert {one["type"] for one in events_of(demo)} >= TOLD_IN_REAL_TIME
    assert took_s < 35


def is_telling(event: dict[str, Any]) -> bool:
    return "update" in event and event["type"] != "incident.edited"
