"""Feeds that list components with their levels are no feeds of incidents."""

from __future__ import annotations

from datetime import timedelta

from statuswire.model import Status
from tests.platforms.test_generic_feeds import NOW, ago, item, read


def listed(*titles: str, build: int = 1) -> tuple[str, ...]:
    """Entries as such feeds make them: guid and date are those of the build."""
    at = ago(hours=1) + timedelta(minutes=build)
    return tuple(item(title, guid=f"{title}-{at.timestamp():.0f}862", date=at) for title in titles)


def test_entries_that_state_the_level_of_a_component_each_are_components() -> None:
    snapshot = read(*listed("\U0001f7e2 API: Operational", "Mail - EU - Major outage", "Web: Operational"))

    assert snapshot.incidents == ()
    assert [(one.id, one.name, one.status, one.raw_status) for one in snapshot.components] == [
        ("API", "API", Status.OPERATIONAL, "Operational"),
        ("Mail - EU", "Mail - EU", Status.MAJOR_OUTAGE, "Major outage"),
        ("Web", "Web", Status.OPERATIONAL, "Operational"),
    ]


def test_another_build_of_the_same_list_says_the_same() -> None:
    titles = ("API: Operational", "Web: Degraded performance")

    assert read(*listed(*titles)) == read(*listed(*titles, build=9))


def test_an_incident_in_such_a_list_is_one_and_its_component_no_longer_known_to_be_well() -> None:
    trouble = item("API: Performance (ongoing)", guid="API-1000004911", date=ago(hours=20))

    snapshot = read(trouble, *listed("Web: Operational", "Mail: Operational"))

    assert [(one.id, one.title) for one in snapshot.incidents] == [("API-1000004911", "API: Performance")]
    assert [(one.name, one.status) for one in snapshot.components] == [
        ("API", Status.UNKNOWN),
        ("Web", Status.OPERATIONAL),
        ("Mail", Status.OPERATIONAL),
    ]


def test_a_component_with_an_incident_that_is_over_has_the_level_that_the_list_states() -> None:
    over = item("API: Performance (resolved)", guid="API-1000004911", date=ago(hours=20))

    snapshot = read(over, *listed("API: Operational", "Web: Operational"))

    assert [(one.name, one.status) for one in snapshot.components] == [
        ("API", Status.OPERATIONAL),
        ("Web", Status.OPERATIONAL),
    ]


def test_an_incident_of_no_single_component_adds_none() -> None:
    trouble = item("Trouble with logins: EU", guid="17", date=ago(hours=2))

    snapshot = read(trouble, *listed("Web: Operational", "Mail: Operational"))

    assert [one.title for one in snapshot.incidents] == ["Trouble with logins: EU"]
    assert [one.name for one in snapshot.components] == ["Web", "Mail"]


def test_levels_told_at_different_times_are_what_happened_and_no_list() -> None:
    snapshot = read(
        item("API: Operational", guid="2", date=ago(minutes=5)), item("Web: Down", guid="1", date=ago(minutes=9))
    )

    assert (len(snapshot.incidents), snapshot.components) == (2, ())


def test_one_component_told_twice_is_what_happened_and_no_list() -> None:
    snapshot = read(item("API: Operational", guid="2"), item("API: Down", guid="1"))

    assert (len(snapshot.incidents), snapshot.components) == (2, ())


def test_two_outages_that_began_at_once_are_no_list() -> None:
    snapshot = read(item("API: Major outage", guid="2", date=NOW), item("Web: Major outage", guid="1", date=NOW))

    assert (len(snapshot.incidents), snapshot.components) == (2, ())
