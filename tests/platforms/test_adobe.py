"""Adobe: what golden documents cannot say."""

from __future__ import annotations

import pytest

from statuswire.model import Cover, Impact, Kind, Phase, Role, Snapshot, Status
from statuswire.platforms.vendors.adobe import FOLDER, feeds, parse, recognize
from statuswire.platforms.vendors.adobe_events import IMPACTS, LEVELS, PHASES
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight

EVENTS = f"{FOLDER}/StatusEvents"
MESSAGES = {"en": {"t": {"textMessage": "Slow"}, "m": {"textMessage": "From {startDateTime} to {endDateTime}{odd}."}}}


def entry(status: str = "Opened", severity: str = "Minor", token: str = "m") -> dict[str, object]:
    return {"id": "1", "status": status, "severity": severity, "titleToken": "t", "messageToken": token}


def product(**history: dict[str, object]) -> dict[str, object]:
    return {"id": "500", "name": "Draw", "history": {key.strip("_"): value for key, value in history.items()}}


def read(*products: dict[str, object], kind: Kind = Kind.INCIDENT, **fields: object) -> Snapshot:
    event = {"id": "E1", "startedOn": 1777885200, "products": {str(n): one for n, one in enumerate(products)}, **fields}
    incidents, plans = ({"E1": event}, {}) if kind is Kind.INCIDENT else ({}, {"E1": event})
    body = {
        "incidentEvent": {"incidents": incidents, "messages": MESSAGES},
        "maintenanceEvent": {"maintenance": plans, "messages": MESSAGES},
    }
    return parse(document(body, EVENTS))


def test_the_events_are_polled_and_the_names_once_a_day() -> None:
    found = feeds("https://status.adobe.com")

    assert [(spec.url, spec.role) for spec in found] == [
        (EVENTS, Role.STATE),
        (f"{FOLDER}/SnowServiceRegistry", Role.ENTRIES),
    ]
    assert found[1].every is not None


@pytest.mark.parametrize("name", ["StatusEvents", "SnowServiceRegistry"])
def test_a_document_that_is_named_is_polled_alone(name: str) -> None:
    assert [spec.url for spec in feeds(f"{FOLDER}/{name}")] == [f"{FOLDER}/{name}"]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("word", list(PHASES[Kind.INCIDENT]))
def test_each_status_is_a_phase_of_its_kind(kind: Kind, word: str) -> None:
    told = read(product(_1777885200=entry(word.upper())), kind=kind).incidents[0]

    assert (told.kind, told.phase) == (kind, PHASES[kind][word])


@pytest.mark.parametrize("word", list(LEVELS))
def test_each_severity_is_a_level_and_an_impact(word: str) -> None:
    snapshot = read(product(_1777885200=entry(severity=word.capitalize())))

    told = snapshot.incidents[0]
    assert told.impact is IMPACTS[word]
    assert told.components is not None
    assert told.components[0].status is LEVELS[word]


def test_a_history_is_in_the_order_of_its_numbers() -> None:
    told = read(product(_1777885200=entry("Started"), _999999999=entry("Opened"))).incidents[0]

    assert [one.raw_phase for one in told.updates] == ["Opened", "Started"]
    assert told.phase is Phase.IDENTIFIED


def test_the_newest_entry_of_a_product_is_its_level() -> None:
    worse = product(_1777885200=entry(severity="Minor"), _1777888800=entry("Updated", "Major"))

    assert read(worse).components[0].status is Status.MAJOR_OUTAGE
    assert read(worse).incidents[0].impact is Impact.MAJOR


def test_the_same_entry_on_two_products_is_one_update() -> None:
    told = read(product(_1777885200=entry()), {**product(_1777885200=entry()), "id": "501"}).incidents[0]

    assert len(told.updates) == 1
    assert told.components is not None
    assert [one.id for one in told.components] == ["500", "501"]


def test_two_texts_of_one_second_are_two_updates() -> None:
    told = read(product(_1777885200=entry()), {**product(_1777885200=entry(token="t")), "id": "501"}).incidents[0]

    assert [one.id for one in told.updates] == ["1777885200", "1777885200/t"]


def test_an_incident_is_open_while_one_product_is() -> None:
    over, going_on = product(_1777885200=entry("Closed")), {**product(_1777885200=entry()), "id": "501"}

    assert read(over, going_on).incidents[0].phase is Phase.INVESTIGATING
    assert read(over, {**going_on, "endedOn": 1777888800}).incidents[0].phase is Phase.RESOLVED


def test_placeholders_are_filled_from_the_record_or_left_out() -> None:
    told = read(product(_1777885200=entry()), completedOn=1777892400).incidents[0]

    assert told.updates[0].text == "From 2026-05-04 09:00 UTC to 2026-05-04 11:00 UTC."
    assert read(product(_1777885200=entry())).incidents[0].updates[0].text == "From 2026-05-04 09:00 UTC to ."


def test_no_event_at_all_is_a_quiet_day_only_where_the_objects_are_there() -> None:
    whole = {"incidentEvent": {"incidents": {}}, "maintenanceEvent": {"maintenance": {}}}

    assert Cover.TROUBLED in parse(document(whole)).covers
    assert parse(document({"incidentEvent": {}, "maintenanceEvent": {}})).covers == frozenset()


def test_products_are_named_in_their_clouds() -> None:
    rows = parse(document(fixture("adobe/registry.json"))).components

    assert {row.name: row.group for row in rows} == {
        "Acme Draw": "Acme Cloud",
        "Acme Paint": "Acme Cloud",
        "Acme Sign": "Acme Docs",
    }
    assert all(row.lacks_status for row in rows)


@pytest.mark.parametrize("body", [*NOT_OURS, {"incidentEvent": []}, {"clouds": [], "products": {}}])
def test_what_is_not_ours_is_refused(body: object) -> None:
    refused(parse, body, EVENTS)
    assert not recognize(sight(body))


@pytest.mark.parametrize("case", ["quiet", "open", "resolved", "maintenance", "registry"])
def test_the_content_is_recognised(case: str) -> None:
    assert recognize(sight(fixture(f"adobe/{case}.json")))
