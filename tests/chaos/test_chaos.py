"""Three replicas of the real command while everything around them fails in turn: the short form of `make chaos`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.chaos.__main__ import is_clean
from tests.faults.ledger import reported
from tests.servers import postgres, redis


@pytest.fixture(autouse=True)
def servers() -> None:
    """Where the machine should have them (TESTS_NEED_SERVERS) nothing is skipped."""
    missing = [name for name, found in (("PostgreSQL", postgres.binaries()), ("Redis", redis.binary())) if not found]
    if missing and not os.environ.get("TESTS_NEED_SERVERS"):
        pytest.skip(f"no {' and no '.join(missing)} on this machine or in its environment")
    assert not missing


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
