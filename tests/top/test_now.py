"""*Now* in the terminal: what is wrong, every page, and what of it is shown."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from statuswire.client.shapes import Status as Level
from statuswire.model import AffectedComponent, Clue, Correlation, Impact, Phase, Sighting, Status, Where
from statuswire.store import queries
from statuswire.top.changes import MARK
from statuswire.top.drawing import SHAPES
from statuswire.top.themes import DARK, LIGHT
from tests.web.filling import NOW, blind, component, incident, maintenance, put, update
from tests.web.parts import Site

from .seeing import LARGE, SMALL, Seat, look

LONG = "The Extraordinarily Long Name of a Component That Never Ends and Goes On"
WORDS = {
    Status.OPERATIONAL: "Operational",
    Status.DEGRADED: "Degraded",
    Status.PARTIAL_OUTAGE: "Partial outage",
    Status.MAJOR_OUTAGE: "Major outage",
    Status.MAINTENANCE: "Maintenance",
    Status.UNKNOWN: "Unknown",
}


async def operational(seat: Seat) -> None:
    await seat.until("Operational")


def test_the_keys_are_named_in_full_however_long_the_address_is(site: Site) -> None:
    put(site.store)

    seat = look(site, operational, source="statuswire.infrastructure.example.com:8443")

    assert seat.lines[-1] == " / search  f filter  enter open  a ack  s silence  ? keys statuswire.infrastru…"


def test_a_quiet_day_is_said_in_the_first_line(site: Site) -> None:
    put(site.store), put(site.store, "brook")

    seat = look(site, operational)

    assert seat.lines[0].split("  ")[0] == " ○ Nothing is wrong"
    assert seat.lines[1] == " 2 pages, all operational."
    assert seat.line("Acme Relay").strip() == "○ Operational     Acme Relay"


def test_a_bad_day_says_what_where_and_since_when(site: Site) -> None:
    told = [update("u1", "We are looking."), update("u2", "A bad deploy,\nrolled back.", 3, Phase.IDENTIFIED)]
    put(site.store, incidents=[incident("i1", "Slow API", impact=Impact.MAJOR, updates=told)])
    put(site.store, "brook")

    async def scene(seat: Seat) -> None:
        await seat.until("Slow API")

    seat = look(site, scene)

    assert seat.lines[0].startswith(" ◧ Acme Relay: partial outage · for 1 h 12 min")
    assert seat.line("Slow API").split() == [
        "◧",
        "Partial",
        "outage",
        "Acme",
        "Relay",
        "·",
        "Slow",
        "API",
        "1",
        "h",
        "12",
        "min",
    ]
    assert seat.line("rolled back").strip() == "│ Identified 3 min ago · A bad deploy, rolled back."


@pytest.mark.parametrize("is_light", [False, True])
@pytest.mark.parametrize("status", WORDS)
def test_a_state_is_told_by_word_shape_and_colour(site: Site, status: Status, is_light: bool) -> None:
    put(site.store, "other"), put(site.store, status=status, name="Acme Relay")

    async def scene(seat: Seat) -> None:
        await seat.until("Acme Relay", "Other")
        await seat.press("end")

    seat = look(site, scene, is_light=is_light)

    shape, theme = SHAPES[Level(status.value)], LIGHT if is_light else DARK
    place = next(n for n, line in enumerate(seat.lines) if f"{shape} {WORDS[status]}" in line and "Acme" in line)
    piece = next(one for one in seat.segments[place] if shape in one.text)
    assert piece.style is not None and piece.style.color is not None
    assert piece.style.color.name == theme.variables[f"state-{status.value.replace('_', '-')}"].lower()
    assert len(set(SHAPES.values())) == len(SHAPES)


def test_a_page_that_cannot_be_read_is_hatched_and_says_how_old_it_is(site: Site) -> None:
    put(site.store), put(site.store, "brook", health=blind(14)), put(site.store, "cinder", is_read=False, status=None)

    async def scene(seat: Seat) -> None:
        await seat.until("Brook")

    seat = look(site, scene)

    row = seat.line("Brook")
    assert row.strip().startswith("▨ Unknown         ╱╱ Brook last read 14 min ago, then operational ╱╱╱╱╱╱")
    assert cell_len(row) >= 78
    assert "╱╱╱╱" in seat.line("▨ Not read yet    ╱╱ Cinder")
    assert "╱" not in seat.line("Acme Relay")
    assert seat.lines[0].startswith(" ▨ 1 page cannot be read")
    assert seat.lines[1] == " Nothing is known to be wrong. 1 page has not been read yet."


def test_components_that_no_incident_names_are_a_story(site: Site) -> None:
    put(site.store, components=[component("c1", "API", Status.MAJOR_OUTAGE, "Europe"), component("c2", "Docs")])

    async def scene(seat: Seat) -> None:
        await seat.until("Wrong now")

    seat = look(site, scene)

    assert seat.line("· API").split() == ["■", "Major", "outage", "Acme", "Relay", "·", "API", "42", "min"]
    assert "1 of 2 components" in seat.text


def together(site: Site) -> None:
    """Two pages that name AWS, which a route tells as one story, and a third one that does not."""
    for slug, impact in (("acme", Impact.MAJOR), ("brook", Impact.MINOR), ("cinder", Impact.MINOR)):
        put(site.store, slug, incidents=[incident(f"i-{slug}", f"Errors at {slug}", impact=impact)])
    members = tuple(
        Sighting(slug, slug.title(), f"{slug}/incident/i-{slug}", 1, NOW, (Clue("AWS", Where.WORDS),))
        for slug in ("acme", "brook")
    )
    joined = Correlation("c:1", "ops", ("AWS",), members, NOW, NOW)
    site.store.write(lambda tx: queries.save_correlation(tx, joined))


def test_stories_of_several_pages_that_are_one_are_one_row_that_opens(site: Site) -> None:
    together(site)

    async def scene(seat: Seat) -> None:
        await seat.until("Wrong now · 2", "◧ Partial outage  2 pages name AWS", "Acme Relay, Brook")
        assert "Errors at acme" not in seat.text and "3 pages are not well" in seat.lines[0]
        await seat.press("s")
        await seat.until("Open it, and choose the page to silence.")
        await seat.press("enter")
        await seat.until("2 pages within 1 min name AWS", "Acme names AWS in its words", "Brook · Errors at brook")
        assert "Cinder" not in seat.text
        await seat.press("j", "enter")
        await seat.until("▲ Errors at brook", "The provider has said nothing yet.")
        await seat.press("escape")
        over = [update("u1", "Over.", 0, Phase.RESOLVED)]
        put(site.store, "brook", incidents=[incident("i-brook", "Errors at brook", Phase.RESOLVED, over)])
        seat.top.action_read()
        await seat.until("It is over, or not one story any more.", step_s=0.5)
        await seat.press("escape")
        await seat.until("Acme Relay · Errors at acme", gone="2 pages name")

    look(site, scene)


def test_a_search_finds_a_story_of_several_pages_by_any_of_them(site: Site) -> None:
    together(site)

    async def scene(seat: Seat) -> None:
        await seat.until("2 pages name AWS")
        await seat.press("slash", *"errors at brook")
        await seat.until("2 pages name AWS", gone="Cinder · Errors")

    look(site, scene)


def marked(seat: Seat) -> list[str]:
    return [line.removeprefix(MARK).strip() for line in seat.lines if line.startswith(MARK)]


def test_a_row_that_changes_is_marked_for_ten_seconds(site: Site) -> None:
    slow = incident("i1", "Slow payments", updates=[update("u1", "Looking.", 20)])
    put(site.store), put(site.store, "brook", incidents=[slow]), put(site.store, "cinder")

    async def scene(seat: Seat) -> None:
        await seat.until("Looking.", "Cinder")
        assert marked(seat) == [], "what is seen first is not news"
        told = [update("u1", "Looking.", 20), update("u2", "Found it.", 0, Phase.IDENTIFIED)]
        put(site.store, "brook", incidents=[incident("i1", "Slow payments", updates=told)])
        seat.top.action_read()
        await seat.until("Found it.", step_s=0.5)
        first, second = marked(seat)
        assert "Brook · Slow payments" in first and "· Found it." in second
        await seat.pass_time(8)
        assert len(marked(seat)) == 2
        await seat.pass_time(2)
        assert marked(seat) == []

        put(site.store, "cinder", status=Status.MAJOR_OUTAGE)
        seat.top.action_read()
        await seat.until("Major outage", step_s=0.5)
        story, page = marked(seat)
        assert "Cinder · The page says so" in story and page.split() == ["■", "Major", "outage", "Cinder"]

    look(site, scene)


def test_a_maintenance_that_runs_is_no_trouble_and_one_that_is_planned_no_story(site: Site) -> None:
    running = maintenance("m1", "Database upgrade", Phase.IN_PROGRESS, begins=-20)
    put(site.store, status=Status.MAINTENANCE, incidents=[running, maintenance("m2", "Next week")])

    async def scene(seat: Seat) -> None:
        await seat.until("Database upgrade")

    seat = look(site, scene)

    assert seat.lines[0].startswith(" ○ Nothing is wrong")
    assert "⊕ Maintenance     Acme Relay · Database upgrade" in seat.text and "Next week" not in seat.text


def test_where_nothing_is_watched_it_says_what_to_do(site: Site) -> None:
    async def scene(seat: Seat) -> None:
        await seat.until("Nothing is watched yet")
        await seat.press("enter", "a", "s", "j", "k")

    seat = look(site, scene)

    assert "Name pages in the configuration" in seat.text
    assert "Choose a page or an incident" in seat.lines[-1]


def fill(site: Site) -> None:
    """Something of everything, with names that are too long."""
    affected = [AffectedComponent(f"c{n}", f"{LONG} {n}", "Region", Status.MAJOR_OUTAGE) for n in range(20)]
    said = [update("u1", f"{LONG} " * 20)]
    put(site.store, name=LONG, incidents=[incident("i1", LONG, updates=said, components=affected)])
    put(site.store, "brook", name="表示名がとても長いので画面に収まらないサービスの名前です" * 3, health=blind())
    put(site.store, "cinder", components=[component("c1", LONG, Status.DEGRADED, LONG)])


@pytest.mark.parametrize("size", [SMALL, LARGE, (40, 12)])
def test_nothing_is_wider_than_the_terminal_however_long_names_are(site: Site, size: tuple[int, int]) -> None:
    fill(site)

    async def scene(seat: Seat) -> None:
        await seat.until("not well", "Wrong now")

    seat = look(site, scene, size)

    assert len(seat.lines) == size[1]
    assert max(map(cell_len, seat.lines)) <= size[0]
    assert seat.lines[2].strip() == "Wrong now · 2"
    assert seat.lines[3].startswith(" ■ Major outage    The Ext") and "1 h 12 min" in seat.lines[3]
    assert seat.lines[-1].startswith(" / search")


def test_hundreds_of_pages_are_gone_through_by_keys(site: Site) -> None:
    for number in range(400):
        put(site.store, f"page-{number:03}", f"Page {number:03}")

    async def scene(seat: Seat) -> None:
        await seat.until("Page 000")
        await seat.press("end")
        await seat.until("Page 399")
        await seat.press("k", "k", "j", "home", "j", "j")
        await seat.press("enter")
        await seat.until("esc back", "Page 002", gone="Page 001")

    seat = look(site, scene)

    assert seat.lines[0].startswith(" ○ Page 002")


def test_the_cursor_stays_where_it_is_when_rows_come_above_it(site: Site) -> None:
    put(site.store), put(site.store, "brook"), put(site.store, "cinder")

    async def scene(seat: Seat) -> None:
        await seat.until("Cinder")
        await seat.press("j", "j")
        put(site.store, "brook", incidents=[incident("i1", "Slow payments")])
        seat.top.action_read()
        await seat.until("Slow payments", step_s=0.5)

    seat = look(site, scene)

    assert reversed_line(seat).strip() == "○ Operational     Cinder"


def test_the_cursor_that_was_at_the_first_row_is_on_what_comes_first(site: Site) -> None:
    put(site.store), put(site.store, "brook")

    async def scene(seat: Seat) -> None:
        await seat.until("Brook")
        put(site.store, "brook", incidents=[incident("i1", "Slow payments", updates=[update("u1", "Looking.")])])
        await seat.until("Slow payments", step_s=5)
        await seat.press("enter")
        await seat.until("│ Looking.", "INVESTIGATING")

    look(site, scene)


def reversed_line(seat: Seat) -> str:
    """The line with the cursor."""
    rows = [line for line in seat.segments if any(one.style and one.style.reverse for one in line)]
    assert len(rows) == 1, seat.text
    return "".join(one.text for one in rows[0])


# --- what of it is shown ----------------------------------------------------------------------------------------------


def test_a_search_narrows_while_it_is_typed_and_is_left_by_escape(site: Site) -> None:
    put(site.store), put(site.store, "brook", incidents=[incident("i1", "Slow payments")]), put(site.store, "quarry")

    async def scene(seat: Seat) -> None:
        await seat.until("Quarry")
        await seat.press("slash", *"q")
        await seat.until("Quarry", "1 of 3 pages", gone="Acme Relay")
        await seat.press("backspace", *"payMENTS")
        await seat.until("Slow payments", "0 of 3 pages", gone="Quarry")
        await seat.press("enter", "escape")
        await seat.until("Quarry", "Acme Relay", gone="of 3 pages")
        await seat.press("slash", *"nowhere")
        await seat.until("Nothing is found.")
        await seat.press("escape")
        await seat.until("Quarry", gone="nowhere")

    look(site, scene)


def test_one_key_goes_from_everything_to_what_is_bad_to_what_cannot_be_read(site: Site) -> None:
    put(site.store), put(site.store, "brook", health=blind()), put(site.store, "cinder", status=Status.DEGRADED)

    async def scene(seat: Seat) -> None:
        await seat.until("Acme Relay")
        await seat.press("f")
        await seat.until("Brook", "Cinder", "what is not fine", gone="Acme Relay")
        await seat.press("f")
        await seat.until("Brook", "what cannot be read", gone="· The page")
        await seat.press("f")
        await seat.until("Acme Relay", "Cinder")

    look(site, scene)
