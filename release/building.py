"""Wheel and sdist, the same bytes wherever and whenever they are built."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from hashlib import sha256
from pathlib import Path
from typing import Final

from release.project import ROOT

SUMS: Final = "SHA256SUMS"
FIRST_DAY: Final = 1_577_836_800
"""2020-01-01, for a tree without a history; archives know no time before 1980."""


def epoch(root: Path = ROOT) -> int:
    """The moment of the last commit, which is what everything in the archives is dated by."""
    asked = ("git", "-C", str(root), "log", "-1", "--format=%ct")
    told = subprocess.run(asked, capture_output=True, text=True, check=False)
    return int(told.stdout) if told.returncode == 0 and told.stdout.strip() else FIRST_DAY


def build(source: Path, out: Path, moment: int, *targets: str) -> list[Path]:
    """`wheel`, `sdist` or both, into `out`, in that order. Raises CalledProcessError."""
    environ = {**os.environ, "SOURCE_DATE_EPOCH": str(moment), "PYTHONDONTWRITEBYTECODE": "1"}
    made = []
    for target in targets or ("wheel", "sdist"):
        command = (sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(out))
        subprocess.run(command, cwd=source, env=environ, check=True, stdout=subprocess.DEVNULL)
        made.append(next(out.glob("*.whl" if target == "wheel" else "*.tar.gz")))
    return made


def wheel_of_sdist(sdist: Path, folder: Path, moment: int) -> Path:
    """The wheel that is built out of an sdist, in an empty folder."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    source = folder / sdist.name.removesuffix(".tar.gz")
    return build(source, folder / "out", moment, "wheel")[0]


def digests(paths: list[Path]) -> str:
    """Lines as sha256sum writes and reads them."""
    return "".join(f"{sha256(one.read_bytes()).hexdigest()}  {one.name}\n" for one in sorted(paths))
