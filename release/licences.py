"""`python -m release.licences`: may all that comes with us be given on? Read from what is installed.

Exit code 1 with every package whose licence is not on the list, and with what is promised and not installed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Final

from packaging.requirements import Requirement

from release.project import project

ALLOWED: Final = frozenset(
    {
        "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CNRI-Python", "ISC", "MIT", "MIT-0", "PSF-2.0",
        "Python-2.0", "Unlicense", "Zlib",
        "MPL-2.0",  # certifi, with Apprise: its file is passed on unchanged
        "LGPL-3.0-only",  # psycopg: a library of its own that anybody may replace
    }
)  # fmt: skip

WRITTEN_OTHERWISE: Final = {
    "Apache 2.0": "Apache-2.0",
    "License :: OSI Approved :: MIT License": "MIT",
    "MIT License": "MIT",
}
"""Licences in other words than SPDX's, as packages state them (read 2026-11-29)."""

READ_BY_US: Final = {
    "dkimpy": "Zlib",  # its LICENSE is zlib's text; the metadata says "BSD-like"
    "Jinja2": "BSD-3-Clause",  # LICENSE.txt; the metadata says "BSD License"
}
"""Packages whose metadata does not say it: what their own file says (read 2026-11-29)."""


def all_needed() -> Iterator[Requirement]:
    """What we name ourselves, with every extra."""
    ours = project()
    named = [*ours["dependencies"], *(one for extra in ours["optional-dependencies"].values() for one in extra)]
    return (one for one in map(Requirement, named) if one.name != ours["name"])


def closure(roots: Iterable[Requirement]) -> dict[str, Distribution | None]:
    """All that is installed with these, by name; None for what is not installed."""
    found: dict[str, Distribution | None] = {}
    todo, seen = list(roots), set()
    while todo:
        one = todo.pop()
        if (one.name.lower(), *sorted(one.extras)) in seen:
            continue
        seen.add((one.name.lower(), *sorted(one.extras)))
        try:
            known = distribution(one.name)
        except PackageNotFoundError:
            found[one.name] = None
            continue
        found[known.name] = known
        todo += _needs(known, one.extras)
    return found


def _needs(one: Distribution, extras: set[str]) -> Iterator[Requirement]:
    for needed in map(Requirement, one.requires or ()):
        if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield needed


def licence(one: Distribution) -> str:
    """As an SPDX expression where that can be told, else as the package puts it."""
    if one.name in READ_BY_US:
        return READ_BY_US[one.name]
    facts = one.metadata
    said = (facts.get("License-Expression") or facts.get("License") or "").strip()
    if not said or "\n" in said:
        said = next((word for word in facts.get_all("Classifier", []) if word.startswith("License ::")), "unknown")
    return WRITTEN_OTHERWISE.get(said, said)


def is_allowed(expression: str) -> bool:
    """AND binds more tightly than OR; of parentheses the innermost are read first (SPDX 3.0, annex B)."""
    inner = re.search(r"\(([^()]*)\)", expression)
    while inner:
        word = "MIT" if is_allowed(inner[1]) else "no"
        expression = expression[: inner.start()] + word + expression[inner.end() :]
        inner = re.search(r"\(([^()]*)\)", expression)
    return any(all(part.strip() in ALLOWED for part in way.split(" AND ")) for way in expression.split(" OR "))


def faults(roots: Iterable[Requirement]) -> list[str]:
    """Of these and all that they need: what is not installed, and what has a licence that is not allowed."""
    found = closure(roots)
    absent = [f"{name} is not installed" for name, one in sorted(found.items()) if one is None]
    told = [(one.name, licence(one)) for _, one in sorted(found.items()) if one is not None]
    return [*absent, *(f"{name}: {words} is not on the list" for name, words in told if not is_allowed(words))]


def main() -> int:
    found = faults(all_needed())
    for one in found:
        print(f"licences: {one}", file=sys.stderr)
    if not found:
        print(f"licences: {len(closure(all_needed()))} packages, all on the list")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
