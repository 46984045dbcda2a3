"""`python -m release.check [--keep DIST]`: is this fit for strangers?

Builds wheel and sdist, looks that the sdist makes the same wheel, and on every Python that is promised and here
installs the wheel into an empty environment, weighs it, plays the demo and asks for what is not in the base. Exit code
1 with what is wrong; a Python that is not here is named and left out. Needs a package index, as any installation does.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from release import building, pythons, weighing
from release.project import ROOT, constraints, pythons_promised

LACKING: Final = {
    ("backup", "-"): "pip install 'statuswire[archive]'",
    ("mcp",): "pip install 'statuswire[mcp]'",
    ("check-config", "--config", "mail.yaml"): "pip install 'statuswire[mail]'",
    ("check-config", "--config", "templates.yaml"): "pip install 'statuswire[web]'",
}
"""What a base says when it is asked for more."""

FILES: Final = {
    "mail.yaml": "channels: {m: {kind: email, host: smtp.example.com, sender: a@example.com, to: [b@example.com]}}\n",
    "templates.yaml": "templates: {t: {title: '{{ headline }}'}}\n",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """One environment. `faults` is empty where all is well."""

    python: str
    said: str
    faults: tuple[str, ...]


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="release.check")
    asked.add_argument("--keep", metavar="DIST", type=Path)
    keep: Path | None = asked.parse_args(arguments).keep
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel, sdist = building.build(ROOT, folder / "dist", building.epoch())
        again = building.wheel_of_sdist(sdist, folder / "again", building.epoch())
        problems = [] if again.read_bytes() == wheel.read_bytes() else ["the sdist makes another wheel than the tree"]
        problems += _tried(folder, wheel)
        if keep and not problems:
            _keep(keep, [wheel, sdist])
    for one in problems:
        print(f"release: {one}", file=sys.stderr)
    return 1 if problems else 0


def _tried(folder: Path, wheel: Path) -> list[str]:
    """What is wrong on the Pythons that are here; says what was done."""
    (folder / "versions.txt").write_text(constraints(), "utf-8")
    here = pythons.found(pythons_promised())
    for version in (one for one, python in here.items() if python is None):
        print(f"Python {version}: not on this machine, left out")
    with ThreadPoolExecutor(2) as pool:
        trials = list(pool.map(partial(_trial, folder, wheel), [path for path in here.values() if path]))
    for trial in trials:
        print(f"Python {trial.python}: {trial.said}")
    return [f"Python {trial.python}: {fault}" for trial in trials for fault in trial.faults] or (
        [] if trials else ["none of the promised Pythons is here"]
    )


def _trial(folder: Path, wheel: Path, python: Path) -> Trial:
    place = Path(tempfile.mkdtemp(dir=folder))
    try:
        site = _install(place, wheel, python, folder / "versions.txt")
        played = _said(place, "demo", "--speed", "20")
        faults = [*weighing.faults(site), *_not_played(played), *_not_told(place)]
    except subprocess.CalledProcessError as error:
        return Trial(str(python), "not installed", (f"{error.cmd[-1]}: {error.stderr}",))
    many, size = len(weighing.packages(site)), weighing.size_mib(site)
    return Trial(site.parent.name.removeprefix("python"), f"{many} packages, {size:.1f} MiB, plays", tuple(faults))


def _install(place: Path, wheel: Path, python: Path, versions: Path) -> Path:
    """The folder of packages of a new environment that has the wheel and what it needs."""
    _run(python, "-m", "venv", "--without-pip", place)
    there = place / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", there)
    _run(*pip, "install", "--quiet", "--constraint", versions, wheel)
    return next((place / "lib").glob("python*")) / "site-packages"


def _run(*command: str | Path) -> None:
    subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True)


def _said(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`statuswire ARGUMENTS` of the environment, in a folder of its own."""
    for name, text in FILES.items():
        (place / name).write_text(text, "utf-8")
    command = [str(place / "bin" / "statuswire"), *arguments]
    return subprocess.run(command, cwd=place, capture_output=True, text=True, check=False, timeout=120)


def _not_played(played: subprocess.CompletedProcess[str]) -> list[str]:
    is_well = played.returncode == 0 and "This incident has been resolved." in played.stdout
    return [] if is_well else [f"the demo ended with {played.returncode}: {played.stderr[-500:]}"]


def _not_told(place: Path) -> list[str]:
    """Where something that is not in the base does not say how it is to be had."""
    found = []
    for arguments, expected in LACKING.items():
        told = _said(place, *arguments)
        if told.returncode != 2 or expected not in told.stderr:
            found.append(f"`{' '.join(arguments)}` does not say {expected!r} but {told.stderr[-300:]!r}")
    return found


def _keep(keep: Path, made: list[Path]) -> None:
    shutil.rmtree(keep, ignore_errors=True)
    keep.mkdir(parents=True)
    for one in made:
        shutil.copy(one, keep)
    (keep / building.SUMS).write_text(building.digests(made), "utf-8")
    print(f"{keep}: {', '.join(one.name for one in made)}, {building.SUMS}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
