"""*Now* and the wall: is anything wrong that touches us, and since when?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from statuswire.engine.planner import Rules
from statuswire.model import (
    AffectedComponent,
    Clue,
    Correlation,
    FeedHealth,
    Impact,
    Mark,
    MarkKind,
    Phase,
    Sighting,
    Status,
    Where,
)
from statuswire.store import queries
from statuswire.web.face.now import now, wall
from statuswire.web.needs import NOBODY
from tests.web.face.looking import VIEWER, ask_of, seen, text_of, tree_of
from tests.web.filling import NOW, blind, component, drop, incident, maintenance, minutes, put, put_left, update
from tests.web.parts import Site

HOSTILE = "<script>alert(1)</script>\"'&{{ 7 * 7 }}"


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.store.close()


def shown(site: Site, target: str = "/", **how: Any) -> Any:
    return tree_of(seen(now, ask_of(site, target, **how)))


def answer(tree: Any) -> str:
    return text_of(tree.get_element_by_id("answer"))


def stories(tree: Any) -> list[str]:
    return [text_of(one) for one in tree.xpath("//ol[@id='wrong']/li//h2")]


def test_an_empty_house_says_what_to_do(site: Site) -> None:
    tree = shown(site)

    assert answer(tree) == "Nothing is watched yet"
    assert tree.xpath("//p[@class='empty']/a/@href") == ["/add"]


def test_when_all_is_well_it_says_so_and_lists_the_pages(site: Site) -> None:
    put(site.store, "beta")
    put(site.store, "acme")

    tree = shown(site)

    assert answer(tree) == "Nothing is wrong 2 pages, all operational."
    assert [text_of(one) for one in tree.xpath("//ul[@class='grid is-operational']/li/a")] == ["Acme Relay", "Beta"]


def test_one_story_is_told_with_its_page_state_and_age(site: Site) -> None:
    said = update("u1", "We look into it.", ago=3)
    put(site.store, "acme", incidents=[incident("i1", impact=Impact.MAJOR, updates=[said])])

    tree = shown(site)

    assert answer(tree) == "Acme Relay: partial outage for 1 h 12 min"
    (row,) = tree.xpath("//ol[@id='wrong']/li")
    assert text_of(row) == (
        "Acme Relay Slow API 1 h 12 min Partial outage Investigating said 3 min ago seen 7 s later We look into it."
    )


def test_the_worst_comes_first_and_maintenance_last(site: Site) -> None:
    put(site.store, "minor", incidents=[incident("i1", "Slow")])
    put(site.store, "bad", incidents=[incident("i2", "Down", impact=Impact.CRITICAL)])
    put(site.store, "works", incidents=[maintenance("i3", "Upgrade", Phase.IN_PROGRESS, begins=-60)])

    tree = shown(site)

    assert stories(tree) == ["Bad Down", "Minor Slow", "Works Upgrade"]
    assert answer(tree) == (
        "2 pages are not well The worst: major outage on Bad for 1 h 12 min. 1 maintenance is running."
    )


def test_a_maintenance_that_is_only_announced_is_nothing_wrong(site: Site) -> None:
    put(site.store, "works", incidents=[maintenance("i3", "Upgrade", begins=-60)])

    assert answer(shown(site)) == "Nothing is wrong 1 page, all operational."


def test_components_that_are_bad_without_an_incident_are_a_story_of_their_page(site: Site) -> None:
    bad = [component("c1", "API", Status.MAJOR_OUTAGE), component("c2", "Web", Status.DEGRADED)]
    put(site.store, "acme", components=[*bad, component("c3", "Mail")])

    tree = shown(site)

    assert stories(tree) == ["Acme Relay 2 components"]
    assert [text_of(one) for one in tree.xpath("//ul[@class='chips']/li")] == ["API: Major outage", "Web: Degraded"]


def test_a_component_that_an_incident_names_is_told_with_the_incident_alone(site: Site) -> None:
    named = AffectedComponent("c1", "API", None, Status.DEGRADED)
    put(
        site.store,
        "acme",
        components=[component("c1", "API", Status.DEGRADED)],
        incidents=[incident("i1", components=[named])],
    )

    assert stories(shown(site)) == ["Acme Relay Slow API"]


def test_a_page_that_is_not_watched_any_more_is_not_there(site: Site) -> None:
    put(site.store, "fine")
    drop(site.store, put(site.store, "acme", incidents=[incident("i1")]))

    tree = shown(site)

    assert answer(tree) == "Nothing is wrong 1 page, all operational."
    assert "Acme Relay" not in text_of(tree)


def test_a_page_that_nobody_reads_is_hatched_and_never_fine(site: Site) -> None:
    put_left(site.store)

    tree = shown(site)

    assert answer(tree) == "1 page is read by nobody Nothing is known to be wrong."
    (cell,) = tree.xpath("//ul/li[contains(@class, 'hatch')]")
    assert text_of(cell) == "Acme Relay last read 5 h ago, was operational"
    assert tree.xpath("//ul[@class='grid is-operational']") == []


def test_a_page_that_cannot_be_read_is_hatched_with_its_last_known_state_and_never_fine(site: Site) -> None:
    put(site.store, "acme", health=blind(14))

    tree = shown(site)

    assert answer(tree) == "1 page cannot be read Nothing is known to be wrong."
    (cell,) = tree.xpath("//ul/li[contains(@class, 'hatch')]")
    assert text_of(cell) == "Acme Relay last read 14 min ago, was operational"
    assert tree.xpath("//ul[@class='grid is-operational']") == []


def test_a_page_that_nobody_has_read_yet_says_so(site: Site) -> None:
    put(site.store, "acme", is_read=False)

    tree = shown(site)

    assert answer(tree).startswith("Nothing has been read yet")
    assert "Not read yet 1" in text_of(tree.get_element_by_id("grid"))


def test_stories_of_several_pages_that_belong_together_are_one_line_with_the_evidence(site: Site) -> None:
    for slug in ("acme", "beta"):
        put(site.store, slug, incidents=[incident(f"i-{slug}", "Errors")])
    clue = (Clue("AWS", Where.WORDS),)
    members = tuple(
        Sighting(slug, slug.title(), f"{slug}/incident/i-{slug}", 1, NOW - minutes(9), clue)
        for slug in ("acme", "beta")
    )
    joined = Correlation("c:1", "ops", ("AWS",), members, NOW - minutes(9), NOW - minutes(9))
    site.store.write(lambda tx: queries.save_correlation(tx, joined))

    (row,) = shown(site).xpath("//ol[@id='wrong']/li")

    assert text_of(row.xpath("./h2")[0]) == "2 pages name AWS"
    assert "Acme names AWS in its words" in text_of(row)
    assert [text_of(one) for one in row.xpath("./details//h2")] == ["Acme Relay Errors", "Beta Errors"]


def test_what_an_operator_said_stands_with_the_story(site: Site) -> None:
    put(site.store, "acme", incidents=[incident("i1")])
    mark = Mark("acme", "incident/i1", MarkKind.ACKNOWLEDGED, NOW, "otto")
    site.store.write(lambda tx: queries.set_mark(tx, mark))
    site.replace(is_public=True)

    assert "acknowledged by otto" in text_of(shown(site, principal=VIEWER).get_element_by_id("wrong"))
    assert "otto" not in text_of(shown(site, principal=NOBODY))


def test_favourites_come_first(site: Site) -> None:
    put(site.store, "acme")
    put(site.store, "zeta")
    site.store.write(lambda tx: queries.set_favourite(tx, VIEWER.account_id, "zeta", is_one=True))

    grid = shown(site, principal=VIEWER).get_element_by_id("grid")

    assert [text_of(one) for one in grid.xpath(".//h3")] == ["Favourites 1", "Operational 1"]
    assert text_of(grid.xpath(".//ul[1]/li")[0]) == "Zeta Operational"


def test_the_search_works_without_script(site: Site) -> None:
    put(site.store, "acme")
    put(site.store, "zeta")

    assert [text_of(one) for one in shown(site, "/?q=ZET").xpath("//ul/li/a")] == ["Zeta"]
    assert text_of(shown(site, "/?q=nothing").get_element_by_id("none")).startswith("No page is called so.")


def test_tags_and_categories_narrow_everything(site: Site) -> None:
    put(site.store, "acme", incidents=[incident("i1")])
    put(site.store, "zeta")
    site.replace(rules=lambda: Rules(tags={"zeta": ("critical",)}, categories={"acme": "mail"}))

    tree = shown(site, "/?tag=critical")

    assert answer(tree) == "Nothing is wrong Only pages with the tag critical. 1 page, all operational."
    assert stories(shown(site, "/?category=mail")) == ["Acme Relay Slow API"]
    assert [text_of(one) for one in tree.xpath("//p[@class='tags']/a")] == ["All", "mail 1", "#critical 1"]


def test_how_we_are_stands_below_with_deliveries_for_viewers_alone(site: Site) -> None:
    put(site.store, "acme")
    site.replace(is_public=True)

    viewer, public = (shown(site, principal=who).get_element_by_id("standing") for who in (VIEWER, NOBODY))

    assert text_of(viewer) == "Last read 12 s ago no feed failing 0 deliveries waiting"
    assert text_of(public) == "Last read 12 s ago no feed failing"


@pytest.mark.parametrize("view", [now, wall])
def test_u1_hostile_texts_stay_texts(site: Site, view: Any) -> None:
    one = incident(HOSTILE, HOSTILE, url="javascript:alert(1)", updates=[update("u", HOSTILE)])
    put(site.store, "acme", HOSTILE, components=[component("c", HOSTILE, Status.DEGRADED, HOSTILE)], incidents=[one])
    put(site.store, "blind", HOSTILE, health=blind())

    tree = tree_of(seen(view, ask_of(site, "/?q=&tag=")))

    assert tree.xpath("//script[not(@src)]") == []
    assert HOSTILE in tree.text_content()
    assert not [one for one in tree.xpath("//@href") if one.startswith("javascript:")]


def test_u1_a_hostile_question_stays_text(site: Site) -> None:
    put(site.store, "acme")

    tree = shown(site, "/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&tag=%3Cb%3E")

    assert tree.xpath("//script[not(@src)] | //b[not(ancestor::header)]") == []
    assert tree.get_element_by_id("q").get("value") == '"><script>alert(1)</script>'


def test_a_page_of_the_calm_grid_costs_few_bytes(site: Site) -> None:
    empty = len(seen(now, ask_of(site)).body)
    for number in range(20):
        put(site.store, f"some-page-{number:04}", f"Some Provider {number:04}")

    size = len(seen(now, ask_of(site)).body)

    assert (size - empty) / 20 <= 150 + 60  # the parts around the grid, over twenty pages


def test_the_wall_shows_a_page_that_nobody_reads(site: Site) -> None:
    put_left(site.store)

    tree = tree_of(seen(wall, ask_of(site, "/wall")))

    assert [text_of(one) for one in tree.xpath("//ol/li/p[@class='what']")] == ["Read by nobody was operational"]
    assert "0 pages operational." in text_of(tree)


def test_the_wall_shows_what_is_wrong_and_counts_the_rest(site: Site) -> None:
    put(site.store, "acme", incidents=[incident("i1", impact=Impact.CRITICAL)])
    put(site.store, "lost", health=FeedHealth(blind().state, 9, NOW, None, "x"))
    put(site.store, "new", is_read=False)
    put(site.store, "works", incidents=[maintenance("m", phase=Phase.IN_PROGRESS, begins=-60)])
    for slug in ("x", "y", "z"):
        put(site.store, slug)

    tree = tree_of(seen(wall, ask_of(site, "/wall")))

    assert [text_of(one) for one in tree.xpath("//ol/li/p[@class='page']")] == ["Acme Relay", "Lost"]
    assert "1 maintenance running. 3 pages operational." in text_of(tree)
    assert tree.xpath("//nav | //header | //footer") == []


def test_the_page_is_followed_live(site: Site) -> None:
    assert shown(site).get_element_by_id("main").get("data-live") == "*"
