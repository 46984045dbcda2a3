"""Badges: the state by word, shape and colour, and nothing that a reader's browser would run."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.channels.wording import STATUS_WORDS
from statuswire.model import Status
from statuswire.web.out.badge import draw, width_of
from tests.web.filling import blind, component, drop, put, put_left
from tests.web.parts import Site

SVG = "{http://www.w3.org/2000/svg}"
COMPONENTS = (
    component("k1", "API", Status.DEGRADED, "Europe"),
    component("k2", "API", Status.MAJOR_OUTAGE, "America"),
    component("k3", "Web"),
)


def spoken(site: Site, target: str) -> str:
    return ElementTree.fromstring(site.get(target).body).get("aria-label", "")


def test_a_badge_says_how_a_page_is(site: Site) -> None:
    put(site.store, status=Status.PARTIAL_OUTAGE)

    reply = site.get("/badge/acme.svg")

    assert (reply.status, reply.headers["content-type"]) == (200, "image/svg+xml; charset=utf-8")
    assert spoken(site, "/badge/acme.svg") == "Acme Relay: Partial outage"
    assert reply.headers["cache-control"] == "private, max-age=60"
    assert reply.headers["content-security-policy"] == "default-src 'none'"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("component=Web", "Web: Operational"),
        ("component=Europe/API", "API: Degraded"),
        ("component=k3", "Web: Operational"),
        ("component=API", "Acme Relay: API: Major outage"),
        ("component=*&label=All+of+it", "All of it: Major outage"),
        ("label=%3Cb%3E%22x%22", '<b>"x": Operational'),
    ],
)
def test_a_badge_may_be_of_a_component_and_have_a_label(site: Site, query: str, expected: str) -> None:
    put(site.store, components=COMPONENTS)

    assert spoken(site, f"/badge/acme.svg?{query}") == expected


def test_a_page_that_is_not_watched_any_more_is_unknown(site: Site) -> None:
    drop(site.store, put(site.store))

    assert spoken(site, "/badge/acme.svg").endswith(": Unknown")


@pytest.mark.parametrize("query", ["", "?component=API"])
def test_a_page_that_nobody_reads_is_unknown(site: Site, query: str) -> None:
    put_left(site.store, components=COMPONENTS)

    assert spoken(site, f"/badge/acme.svg{query}").endswith(": Unknown")


@pytest.mark.parametrize("query", ["", "?component=API"])
def test_a_page_that_cannot_be_read_is_unknown_and_hatched(site: Site, query: str) -> None:
    put(site.store, components=COMPONENTS, health=blind())

    reply = site.get(f"/badge/acme.svg{query}")

    assert spoken(site, f"/badge/acme.svg{query}").endswith(": Unknown")
    assert b"url(#h)" in reply.body and b"stroke-dasharray" in reply.body


@pytest.mark.parametrize("target", ["/badge/nobody.svg", "/badge/acme.svg?component=Nothing"])
def test_what_there_is_not_is_a_badge_that_says_so(site: Site, target: str) -> None:
    put(site.store, components=COMPONENTS)

    assert site.get(target).status == 404
    assert spoken(site, target).endswith("Not found")


def test_other_parameters_are_refused(site: Site) -> None:
    assert site.get("/badge/acme.svg?style=plastic").code == "bad_parameter"


def test_every_state_has_a_word_a_colour_and_a_shape_of_its_own() -> None:
    drawn = [draw("x", "x", level) for level in Status]

    assert len(set(drawn)) == len(Status)
    assert all(STATUS_WORDS[level] for level in Status)


@given(st.text(max_size=60))
def test_u1_no_label_makes_a_badge_do_anything(label: str) -> None:
    root = ElementTree.fromstring(draw(label, "Unknown", Status.UNKNOWN).encode("utf-8", "replace"))

    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "clipPath", "rect", "pattern", "path", "g", "text", "circle"}
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on") or "href" in name]


@pytest.mark.parametrize(("text", "width"), [("build", 25), ("Operational", 65), ("", 1), ("服务", 22), ("WWWW", 44)])
def test_the_room_for_words_is_that_of_the_usual_fonts(text: str, width: int) -> None:
    assert abs(width_of(text) - width) <= 2


def test_who_has_the_badge_is_not_sent_it_again(site: Site) -> None:
    put(site.store)
    tag = site.get("/badge/acme.svg").headers["etag"]

    assert site.get("/badge/acme.svg", headers={"if-none-match": tag}).status == 304
