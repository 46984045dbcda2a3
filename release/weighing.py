"""How much an installation brings: packages, and bytes with all that pip writes, compiled modules too."""

from __future__ import annotations

from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Final

MOST_PACKAGES: Final = 25
MOST_MIB: Final = 60.0
_NOT_OURS: Final = frozenset({"pip", "setuptools"})
"""What an environment is made with."""


def packages(site: Path) -> list[Distribution]:
    found = distributions(path=[str(site)])
    return sorted((one for one in found if one.name not in _NOT_OURS), key=lambda one: one.name.lower())


def size_mib(site: Path) -> float:
    """Of the files, not of the blocks that a file system gives them."""
    theirs = tuple(f"{name}{end}" for name in _NOT_OURS for end in ("/", "-"))
    files = (one for one in site.rglob("*") if one.is_file() and not one.is_symlink())
    ours = (one for one in files if not f"{one.relative_to(site)}".startswith(theirs))
    return sum(one.stat().st_size for one in ours) / 2**20


def faults(site: Path) -> list[str]:
    """What is too much, in sentences."""
    names = [one.name for one in packages(site)]
    found = []
    if len(names) > MOST_PACKAGES:
        found.append(f"the base has {len(names)} packages, {MOST_PACKAGES} are allowed: {', '.join(names)}")
    size = size_mib(site)
    if size > MOST_MIB:
        found.append(f"the base takes {size:.1f} MiB, {MOST_MIB:g} are allowed")
    return found
