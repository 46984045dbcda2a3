"""What the subscriber webhooks of Statuspage say, and what bodies made by hand mean."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, DocumentKind, Kind, Phase, Snapshot, Status
from statuswire.platforms.statuspage import parse, parse_hook

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PAGE = {"id": "q7h2m0x9c4vd", "status_indicator": "major", "status_description": "Partial System Outage"}
CHANGE = {"component_id": "k3m9s8d1f2gh", "new_status": "major_outage", "created_at": "2026-05-04T10:01:00.322Z"}


def read(body: object) -> Snapshot:
    return parse_hook(Document(json.dumps(body).encode(), NOW, kind=DocumentKind.HOOK))


def test_a_hook_covers_nothing() -> None:
    assert read({"page": PAGE, "incident": {"id": "w2x4y6z8b1c3"}}).covers == frozenset()


def test_the_roll_up_stands_in_the_page() -> None:
    page = read({"page": PAGE, "incident": {"id": "w2x4y6z8b1c3"}}).page

    assert (page.id, page.status, page.status_text) == ("q7h2m0x9c4vd", Status.PARTIAL_OUTAGE, "Partial System Outage")


def test_a_body_without_ids_or_times_still_tells_its_update() -> None:
    body = {
        "incident": {
            "id": "local_test",
            "name": "Search - Elevated Error Rates",
            "status": "investigating",
            "updated_at": "2026-05-04T14:32:00Z",
            "components": [{"name": "Search"}],
            "incident_updates": [{"body": "Degraded performance due to upstream issue"}],
        },
        "page": {"name": "Acme API"},
    }

    (incident,) = read(body).incidents

    (update,) = incident.updates
    assert incident.id == "local_test"
    assert incident.updated_at == datetime(2026, 5, 4, 14, 32, tzinfo=UTC)
    assert [component.name for component in incident.components or ()] == ["Search"]
    assert (update.id, update.phase, update.at) == ("", Phase.INVESTIGATING, None)
    assert update.text == "Degraded performance due to upstream issue"


def test_the_moment_is_that_of_the_change_not_of_the_sending() -> None:
    body = {
        "meta": {"generated_at": "2026-05-04T10:30:00Z"},
        "incident": {"id": "w2x4y6z8b1c3", "updated_at": "2026-05-04T10:22:31Z"},
    }

    assert read(body).as_of == datetime(2026, 5, 4, 10, 22, 31, tzinfo=UTC)


def test_without_a_stamp_the_moment_is_that_of_the_sending() -> None:
    body = {"meta": {"generated_at": "2026-05-04T10:30:00Z"}, "incident": {"id": "w2x4y6z8b1c3"}}

    assert read(body).as_of == datetime(2026, 5, 4, 10, 30, tzinfo=UTC)


def test_a_component_change_is_one_component_with_the_level_it_was_sent_for() -> None:
    component = {"id": "k3m9s8d1f2gh", "name": "API", "status": "operational", "position": 3}

    snapshot = read({"page": PAGE, "component": component, "component_update": CHANGE})

    (found,) = snapshot.components
    assert (found.id, found.name, found.status, found.raw_status) == (
        "k3m9s8d1f2gh",
        "API",
        Status.MAJOR_OUTAGE,
        "major_outage",
    )
    assert found.updated_at == snapshot.as_of == datetime(2026, 5, 4, 10, 1, 0, 322_000, tzinfo=UTC)
    assert snapshot.event_name == "component_update"


def test_an_incident_has_no_event_name_because_statuspage_gives_none() -> None:
    assert read({"incident": {"id": "w2x4y6z8b1c3"}}).event_name == ""


PLANNED = {"scheduled_for": "2026-05-09T22:00:00Z", "status": "scheduled", "impact": "maintenance"}
BACKFILLED = {"scheduled_for": None, "status": "resolved", "impact": "maintenance", "backfilled": True}


@pytest.mark.parametrize(
    ("fields", "kind", "backfilled"), [(PLANNED, Kind.MAINTENANCE, False), (BACKFILLED, Kind.INCIDENT, True)]
)
def test_plans_and_backfills_are_told_by_their_fields(fields: dict[str, object], kind: Kind, backfilled: bool) -> None:
    (incident,) = read({"incident": {"id": "w2x4y6z8b1c3", **fields}}).incidents

    assert (incident.kind, incident.backfilled) == (kind, backfilled)


def postmortem(**fields: object) -> dict[str, object]:
    return {
        "id": "w2x4y6z8b1c3",
        "status": "postmortem",
        "incident_updates": [{"id": "u1", "status": "resolved", "created_at": "2026-05-04T10:00:00Z"}],
        "postmortem_body": "What happened.",
        "postmortem_published_at": "2026-05-06T10:00:00Z",
        **fields,
    }


def test_a_postmortem_beside_the_updates_is_the_last_of_them() -> None:
    (incident,) = read({"incident": postmortem()}).incidents

    assert [(u.phase, u.text) for u in incident.updates] == [
        (Phase.RESOLVED, ""),
        (Phase.POSTMORTEM, "What happened."),
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"incident_updates": [{"id": "u2", "status": "postmortem", "body": "What happened."}]},
        {"postmortem_published_at": None},
        {"postmortem_ignored": True},
        {"postmortem_body": None},
    ],
)
def test_a_postmortem_is_never_told_twice_nor_before_it_is_published(fields: dict[str, object]) -> None:
    (incident,) = read({"incident": postmortem(**fields)}).incidents

    assert len(incident.updates) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        None,
        {"page": PAGE},
        {"incident": None},
        {"incident": {}},
        {"incident": {"status": "investigating"}},
        {"incident": [], "component_update": "x"},
        {"component_update": {"new_status": "operational"}},
        {"event": "test"},
    ],
)
def test_a_body_that_tells_of_nothing_is_refused(body: object) -> None:
    with pytest.raises(ParseError) as caught:
        read(body)

    assert caught.value.reason is ParseReason.SHAPE


def test_a_stored_hook_can_be_read_without_saying_that_it_is_one() -> None:
    body = {"page": PAGE, "component": {"id": "k3m9s8d1f2gh", "name": "API"}, "component_update": CHANGE}

    assert parse(Document(json.dumps(body).encode(), NOW)) == read(body)
