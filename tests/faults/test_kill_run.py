"""P1, O11: `kill -9` of the real command under load loses nothing, and repeats only the same body under the same id."""

from __future__ import annotations

from pathlib import Path

import pytest

from statuswire.engine.posting import LANES
from tests.faults.ledger import reported
from tests.faults.receiver import PLAIN, QUIET

UNDER_WAY = LANES * len((*PLAIN, QUIET))


def killed(folder: Path, kills: int, seed: int) -> dict[str, int]:
    return reported("tests.faults.kill_run", folder, kills, seed, timeout_s=600 + 20 * kills)


def check(report: dict[str, int]) -> None:
    lost = {name: report[name] for name in ("hooks_refused", "hooks_lost", "lost", "left")}
    wrong = {name: report[name] for name in ("hooks_doubled", "hooks_foreign", "foreign", "changed", "quiet_twice")}
    order = {name: report[name] for name in ("hooks_out_of_order", "out_of_order")}
    assert set((lost | wrong | order).values()) == {0}, report
    assert report["events"] == report["hooks"] > 0
    assert report["again_at_once"] == 0, "what was answered is not repeated by the same process"
    assert report["most_again"] <= UNDER_WAY


def test_P1_ten_kills_of_the_command_lose_nothing_and_repeat_only_under_the_same_id(tmp_path: Path) -> None:
    check(killed(tmp_path, kills=10, seed=7))


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(10))
def test_P1_a_thousand_kills_of_the_command_lose_nothing_and_repeat_only_under_the_same_id(
    tmp_path: Path, seed: int
) -> None:
    report = killed(tmp_path, kills=100, seed=1000 + seed)

    check(report)
    assert report["messages"] > 500
