"""The unit for systemd: its own tools find no fault, it is closed in, and it fits what the service does."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from statuswire.server import ending
from tests.deploy.asked import misunderstood, obeyed
from tests.deploy.tools import DEPLOY, ROOT, run, tool

UNIT = DEPLOY / "systemd" / "statuswire.service"
USERS = DEPLOY / "systemd" / "statuswire.sysusers.conf"
MOST_EXPOSED = 1.5
"""Of ten; most services of a distribution are above nine."""


def settings() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, value in re.findall(r"^(\w+)=(.*)$", UNIT.read_text("utf-8"), re.MULTILINE):
        found[name].append(value)
    return found


def installed(folder: Path) -> Path:
    """The unit with a program that is there."""
    program = folder / "statuswire"
    program.write_text("#!/bin/sh\n", "utf-8")
    program.chmod(0o755)
    unit = folder / UNIT.name
    unit.write_text(re.sub(r"(?<=^ExecStart=)\S+", str(program), UNIT.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    return unit


def test_systemd_finds_no_fault(tmp_path: Path) -> None:
    run(tool("systemd-analyze"), "verify", "--man=no", installed(tmp_path), is_silent=True)


def test_systemd_finds_it_closed_in(tmp_path: Path) -> None:
    unit = installed(tmp_path)

    run(tool("systemd-analyze"), "security", "--offline=true", f"--threshold={MOST_EXPOSED * 10:.0f}", unit)


def test_it_is_started_when_it_listens_and_watched_and_ended_gently() -> None:
    unit = settings()

    assert unit["Type"] == ["notify"]
    assert unit["NotifyAccess"] == ["main"]
    assert int(unit["WatchdogSec"][0]) >= 10
    assert int(unit["TimeoutStopSec"][0]) > ending.FINISH_S + 2 * ending.LAST_LINES_S + 5


def test_a_restart_is_tried_only_where_it_may_help() -> None:
    unit = settings()
    told = (ROOT / "docs" / "how-to" / "run-as-a-service.md").read_text("utf-8")

    assert unit["Restart"] == ["on-failure"]
    assert unit["RestartPreventExitStatus"] == ["2 75 78"]
    assert "Exit codes 2 (configuration), 75 (another process holds the database) and 78" in told


def test_the_service_understands_its_command_line() -> None:
    program, *arguments = settings()["ExecStart"][0].split()
    variables = dict(one.split("=", 1) for one in settings()["Environment"])

    assert Path(program).name == "statuswire"
    assert str(obeyed(arguments)["config"]) == "/etc/statuswire/statuswire.yaml"
    assert misunderstood(variables) == set()


def test_what_it_writes_to_is_its_state_alone() -> None:
    unit = settings()

    assert unit["ProtectSystem"] == ["strict"]
    assert unit["WorkingDirectory"] == ["/var/lib/statuswire"]
    assert unit["StateDirectory"] == ["statuswire"]
    assert not {"ReadWritePaths", "CacheDirectory", "LogsDirectory"} & set(unit)


def test_the_user_that_it_runs_as_is_made() -> None:
    assert f"u {settings()['User'][0]} - " in USERS.read_text("utf-8")
