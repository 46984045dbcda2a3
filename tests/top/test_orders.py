"""What is ordered of the server by a key, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from statuswire.access.settings import AccessSettings
from statuswire.model import Filter, MarkKind, Silence, Status
from statuswire.store import queries
from tests.web.filling import NOW, component, incident, put, update
from tests.web.parts import Site

from .seeing import Seat, look


def silences(site: Site) -> list[Silence]:
    return list(site.store.read(lambda tx: queries.silences(tx, NOW)))


def test_a_story_is_acknowledged_with_a_reason_and_that_is_taken_back(site: Site) -> None:
    put(site.store, incidents=[incident("i1", updates=[update("u1", "Looking.")])])

    async def scene(seat: Seat) -> None:
        await seat.until("Slow API")
        await seat.press("a")
        await seat.until("Acknowledge “Slow API”, because")
        await seat.press(*"quiet", "enter")
        await seat.until("Slow API is acknowledged")
        await seat.until("acknowledged by local", step_s=0.5)
        (mark,) = site.store.read(lambda tx: queries.all_marks(tx, NOW))
        assert (mark.page, mark.subject, mark.kind, mark.reason) == (
            "acme",
            "incident/i1",
            MarkKind.ACKNOWLEDGED,
            "quiet",
        )
        await seat.press("a")
        await seat.until("not acknowledged any more")
        await seat.until("Wrong now", gone="acknowledged by local", step_s=0.5)

    look(site, scene)

    assert site.store.read(lambda tx: queries.all_marks(tx, NOW)) == []


def test_a_question_that_is_left_does_nothing(site: Site) -> None:
    put(site.store, incidents=[incident("i1")])

    async def scene(seat: Seat) -> None:
        await seat.until("Slow API")
        await seat.press("a", *"gnq?", "escape")
        await seat.until("/ search", gone="because")

    assert {line for line in look(site, scene).asked if not line.startswith("GET")} == set()


def test_a_page_is_silenced_for_as_long_as_is_said(site: Site) -> None:
    put(site.store, incidents=[incident("i1", updates=[update("u1", "Looking.")])])

    async def scene(seat: Seat) -> None:
        await seat.until("Slow API")
        await seat.press("s")
        await seat.until("Tell nothing of Acme Relay for 4h")
        await seat.press("backspace", "backspace", *"90m", "enter")
        await seat.until("Silence 1 withholds")
        await seat.until("silenced", step_s=0.5)

    look(site, scene)

    (one,) = silences(site)
    assert one.filter == Filter(pages=("acme",))
    assert one.until == NOW + timedelta(minutes=90)


def test_what_is_no_length_of_time_is_said_and_silences_nothing(site: Site) -> None:
    put(site.store)

    async def scene(seat: Seat) -> None:
        await seat.until("Operational")
        await seat.press("s", *" or so", "enter")
        await seat.until("“4h or so” is not a length of time")

    look(site, scene)

    assert silences(site) == []


def test_one_component_is_silenced_by_its_very_name(site: Site) -> None:
    put(site.store, components=[component("c1", "A*", Status.DEGRADED), component("c2", "API")])

    async def scene(seat: Seat) -> None:
        await seat.until("A*")
        await seat.press("end", "enter")
        await seat.until("Components · 2")
        await seat.press("end", "k", "s")
        await seat.until("Tell nothing of A* of Acme Relay for")
        await seat.press("enter")
        await seat.until("withholds")

    look(site, scene)

    assert silences(site)[0].filter == Filter(pages=("acme",), components=("A[*]",))


def test_whoever_may_not_is_told_so(site: Site) -> None:
    site.replace(is_public=True, access=replace(AccessSettings(), is_required=True))
    put(site.store, incidents=[incident("i1")])

    async def scene(seat: Seat) -> None:
        await seat.until("Slow API")
        await seat.press("a", "enter")
        await seat.until("Not done: 401")

    look(site, scene)
