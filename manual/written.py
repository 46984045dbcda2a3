"""Every page of docs/ that the code has a part in, as it is to be."""

from __future__ import annotations

from manual import options, platforms
from manual.links import DOCS
from manual.sources import tables
from manual.tables import remade


def pages() -> dict[str, str]:
    """The texts by the path below docs/. Whole pages, and pages in which single tables follow the code."""
    found = {"platforms.md": platforms.render(), "reference/options.md": options.render()}
    for table in tables():
        text = found.get(table.page) or (DOCS / table.page).read_text(encoding="utf-8")
        found[table.page] = remade(text, table)
    return found
