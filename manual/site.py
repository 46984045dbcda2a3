"""Hooks of MkDocs: the navigation, and what the site has beside the pages of docs/.

Nothing has to be entered anywhere for a page to be part of the site: the order is that of docs/README.md, and a page
that it does not name stands at the end of the section of its folder.
Hooks: mkdocs.org/user-guide/configuration/#hooks (2026-11-29).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from manual.links import DOCS, INDEX, ROOT, as_on_the_site, linked_from_outside, targets

LOOKS = {
    "site.css": ROOT / "manual" / "site.css",
    "images/mark.svg": ROOT / "src" / "statuswire" / "web" / "face" / "static" / "icon.svg",
}
SECTIONS = {"how-to": "How to", "reference": "Reference", "explanation": "Explanation", "decisions": "Decisions"}
"""By folder: where a page stands that the index does not name."""

_HEADING = re.compile(r"^(?P<level>##|###) (?P<text>.+)$")
_MARK = re.compile(r"^(```\w+) [^\n{]+$", re.MULTILINE)
"""What stands behind the language of a block: said to our tests, and not to MkDocs."""

Parts = dict[str, list[str]]
Entry = str | dict[str, "list[Entry]"]


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    pages = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
    config.nav = navigation((DOCS / INDEX).read_text(encoding="utf-8"), pages)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    beside = {path: ROOT / path for path in linked_from_outside(DOCS.rglob("*.md"))}
    for path, here in sorted((beside | LOOKS).items()):
        files.append(File.generated(config, path, abs_src_path=str(here)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    home = DOCS if (DOCS / page.file.src_uri).exists() else ROOT
    return _MARK.sub(r"\1", as_on_the_site(markdown, (home / page.file.src_uri).parent))


def navigation(index: str, pages: Iterable[str]) -> list[Entry]:
    """The start page, then sections and their parts as the headings of the index have them, the rest by folder."""
    sections = sections_of(index)
    named = {page for parts in sections.values() for listed in parts.values() for page in listed} | {INDEX}
    for page in pages:
        if page not in named:
            parts = sections.setdefault(SECTIONS.get(page.partition("/")[0], "More"), {})
            parts.setdefault("More" if len(parts) > 1 else "", []).append(page)
    return [{"Start": [INDEX]}, *({name: _entries(parts)} for name, parts in sections.items())]


def _entries(parts: Parts) -> list[Entry]:
    below: list[Entry] = [{name: [*pages]} for name, pages in parts.items() if name]
    return [*parts.get("", []), *below]


def sections_of(index: str) -> dict[str, Parts]:
    """Pages by section and part, each where it is named first; "" is the part without a heading of its own."""
    found: dict[str, Parts] = {}
    section, part, seen = "", "", set()
    for line in index.splitlines():
        if heading := _HEADING.match(line):
            section, part = (heading["text"], "") if heading["level"] == "##" else (section, heading["text"])
        pages = (posixpath.normpath(target).removeprefix("../") for target in targets(line) if target.endswith(".md"))
        for page in pages if section else ():
            if page not in seen:
                seen.add(page)
                found.setdefault(section, {}).setdefault(part, []).append(page)
    return found
