"""P1, O11: `kill -9` at any moment of planning and sending loses nothing, and repeats only what was under way."""

from __future__ import annotations

from pathlib import Path

import pytest

from statuswire.engine.posting import LANES
from tests.faults.ledger import reported

UNDER_WAY = LANES + 1
"""Of the channel whose threads are independent, and of the one that keeps one order."""


def killed(path: Path, kills: int, seed: int) -> dict[str, int]:
    return reported("tests.faults.kill_teller", path, kills, seed, timeout_s=60 + 5 * kills)


def check(report: dict[str, int]) -> None:
    assert report["events"] > 0
    assert (report["lost"], report["left"], report["foreign"], report["out_of_order"]) == (0, 0, 0, 0)
    assert report["sent"] == report["messages"] + report["again"]
    assert report["most_again"] <= UNDER_WAY


def test_P1_twenty_kills_lose_nothing_and_repeat_only_what_was_under_way(tmp_path: Path) -> None:
    check(killed(tmp_path / "statuswire.db", kills=20, seed=7))


@pytest.mark.nightly
def test_P1_a_thousand_kills_lose_nothing_and_repeat_only_what_was_under_way(tmp_path: Path) -> None:
    report = killed(tmp_path / "statuswire.db", kills=1_000, seed=8)

    check(report)
    assert report["messages"] > 1_000
