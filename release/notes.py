"""`python -m release.notes --tag v1.2.0`: what CHANGELOG.md says of the version, for the release of that tag.

Exit code 1 where tag, `pyproject.toml` and changelog do not name the same version.
"""

from __future__ import annotations

import argparse
import re
import sys
from typing import Final

from release.project import ROOT, project

UNRELEASED: Final = "Unreleased"
_HEADING: Final = re.compile(r"^## (.+)$", re.MULTILINE)
_RELEASED: Final = re.compile(r"(\d+\.\d+\.\d+) - (\d{4}-\d{2}-\d{2})")


def sections(changelog: str) -> dict[str, str]:
    """What stands under each heading of a version, in order. Raises ValueError for a heading that is no version."""
    parts = _HEADING.split(changelog)[1:]
    found = {}
    for heading, text in zip(parts[::2], parts[1::2], strict=True):
        released = _RELEASED.fullmatch(heading)
        if heading != UNRELEASED and not released:
            raise ValueError(f"`## {heading}`: right is `## {UNRELEASED}` or `## 1.2.0 - 2027-01-31`")
        found[released[1] if released else UNRELEASED] = text.strip()
    return found


def notes(changelog: str, version: str, tag: str) -> str:
    """Raises ValueError where they do not agree."""
    if tag != f"v{version}":
        raise ValueError(f"the tag is {tag}, pyproject.toml says {version}")
    found = sections(changelog)
    if version not in found:
        raise ValueError(f"CHANGELOG.md has nothing under `## {version} - ...`")
    if found.get(UNRELEASED):
        raise ValueError(f"CHANGELOG.md still has something under `## {UNRELEASED}`")
    return found[version]


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="release.notes")
    asked.add_argument("--tag", required=True)
    try:
        print(notes((ROOT / "CHANGELOG.md").read_text("utf-8"), project()["version"], asked.parse_args(arguments).tag))
    except ValueError as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
