"""The server comes, goes and comes back, and nobody takes for true what is old."""

from __future__ import annotations

from dataclasses import replace

from statuswire.access.settings import AccessSettings
from statuswire.client.errors import Refused, Unreachable
from statuswire.model import EventType, Status
from tests.web.filling import incident, put, told, update
from tests.web.parts import Site

from .seeing import Seat, look


def test_an_event_of_the_stream_is_shown_without_a_key(site: Site) -> None:
    page = put(site.store)

    async def scene(seat: Seat) -> None:
        await seat.until("Nothing is wrong")
        await seat.pass_time(1)
        one = incident("i1", updates=[update("u1", "Looking.", 0)])
        put(site.store, incidents=[one])
        event = told(site.store, page, one, EventType.INCIDENT_CREATED, update("u1", "Looking.", 0))
        while not len(site.hub):
            await seat.pilot.pause(0.01)
        site.hub.tell([event])
        await seat.until("Acme Relay: degraded", "Looking.", step_s=0.5)

    look(site, scene)


def test_what_makes_no_event_is_seen_after_a_while(site: Site) -> None:
    put(site.store)

    async def scene(seat: Seat) -> None:
        await seat.until("Nothing is wrong")
        put(site.store, status=Status.MAJOR_OUTAGE)
        await seat.until("major outage", step_s=0.5)

    look(site, scene)


def test_a_lost_connection_is_said_with_the_age_of_what_is_shown_and_is_found_again(site: Site) -> None:
    put(site.store), put(site.store, "brook")

    async def scene(seat: Seat) -> None:
        await seat.until("Nothing is wrong")
        seat.is_cut = True
        await seat.pass_time(30)
        await seat.until("╱╱╱ Connection lost. What you see is 30 s old: nothing listens at")
        assert seat.lines[0].startswith(" ○ As of 10:00: Nothing is wrong")
        await seat.pass_time(210)
        await seat.until("What you see is 4 min old")
        assert "╱╱╱" in seat.lines[2]
        seat.is_cut = False
        await seat.until("○ Nothing is wrong", gone="Connection lost", step_s=0.5)

    look(site, scene)


def test_the_line_stands_on_every_screen_with_the_age_of_what_is_on_it(site: Site) -> None:
    put(site.store, incidents=[incident("i1", updates=[update("u1", "Looking.")])])

    async def scene(seat: Seat) -> None:
        await seat.until("Slow API")
        await seat.press("enter")
        await seat.until("│ Looking.")
        seat.is_cut = True
        await seat.pass_time(90)
        await seat.until("Connection lost. What you see is 1 min old", "│ Looking.")
        await seat.press("g", "h")
        await seat.until("No connection: nothing listens", "It could not be read")

    look(site, scene)


def test_what_was_not_read_when_it_should_have_been_is_old_whoever_is_at_fault(site: Site) -> None:
    put(site.store)

    async def scene(seat: Seat) -> None:
        await seat.until("Nothing is wrong")
        site.clock._elapsed += 3600  # the machine slept: nobody was woken
        seat.top.tick()
        await seat.until("Connection lost. What you see is 1 h old", "As of")

    look(site, scene)


def test_a_server_that_is_not_there_yet_is_waited_for(site: Site) -> None:
    put(site.store)

    async def scene(seat: Seat) -> None:
        await seat.until("Nothing is known yet", "╱╱╱ No connection: nothing listens at http://status.example.com")
        seat.is_cut = False
        await seat.until("Nothing is wrong", step_s=0.5)

    look(site, scene, is_cut=True)


async def wait_for_the_end(seat: Seat) -> None:
    while seat.top.is_running:
        await seat.pilot.pause(0.01)


def test_where_nobody_said_that_there_is_a_server_it_ends(site: Site) -> None:
    seat = look(site, wait_for_the_end, is_cut=True, must_begin=True)

    assert isinstance(seat.top.return_value, Unreachable)


def test_a_token_that_is_not_taken_ends_it_with_the_words_of_the_server(site: Site) -> None:
    site.replace(access=replace(AccessSettings(), is_required=True))

    seat = look(site, wait_for_the_end)

    assert isinstance(seat.top.return_value, Refused)
    assert seat.top.return_value.reason == "unauthenticated"


def test_those_who_see_only_the_state_of_pages_see_that(site: Site) -> None:
    site.replace(is_public=True, access=replace(AccessSettings(), is_required=True))
    put(site.store, incidents=[incident("i1", updates=[update("u1", "Looking.")])])

    async def scene(seat: Seat) -> None:
        await seat.until("Slow API")
        await seat.press("enter")
        await seat.until("│ Looking.")

    look(site, scene)
