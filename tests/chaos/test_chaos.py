"""Three replicas of the real command while everything around them fails in turn: the short form of `make chaos`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.__main__ import is_clean
from tests.faults.ledger import reported

pytestmark = pytest.mark.usefixtures("servers")


def chaos(folder: Path, minutes: float, seed: int) -> dict[str, int]:
    return reported(
        "tests.chaos", "--minutes", minutes, "--seed", seed, "--folder", folder, timeout_s=60 * minutes + 600
    )


def test_after_a_short_chaos_the_log_is_the_script_and_everybody_was_told(tmp_path: Path) -> None:
    report = chaos(tmp_path, 0.6, 11)

    assert is_clean(report), report
    assert report["mishaps"] >= 3


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(3))
def test_after_a_long_chaos_the_log_is_the_script_and_everybody_was_told(tmp_path: Path, seed: int) -> None:
    report = chaos(tmp_path, 20, 100 + seed)

    assert is_clean(report), report
