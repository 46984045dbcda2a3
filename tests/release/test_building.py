"""The same sources make the same archives, wherever, whenever and by whom they are built."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from release.project import ROOT

from release import building

MOMENT = 1_777_777_777


def tree(folder: Path, *, mode: int, at: float) -> Path:
    """What a release is built of, with other rights and times, and with what a developer leaves in it."""
    folder.mkdir(parents=True)
    for name in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", ".gitignore"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "platforms"))
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(mode)
        os.utime(path, (at, at))
    return folder


def test_two_builds_from_two_folders_are_the_same_bytes(tmp_path: Path) -> None:
    one = building.build(tree(tmp_path / "one", mode=0o644, at=1_000_000_000), tmp_path / "first", MOMENT)
    other = tree(tmp_path / "deep" / "other", mode=0o600, at=1_700_000_000)
    (other / "src" / "statuswire" / "__pycache__").mkdir()
    (other / "src" / "statuswire" / "__pycache__" / "model.pyc").write_bytes(b"left by a run")
    another = building.build(other, tmp_path / "second", MOMENT)

    assert [path.name for path in one] == [path.name for path in another]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in another]
    assert building.wheel_of_sdist(one[1], tmp_path / "again", MOMENT).read_bytes() == one[0].read_bytes()


def test_digests_are_written_as_sha256sum_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "a.whl"
    path.write_bytes(b"abc")

    assert building.digests([path]) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.whl\n"
