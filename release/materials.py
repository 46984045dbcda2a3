"""`python -m release.materials DIST`: the bill of materials of an installation with everything, as CycloneDX."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from release import building
from release.project import ROOT, project

TOOL: Final = ROOT / ".venv" / "release" / "bin" / "cyclonedx-py"
_NO_GRAPH: Final = "ignore:The Component this BOM is describing:UserWarning"
"""The tool remarks that no library is said to need another: a lock file does not tell."""


def write(dist: Path, lock: Path = ROOT / "requirements" / "image.lock") -> Path:
    """Of what the image installs, with digests. The same bytes for the same lock file and commit."""
    path = dist / f"statuswire-{project()['version']}.cdx.json"
    command = [
        str(TOOL), "requirements", "--output-reproducible", "--spec-version", "1.6", "--output-format", "JSON",
        "--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "application",
        "--output-file", str(path), str(lock),
    ]  # fmt: skip
    environ = {**os.environ, "SOURCE_DATE_EPOCH": str(building.epoch()), "PYTHONWARNINGS": _NO_GRAPH}
    subprocess.run(command, env=environ, check=True)
    return path


def main(dist: Path) -> None:
    path = write(dist)
    with (dist / building.SUMS).open("a", encoding="utf-8") as sums:
        sums.write(building.digests([path]))
    print(f"materials: {path}, in {building.SUMS} too")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
