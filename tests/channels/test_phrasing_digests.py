"""A digest says nothing of all its events that is true of one alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from statuswire.channels import phrasing
from statuswire.model import Event, MessageKind
from tests.channels.events import component_event, incident_event
from tests.channels.messages import OTHER, message

ONE = incident_event(url="https://a.example/1")
TWO = incident_event(url="https://a.example/2")


@pytest.mark.parametrize(
    ("events", "address"),
    [
        ((ONE,), "https://a.example/1"),
        ((ONE, replace(ONE, id=2)), "https://a.example/1"),
        ((ONE, TWO), "https://status.acme-relay.example"),
        ((ONE, component_event()), "https://status.acme-relay.example"),
        ((ONE, replace(TWO, page=OTHER)), ""),
    ],
    ids=["one event", "one incident", "one page", "incident and component", "several pages"],
)
def test_a_digest_leads_to_what_all_its_events_share(events: tuple[Event, ...], address: str) -> None:
    assert phrasing.address(message(*events, kind=MessageKind.DIGEST)) == address


def test_a_digest_has_no_phase_impact_or_beginning_of_one_event() -> None:
    assert phrasing.facts(message(ONE, TWO, kind=MessageKind.DIGEST)) == ()
    assert phrasing.facts(message(ONE, TWO, kind=MessageKind.DIGEST, reason="quiet hours")) == (
        phrasing.Fact("Why now", "quiet hours"),
    )
    assert len(phrasing.facts(message(ONE, kind=MessageKind.DIGEST))) == 3
