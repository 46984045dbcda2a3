"""The documentation as a site: built without a warning, every link leads somewhere, and nobody else is asked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from lxml import html
from manual.links import DOCS, ROOT, as_on_the_site, linked_from_outside
from manual.site import navigation

RESOURCES = (
    "//script/@src|//img/@src|//iframe/@src|//source/@src|//video/@src|//audio/@src|//object/@data|//embed/@src"
    "|//link[not(contains('canonical alternate next prev', @rel))]/@href|//form/@action|//*/@srcset|//use/@href"
)
"""What a browser fetches of a page without being asked. Links that people follow are not among them."""

NEVER_LOADED = {
    "unpkg.com": "diagrams in Mermaid, of which no page has one, and browsers from before 2020 (ResizeObserver)",
    "api.github.com": "figures of a repository, which no page names",
    "gitlab.com": "the same",
}
"""Hosts that the theme's script would ask, and what for."""

ONLY_NAMED = frozenset(
    [
        "bit.ly",
        "chasen.org",
        "clipboardjs.com",
        "code.google.com",
        "developer.mozilla.org",
        "docs.python.org",
        "en.wikipedia.org",
        "fontawesome.com",
        "github.com",
        "lunrjs.com",
        "msdn.microsoft.com",
        "narwhaljs.org",
        "people.mozilla.org",
        "snowball.tartarus.org",
        "tartarus.org",
        "underscorejs.org",
        "wiki.commonjs.org",
        "wiki.ecmascript.org",
        "www.mozilla.org",
        "www.w3.org",
    ]
)
"""In licences, comments, names of namespaces and sentences of the theme's scripts and styles."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make site` builds it."""
    folder = tmp_path_factory.mktemp("site")
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    built = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True, check=False)
    assert built.returncode == 0 and "WARNING" not in built.stderr, built.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, html.HtmlElement]:
    """Every page of the site by its file, but for that of addresses that lead nowhere: its links are absolute."""
    found = sorted(path for path in site.rglob("*.html") if path.name != "404.html")
    return {path: html.fromstring(path.read_text(encoding="utf-8")) for path in found}


def aims(page: Path, tree: html.HtmlElement) -> Iterator[tuple[Path, str]]:
    """Where links and resources within the site lead: the file and the anchor."""
    for target in (*tree.xpath("//a/@href"), *tree.xpath(RESOURCES)):
        path, anchor = urldefrag(target)
        if not urlsplit(target).scheme:
            yield (page.parent / unquote(path)).resolve() if path else page, unquote(anchor)


# --- links -------------------------------------------------------------------------------------------------------


def test_every_link_of_the_site_leads_to_a_file_and_a_heading(pages: dict[Path, html.HtmlElement]) -> None:
    names = {page.resolve(): {*tree.xpath("//@id"), *tree.xpath("//a/@name")} for page, tree in pages.items()}

    lost = [
        f"{page.name}: {aim}#{anchor}"
        for page, tree in pages.items()
        for aim, anchor in aims(page, tree)
        if not aim.exists() or (anchor and aim in names and anchor not in names[aim] and not anchor.startswith("__"))
    ]

    assert not lost


def test_every_page_of_the_documentation_is_in_the_navigation(site: Path, pages: dict[Path, html.HtmlElement]) -> None:
    start = site / "index.html"
    shown = {aim for aim, _ in aims(start, pages[start])}

    written = {path.relative_to(DOCS).with_suffix(".html") for path in DOCS.rglob("*.md") if path.name != "README.md"}

    assert not [page for page in written if (site / page).resolve() not in shown]


def test_pictures_of_the_documentation_are_on_the_site(site: Path) -> None:
    pictures = [path.relative_to(DOCS) for path in (DOCS / "images").iterdir()]

    assert pictures and all((site / path).read_bytes() == (DOCS / path).read_bytes() for path in pictures)


def test_every_block_of_code_is_shown_as_one(pages: dict[Path, html.HtmlElement]) -> None:
    assert not [page.name for page, tree in pages.items() if "```" in "".join(tree.xpath("//article//p//text()"))]


# --- nobody else is asked ------------------------------------------------------------------------------------------


def test_no_page_fetches_anything_from_another_machine(site: Path, pages: dict[Path, html.HtmlElement]) -> None:
    pages = {**pages, site / "404.html": html.fromstring((site / "404.html").read_text(encoding="utf-8"))}

    foreign = [
        (page.name, target)
        for page, tree in pages.items()
        for target in tree.xpath(RESOURCES)
        if urlsplit(target).netloc or urlsplit(target).scheme not in ("", "data")
    ]

    assert not foreign


def test_no_style_fetches_anything_from_another_machine(site: Path, pages: dict[Path, html.HtmlElement]) -> None:
    styles = [path.read_text(encoding="utf-8") for path in site.rglob("*.css")]
    styles += [text for tree in pages.values() for text in (*tree.xpath("//style/text()"), *tree.xpath("//@style"))]

    assert not [text for text in styles if re.search(r"@import|url\(\s*['\"]?(?:https?:)?//", text)]


def test_scripts_name_no_host_that_is_not_known_to_be_left_alone(site: Path) -> None:
    scripts = "".join(path.read_text(encoding="utf-8") for path in (*site.rglob("*.js"), *site.rglob("*.css")))

    hosts = set(re.findall(r"https?://((?:[a-z0-9-]+\.)+[a-z]{2,})\b", scripts))

    assert hosts <= ONLY_NAMED | NEVER_LOADED.keys()


def test_no_page_has_what_would_make_the_theme_ask_another_machine(pages: dict[Path, html.HtmlElement]) -> None:
    asking = "//*[contains(@class, 'mermaid') or @data-md-component='source' or contains(@class, 'glightbox')]"

    assert not [page.name for page, tree in pages.items() if tree.xpath(asking)]


# --- navigation and links, by themselves ---------------------------------------------------------------------------

INDEX = """\
# Documentation

New? Begin with the [tutorial](tutorial.md).

## Tutorial

- [Ten minutes](tutorial.md)

## How to

### Watching

- [Watch](how-to/watch.md), or [from elsewhere](how-to/move.md#opml)

### Telling

- [Tell](how-to/tell.md), [watch](how-to/watch.md)

## Changes

- [Changes](../CHANGELOG.md)
"""
NAMED = ["how-to/move.md", "how-to/tell.md", "how-to/watch.md", "tutorial.md"]


def test_the_navigation_has_the_order_of_the_index() -> None:
    assert navigation(INDEX, NAMED) == [
        {"Start": ["README.md"]},
        {"Tutorial": ["tutorial.md"]},
        {"How to": [{"Watching": ["how-to/watch.md", "how-to/move.md"]}, {"Telling": ["how-to/tell.md"]}]},
        {"Changes": ["CHANGELOG.md"]},
    ]


def test_a_page_that_the_index_does_not_name_stands_in_the_section_of_its_folder() -> None:
    found = navigation(INDEX, [*NAMED, "how-to/new.md", "reference/new.md", "new.md"])

    assert {"More": ["how-to/new.md"]} in found[2]["How to"]
    assert found[4:] == [{"Reference": ["reference/new.md"]}, {"More": ["new.md"]}]


def test_links_out_of_the_documentation_lead_to_the_same_file_on_the_site() -> None:
    assert as_on_the_site("[a](../../deploy/a.yaml#L3)", DOCS / "how-to") == "[a](../deploy/a.yaml#L3)"
    assert as_on_the_site("[a](docs/tutorial.md#next)", ROOT) == "[a](tutorial.md#next)"
    assert as_on_the_site("[a](../deploy/) and [b](b.md)", DOCS) == "a and [b](b.md)"
    assert as_on_the_site("[a](../../security/advisories/new)", ROOT) == "a"


def test_files_that_pages_link_to_are_found() -> None:
    page = DOCS / "how-to" / "run-with-docker.md"

    assert linked_from_outside([page]) == {"deploy/compose/one.yaml", "deploy/compose/replicas.yaml"}
