"""How a page or a component is, of what the server says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from statuswire.client import Component, Freshness, Incident, Page, PageState, Status
from statuswire.client.decoding import decoded
from statuswire.client.standing import is_within, worst

from .bodies import component, incident, page


def state(asked: str | None = "API", *, of: dict[str, Any], rows: Any = (), stories: Any = ()) -> PageState:
    return PageState(
        decoded(json.dumps(page(**of)), Page),
        asked,
        tuple(decoded(json.dumps(one), Component) for one in rows),
        tuple(decoded(json.dumps(one), Incident) for one in stories),
    )


def test_a_component_is_as_the_page_lists_it_whatever_an_incident_weighs() -> None:
    rows, stories = [component(status="degraded")], [incident("Slow", "API", impact="critical")]

    told = state(of={}, rows=rows, stories=stories)

    assert (told.status, told.level) == (Status.DEGRADED, Status.MAJOR_OUTAGE)
    assert told.described(told.status) == "acme:API: degraded: Slow"


def test_the_worst_of_what_is_meant_counts() -> None:
    assert state("*", of={}, rows=[component(), component("Web", "partial_outage")]).status is Status.PARTIAL_OUTAGE


@pytest.mark.parametrize(
    ("stories", "status"),
    [
        ([], Status.OPERATIONAL),
        ([incident(impact="major")], Status.PARTIAL_OUTAGE),
        ([incident(phase="scheduled", kind="maintenance", impact="maintenance")], Status.OPERATIONAL),
        ([incident(phase="in_progress", kind="maintenance", impact="none")], Status.MAINTENANCE),
    ],
)
def test_of_a_page_that_lists_no_components_its_incidents_tell(stories: Any, status: Status) -> None:
    assert state(of={"components": {}}, stories=stories).status is status


def test_a_name_that_the_page_has_not_is_unknown_and_never_fine() -> None:
    told = state("Nope", of={})

    assert (told.status, told.freshness, told.is_misnamed) == (Status.UNKNOWN, Freshness.UNKNOWN, True)
    assert told.described(told.level) == "acme:Nope: Acme Relay has no component of that name"


def test_a_page_that_cannot_be_read_is_stale_with_what_it_said_last() -> None:
    of = {"stale": True, "state": "unknown", "last_known": "major_outage", "stale_since": "2026-05-04T10:00:00Z"}

    told = state(None, of=of)

    assert (told.status, told.freshness) == (Status.MAJOR_OUTAGE, Freshness.STALE)
    assert told.described(told.level) == "acme: major_outage, as of 2026-05-04 10:00 UTC"


@pytest.mark.parametrize("asked", [None, "API"])
def test_a_page_that_was_never_read_is_unknown(asked: str | None) -> None:
    told = state(asked, of={"stale": True, "state": "unknown", "last_known": None, "components": {}})

    assert (told.status, told.freshness) == (Status.UNKNOWN, Freshness.UNKNOWN)


def test_the_words_of_a_provider_stay_on_one_line() -> None:
    told = state(of={}, rows=[component()], stories=[incident("Slow\n\x1b[2J API", "API")])

    assert told.described(told.level) == "acme:API: degraded: Slow [2J API"


def test_nothing_known_is_within_no_limit() -> None:
    assert not is_within(Status.UNKNOWN, Status.MAJOR_OUTAGE)
    assert is_within(Status.MAINTENANCE, Status.DEGRADED) and not is_within(Status.PARTIAL_OUTAGE, Status.DEGRADED)
    assert worst([]) is Status.UNKNOWN
