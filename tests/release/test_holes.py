"""What pip-audit answers is never taken for more than it says."""

from __future__ import annotations

import json

from release.holes import verdict

CLEAN = {"name": "a", "version": "1.0", "vulns": []}
SKIPPED = {"name": "b", "skip_reason": "not found"}
HOLED = {"name": "c", "version": "2.0", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2.1"]}]}


def told(*packages: object) -> tuple[bool, str]:
    return verdict("run.lock", json.dumps({"dependencies": packages, "fixes": []}), "")


def test_a_hole_is_named_with_its_package() -> None:
    assert told(CLEAN, SKIPPED, HOLED) == (True, "run.lock: c 2.0: PYSEC-2026-1")


def test_all_is_well_only_where_every_package_was_asked_about() -> None:
    assert told(CLEAN, CLEAN) == (False, "nothing is known against the 2 packages of run.lock")
    assert told(CLEAN, SKIPPED) == (False, "NOT CHECKED, run.lock: nothing could be asked about 1 of 2 packages")


def test_no_answer_is_no_good_news() -> None:
    assert verdict("run.lock", "", "ConnectionError: x\n") == (False, "NOT CHECKED, run.lock: ConnectionError: x")
