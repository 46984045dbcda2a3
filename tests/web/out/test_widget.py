"""The widget: embedded by anybody, safe for them and for us."""

from __future__ import annotations

from typing import Any

import lxml.html
import pytest

from statuswire.model import Phase, Status
from tests.web.filling import blind, component, drop, incident, maintenance, put, put_left, update
from tests.web.parts import Site

HOSTILE = "<script>alert(1)</script>"


def tree(site: Site) -> Any:
    return lxml.html.fromstring(site.get("/widget/acme").body)


def words(site: Site) -> str:
    return " ".join(tree(site).xpath("//main")[0].text_content().split())


def test_the_widget_says_what_is_wrong(site: Site) -> None:
    put(
        site.store,
        status=Status.MAJOR_OUTAGE,
        components=[component("k1", "API", Status.MAJOR_OUTAGE), component("k2", "Web")],
        incidents=[incident("i1", "API down", updates=[update("u1", "Looking.")]), maintenance("p1")],
    )

    said = words(site)

    assert said.startswith("Acme Relay Major outage")
    assert "Investigating API down" in said and "API Major outage" in said
    assert "Web" not in said
    assert "Database upgrade" in said


def test_a_page_that_cannot_be_read_is_unknown_since_when(site: Site) -> None:
    put(site.store, components=[component("k1", "API", Status.MAJOR_OUTAGE)], health=blind())

    said = words(site)

    assert "Unknown This page has not been read since 2026-05-04 09:46 UTC. Last known: operational." in said
    assert "API" not in said
    assert tree(site).xpath("//p[@class='state unknown']")


def test_a_page_that_nobody_reads_is_unknown_and_says_so(site: Site) -> None:
    put_left(site.store)

    assert (
        "Unknown Nobody reads this page: it has not been read since 2026-05-04 05:00 UTC. Last known: operational."
        in words(site)
    )


def test_a_page_that_is_not_watched_any_more_says_since_when(site: Site) -> None:
    drop(site.store, put(site.store))

    assert "Unknown This page is not watched since 2026-05-04 09:30 UTC. Last known: operational." in words(site)


def test_long_lists_are_cut_and_counted(site: Site) -> None:
    put(site.store, components=[component(f"k{n}", f"Part {n}", Status.DEGRADED) for n in range(30)])

    assert "and 22 components more" in words(site)


def test_u4_anybody_may_frame_it_and_all_else_is_as_strict_as_elsewhere(site: Site) -> None:
    put(site.store)
    headers = site.get("/widget/acme").headers

    assert "frame-ancestors *" in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script-src" not in headers["content-security-policy"]
    assert "base-uri 'none'" in headers["content-security-policy"]
    assert "x-frame-options" not in headers
    assert headers["cross-origin-resource-policy"] == "cross-origin"


def test_u4_it_needs_no_script_and_nothing_of_elsewhere(site: Site) -> None:
    put(site.store, incidents=[incident("i1", url="https://status.acme.example/i1")])
    root = tree(site)

    assert root.xpath("//script | //style | //*[@style] | //img | //form | //iframe") == []
    (style,) = root.xpath("//link/@href")
    assert site.get(style).headers["content-type"] == "text/css; charset=utf-8"
    assert site.get("/widget/acme").headers["refresh"] == "60"
    assert root.xpath("//base/@target") == ["_blank"]
    assert all("noopener" in link.get("rel") for link in root.xpath("//a"))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x"])
def test_u1_words_of_a_provider_do_nothing(site: Site, url: str) -> None:
    put(
        site.store,
        name=HOSTILE,
        components=[component("k1", HOSTILE, Status.DEGRADED)],
        incidents=[incident("i1", HOSTILE, Phase.IDENTIFIED, url=url)],
    )

    assert tree(site).xpath("//script") == []
    assert [link for link in tree(site).xpath("//a/@href") if not link.startswith("http")] == []


def test_a_page_that_is_not_watched_is_said_to_be_none(site: Site) -> None:
    assert site.get("/widget/acme").status == 404
    assert "No page of this name is watched." in words(site)
