"""What providers write is shown, and neither a terminal nor Textual obeys it; and without colour nothing is lost."""

from __future__ import annotations

from rich.color import ColorType

from statuswire.model import AffectedComponent, Status
from tests.web.filling import component, incident, put, update
from tests.web.parts import Site

from .seeing import LARGE, Seat, look

EVIL = "\x1b]0;owned\x07\x1b[31mred\x9b2J [bold red]markup[/] [@click=app.quit]x[/] \u202egnp\u2066 $muted\r\nnext\x00"


def fill(site: Site) -> None:
    hit = AffectedComponent("c\x1b[1m", EVIL, EVIL, Status.MAJOR_OUTAGE)
    one = incident("i1", EVIL, updates=[update("u1", EVIL)], components=[hit], url="https://x.example/\x1b[31m")
    put(site.store, name=EVIL, incidents=[one], components=[component("c1", EVIL, Status.DEGRADED, EVIL)])


def harmless(seat: Seat) -> None:
    assert all(line.isprintable() for line in seat.lines), seat.text
    assert not any(mark in seat.text for mark in "\u202e\u2066\ufffd")


def test_no_screen_lets_a_provider_speak_to_the_terminal(site: Site) -> None:
    fill(site)

    async def scene(seat: Seat) -> None:
        await seat.until("Wrong now")
        assert "[bold red]markup[/] [@click=app.quit]x[/] gnp $muted next" in seat.text
        harmless(seat)
        await seat.press("a")
        await seat.until("Acknowledge")
        harmless(seat)
        await seat.press("escape", "enter")
        await seat.until("INVESTIGATING")
        assert "[bold red]markup[/]" in seat.text
        harmless(seat)
        await seat.press("escape", "end", "enter")
        await seat.until("Components · 1")
        harmless(seat)
        await seat.press("g", "h")
        await seat.until("History", "markup")
        harmless(seat)

    look(site, scene, LARGE)


def test_what_a_screen_forgets_to_clean_is_still_not_obeyed(site: Site) -> None:
    put(site.store)

    async def scene(seat: Seat) -> None:
        await seat.until("Operational")
        seat.top.looking.HINTS = "one\x1b[31mtwo\x9b"  # type: ignore[misc]  # as a screen would that cleans nothing
        seat.top.tick()
        await seat.until("one\ufffd[31mtwo\ufffd")

    look(site, scene)


def test_without_colour_words_and_shapes_are_left_and_the_cursor_is_turned_round(site: Site) -> None:
    put(site.store), put(site.store, "brook", status=Status.MAJOR_OUTAGE)

    async def scene(seat: Seat) -> None:
        await seat.until("■ Major outage", "○ Operational")

    seat = look(site, scene, has_colour=False)

    styles = [one.style for line in seat.segments for one in line if one.style is not None]
    colours = {colour for style in styles for colour in (style.color, style.bgcolor) if colour is not None}
    assert {colour.type for colour in colours} == {ColorType.DEFAULT}
    assert any(style.reverse for style in styles)
