"""The calendar of maintenances: iCalendar as Google's and Apple's calendars take it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from statuswire.model import AffectedComponent, KnownIncident, PageRef, Phase
from statuswire.web.out.calendar import sequence, write
from tests.web.filling import NOW, incident, maintenance, put, update
from tests.web.parts import Site

BASE = "http://127.0.0.1:8000"
PAGE = PageRef("acme", "Acme Relay", "https://status.acme.example")
PLANNED = maintenance(
    "p1",
    "Database upgrade; part 1, of 2",
    updates=[update("s1", "We upgrade.\nNo \\ action, please; none.", 1440, Phase.SCHEDULED)],
    url="https://status.acme.example/incidents/p1?a=1,2;b",
)


def events(body: bytes) -> list[Event]:
    return [one for one in Calendar.from_ical(body).walk("VEVENT") if isinstance(one, Event)]


def one_event(one: KnownIncident) -> Event:
    (found,) = events(write("x", [(PAGE, one)], BASE))
    return found


def test_a_maintenance_is_an_event_with_all_that_calendars_need(site: Site) -> None:
    put(site.store, incidents=[PLANNED, incident("i1")])

    reply = site.get("/calendar.ics")

    assert reply.headers["content-type"] == "text/calendar; charset=utf-8"
    (event,) = events(reply.body)
    assert event["UID"] == "acme/p1@statuswire"
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (PLANNED.scheduled_for, PLANNED.scheduled_until)
    assert event.decoded("DTSTAMP") == datetime(2026, 5, 3, 10, 0, tzinfo=UTC)
    assert str(event["SUMMARY"]) == "Acme Relay: Database upgrade; part 1, of 2"
    assert str(event["DESCRIPTION"]) == "Scheduled\n\nWe upgrade.\nNo \\ action, please; none."
    assert (event["STATUS"], event["TRANSP"], event["SEQUENCE"]) == ("CONFIRMED", "TRANSPARENT", 1)
    assert str(event["URL"]) == PLANNED.url


def test_the_calendar_names_itself_and_says_how_often_to_look(site: Site) -> None:
    put(site.store, incidents=[PLANNED])

    calendar = Calendar.from_ical(site.get("/calendar/acme.ics").body)

    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    assert str(calendar["X-WR-CALNAME"]) == "Maintenance: Acme Relay"
    assert calendar.decoded("REFRESH-INTERVAL") == timedelta(minutes=15)
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert str(calendar["PRODID"])


def test_a_page_has_a_calendar_of_its_own(site: Site) -> None:
    put(site.store, incidents=[PLANNED])
    put(site.store, "zenith", "Zenith", incidents=[maintenance("z1")])

    assert [event["UID"] for event in events(site.get("/calendar/zenith.ics").body)] == ["zenith/z1@statuswire"]
    assert len(events(site.get("/calendar.ics").body)) == 2
    assert site.get("/calendar/nobody.ics").code == "unknown_address"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("page=zenith", ["zenith/z1@statuswire"]),
        ("page=*&component=API", ["acme/p1@statuswire"]),
        ("phase=in_progress", []),
        ("impact=>=major", []),
    ],
)
def test_a_calendar_is_narrowed_by_the_words_of_routes(site: Site, query: str, expected: list[str]) -> None:
    put(site.store, incidents=[replace(PLANNED, components=(AffectedComponent("k1", "API"),))])
    put(site.store, "zenith", "Zenith", incidents=[maintenance("z1")])

    assert [event["UID"] for event in events(site.get(f"/calendar.ics?{query}").body)] == expected


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("pages=acme", "bad_parameter"),
        ("type=incident.*", "bad_parameter"),
        ("source=hook", "bad_parameter"),
        ("page=acne", "unknown_page"),
    ],
)
def test_a_question_that_means_nothing_is_not_answered_with_a_calendar(site: Site, query: str, code: str) -> None:
    put(site.store, incidents=[PLANNED])

    assert site.get(f"/calendar.ics?{query}").code == code


def test_what_is_long_over_is_left_out_and_an_empty_calendar_is_one(site: Site) -> None:
    put(site.store, incidents=[maintenance("old", phase=Phase.COMPLETED, begins=-91 * 1440)])

    reply = site.get("/calendar.ics")

    assert (reply.status, events(reply.body)) == (200, [])


def test_a_cancelled_maintenance_stays_so_that_calendars_take_it_out() -> None:
    gone = maintenance(
        "p1", phase=Phase.CANCELLED, updates=[*PLANNED.updates, update("s2", "Off.", 5, Phase.CANCELLED)]
    )

    assert one_event(gone)["STATUS"] == "CANCELLED"
    assert one_event(gone)["UID"] == one_event(PLANNED)["UID"]
    assert one_event(gone)["SEQUENCE"] > one_event(PLANNED)["SEQUENCE"]


def test_the_sequence_rises_with_every_change() -> None:
    edited = replace(PLANNED, updates=(replace(PLANNED.updates[0], revisions=("a", "b")),))
    moved = replace(PLANNED, revision=1)
    again = replace(PLANNED, updates=(*PLANNED.updates, update("s2", "Later.")))

    assert [sequence(one) for one in (PLANNED, edited, moved, again)] == [1, 2, 2, 2]


def test_without_a_planned_end_no_end_is_made_up() -> None:
    open_ended = maintenance("p1", lasts=None)
    over = replace(maintenance("p2", phase=Phase.COMPLETED, begins=-60, lasts=None), resolved_at=NOW)

    assert "DTEND" not in one_event(open_ended)
    assert one_event(over).decoded("DTEND") == NOW


def test_what_is_touched_is_said() -> None:
    touching = replace(PLANNED, components=(AffectedComponent("k1", "API"), AffectedComponent("k2", "Web")))

    assert "Affected: API, Web" in str(one_event(touching)["DESCRIPTION"])


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_words_come_through_folded_and_escaped(title: str, words: str) -> None:
    one = maintenance("p1", title, updates=[update("s1", words, 1440, Phase.SCHEDULED)])

    body = write("x", [(PAGE, one)], BASE)

    lines = body.split(b"\r\n")
    assert lines[-1] == b"" and not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 75
    body.decode()
    begins = [line for line in lines if line.startswith((b"BEGIN:", b"END:"))]
    assert begins == [b"BEGIN:VCALENDAR", b"BEGIN:VEVENT", b"END:VEVENT", b"END:VCALENDAR"]
    for line in lines[1:-1]:
        line.decode()


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), min_size=1, max_size=200))
def test_a_title_is_read_back_as_it_was(title: str) -> None:
    (event,) = events(write("x", [(PAGE, maintenance("p1", title))], BASE))

    assert str(event["SUMMARY"]).strip() == f"Acme Relay: {title}".strip()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a.example/\r\nATTENDEE:x", ""])
def test_an_address_that_nobody_should_follow_is_ours_instead(url: str) -> None:
    found = one_event(replace(PLANNED, url=url))

    assert str(found["URL"]) == f"{BASE}/pages/acme/incidents/p1"
    assert "ATTENDEE" not in found


def test_the_calendar_is_not_sent_again_while_nothing_changed(site: Site) -> None:
    put(site.store, incidents=[PLANNED])
    tag = site.get("/calendar.ics").headers["etag"]

    assert site.get("/calendar.ics", headers={"if-none-match": tag}).status == 304
