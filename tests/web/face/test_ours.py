"""Us or them: the page's axis and words, the lead on an incident, and the report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import lxml.html
import pytest

from statuswire.model import AffectedComponent, Phase, Status
from statuswire.web.face.axis import MOST_ROWS, ROW, WIDTH, Mark, Stripe, axis
from statuswire.web.face.incident import incident as incident_view
from statuswire.web.face.page import page
from statuswire.web.needs import NOBODY
from tests.web.face.looking import OPERATOR, VIEWER, ask_of, seen, text_of, tree_of
from tests.web.filling import NOW, blind, incident, minutes, put, update
from tests.web.parts import Site
from tests.web.signalling import fire

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.store.close()


def shown(site: Site, **how: Any) -> Any:
    return tree_of(seen(page, ask_of(site, "/pages/acme", params={"slug": "acme"}, **how)))


def ours(tree: Any) -> str:
    return text_of(tree.xpath("//section[@aria-labelledby='ours-title']")[0])


def spans(tree: Any) -> list[tuple[str, float, float]]:
    """Of each piece of the drawing its class, and where it begins and ends in thousandths of the time shown."""
    pieces = tree.xpath("//*[local-name()='svg'][@class='axis']/*[local-name()='rect']")
    return [(one.get("class"), float(one.get("x")), float(one.get("x")) + float(one.get("width"))) for one in pieces]


def test_a_page_that_never_had_a_signal_says_nothing_of_us(site: Site) -> None:
    put(site.store, incidents=[incident("i1", ago=60)])

    assert shown(site, principal=VIEWER).xpath("//section[@class='ours']") == []


def test_the_page_shows_both_sides_on_one_axis(site: Site) -> None:
    put(site.store, name="Acme", incidents=[incident("i1", ago=60)])
    fire(site.store, ago=180)

    tree = shown(site, principal=VIEWER)

    assert [one for one in spans(tree) if one[0] == "is-ours"] == [("is-ours", 500.0, 1000.0)]
    assert ("is-degraded", 833.3, 1000.0) in spans(tree)
    assert "Probably them. Acme admits it: Slow API." in ours(tree)


def test_the_drawing_stands_there_in_words_too(site: Site) -> None:
    put(site.store, name="Acme", incidents=[incident("i1", ago=60)])
    fire(site.store, ago=67)

    tree = shown(site, principal=VIEWER)

    label = tree.xpath("//*[local-name()='svg'][@class='axis']/@aria-label")[0]
    assert label.startswith("1 signal of yours above, 1 incident of Acme below, from 2026-05-04 08:00 to 2026-05-04")
    told = [text_of(one) for one in tree.xpath("//ol[@class='sayings']/li")]
    assert told[0].endswith("Acme told of an incident: Slow API (you saw it 7 min before they said so)")
    assert told[1].endswith("Yours began: Checkout fails")


def test_what_is_over_is_told_with_its_end(site: Site) -> None:
    over = incident("i1", phase=Phase.RESOLVED, updates=[update("u1", "Fixed.", 20, Phase.RESOLVED)], ago=60)
    put(site.store, name="Acme", incidents=[over])
    fire(site.store, ago=55, over=25, component="API")

    text = ours(shown(site, principal=VIEWER))

    assert "Nothing of yours fires." in text
    assert "Acme called it over: Slow API" in text
    assert "Yours ended after 30 min: Checkout fails" in text
    assert "(you saw it 5 min after them)" in text


@pytest.mark.parametrize(("ago", "hours"), [(5, 2), (107, 2), (110, 6), (330, 24), (1_500, 24)])
def test_the_axis_is_as_long_as_what_goes_on_needs(site: Site, ago: float, hours: float) -> None:
    put(site.store)
    fire(site.store, ago=ago)

    (piece,) = [one for one in spans(shown(site, principal=VIEWER)) if one[0] == "is-ours"]

    assert piece[1] == pytest.approx(max(1000 * (1 - ago / 60 / hours), 0), abs=0.1)


def test_how_the_page_stood_is_hatched_where_nobody_saw_it(site: Site) -> None:
    put(site.store)
    fire(site.store, ago=60 * 20)

    ground = [one for one in spans(shown(site, principal=VIEWER)) if one[0] != "is-ours"]

    assert ground[0] == ("is-unknown", 0.0, 1000.0)
    assert [one[0] for one in ground[1:]] in ([], ["is-operational"])
    assert all(begin >= 1000 * 14 / 24 - 1 for _, begin, _ in ground[1:])


def test_of_older_signals_the_whole_week_is_shown(site: Site) -> None:
    put(site.store)
    fire(site.store, ago=60 * 24 * 3, over=60 * 24 * 3 - 60)

    (piece,) = [one for one in spans(shown(site, principal=VIEWER)) if one[0] == "is-ours"]

    assert piece[1] == pytest.approx(1000 * 4 / 7, abs=0.1)


def test_a_page_that_cannot_be_read_leaves_it_open(site: Site) -> None:
    put(site.store, name="Acme", health=blind())
    fire(site.store, ago=10)

    assert "Nobody can tell." in ours(shown(site, principal=VIEWER))


def test_signals_of_three_pages_at_once_point_at_us(site: Site) -> None:
    for slug in ("acme", "brook", "cinder"):
        put(site.store, slug, slug.title())
        fire(site.store, slug, ago=10)

    text = ours(shown(site, principal=VIEWER))

    assert "Probably us. Acme says that all is well. Signals of 3 pages began at once, also of Brook, Cinder." in text


def test_what_senders_write_is_escaped(site: Site) -> None:
    put(site.store, name=HOSTILE, incidents=[incident("i1", HOSTILE, ago=60)])
    fire(site.store, title=HOSTILE, ago=67, component=HOSTILE)

    answer = seen(page, ask_of(site, "/pages/acme", params={"slug": "acme"}, principal=VIEWER))

    assert HOSTILE.encode() not in answer.body
    assert HOSTILE in ours(tree_of(answer))
    assert tree_of(answer).xpath("//main//*[@style]") == []


def test_only_viewers_see_what_is_our_own_and_only_operators_the_address(site: Site) -> None:
    put(site.store, incidents=[incident("i1", ago=60)])
    fire(site.store, ago=67)
    token = site.addresses.signal_token("acme")
    site.replace(is_public=True)

    public, viewer, operator = (
        seen(page, ask_of(site, "/pages/acme", params={"slug": "acme"}, principal=who)).body.decode()
        for who in (NOBODY, VIEWER, OPERATOR)
    )

    assert ["Checkout fails" in one for one in (public, viewer, operator)] == [False, True, True]
    assert [token in one for one in (public, viewer, operator)] == [False, False, True]


# --- the incident ----------------------------------------------------------------------------------------------------


def lead(site: Site, principal: Any = VIEWER) -> str:
    ask = ask_of(site, "/pages/acme/incidents/i1", params={"slug": "acme", "id": "i1"}, principal=principal)
    found = tree_of(seen(incident_view, ask)).xpath("//*[@id='ours']")
    return text_of(found[0]) if found else ""


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (67, "You saw it 7 min before they said so."),
        (60.5, "You saw it as they said so."),
        (50, "You saw it 10 min after them."),
    ],
)
def test_an_incident_says_who_was_first(site: Site, ago: float, words: str) -> None:
    put(site.store, incidents=[incident("i1", ago=60)])
    fire(site.store, ago=ago)

    assert lead(site).startswith(f"{words} 1 signal of yours is about it: Checkout fails")


def test_an_incident_of_other_parts_has_nothing_to_do_with_ours(site: Site) -> None:
    api = AffectedComponent("c1", "API", None, Status.DEGRADED)
    put(site.store, incidents=[incident("i1", ago=60, components=[api])])
    fire(site.store, ago=67, component="Docs")

    assert lead(site) == ""


def test_the_public_is_not_told_who_was_first(site: Site) -> None:
    put(site.store, incidents=[incident("i1", ago=60)])
    fire(site.store, ago=67)
    site.replace(is_public=True)

    assert lead(site, NOBODY) == ""


# --- the drawing -----------------------------------------------------------------------------------------------------


def mark(begins: int, ends: int) -> Mark:
    return Mark(NOW - minutes(begins), NOW - minutes(ends), "is-ours", "x")


def drawn(*marks: Mark) -> list[tuple[float, float, float]]:
    tree = tree_of_svg(axis(marks, (), (), NOW - timedelta(minutes=100), NOW, "all"))
    return [tuple(float(one.get(name)) for name in ("x", "y", "width")) for one in tree.xpath("//*[@class='is-ours']")]


def tree_of_svg(text: str) -> Any:
    return lxml.html.fromstring(text)


def test_bars_that_overlap_lie_in_rows_of_their_own() -> None:
    assert drawn(mark(90, 50), mark(60, 10), mark(45, 40)) == [
        (100.0, 1.0, 400.0),
        (400.0, ROW + 1.0, 500.0),
        (550.0, 1.0, 50.0),
    ]


def test_more_than_there_is_room_for_share_the_last_row() -> None:
    rows = {y for _, y, _ in drawn(*(mark(90, 10) for _ in range(MOST_ROWS + 3)))}

    assert len(rows) == MOST_ROWS


def test_what_lies_outside_is_cut_off_and_what_is_short_is_still_seen() -> None:
    assert drawn(mark(500, 50), mark(0, 0)) == [(0.0, 1.0, 500.0), (WIDTH - 4.0, 1.0, 4.0)]


def test_how_the_page_stood_is_at_the_ground() -> None:
    stripes = [Stripe(NOW - minutes(500), NOW - minutes(50), Status.OPERATIONAL)]
    tree = tree_of_svg(axis((), (), stripes, NOW - minutes(100), NOW, "all"))

    (one,) = tree.xpath("//*[@class='is-operational']")
    assert (one.get("x"), one.get("width")) == ("0.0", "500.0")
