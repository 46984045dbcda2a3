"""What `pyproject.toml` says of us, and where things lie."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
_PYTHON: Final = "Programming Language :: Python :: "


def project(root: Path = ROOT) -> dict[str, Any]:
    """The table `[project]`. The version stands there and nowhere else."""
    found: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    return found


def pythons_promised() -> tuple[str, ...]:
    """`3.11` and so on, as the classifiers say."""
    words = (one.removeprefix(_PYTHON) for one in project()["classifiers"] if one.startswith(_PYTHON))
    return tuple(one for one in words if re.fullmatch(r"3\.\d+", one))


def constraints() -> str:
    """The versions of `requirements/run.lock` for pip's `--constraint`, without digests, which an own wheel has not."""
    lines = (ROOT / "requirements" / "run.lock").read_text("utf-8").splitlines()
    return "\n".join(line.rstrip(" \\") for line in lines if line and not line.lstrip().startswith(("--hash", "#")))
