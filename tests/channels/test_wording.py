"""Words that channels share."""

from __future__ import annotations

from dataclasses import replace

import pytest

from statuswire.channels import wording
from statuswire.model import AffectedComponent, EventType, Kind, Phase, Status
from tests.channels.events import component_event, feed_event, incident_event, page_event


def test_every_status_and_phase_has_a_word() -> None:
    assert set(wording.STATUS_WORDS) == set(wording.STATUS_LABELS) == set(Status)
    assert set(wording.PHASE_WORDS) == set(Phase)


def test_what_is_broken_outranks_what_is_unknown_and_that_what_is_fine() -> None:
    assert wording.worst([Status.OPERATIONAL, Status.UNKNOWN]) is Status.UNKNOWN
    assert wording.worst([Status.UNKNOWN, Status.DEGRADED]) is Status.DEGRADED
    assert wording.worst([Status.MAJOR_OUTAGE, Status.PARTIAL_OUTAGE]) is Status.MAJOR_OUTAGE
    assert wording.worst([]) is None


def test_an_update_of_unknown_phase_speaks_with_the_phase_of_its_incident() -> None:
    assert wording.phase_of(incident_event(phase=Phase.MONITORING)) is Phase.MONITORING
    assert wording.phase_of(page_event()) is None


def test_the_level_of_an_incident_is_the_worst_of_impact_and_components() -> None:
    down = (AffectedComponent("1", "API", None, Status.MAJOR_OUTAGE),)

    assert wording.level(incident_event()) is Status.DEGRADED
    assert wording.level(incident_event(affected=down)) is Status.MAJOR_OUTAGE
    assert wording.level(incident_event(phase=Phase.RESOLVED)) is Status.OPERATIONAL
    assert wording.level(incident_event(kind=Kind.MAINTENANCE)) is Status.MAINTENANCE


def test_a_feed_that_cannot_be_read_is_unknown_and_not_broken() -> None:
    assert wording.level(feed_event(EventType.FEED_FAILING)) is Status.UNKNOWN
    assert wording.level(feed_event(EventType.FEED_RECOVERED)) is Status.OPERATIONAL


def test_component_events_have_sentences() -> None:
    assert wording.message(component_event(type_=EventType.COMPONENT_REMOVED)) == "Removed from the page"
    assert wording.message(page_event()) == "Degraded (was operational)"


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("server_error: a.example: answers with an error of its own (503)", "answers with an error of its own (503)"),
        ("timeout: no answer", "no answer"),
        ("read again after 12 min (dns: a.example: no such name)", "read again after 12 min (no such name)"),
        ("challenge", "challenge"),
    ],
)
def test_of_a_feed_in_trouble_people_read_the_sentence_and_not_the_word_for_programs(reason: str, said: str) -> None:
    event = feed_event(EventType.FEED_FAILING)
    assert event.feed is not None
    told = replace(event, feed=replace(event.feed, reason=reason))

    assert wording.message(told) == f"Cannot read https://a.example/feed.rss: {said}"
