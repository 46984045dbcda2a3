"""What is known of a page goes on under the names that another platform uses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from statuswire.core.relocation import NO_MOMENT, relocate
from statuswire.model import (
    Component,
    Impact,
    Incident,
    Kind,
    Known,
    KnownComponent,
    KnownIncident,
    KnownUpdate,
    Moment,
    Phase,
    Snapshot,
    Status,
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
MOMENT = Moment(NOON, NOON)
API = KnownComponent("k3m9", "API", "Europe", Status.DEGRADED, "degraded", NOON, MOMENT, NOON)
SLOW = KnownIncident(
    "w2x4",
    Kind.INCIDENT,
    "Slow API",
    Phase.IDENTIFIED,
    Impact.MINOR,
    "https://status.acme.example/incidents/w2x4",
    MOMENT,
    started_at=NOON,
    updates=(KnownUpdate("u1", 1, Phase.IDENTIFIED, "Looking.", NOON, "Looking", ids=("u1",)),),
)
NEW = Incident("01J9Z", "Slow  api", started_at=NOON + timedelta(minutes=4), url="https://status.acme.example/i/01J9Z")


def moved(known: Known, *incidents: Incident, components: tuple[Component, ...] = ()) -> dict[str, KnownIncident]:
    snapshot = Snapshot("incidentio", components=components, incidents=incidents)
    return dict(relocate(known, "statuspage", [snapshot], NOON).incidents)


def test_an_incident_of_the_same_title_and_beginning_goes_on_under_its_new_id() -> None:
    one = moved(Known(incidents=(SLOW,)), NEW)["w2x4"]

    assert (one.id, one.aliases, one.phase) == ("01J9Z", ("w2x4",), Phase.IDENTIFIED)
    assert one.moment == NO_MOMENT, "stamps of two platforms cannot be compared"
    assert one.updates[0].ids == (), "its updates are told by text and time now"


@pytest.mark.parametrize(
    "other",
    [
        replace(NEW, title="Slow website"),
        replace(NEW, started_at=NOON + timedelta(hours=2)),
        replace(NEW, started_at=None),
        replace(NEW, kind=Kind.MAINTENANCE),
    ],
)
def test_another_incident_leaves_it_open_under_an_id_of_the_old_platform(other: Incident) -> None:
    one = moved(Known(incidents=(SLOW,)), other)["w2x4"]

    assert (one.id, one.is_open, one.moved_at) == ("statuspage:w2x4", True, NOON)
    assert "w2x4" in one.aliases


def test_the_same_address_is_the_same_incident_whatever_its_title() -> None:
    kept = replace(NEW, title="Renamed", started_at=None, url="http://status.acme.example/incidents/w2x4/")

    assert moved(Known(incidents=(SLOW,)), kept)["w2x4"].id == "01J9Z"


def test_an_address_without_a_path_says_nothing() -> None:
    plain = replace(SLOW, url="https://status.acme.example/")

    assert moved(Known(incidents=(plain,)), replace(NEW, title="Other", url=plain.url))["w2x4"].id == "statuspage:w2x4"


def test_components_are_found_by_group_and_name_and_keep_their_level() -> None:
    shown = (
        Component("01A", "api", "europe", Status.OPERATIONAL, "operational", position=2),
        Component("01B", "Web", None, Status.MAJOR_OUTAGE),
    )
    relocation = relocate(Known(components=(API,)), "statuspage", [Snapshot("incidentio", components=shown)], NOON)

    api, web = relocation.components
    assert (api.id, api.status, api.since, api.moment) == ("01A", Status.DEGRADED, NOON, NO_MOMENT)
    assert (web.id, web.status) == ("01B", Status.MAJOR_OUTAGE)


def test_a_component_that_left_its_group_is_still_the_same() -> None:
    shown = (Component("01A", "API", None, Status.DEGRADED),)
    relocation = relocate(Known(components=(API,)), "statuspage", [Snapshot("x", components=shown)], NOON)

    assert relocation.components[0].since == API.since


def test_what_is_over_keeps_its_history_under_an_id_that_cannot_be_mistaken() -> None:
    over = replace(SLOW, id="77", phase=Phase.RESOLVED)
    one = moved(Known(incidents=(over,)), Incident("77", "Something else"))["77"]

    assert (one.id, one.moved_at) == ("statuspage:77", None)
