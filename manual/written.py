"""Every page of docs/ that the code has a part in, as it is to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from manual import options, platforms
from manual.links import DOCS
from manual.sources import tables
from manual.tables import remade

WHOLE: Mapping[str, Callable[[], str]] = {"platforms.md": platforms.render, "reference/options.md": options.render}


def names() -> list[str]:
    """The paths below docs/ of whole pages, and of pages in which single tables follow the code."""
    return list(dict.fromkeys([*WHOLE, *(table.page for table in tables())]))


def pages() -> dict[str, str]:
    """The texts by the path below docs/, of the pages that `names` has."""
    found = {name: render() for name, render in WHOLE.items()}
    for table in tables():
        text = found.get(table.page) or (DOCS / table.page).read_text(encoding="utf-8")
        found[table.page] = remade(text, table)
    return found
