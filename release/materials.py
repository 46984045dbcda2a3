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


def write(dist: Path, lock: Path = ROOT / "requirements" / "image.lock") -> Path:
    """Of what the image installs, with digests. The same bytes for the same lock file and commit."""
    path = dist / f"statuswire-{project()['version']}.cdx.json"
    command = [
        str(TOOL), "requirements", "--output-reproducible", "--spec-version", "1.6", "--output-format", "JSON",
        "--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "application",
        "--output-file", str(path), str(lock),
    ]  # fmt: skip
    environ = {**os.environ, "SOURCE_DATE_EPOCH": str(building.epoch())}
    subprocess.run(command, env=environ, check=True)
    return path


if __name__ == "__main__":
    print(f"materials: {write(Path(sys.argv[1]))}")
