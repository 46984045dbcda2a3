"""Tag, version and changelog say the same, or nothing is released."""

from __future__ import annotations

import pytest
from release.notes import UNRELEASED, notes, sections
from release.project import ROOT

LOG = """# Changelog

## Unreleased

## 1.2.0 - 2027-01-31

### Added

- A thing.

## 1.1.0 - 2026-12-01

- Old.
"""


def test_what_is_released_is_what_stands_under_its_version() -> None:
    assert notes(LOG, "1.2.0", "v1.2.0") == "### Added\n\n- A thing."


@pytest.mark.parametrize(
    ("log", "version", "tag", "fault"),
    [
        (LOG, "1.2.0", "v1.3.0", "the tag is v1.3.0, pyproject.toml says 1.2.0"),
        (LOG, "1.3.0", "v1.3.0", "has nothing under `## 1.3.0"),
        (LOG.replace("Unreleased\n", "Unreleased\n\n- New.\n"), "1.2.0", "v1.2.0", "still has something"),
        (LOG.replace("1.1.0 - 2026-12-01", "1.1"), "1.2.0", "v1.2.0", "`## 1.1`: right is"),
    ],
)
def test_what_does_not_agree_is_not_released(log: str, version: str, tag: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        notes(log, version, tag)


def test_our_changelog_can_be_released() -> None:
    assert next(iter(sections((ROOT / "CHANGELOG.md").read_text("utf-8")))) == UNRELEASED
