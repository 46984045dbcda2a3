"""POST /webhook: our own events, flat bodies, tests, and whatever else arrives."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire import wire
from statuswire.errors import ParseError
from statuswire.model import (
    AffectedComponent,
    Document,
    DocumentKind,
    Event,
    EventComponent,
    EventFeed,
    EventIncident,
    EventPage,
    EventType,
    EventUpdate,
    Impact,
    Kind,
    PageFacts,
    PageRef,
    Phase,
    Snapshot,
    Source,
    Status,
)
from statuswire.platforms.sight import Sight
from statuswire.platforms.statuswire import parse, recognize

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
AT = datetime(2026, 5, 4, 10, 22, 31, tzinfo=UTC)
PARTS = st.sampled_from(
    ["page", "incident", "update", "component", "components", "at", "seen_at", "id", "slug", "to", "phase", "title"]
)
VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(PARTS, inner, max_size=4),
    max_leaves=12,
)
PAGE = PageRef("acme", "Acme Relay", "https://status.acme-relay.example")


def hook(body: object, received_at: datetime = NOW) -> Document:
    return Document(json.dumps(body).encode(), received_at, kind=DocumentKind.HOOK)


def read(body: object) -> Snapshot:
    return parse(hook(body))


def event(kind: EventType, **parts: object) -> Event:
    return Event(type=kind, key="k", at=AT, seen_at=NOW, source=Source.POLL, page=PAGE, **parts)  # type: ignore[arg-type]


def sent(told: Event) -> dict:
    """The body as the webhook channel sends it."""
    return {"type": told.type.value, "timestamp": "2026-05-04T12:00:00Z", "data": wire.to_mapping(told)}


INCIDENT = EventIncident(
    id="w2x4y6z8b1c3",
    title="Slow API",
    kind=Kind.INCIDENT,
    phase=Phase.IDENTIFIED,
    impact=Impact.MINOR,
    url="https://status.acme-relay.example/incidents/w2x4y6z8b1c3",
    started_at=AT - timedelta(minutes=20),
    resolved_at=None,
    components=(AffectedComponent("k3", "API", "Europe", Status.DEGRADED),),
)
UPDATE = EventUpdate("u2", Phase.IDENTIFIED, "A bad deploy.", AT)


def test_an_event_of_another_instance_keeps_its_ids() -> None:
    snapshot = read(sent(event(EventType.INCIDENT_UPDATED, incident=INCIDENT, update=UPDATE)))

    incident = snapshot.incidents[0]
    assert (incident.id, incident.phase, incident.impact) == ("w2x4y6z8b1c3", Phase.IDENTIFIED, Impact.MINOR)
    assert [(one.id, one.text, one.at) for one in incident.updates] == [("u2", "A bad deploy.", AT)]
    assert incident.components == INCIDENT.components


@pytest.mark.parametrize("phase", list(Phase))
def test_every_phase_comes_through(phase: Phase) -> None:
    told = event(EventType.INCIDENT_UPDATED, incident=INCIDENT, update=EventUpdate("u", phase, "", AT))

    assert read(sent(told)).incidents[0].updates[0].phase is phase


@pytest.mark.parametrize("status", list(Status))
def test_every_level_comes_through(status: Status) -> None:
    changed = EventComponent("k3", "API", None, status, "operational", status.value)

    told = read(sent(event(EventType.COMPONENT_STATUS_CHANGED, component=changed)))

    assert [(one.id, one.status, one.updated_at) for one in told.components] == [("k3", status, AT)]
    assert told.problems == ()


@pytest.mark.parametrize("impact", list(Impact))
def test_every_impact_comes_through(impact: Impact) -> None:
    body = sent(event(EventType.INCIDENT_CREATED, incident=INCIDENT, update=UPDATE))
    body["data"]["incident"]["impact"] = impact.value

    assert read(body).incidents[0].impact is impact


def test_an_event_dates_what_it_tells_and_covers_nothing() -> None:
    snapshot = read(sent(event(EventType.INCIDENT_UPDATED, incident=INCIDENT, update=UPDATE)))

    assert snapshot.as_of == AT
    assert snapshot.covers == frozenset()


def test_the_page_is_that_of_the_event() -> None:
    page = read(sent(event(EventType.INCIDENT_UPDATED, incident=INCIDENT, update=UPDATE))).page

    assert (page.id, page.name, page.url) == ("acme", "Acme Relay", "https://status.acme-relay.example")


def test_a_change_of_the_pages_level_comes_through() -> None:
    told = event(EventType.PAGE_STATUS_CHANGED, page_change=EventPage(Status.OPERATIONAL, Status.DEGRADED))

    assert read(sent(told)).page.status is Status.DEGRADED


def test_an_event_about_a_feed_tells_of_no_page() -> None:
    snapshot = read(sent(event(EventType.FEED_FAILING, feed=EventFeed("https://x.example", "dns"))))

    assert not snapshot.incidents and not snapshot.components and snapshot.page.status is None


def test_an_event_without_its_envelope_is_read_too() -> None:
    told = event(EventType.INCIDENT_UPDATED, incident=INCIDENT, update=UPDATE)

    assert read(wire.to_mapping(told)) == read(sent(told))


def test_the_providers_name_of_an_event_is_passed_on() -> None:
    told = event(EventType.INCIDENT_CREATED, incident=INCIDENT, update=UPDATE, event_name="their.event_v2")

    assert read(sent(told)).event_name == "their.event_v2"


def test_the_sign_of_life_of_another_statuswire_tells_of_no_page() -> None:
    snapshot = read({"type": "heartbeat", "timestamp": "2026-05-04T10:22:31Z", "data": {"state": "operational"}})

    assert snapshot.page == PageFacts() and not snapshot.incidents and not snapshot.components


def test_the_trial_of_another_statuswire_never_happened() -> None:
    sample = wire.to_mapping(event(EventType.INCIDENT_CREATED, incident=INCIDENT))

    snapshot = read({"type": "test", "timestamp": "2026-05-04T10:22:31Z", "data": sample})

    assert [incident.title for incident in snapshot.incidents or ()] == ["Test event"]
    assert not recognize(Sight(hook({"type": "test", "timestamp": "...", "data": sample})))


# --- flat bodies -----------------------------------------------------------------------------------------------


def test_a_heartbeat_tells_the_level_of_the_page_and_no_incident() -> None:
    body = {"event": "status.heartbeat", "state": "operational", "timestamp": "2026-05-04 10:42:20",
            "last_incident_title": "Slow", "last_incident_time": "Mon, 04 May 2026 08:53:03 GMT"}  # fmt: skip

    snapshot = read(body)

    assert snapshot.page.status is Status.OPERATIONAL
    assert snapshot.as_of == datetime(2026, 5, 4, 10, 42, 20, tzinfo=UTC)
    assert snapshot.incidents == () and snapshot.covers == frozenset()


def test_a_change_of_state_tells_the_new_one() -> None:
    assert read({"event": "status.change", "from": "operational", "to": "degraded"}).page.status is Status.DEGRADED


def test_a_flat_incident_is_known_by_its_title() -> None:
    def one(phase: str) -> Snapshot:
        return read(
            {"event": "incident.update", "incident_title": "Slow", "components": ["GPTs", "Chat"], "phase": phase}
        )

    first, second = one("Investigating"), one("Resolved")

    assert first.incidents[0].id == second.incidents[0].id
    assert (first.incidents[0].phase, second.incidents[0].phase) == (Phase.INVESTIGATING, Phase.RESOLVED)
    assert [component.name for component in first.incidents[0].components or ()] == ["GPTs", "Chat"]


def test_a_flat_incident_without_a_title_is_refused() -> None:
    with pytest.raises(ParseError):
        read({"event": "incident.update", "phase": "Investigating"})


# --- tests and others ------------------------------------------------------------------------------------------


def test_a_connection_test_is_a_sample_incident() -> None:
    snapshot = read({"event": "test", "provider": "local"})

    assert (snapshot.incidents[0].title, snapshot.page.name) == ("Test event", "local")


def test_tests_of_one_sender_are_updates_of_one_incident() -> None:
    body = {"event": "test", "provider": "local"}

    first, later = parse(hook(body)).incidents[0], parse(hook(body, NOW + timedelta(seconds=9))).incidents[0]

    assert first.id == later.id
    assert first.updates[0].id != later.updates[0].id


def test_a_statuspage_body_is_read_as_one() -> None:
    body = {
        "page": {"id": "k3m9s8d1f2gh", "name": "Acme"},
        "incident": {"id": "w2x4y6z8b1c3", "name": "Slow", "status": "identified", "incident_updates": []},
    }

    assert read(body).platform == "statuspage"


def test_an_account_webhook_of_incident_io_is_read_as_one() -> None:
    kind = "public_incident.incident_created_v2"

    assert read({"event_type": kind, kind: {"id": "01", "name": "x"}}).platform == "incidentio"


def test_anything_else_with_an_incident_is_read_generically() -> None:
    assert read({"outage": {"id": 5, "title": "Slow search", "status": "open"}}).platform == "generic"


@pytest.mark.parametrize("body", [{}, [], {"event": "other"}, {"type": "incident.created"}, {"data": {}}])
def test_a_body_that_tells_of_nothing_is_refused(body: object) -> None:
    with pytest.raises(ParseError):
        read(body)


def test_only_our_own_bodies_are_claimed() -> None:
    assert recognize(Sight(hook(sent(event(EventType.INCIDENT_UPDATED, incident=INCIDENT, update=UPDATE)))))
    assert recognize(Sight(hook({"event": "status.heartbeat"})))
    assert not recognize(Sight(hook({"event": "test"})))
    assert not recognize(Sight(hook({"type": "incident.created", "data": {}})))


@given(st.sampled_from(list(EventType)), st.dictionaries(PARTS, VALUES, max_size=7))
def test_a_damaged_event_is_a_snapshot_or_a_refusal(kind: EventType, fields: dict) -> None:
    try:
        snapshot = read({"type": kind.value, "data": {"type": kind.value, **fields}})
    except ParseError:
        return
    assert isinstance(snapshot, Snapshot)
