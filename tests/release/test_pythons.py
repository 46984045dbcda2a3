"""Which Pythons a release is tried on."""

from __future__ import annotations

import sys
from pathlib import Path

from release import pythons

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def test_a_python_is_found_where_pyenv_has_it_and_none_where_nobody_has(tmp_path: Path) -> None:
    place = tmp_path / ".pyenv" / "versions" / f"{HERE}.99" / "bin" / "python"
    place.parent.mkdir(parents=True)
    place.symlink_to(sys.executable)

    assert pythons.found((HERE, "3.99"), tmp_path) == {HERE: place, "3.99": None}


def test_one_that_does_not_run_is_passed_over(tmp_path: Path) -> None:
    place = tmp_path / ".pyenv" / "versions" / "3.99.1" / "bin" / "python"
    place.parent.mkdir(parents=True)
    place.write_text("#!/bin/sh\nexit 127\n", "utf-8")
    place.chmod(0o755)

    assert pythons.found(("3.99",), tmp_path) == {"3.99": None}
