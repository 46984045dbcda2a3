"""One page: its components as a tree, what is open, planned and over, and how it is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from statuswire.engine.planner import Rules
from statuswire.model import Event, EventComponent, EventPage, EventType, Filter, Impact, Phase, Route, Source, Status
from statuswire.store import queries
from statuswire.web.face.page import page
from statuswire.web.needs import NOBODY
from tests.web.face.looking import OPERATOR, VIEWER, ask_of, seen, text_of, tree_of
from tests.web.filling import NOW, blind, component, drop, incident, maintenance, minutes, put, put_left
from tests.web.parts import Site

HOSTILE = "<img src=x onerror=alert(1)>\"'"
FORM = {
    "content-type": "application/x-www-form-urlencoded",
    "host": "127.0.0.1:8000",
    "origin": "http://127.0.0.1:8000",
}


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.store.close()


def shown(site: Site, slug: str = "acme", **how: Any) -> Any:
    return tree_of(seen(page, ask_of(site, f"/pages/{slug}", params={"slug": slug}, **how)))


def section(tree: Any, title: str) -> str:
    return text_of(tree.xpath(f"//section[@aria-labelledby='{title}']")[0])


def test_a_page_that_is_not_watched_is_not_found(site: Site) -> None:
    reply = site.get("/pages/nobody")

    assert (reply.status, reply.headers["content-type"]) == (404, "text/html; charset=utf-8")


def test_components_stand_in_their_groups_in_page_order(site: Site) -> None:
    some = [
        component("1", "API", group="Europe"),
        component("2", "Web", Status.DEGRADED, "Europe"),
        component("3", "Status page"),
    ]
    put(site.store, "acme", components=some)

    tree = shown(site)

    assert [text_of(one) for one in tree.xpath("//details[@class='group']/summary")] == ["Europe 2, 1 not well"]
    assert [text_of(one) for one in tree.xpath("//li[starts-with(@class, 'component')]")] == [
        "API: Operational, 100.00 %",
        "Web Degraded 42 min 100.00 %",
        "Status page: Operational, 100.00 %",
    ]


def test_of_many_components_only_groups_with_trouble_are_open(site: Site) -> None:
    some = [component(str(n), f"Part {n}", group=f"Group {n // 100}") for n in range(400)]
    some[250] = component("250", "Part 250", Status.MAJOR_OUTAGE, "Group 2")
    put(site.store, "acme", components=some)

    tree = shown(site)

    assert len(tree.xpath("//li[starts-with(@class, 'component')]")) == 400
    assert [one.get("open") is not None for one in tree.xpath("//details[@class='group']")] == [
        False,
        False,
        True,
        False,
    ]


def test_open_planned_and_past_incidents_are_each_in_their_place(site: Site) -> None:
    some = [
        incident("i1", "Now slow", impact=Impact.MAJOR),
        incident("i2", "Was slow", Phase.RESOLVED),
        maintenance("m1", "Upgrade", begins=60),
    ]
    put(site.store, "acme", incidents=some)

    tree = shown(site)

    assert "Now slow" in text_of(tree.get_element_by_id("open"))
    assert text_of(tree.get_element_by_id("planned")) == "Upgrade 2026-05-04 11:00 UTC 1 h 30 min"
    assert text_of(tree.get_element_by_id("past")).startswith("Was slow")


def test_a_page_that_cannot_be_read_says_since_when_and_what_was_known(site: Site) -> None:
    put(site.store, "acme", health=blind(14), components=[component("1", "API")])

    tree = shown(site)

    assert text_of(tree.get_element_by_id("blind")) == (
        "Could not read this page since 2026-05-04 09:46 UTC (HTML instead of JSON). Last known: operational."
        " Find the page anew"
    )
    assert "is-last-known" in tree.get_element_by_id("components").get("class")


def test_a_page_that_cannot_be_read_can_be_looked_for(site: Site) -> None:
    put(site.store, "acme", health=blind(14))

    (form,) = shown(site, principal=OPERATOR).xpath("//*[@id='blind']//form")

    said = {one.get("name"): one.get("value") for one in form.xpath(".//input | .//button")}
    assert (form.get("action"), text_of(form)) == ("/add", "Find the page anew")
    assert (said["what"], said["anew"], said["do"]) == ("https://status.acme.example", "acme", "find")
    assert shown(site, principal=VIEWER).xpath("//*[@id='blind']//form") == []


def test_a_page_that_nobody_reads_says_so(site: Site) -> None:
    put_left(site.store, components=[component("1", "API")])

    tree = shown(site)

    assert text_of(tree.get_element_by_id("blind")) == (
        "Nobody has read this page since 2026-05-04 05:00 UTC. No poll of it was made when it was due: no process that"
        " polls it is running, or what it reads is not kept. Last known: operational."
    )
    assert text_of(tree.get_element_by_id("state")).startswith("Unknown")
    assert "is-last-known" in tree.get_element_by_id("components").get("class")


def test_a_page_that_is_not_watched_any_more_says_so_and_can_be_watched_again(site: Site) -> None:
    parts = [component("1", "API")]
    drop(site.store, put(site.store, "acme", incidents=[incident("i1", "Slow API")], components=parts))

    tree = shown(site, principal=OPERATOR)

    assert text_of(tree.get_element_by_id("dropped")) == (
        "Not watched since 2026-05-04 09:30 UTC. What stands here is what was known then, when it was degraded."
        " Watch it again"
    )
    assert tree.xpath("//*[@id='blind'] | //form[contains(@action, '/look')]") == []
    assert text_of(tree.get_element_by_id("state")).startswith("Unknown")
    assert "is-last-known" in tree.get_element_by_id("components").get("class")
    assert "Slow API" in text_of(tree.get_element_by_id("open"))
    (form,) = tree.xpath("//*[@id='dropped']//form")
    said = {one.get("name"): one.get("value") for one in form.xpath(".//input | .//button")}
    assert form.get("action") == "/add"
    assert {name: said[name] for name in ("what", "slug", "name", "do")} == {
        "what": "https://status.acme.example",
        "slug": "acme",
        "name": "Acme Relay",
        "do": "look",
    }


def test_who_may_not_add_pages_is_only_told_since_when_it_is_not_watched(site: Site) -> None:
    drop(site.store, put(site.store, "acme"))

    assert shown(site, principal=VIEWER).xpath("//*[@id='dropped']//form") == []


def test_what_only_viewers_and_operators_may_see_is_shown_to_them_alone(site: Site) -> None:
    put(site.store, "acme", health=blind())
    site.replace(is_public=True, rules=lambda: Rules(routes=(Route("ops", ("slack",)),)))
    token = site.addresses.token("acme")

    public, viewer, operator = (shown(site, principal=who).text_content() for who in (NOBODY, VIEWER, OPERATOR))

    assert [token in text for text in (public, viewer, operator)] == [False, False, True]
    assert ["HTML instead of JSON" in text for text in (public, viewer, operator)] == [False, True, True]
    assert ["slack" in text for text in (public, viewer, operator)] == [False, True, True]


def test_the_secret_part_of_a_feeds_address_is_shown_to_nobody(site: Site) -> None:
    put(site.store, "acme")

    assert "s3cr3t-canary" not in seen(page, ask_of(site, params={"slug": "acme"})).body.decode()


def test_the_health_of_the_source_is_told(site: Site) -> None:
    put(site.store, "acme")

    assert "http://10.1.2.3:9000/summary.json state ok 12 s ago 100 96%" in section(shown(site), "source-title")


def test_the_routes_that_tell_of_the_page_are_those_that_mean_it(site: Site) -> None:
    put(site.store, "acme")
    routes = (
        Route("ops", ("slack",)),
        Route("pager", ("pd",), Filter(pages=("ac*",), impacts=frozenset({Impact.MAJOR}))),
        Route("other", ("mail",), Filter(pages=("zeta",))),
        Route("tagged", ("irc",), Filter(tags=("critical",))),
    )
    site.replace(rules=lambda: Rules(routes=routes, tags={"acme": ("critical",)}))

    told = shown(site).xpath("//section[@aria-labelledby='routes-title']//tbody/tr")

    assert [text_of(one) for one in told] == ["ops slack everything", "pager pd impact major", "tagged irc everything"]


def test_u1_hostile_names_stay_texts(site: Site) -> None:
    put(
        site.store,
        "acme",
        HOSTILE,
        url="javascript:alert(1)",
        components=[component("1", HOSTILE, group=HOSTILE)],
        incidents=[incident(HOSTILE, HOSTILE), incident("old", HOSTILE, Phase.RESOLVED)],
    )

    tree = shown(site)

    assert tree.xpath("//img | //@onerror") == []
    assert not [one for one in tree.xpath("//@href") if one.startswith("javascript:")]


def test_a_favourite_is_kept_and_taken_back_without_script(site: Site) -> None:
    put(site.store, "acme")

    replies = [site.post("/pages/acme/favourite", f"favourite={word}".encode(), FORM) for word in ("yes", "no")]

    assert [(one.status, one.headers["location"]) for one in replies] == [(303, "/pages/acme")] * 2
    assert site.store.read(lambda tx: queries.favourites(tx, 0)) == frozenset()


def test_a_favourite_must_be_a_page(site: Site) -> None:
    assert site.post("/pages/nobody/favourite", b"favourite=yes", FORM).status == 404


def test_looking_again_polls_the_page_soon(site: Site) -> None:
    made = put(site.store, "acme")
    asked: list[int] = []
    site.replace(look_soon=asked.append)

    assert site.post("/pages/acme/look", b"", FORM).status == 303
    assert asked == [made.id]


def test_a_page_that_is_not_well_can_be_silenced_whole_or_by_a_component(site: Site) -> None:
    put(site.store, "acme", components=[component("1", "API", Status.DEGRADED, "Europe"), component("2", "Web")])
    put(site.store, "brook", components=[component("1", "API")])

    offered = shown(site, principal=OPERATOR).xpath("//details[@id='silence']//option[contains(@value, 'API')]/@value")
    reply = site.post("/pages/acme/silence", b"component=Europe+%2F+API&for=1d&reason=x", FORM)

    (one,) = site.store.read(lambda tx: queries.silences(tx, NOW))
    assert (reply.status, reply.headers["location"]) == (303, "/pages/acme?said=silence-made")
    assert b"The silence holds." in site.get(reply.headers["location"]).body
    assert (one.filter.pages, one.filter.components, one.reason) == (("acme",), tuple(offered), "x")
    assert shown(site, "brook", principal=OPERATOR).xpath("//details[@id='silence']") == []
    assert shown(site, principal=VIEWER).xpath("//details[@id='silence']") == []


def test_ninety_days_stand_as_bars_over_a_strip_for_each_component(site: Site) -> None:
    parts = [component("1", "API", Status.MAJOR_OUTAGE), component("2", "Web")]
    acme = put(site.store, "acme", status=Status.MAJOR_OUTAGE, components=parts)
    api = EventComponent("1", "API", None, Status.MAJOR_OUTAGE, old="operational", new="major_outage")
    whole = EventPage(Status.OPERATIONAL, Status.MAJOR_OUTAGE)
    at = NOW - minutes(30)
    fell = [
        Event(EventType.COMPONENT_STATUS_CHANGED, "acme/1", at, at, Source.POLL, acme.ref, component=api),
        Event(EventType.PAGE_STATUS_CHANGED, "acme", at, at, Source.POLL, acme.ref, page_change=whole),
    ]
    site.store.write(lambda tx: queries.append_events(tx, acme.id, fell))

    tree = shown(site)

    days = tree.xpath("//svg[@class='bars']/rect")
    assert len(days) == 90
    assert (days[-1].get("class"), text_of(days[-1])) == ("is-major_outage", "2026-05-04: 30 min major outage")
    assert [one.get("aria-label") for one in tree.xpath("//svg[@class='strip']")] == [
        "API, 90 days: 1 with trouble, 89 not observed",
        "Web, 90 days: 0 with trouble, 89 not observed",
    ]
