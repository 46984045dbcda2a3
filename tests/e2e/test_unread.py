"""A pipe that nobody reads any more (`statuswire ... | head`) ends a command quietly, as it ends other programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

SIGPIPE_CODE = 141
"""128 and the number of SIGPIPE: what a shell shows of a program that the signal ended."""

SUMMARY = Path(__file__).parents[1] / "platforms" / "statuspage" / "summary.json"


def ended_after(lines: int, arguments: Sequence[str], folder: Path) -> tuple[int, bytes]:
    """Exit code and standard error of a command whose reader goes away after so many lines."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STATUSWIRE_")}
    with subprocess.Popen(
        [sys.executable, "-m", "statuswire", *arguments],
        cwd=folder,
        env=kept,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        for _ in range(lines):
            assert process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
        return process.wait(30), said


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("--version",),
        ("run", "--help"),
        ("catalog",),
        ("check-config", "--schema"),
        ("read", str(SUMMARY)),
        ("doctor",),
        ("demo", "--speed", "20"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]).split("/")[0],
)
def test_a_command_that_nobody_listens_to_says_nothing(arguments: Sequence[str], tmp_path: Path) -> None:
    assert ended_after(0, arguments, tmp_path) == (SIGPIPE_CODE, b"")


def test_the_demo_ends_as_soon_as_its_audience_leaves(tmp_path: Path) -> None:
    assert ended_after(3, ("demo",), tmp_path) == (SIGPIPE_CODE, b"")


def test_a_replay_ends_in_the_middle(tmp_path: Path) -> None:
    body = json.loads(SUMMARY.read_text(encoding="utf-8"))
    lines = []
    for number in range(400):
        moment = f"2026-05-04T{number // 60:02}:{number % 60:02}:00Z"
        level = ("operational", "partial_outage")[number % 2]
        body["page"]["updated_at"] = moment
        for component in body["components"]:
            component |= {"status": level, "updated_at": moment}
        lines.append(json.dumps({"captured_at": moment, "body": json.dumps(body)}))
    (tmp_path / "long.series.jsonl").write_text("\n".join(lines), encoding="utf-8")

    assert ended_after(1, ("replay", "long.series.jsonl"), tmp_path) == (SIGPIPE_CODE, b"")
