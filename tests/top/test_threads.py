"""One incident, one page, what was, and the keys that lead there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from statuswire.model import AffectedComponent, EventType, Impact, Mark, MarkKind, Phase, Status
from statuswire.store import queries
from statuswire.top.changes import MARK
from tests.web.filling import NOW, component, incident, maintenance, put, told, update
from tests.web.parts import Site

from .seeing import LARGE, Seat, look

API = AffectedComponent("c1", "API", "Europe", Status.MAJOR_OUTAGE)


async def opened(seat: Seat, *words: str) -> None:
    """The first story, opened."""
    await seat.until("Wrong now")
    await seat.press("enter")
    await seat.until("esc back", *words, gone="Reading")


def test_a_thread_has_the_newest_words_first_and_all_that_is_known_above_them(site: Site) -> None:
    said = [
        update("u1", "We are looking.", 70),
        update("u2", "A bad deploy.\n\nIt is rolled back.", 3, Phase.IDENTIFIED),
    ]
    url = "https://status.acme.example/i1"
    put(site.store, incidents=[incident("i1", impact=Impact.MAJOR, updates=said, components=[API], url=url)])

    async def scene(seat: Seat) -> None:
        await opened(seat, "INVESTIGATING")

    seat = look(site, scene)

    assert seat.lines[:13] == [
        " ■ Slow API",
        " Acme Relay · Major outage, investigating · impact major · since 08:48, 1 h 12…",
        " ■ Europe / API Major outage",
        " https://status.acme.example/i1",
        "",
        " IDENTIFIED  09:57 · 3 min ago",
        " │ A bad deploy.",
        " │",
        " │ It is rolled back.",
        "",
        " INVESTIGATING  08:50 · 1 h 10 min ago",
        " │ We are looking.",
        "",
    ]


def test_words_that_come_or_change_while_somebody_reads_are_marked_for_ten_seconds(site: Site) -> None:
    first = update("u1", "We are looking.", 70)
    put(site.store, incidents=[incident("i1", updates=[first])])

    def marks(seat: Seat) -> list[str]:
        return [line for line in seat.lines if line.startswith(MARK)]

    async def scene(seat: Seat) -> None:
        await opened(seat, "│ We are looking.")
        assert marks(seat) == []
        put(site.store, incidents=[incident("i1", updates=[first, update("u2", "A bad deploy.", 0, Phase.IDENTIFIED)])])
        seat.top.action_read()
        await seat.until("│ A bad deploy.")
        assert marks(seat) == [f"{MARK}IDENTIFIED  10:00 · 0 s ago", f"{MARK}│ A bad deploy."]
        await seat.pass_time(10)
        assert marks(seat) == []
        assert " │ A bad deploy." in seat.lines

    look(site, scene)


def test_what_we_did_stands_between_their_words_and_edits_are_struck(site: Site) -> None:
    said = update("u1", "It is slow.", 60)
    one = incident("i1", updates=[said])
    page = put(site.store, incidents=[one])
    told(site.store, page, one, EventType.INCIDENT_CREATED, said, text="It is not slow.")
    told(site.store, page, one, EventType.INCIDENT_EDITED, replace(said, seen_at=NOW), text="It is slow.")
    mark = Mark(
        "acme", "incident/i1", MarkKind.ACKNOWLEDGED, at=NOW - timedelta(minutes=30), reason="on it", author="ann"
    )
    site.store.write(lambda tx: queries.set_mark(tx, mark))

    async def scene(seat: Seat) -> None:
        await opened(seat, "Acknowledged by ann")

    seat = look(site, scene)

    assert " · 09:30  Acknowledged by ann: on it" in seat.lines
    assert seat.lines.index(" · 09:30  Acknowledged by ann: on it") < seat.lines.index(" │ It is slow.")
    struck = next(one for line in seat.segments for one in line if "not slow" in one.text)
    assert struck.style is not None and struck.style.strike


def thirty(site: Site) -> None:
    said = [
        update(f"u{n:02}", f"Word {n:02}. " + "We go on looking for the reason. " * 9, 600 - n * 20) for n in range(30)
    ]
    put(site.store, incidents=[incident("i1", updates=said, ago=600)])


def test_a_thread_of_thirty_updates_is_scrolled_by_keys(site: Site) -> None:
    thirty(site)

    async def scene(seat: Seat) -> None:
        await opened(seat, "Word 29")
        await seat.press("j", "j", "j", "k")
        assert seat.lines[2].strip().startswith("│ We go on")
        await seat.press("k")
        assert seat.lines[2].strip().startswith("│ Word 29")
        await seat.press("G")
        await seat.until("Word 00")
        await seat.press("home")
        await seat.until("Word 29")

    look(site, scene)


def test_lines_of_a_thread_are_no_longer_than_can_be_read(site: Site) -> None:
    thirty(site)

    async def scene(seat: Seat) -> None:
        await opened(seat, "Word 29")

    seat = look(site, scene, (200, 50))

    assert max(len(line[:199].rstrip()) for line in seat.lines[2:-1]) <= 102


def test_a_thread_goes_on_while_it_is_read(site: Site) -> None:
    page = put(site.store, incidents=[incident("i1", updates=[update("u1", "We are looking.")])])

    async def scene(seat: Seat) -> None:
        await opened(seat, "We are looking.")
        over = incident("i1", phase=Phase.RESOLVED, updates=[update("u1", "We are looking."), update("u2", "Over.", 0)])
        put(site.store, incidents=[over])
        event = told(site.store, page, over, EventType.INCIDENT_RESOLVED, update("u2", "Over.", 0))
        site.hub.tell([event])
        await seat.until("│ Over.", "Resolved", step_s=0.5)

    look(site, scene)


def test_an_incident_whose_id_can_stand_in_no_path_is_opened_too(site: Site) -> None:
    put(site.store, incidents=[incident("https://a.example/i/1?x=y", updates=[update("u1", "Looking.")])])

    async def scene(seat: Seat) -> None:
        await opened(seat, "│ Looking.")

    look(site, scene)


# --- one page ---------------------------------------------------------------------------------------------------------


def test_a_page_shows_what_is_open_its_components_and_what_was(site: Site) -> None:
    parts = [component("c1", "API", Status.DEGRADED, "Europe"), component("c2", "Docs")]
    past = incident("i0", "Long ago", Phase.RESOLVED, [update("u0", "Over.", 1200, Phase.RESOLVED)], ago=1300)
    put(site.store, components=parts, incidents=[incident("i1", "Slow API"), past])

    async def scene(seat: Seat) -> None:
        await seat.until("Wrong now")
        await seat.press("end", "enter")
        await seat.until("Long ago")

    seat = look(site, scene, LARGE)

    assert "https://status.acme.example" in seat.lines[1]
    assert "▲ Degraded        Acme Relay · Slow API" in seat.text
    assert "▲ Degraded        Europe / API" in seat.text and "○ Operational     Docs" in seat.text
    assert "○ Resolved        Long ago" in seat.text and "2026-05-03 12:20 · 1 h 40 min" in seat.text


def test_a_page_without_components_says_so(site: Site) -> None:
    put(site.store)

    async def scene(seat: Seat) -> None:
        await seat.until("Operational")
        await seat.press("enter")
        await seat.until("The page lists no components.")
        await seat.press("escape")
        await seat.until("Nothing is wrong")

    look(site, scene)


# --- keys of two letters ----------------------------------------------------------------------------------------------


def test_history_is_two_keys_away_and_now_too(site: Site) -> None:
    past = [
        incident(f"i{n}", f"Story {n}", Phase.RESOLVED, [update("u", "Over.", 60 * n, Phase.RESOLVED)], ago=60 * n + 30)
        for n in range(1, 30)
    ]
    put(site.store, incidents=past)

    async def scene(seat: Seat) -> None:
        await seat.until("Nothing is wrong")
        await seat.press("g")
        await seat.until("n now · h history")
        await seat.press("h")
        await seat.until("History", "Story 1", "Monday, 2026-05-04")
        await seat.press("end")
        await seat.until("Story 29", "Sunday, 2026-05-03")
        await seat.press("enter")
        await seat.until("RESOLVED")
        await seat.press("g", "n")
        await seat.until("Nothing is wrong", gone="RESOLVED")
        await seat.press("g", "j", "n", "h")
        await seat.until("Nothing is wrong")

    look(site, scene)


def test_a_history_of_nothing_says_so(site: Site) -> None:
    put(site.store)

    async def scene(seat: Seat) -> None:
        await seat.until("Operational")
        await seat.press("g", "h")
        await seat.until("Nothing happened.")

    look(site, scene)


def test_a_maintenance_is_opened_as_one(site: Site) -> None:
    running = maintenance("m1", "Database upgrade", Phase.IN_PROGRESS, [update("u1", "Begun.")], begins=-20)
    put(site.store, status=Status.MAINTENANCE, incidents=[running])

    async def scene(seat: Seat) -> None:
        await seat.until("Database upgrade")
        await seat.press("enter")
        await seat.until("⊕ Database upgrade", "Maintenance, in progress · since 09:40, 20 min")

    look(site, scene)


def test_the_list_of_keys_has_every_key_and_goes_again(site: Site) -> None:
    put(site.store)

    async def scene(seat: Seat) -> None:
        await seat.until("Operational")
        await seat.press("question_mark")
        await seat.until("acknowledge, or take that back", "▨ Unknown")
        for key in ("j k", "enter", "esc", "g n, g h", "/", "f", "a", "s", "r", "?", "q"):
            assert seat.line(f"│ {key} ")
        await seat.press("question_mark")
        await seat.until("Nothing is wrong", gone="this list")
        await seat.press("question_mark", "q")
        assert not seat.top.is_running

    look(site, scene)


def test_q_quits(site: Site) -> None:
    put(site.store)

    async def scene(seat: Seat) -> None:
        await seat.until("Operational")
        await seat.press("q")

    assert look(site, scene).top.return_value is None
