"""From snapshots to one level: roll-ups lie, silence is not calm, and a maintenance is nothing wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from statuswire.catalog import Target
from statuswire.model import (
    Component,
    Cover,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    PageFacts,
    Phase,
    Problem,
    Snapshot,
    Status,
)
from statuswire.verdict import Verdict, doubts_about, exit_code, groups_of

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
TARGET = Target("acme", "acme.example", "https://status.acme.example", is_named=False)


def verdict(*snapshots: Snapshot) -> Verdict:
    return Verdict(TARGET, NOW, "statuspage", snapshots=snapshots)


def snapshot(*incidents: Incident, status: Status | None = None, components: tuple[Component, ...] = ()) -> Snapshot:
    facts = PageFacts(name="Acme", url="https://status.acme.example/", status=status)
    return Snapshot("statuspage", facts, incidents=incidents, components=components)


def incident(
    phase: Phase | None = Phase.IDENTIFIED, impact: Impact = Impact.MINOR, kind: Kind = Kind.INCIDENT
) -> Incident:
    return Incident("i1", "Slow API", kind, phase, impact)


def test_nothing_read_is_unknown() -> None:
    assert verdict().status is Status.UNKNOWN


def test_a_green_roll_up_hides_neither_components_nor_incidents() -> None:
    down = (Component("c1", "API", status=Status.MAJOR_OUTAGE),)

    assert verdict(snapshot(status=Status.OPERATIONAL)).status is Status.OPERATIONAL
    assert verdict(snapshot(status=Status.OPERATIONAL, components=down)).status is Status.MAJOR_OUTAGE
    assert verdict(snapshot(incident(), status=Status.OPERATIONAL)).status is Status.DEGRADED


def test_an_open_incident_of_unknown_impact_is_at_least_something() -> None:
    assert verdict(snapshot(incident(impact=Impact.UNKNOWN))).status is Status.DEGRADED


def test_closed_incidents_and_scheduled_maintenances_are_not_open() -> None:
    scheduled = incident(Phase.SCHEDULED, Impact.MAINTENANCE, Kind.MAINTENANCE)

    assert verdict(snapshot(incident(Phase.RESOLVED))).open_incidents == ()
    assert verdict(snapshot(scheduled)).open_incidents == ()


def test_a_running_maintenance_is_maintenance() -> None:
    running = incident(Phase.IN_PROGRESS, Impact.MAINTENANCE, Kind.MAINTENANCE)

    assert verdict(snapshot(running, status=Status.OPERATIONAL)).status is Status.MAINTENANCE


def test_the_phase_may_stand_in_the_updates_only() -> None:
    told = Incident("i1", "Slow API", updates=(IncidentUpdate("u1", Phase.MONITORING, "", NOW),))

    assert verdict(snapshot(told)).open_incidents == (told,)


@pytest.mark.parametrize(("age", "level"), [(1, Status.UNKNOWN), (48, Status.OPERATIONAL)])
def test_a_recent_feed_entry_that_does_not_say_whether_it_is_over_leaves_the_level_unknown(
    age: int, level: Status
) -> None:
    update = IncidentUpdate("", None, "Something happened.", NOW - timedelta(hours=age))

    assert verdict(snapshot(Incident("i1", "News", updates=(update,)))).status is level


def test_the_document_with_most_updates_tells_an_incident() -> None:
    short = incident()
    long = Incident("i1", "Slow API", phase=Phase.IDENTIFIED, updates=(IncidentUpdate("u", None, "x", NOW),))

    assert verdict(snapshot(short), snapshot(long)).incidents == (long,)


def test_documents_that_each_show_a_part_are_shown_together() -> None:
    parts = [
        replace(snapshot(components=(Component(f"{one}/store", "Store"),)), within=f"{one}/") for one in ("eu", "us")
    ]

    assert [one.id for one in verdict(*parts, snapshot()).components] == ["eu/store", "us/store"]


def test_a_list_without_levels_takes_them_from_the_other_documents() -> None:
    listed = tuple(Component(one, one.upper(), "EU", lacks_status=True) for one in ("a", "b"))
    troubled = snapshot(components=(Component("a", "", status=Status.DEGRADED), Component("c", "C")))

    told = verdict(snapshot(components=listed), replace(troubled, covers=frozenset({Cover.TROUBLED}))).components

    assert [(one.id, one.name, one.group, one.status) for one in told] == [
        ("a", "A", "EU", Status.DEGRADED),
        ("b", "B", "EU", Status.OPERATIONAL),
        ("c", "C", None, Status.UNKNOWN),
    ]
    assert verdict(snapshot(components=listed), troubled).components[1].status is Status.UNKNOWN


def test_a_list_without_groups_takes_them_from_the_other_documents() -> None:
    listed = (Component("1", "API", status=Status.DEGRADED, lacks_group=True), Component("2", "Web"))
    groups = snapshot(components=(Component("1", "API", "Core", lacks_status=True),))

    assert [(one.group, one.status) for one in verdict(snapshot(components=listed), groups).components] == [
        ("Core", Status.DEGRADED),
        (None, Status.UNKNOWN),
    ]


def test_the_name_is_the_providers_own_where_nobody_gave_one() -> None:
    assert verdict(snapshot()).name == "Acme"
    assert verdict().name == "acme.example"


@pytest.mark.parametrize(
    ("levels", "code"),
    [
        ([Status.OPERATIONAL, Status.MAINTENANCE], 0),
        ([Status.OPERATIONAL, Status.DEGRADED], 1),
        ([Status.DEGRADED, Status.PARTIAL_OUTAGE], 2),
        ([Status.MAJOR_OUTAGE, Status.UNKNOWN], 2),
        ([Status.UNKNOWN, Status.DEGRADED], 1),
        ([Status.OPERATIONAL, Status.UNKNOWN], 3),
        ([], 3),
    ],
)
def test_exit_codes(levels: list[Status], code: int) -> None:
    verdicts = [verdict(snapshot(status=level)) for level in levels]

    assert exit_code(verdicts) == code


def test_a_document_of_another_host_is_doubted() -> None:
    moved = Snapshot("statuspage", PageFacts(url="https://status.other.example"))

    assert any("other.example" in doubt for doubt in doubts_about(verdict(moved)))
    assert doubts_about(verdict(snapshot(incident(Phase.RESOLVED)))) == ()


def test_a_red_page_that_never_changes_is_doubted() -> None:
    facts = PageFacts(status=Status.MAJOR_OUTAGE)
    frozen = Snapshot("statuspage", facts, NOW - timedelta(days=90), incidents=(incident(),))

    assert any("2026-02-03" in doubt for doubt in doubts_about(verdict(frozen)))


def test_words_that_were_not_understood_are_counted() -> None:
    odd = Snapshot("statuspage", incidents=(incident(),), problems=(Problem("incidents[0].status", "unknown word"),))

    assert any(doubt.startswith("1 items or words") for doubt in doubts_about(verdict(odd)))


def test_components_stand_in_their_groups_in_page_order() -> None:
    rows = (
        Component("3", "Web", None, position=3),
        Component("2", "EU", "API", position=2),
        Component("1", "US", "API", position=1),
    )

    assert [(group, [one.name for one in some]) for group, some in groups_of(rows).items()] == [
        ("API", ["US", "EU"]),
        (None, ["Web"]),
    ]
