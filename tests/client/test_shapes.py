"""The client's values are those of the server: the same words, the same events, and nothing newer breaks them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from statuswire import model, wire
from statuswire.channels import wording
from statuswire.client import Event, Unreadable, shapes, standing
from statuswire.client.decoding import decoded
from tests.channels.events import component_event, feed_event, incident_event, page_event

from .bodies import component, event, incident


@pytest.mark.parametrize("name", ["Status", "Phase", "Impact", "Kind"])
def test_words_are_those_of_the_model(name: str) -> None:
    assert [one.value for one in getattr(shapes, name)] == [one.value for one in getattr(model, name)]


def test_levels_are_ordered_as_the_server_orders_them() -> None:
    ours = sorted(standing.SEVERITY, key=lambda level: wording._SEVERITY[model.Status(level.value)])

    assert tuple(ours) == standing.SEVERITY


def test_impacts_mean_the_levels_that_they_mean_to_the_server() -> None:
    theirs = {impact.value: level.value for impact, level in wording.IMPACT_LEVELS.items()}

    assert {impact.value: level.value for impact, level in standing.IMPACT_LEVELS.items()} == theirs


TOLD = [
    incident_event(),
    component_event(),
    feed_event(model.EventType.FEED_FAILING),
    page_event(),
]


@pytest.mark.parametrize("told", TOLD)
def test_an_event_is_read_as_it_was_written(told: model.Event) -> None:
    written = wire.to_mapping(told)

    read = decoded(wire.encode_event(told), Event)

    assert (read.id, read.type, read.at, read.source) == (told.id, told.type.value, told.at, told.source.value)
    assert read.page.slug == told.page.slug
    for part in ("incident", "update", "component", "feed"):
        assert (getattr(read, part) is None) == (part not in written)


def test_a_change_of_a_component_says_from_what_to_what() -> None:
    body = event(1, "component.status_changed", component=component(**{"from": "operational", "to": "degraded"}))

    read = decoded(json.dumps(body), Event)

    assert read.component is not None
    assert (read.component.old, read.component.new) == ("operational", "degraded")


def test_words_and_fields_that_are_newer_do_no_harm() -> None:
    body = event(
        1, "incident.celebrated", incident=incident(phase="dancing", impact="none") | {"mood": "good"}, new=[1]
    )

    read = decoded(json.dumps(body), Event)

    assert read.type == "incident.celebrated"
    assert read.incident is not None and read.incident.phase is shapes.Phase.UNKNOWN
    assert read.at == datetime(2026, 5, 4, 10, 22, 31, tzinfo=UTC)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"id": "x"}', b"\xff", b"[" * 100_000])
def test_what_is_no_event_is_unreadable_and_nothing_else(body: bytes) -> None:
    with pytest.raises(Unreadable):
        decoded(body, Event)
