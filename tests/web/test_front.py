"""The page at `/`: honest, escaped, and without anything that a browser would have to fetch elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import lxml.html
import pytest

from statuswire.engine.overview import Overview, PageLook
from statuswire.model import Impact, Kind, KnownIncident, Moment, Page, Phase, Status
from statuswire.web.front import render
from tests.web.parts import Site

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>\"'&{0}"


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.store.close()


def look(name: str = "Acme", url: str = "https://status.acme.example", **fields: object) -> PageLook:
    values: dict[str, object] = {
        "page": Page(1, "acme", name, url, "statuspage"),
        "level": Status.OPERATIONAL,
        "last_known": Status.OPERATIONAL,
        "is_stale": False,
        "stale_since": None,
        "open": (),
        "impacted": (),
        "feeds": (),
    }
    return PageLook(**(values | fields))  # type: ignore[arg-type]


def incident(title: str, url: str = "") -> KnownIncident:
    return KnownIncident("i1", Kind.INCIDENT, title, Phase.INVESTIGATING, Impact.MINOR, url, Moment(NOW, NOW))


def test_u4_the_page_comes_with_a_policy_that_allows_no_script_and_no_frame(site: Site) -> None:
    policy = site.get("/").headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy


def test_u4_the_page_needs_nothing_that_its_policy_forbids(site: Site) -> None:
    tree = lxml.html.fromstring(site.get("/").body)

    assert tree.xpath("//script | //style | //*[@style] | //iframe | //img | //form") == []
    assert tree.xpath("//link/@href") == ["/front.css"]
    assert site.get("/front.css").headers["content-type"] == "text/css; charset=utf-8"


def test_u1_hostile_texts_stay_texts() -> None:
    shown = render(Overview((look(HOSTILE, open=(incident(HOSTILE),), impacted=(HOSTILE,)),), None), NOW)

    assert "<script" not in shown
    assert lxml.html.fromstring(shown).xpath("//td[1]//text()")[0] == HOSTILE


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "", "//evil.example", 'x" onclick="y'])
def test_u1_only_web_addresses_become_links(url: str) -> None:
    shown = render(Overview((look(url=url, open=(incident("Slow", url),)),), None), NOW)

    links = lxml.html.fromstring(shown).xpath("//td//a")
    assert links == []


def test_a_web_address_becomes_a_link_that_tells_nothing_of_us() -> None:
    shown = render(Overview((look(),), None), NOW)

    (link,) = lxml.html.fromstring(shown).xpath("//td//a")
    assert link.get("href") == "https://status.acme.example"
    assert "noreferrer" in link.get("rel")


def test_a_page_that_cannot_be_read_is_shown_as_unknown_with_its_last_known_state() -> None:
    blind = look(level=Status.UNKNOWN, is_stale=True, stale_since=NOW - timedelta(minutes=14))

    text = lxml.html.fromstring(render(Overview((blind,), None), NOW)).text_content()

    assert "Unknown" in text
    assert "not read since 2026-05-04 09:46 UTC; last known: operational" in text


def test_an_empty_house_says_so() -> None:
    assert "No pages are watched yet." in render(Overview((), None), NOW)


def test_no_secret_address_is_on_the_page(site: Site) -> None:
    assert site.addresses.token("acme").encode() not in site.get("/").body
