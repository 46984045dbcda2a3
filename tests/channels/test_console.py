"""The four formats of the console, to the letter."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.channels import CHANNELS
from statuswire.channels.console import FORMATS, render
from statuswire.channels.terminal import Style
from statuswire.model import AffectedComponent, EventType, Kind, PageRef, Phase, Status
from tests.channels.events import AT, component_event, feed_event, incident_event, page_event

OPENAI_API = PageRef("openai-api", "OpenAI API", "")
TERMINAL = Style(colour=True, links=True)


def test_default_is_product_and_status_on_two_lines() -> None:
    event = incident_event(
        "Degraded performance due to upstream issue", page=OPENAI_API, components=("Chat Completions",)
    )

    assert render(event) == (
        "[2025-11-03 14:32:00] Product: OpenAI API - Chat Completions\n"
        "Status: Degraded performance due to upstream issue"
    )


def test_several_components_are_joined_and_none_leaves_the_page_alone() -> None:
    assert render(incident_event(components=("API", "Web"))).startswith(
        "[2025-11-03 14:32:00] Product: Acme Relay - API, Web\n"
    )
    assert render(incident_event(components=())).startswith("[2025-11-03 14:32:00] Product: Acme Relay\n")


def test_components_of_one_name_carry_their_group() -> None:
    twins = (AffectedComponent("1", "API", "Europe"), AffectedComponent("2", "API", "America"))

    assert "Acme Relay - Europe / API, America / API\n" in render(incident_event(affected=twins))


@pytest.mark.parametrize("text", [None, "", " \n "])
def test_without_a_text_the_phase_and_the_title_are_told(text: str | None) -> None:
    event = incident_event(text, phase=Phase.IN_PROGRESS, kind=Kind.MAINTENANCE)

    assert render(event).endswith("\nStatus: In progress - Slow API")


def test_long_texts_are_folded_to_one_line_and_not_cut() -> None:
    text = "First.\r\n\r\n" + "word " * 500

    lines = render(incident_event(text)).split("\n")

    assert len(lines) == 2
    assert lines[1] == "Status: First. " + "word " * 499 + "word"


def test_a_component_change_names_both_levels() -> None:
    assert render(component_event()) == (
        "[2025-11-03 14:32:00] Product: Acme Relay - API\nStatus: Partial outage (was operational)"
    )


@pytest.mark.parametrize(
    ("type_", "status"),
    [
        (EventType.FEED_FAILING, "Cannot read https://a.example/feed.rss: time-out"),
        (EventType.FEED_UNREADABLE, "Cannot understand https://a.example/feed.rss: time-out"),
        (EventType.FEED_RECOVERED, "https://a.example/feed.rss: time-out"),
        (EventType.FEED_MOVED, "https://a.example/feed.rss: time-out"),
    ],
)
def test_a_feed_that_cannot_be_read_is_told(type_: EventType, status: str) -> None:
    assert render(feed_event(type_)) == f"[2025-11-03 14:32:00] Product: Acme Relay\nStatus: {status}"


def test_tokens_in_the_query_of_a_feed_address_are_not_shown() -> None:
    assert "s3cret" not in render(feed_event(EventType.FEED_FAILING, url="https://a.example/f.rss?token=s3cret"))


def test_provider_format_tells_state_and_event() -> None:
    event = incident_event(
        "",
        page=PageRef("openai", "OpenAI", ""),
        components=("Chat Completions",),
        title="Elevated error rates detected",
        phase=Phase.INVESTIGATING,
        type_=EventType.INCIDENT_CREATED,
    )

    assert render(event, "provider") == (
        "[2025-11-03 14:32:00] Provider: OpenAI | Product: Chat Completions\n"
        "Status: Investigating - Elevated error rates detected\n"
        "Event: incident.created"
    )


def test_provider_format_uses_the_providers_own_event_name() -> None:
    event = incident_event(event_name="public_incident.incident_created_v2")

    assert render(event, "provider").endswith("\nEvent: public_incident.incident_created_v2")


def test_provider_format_without_components_names_the_page_as_the_product() -> None:
    assert "Provider: Acme Relay | Product: Acme Relay\n" in render(incident_event(components=()), "provider")


def test_watcher_format_adds_the_incident() -> None:
    assert render(incident_event(), "watcher") == (
        "[2025-11-03 14:32:00] Product: Acme Relay - API\nIncident: Slow API (Identified)\nStatus: A bad deploy."
    )


def test_json_is_the_event_on_one_line() -> None:
    line = render(incident_event(), "json")

    assert "\n" not in line
    assert json.loads(line)["incident"]["components"][0]["name"] == "API"
    assert json.loads(line)["id"] == 812


def test_json_escapes_what_a_terminal_would_obey() -> None:
    line = render(incident_event("a\x9b31m\u202eb\x1b[0m"), "json")

    assert json.loads(line)["update"]["text"] == "a\x9b31m\u202eb\x1b[0m"
    assert line.isprintable()


@pytest.mark.parametrize("format_", ["default", "provider", "watcher"])
def test_a_pages_roll_up_has_no_line_for_people(format_: str) -> None:
    assert render(page_event(), format_) == ""
    assert render(component_event(type_=EventType.COMPONENT_ADDED), format_) == ""


def test_a_pages_roll_up_is_an_event_in_json() -> None:
    assert json.loads(render(page_event(), "json"))["page"]["to"] == "degraded"


def test_times_are_shown_in_the_zone_asked_for() -> None:
    style = Style(tz=ZoneInfo("Europe/Vienna"))

    assert render(incident_event(), style=style).startswith("[2025-11-03 15:32:00]")


@pytest.mark.parametrize("format_", ["default", "provider", "watcher"])
def test_colour_and_links_do_not_change_the_words(format_: str) -> None:
    for event in (incident_event(), component_event(), feed_event(EventType.FEED_FAILING)):
        shown = render(event, format_, TERMINAL)

        assert "\x1b[" in shown
        assert "\x1b]8;;https://status.acme-relay.example" in shown
        assert _without_decoration(shown) == render(event, format_)


def test_a_resolved_incident_is_painted_as_fine_and_an_open_one_is_not() -> None:
    resolved = render(incident_event(phase=Phase.RESOLVED), "provider", TERMINAL)
    open_ = render(incident_event(), "provider", TERMINAL)

    assert "\x1b[38;5;108mResolved\x1b[0m - " in resolved
    assert "\x1b[38;5;178mIdentified\x1b[0m - " in open_


@given(text=st.text(max_size=80), name=st.text(max_size=30), title=st.text(max_size=30))
def test_hostile_text_never_adds_a_line_or_a_control_character(text: str, name: str, title: str) -> None:
    page = PageRef("acme", name, "javascript:alert(1)")
    event = incident_event(text, page=page, components=(name,), title=title, event_name=name)

    for format_, lines in (("default", 2), ("provider", 3), ("watcher", 3)):
        shown = render(event, format_).split("\n")
        assert len(shown) == lines
        assert not any(re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e]", line) for line in shown)


def test_an_escape_sequence_in_a_name_is_neutralised_on_a_terminal_too() -> None:
    page = PageRef("acme", "Ac\x1b[2Jme", "https://a.example/\x07\x1b]0;x")

    shown = render(incident_event(page=page, url="", components=("A\x1b]8;;x\x07PI",)), style=TERMINAL)

    assert shown.startswith("[2025-11-03 14:32:00] Product: \x1b]8;;https://a.example/%07%1B]0;x\x1b\\Acme\x1b]8")
    assert "\x1b[2J" not in shown
    assert shown.count("\x1b]8;;") == 2


def test_the_registry_names_the_formats_that_there_are() -> None:
    assert CHANNELS["console"].formats == tuple(FORMATS) == ("default", "provider", "watcher", "json")


def test_statuses_of_every_level_have_words() -> None:
    for status in Status:
        assert "Status: " in render(component_event(new=status))


def _without_decoration(shown: str) -> str:
    return re.sub(r"\x1b\]8;;[^\x1b]*\x1b\\|\x1b\[[0-9;]*m", "", shown)


@pytest.mark.parametrize(
    ("kind", "phase", "after", "sentence"),
    [
        (EventType.MAINTENANCE_REMINDER, Phase.SCHEDULED, -60, "Begins in 1 h: Database upgrade"),
        (
            EventType.MAINTENANCE_OVERRUN,
            Phase.IN_PROGRESS,
            135,
            "Goes on 15 min beyond its planned end: Database upgrade",
        ),
    ],
)
def test_what_the_calendar_says_is_a_sentence(kind: EventType, phase: Phase, after: int, sentence: str) -> None:
    event = incident_event(None, title="Database upgrade", phase=phase, type_=kind, kind=Kind.MAINTENANCE)
    assert event.incident is not None
    window = replace(event.incident, scheduled_for=AT, scheduled_until=AT + timedelta(hours=2))
    told = replace(event, at=AT + timedelta(minutes=after), incident=window)

    assert render(told).splitlines()[1] == f"Status: {sentence}"
    assert render(told, "provider").splitlines()[1].endswith(f" - {sentence}")
