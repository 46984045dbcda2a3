"""What the polled JSON documents of Statuspage say, and of which lists they show all there is."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.model import Cover, Document, Impact, Incident, Kind, Phase, Snapshot, Status
from statuswire.platforms.statuspage import parse

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
BASE = "https://status.acme.example"
PAGE = {"id": "q7h2m0x9c4vd", "name": "Acme", "url": BASE, "updated_at": "2026-05-04T10:22:31.114Z"}
ALL = frozenset(Cover) - {Cover.TROUBLED}
SUMMARY: dict[str, object] = {
    "page": PAGE,
    "status": {"indicator": "none", "description": "All Systems Operational"},
    "components": [],
    "incidents": [],
    "scheduled_maintenances": [],
}


def read(body: object, url: str = "") -> Snapshot:
    return parse(Document(json.dumps(body).encode(), NOW, url=url))


def incident(**fields: object) -> dict[str, object]:
    return {"id": "w2x4y6z8b1c3", "name": "Slow API", "status": "identified", "incident_updates": [], **fields}


def only(**fields: object) -> Incident:
    (found,) = read({**SUMMARY, "incidents": [incident(**fields)]}).incidents
    return found


# --- covers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "path", "covers"),
    [
        ("status components incidents scheduled_maintenances", "/api/v2/summary.json", ALL),
        ("status components incidents scheduled_maintenances", "", ALL),
        ("status components incidents scheduled_maintenances", "/mirror/acme", ALL),
        ("status components incidents scheduled_maintenances", "/[", ALL),
        ("incidents", "/api/v2/incidents/unresolved.json?now=1#x", {Cover.OPEN_INCIDENTS}),
        ("status components incidents scheduled_maintenances", "/api/v2/incidents.json", frozenset()),
        ("status components incidents", "", frozenset()),
        ("status components incidents", "/api/v2/summary.json", {Cover.COMPONENTS, Cover.OPEN_INCIDENTS}),
        ("incidents", "/api/v2/incidents/unresolved.json", {Cover.OPEN_INCIDENTS}),
        ("incidents", "/api/v2/incidents.json", frozenset()),
        ("incidents", "", frozenset()),
        ("scheduled_maintenances", "/api/v2/scheduled-maintenances.json", frozenset()),
        ("scheduled_maintenances", "/api/v2/scheduled-maintenances/upcoming.json", frozenset()),
        ("scheduled_maintenances", "/api/v2/scheduled-maintenances/active.json", frozenset()),
        ("scheduled_maintenances", "", frozenset()),
        ("components", "/api/v2/components.json", {Cover.COMPONENTS}),
        ("components", "", {Cover.COMPONENTS}),
        ("status", "/api/v2/status.json", frozenset()),
        ("status", "", frozenset()),
    ],
)
def test_a_document_covers_what_its_address_and_its_keys_allow(keys: str, path: str, covers: frozenset[Cover]) -> None:
    body = {"page": PAGE, **{key: SUMMARY[key] for key in keys.split()}}

    assert read(body, f"{BASE}{path}" if path else "").covers == covers


@pytest.mark.parametrize(
    ("key", "bad", "lost"),
    [
        ("components", [None], Cover.COMPONENTS),
        ("components", [{"status": "operational"}], Cover.COMPONENTS),
        ("components", None, Cover.COMPONENTS),
        ("incidents", [7], Cover.OPEN_INCIDENTS),
        ("incidents", [{"status": "investigating"}], Cover.OPEN_INCIDENTS),
        ("incidents", {}, Cover.OPEN_INCIDENTS),
        ("scheduled_maintenances", [[]], Cover.OPEN_MAINTENANCES),
    ],
)
def test_a_list_with_an_unreadable_item_proves_no_absence(key: str, bad: object, lost: Cover) -> None:
    snapshot = read({**SUMMARY, key: bad})

    assert snapshot.covers == ALL - {lost}


def test_groups_count_as_read() -> None:
    rows = [{"id": "g1aa5k2p0qqz", "name": "Europe", "group": True}, {"id": "k3m9s8d1f2gh", "name": "API"}]

    assert Cover.COMPONENTS in read({**SUMMARY, "components": rows}).covers


# --- the page --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("none", Status.OPERATIONAL),
        ("minor", Status.DEGRADED),
        ("major", Status.PARTIAL_OUTAGE),
        ("critical", Status.MAJOR_OUTAGE),
        ("maintenance", Status.MAINTENANCE),
        ("purple", Status.UNKNOWN),
    ],
)
def test_the_indicator_is_the_level_of_the_page(word: str, status: Status) -> None:
    assert read({**SUMMARY, "status": {"indicator": word}}).page.status is status


def test_the_page_gives_the_moment_of_the_document() -> None:
    snapshot = read({**SUMMARY, "page": {**PAGE, "updated_at": "2026-05-04T04:22:31.114-06:00"}})

    assert snapshot.as_of == datetime(2026, 5, 4, 10, 22, 31, 114_000, tzinfo=UTC)


def test_a_document_in_a_list_of_one_is_read() -> None:
    assert read([SUMMARY]).page.name == "Acme"


# --- components ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("operational", Status.OPERATIONAL),
        ("degraded_performance", Status.DEGRADED),
        ("partial_outage", Status.PARTIAL_OUTAGE),
        ("major_outage", Status.MAJOR_OUTAGE),
        ("under_maintenance", Status.MAINTENANCE),
        ("Degraded Performance", Status.DEGRADED),
        ("sideways", Status.UNKNOWN),
    ],
)
def test_the_word_of_a_component_becomes_a_level_and_is_kept(word: str, status: Status) -> None:
    (component,) = read({**SUMMARY, "components": [{"id": "k3m9s8d1f2gh", "name": "API", "status": word}]}).components

    assert (component.status, component.raw_status) == (status, word)


def test_a_group_is_no_component_but_names_its_children() -> None:
    rows = [
        {"id": "k3m9s8d1f2gh", "name": "API", "status": "operational", "group_id": "g1aa5k2p0qqz", "group": False},
        {"id": "g1aa5k2p0qqz", "name": "Europe", "status": "major_outage", "group": True, "group_id": None},
    ]

    (component,) = read({**SUMMARY, "components": rows}).components

    assert (component.id, component.group) == ("k3m9s8d1f2gh", "Europe")


def test_equal_names_in_two_groups_are_two_components() -> None:
    rows = [
        {"id": "g1", "name": "Europe", "group": True},
        {"id": "g2", "name": "Asia", "group": True},
        {"id": "a1", "name": "API", "group_id": "g1"},
        {"id": "a2", "name": "API", "group_id": "g2"},
    ]

    found = read({**SUMMARY, "components": rows}).components

    assert [(c.id, c.group, c.name) for c in found] == [("a1", "Europe", "API"), ("a2", "Asia", "API")]


def test_values_remembered_from_one_document_do_not_leak_into_another_zone() -> None:
    rows = [{"id": "k3m9s8d1f2gh", "name": "API", "updated_at": "2026-05-04 10:00:00"}]

    stamps = [
        read({**SUMMARY, "page": {**PAGE, "time_zone": zone}, "components": rows}).components[0].updated_at
        for zone in ("Etc/UTC", "America/Denver", "Etc/UTC")
    ]

    utc = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
    assert stamps == [utc, utc + timedelta(hours=6), utc]


# --- incidents -------------------------------------------------------------------------------------------------


def test_an_incident_is_known_by_its_code_and_its_addresses() -> None:
    found = only(shortlink="https://stspg.io/w2x4y6z8b1c3/")

    assert found.id == "w2x4y6z8b1c3"
    assert found.url == f"{BASE}/incidents/w2x4y6z8b1c3"
    assert found.aliases == (f"{BASE}/incidents/w2x4y6z8b1c3", "https://stspg.io/w2x4y6z8b1c3")


@pytest.mark.parametrize("fields", [{"shortlink": "https://stspg.io/abc"}, {"created_at": "2026-05-04T10:00:00Z"}, {}])
def test_an_incident_without_an_id_has_the_same_derived_one_in_every_document(fields: dict[str, object]) -> None:
    first = only(id=None, **fields)
    later = only(id=None, **fields, status="resolved", incident_updates=[{"id": "u1", "body": "Done."}])

    assert first.id == later.id
    assert first.id.startswith("d-")


def test_incidents_without_ids_that_share_a_name_are_told_apart_by_their_creation() -> None:
    one, other = (only(id=None, created_at=f"2026-05-0{day}T10:00:00Z") for day in (3, 4))

    assert one.id != other.id


def test_one_bad_incident_never_hides_the_others() -> None:
    snapshot = read({**SUMMARY, "incidents": [None, {"impact": "minor"}, incident(), "x"]})

    assert [found.id for found in snapshot.incidents] == ["w2x4y6z8b1c3"]
    assert len(snapshot.problems) == 3


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"status": "resolved", "impact": "maintenance"}, Kind.INCIDENT),
        ({"status": "resolved", "scheduled_for": "2026-05-04T10:00:00Z"}, Kind.MAINTENANCE),
        ({"status": "scheduled"}, Kind.MAINTENANCE),
        ({"status": "in_progress"}, Kind.MAINTENANCE),
        ({"status": "completed", "impact": "none"}, Kind.MAINTENANCE),
        ({"status": "monitoring"}, Kind.INCIDENT),
    ],
)
def test_a_maintenance_is_told_by_its_plan_or_its_phase_not_by_its_impact(
    fields: dict[str, object], kind: Kind
) -> None:
    assert only(**fields).kind is kind


def test_whatever_stands_among_the_maintenances_is_one() -> None:
    (found,) = read({**SUMMARY, "scheduled_maintenances": [incident(status="resolved")]}).incidents

    assert found.kind is Kind.MAINTENANCE


def test_an_impact_set_by_hand_counts() -> None:
    assert only(impact="minor", impact_override="critical").impact is Impact.CRITICAL


@pytest.mark.parametrize(("listed", "components"), [(None, None), ([], ()), ("x", None)])
def test_no_components_differs_from_not_speaking_of_them(listed: object, components: object) -> None:
    assert only(components=listed).components == components


# --- updates ---------------------------------------------------------------------------------------------------


def test_updates_are_ordered_by_the_time_shown_then_by_the_time_written() -> None:
    rows = [
        {"id": "c", "body": "c", "display_at": "2026-05-04T10:05:00Z", "created_at": "2026-05-04T10:05:00Z"},
        {"id": "a", "body": "a", "display_at": "2026-05-04T09:00:00Z", "created_at": "2026-05-04T10:09:00Z"},
        {"id": "d", "body": "d", "display_at": "2026-05-04T10:05:00Z", "created_at": "2026-05-04T10:06:00Z"},
        {"id": "b", "body": "b", "created_at": "2026-05-04T10:01:00-00:00"},
    ]

    assert [update.id for update in only(incident_updates=rows).updates] == ["a", "b", "c", "d"]


def test_updates_without_times_keep_their_place_from_newest_to_oldest() -> None:
    rows = [{"body": "third"}, {"body": "second", "created_at": "2026-05-04T10:01:00Z"}, {"body": "first"}]

    assert [update.text for update in only(incident_updates=rows).updates] == ["first", "second", "third"]


@given(
    st.lists(
        st.tuples(st.text("ab", min_size=1, max_size=3), st.integers(0, 9)), unique_by=lambda row: row[0], max_size=6
    )
)
def test_the_order_of_the_list_does_not_matter_where_times_differ(rows: list[tuple[str, int]]) -> None:
    times = {minute: name for name, minute in rows}
    listed = [{"id": name, "body": "x", "created_at": f"2026-05-04T10:0{at}:00Z"} for at, name in times.items()]

    orders = {tuple(update.id for update in only(incident_updates=order).updates) for order in (listed, listed[::-1])}

    assert len(orders) == 1


def test_the_newest_update_without_a_phase_has_that_of_the_incident_and_no_time_of_its_own() -> None:
    newest = only(status="monitoring", incident_updates=[{"body": "Watching."}, {"body": "Looking."}]).updates

    assert [(update.phase, update.at, update.id) for update in newest] == [
        (None, None, ""),
        (Phase.MONITORING, None, ""),
    ]


def test_the_name_of_an_affected_component_is_freed_of_its_group() -> None:
    touched = {"code": "k3m9s8d1f2gh", "name": "EU - West - API - v2", "new_status": "partial_outage"}
    named = {"id": "k3m9s8d1f2gh", "name": "API - v2", "status": "operational"}
    update = {"id": "u1", "body": "x", "affected_components": [touched]}

    (read_update,) = only(components=[named], incident_updates=[update]).updates

    (component,) = read_update.components
    assert (component.group, component.name, component.status) == ("EU - West", "API - v2", Status.PARTIAL_OUTAGE)


def test_an_affected_component_that_is_only_a_sentence_is_none() -> None:
    update = {"id": "u1", "body": "x", "affected_components": [{"name": "No components were affected by this update."}]}

    (read_update,) = only(incident_updates=[update]).updates

    assert read_update.components == ()


def test_an_update_that_says_nothing_is_skipped_and_named() -> None:
    snapshot = read({**SUMMARY, "incidents": [incident(incident_updates=[{"created_at": "2026-05-04T10:00:00Z"}])]})

    assert snapshot.incidents[0].updates == ()
    assert [problem.reason for problem in snapshot.problems] == ["an update that says nothing"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Plain & simple, 1 < 2", "Plain & simple, 1 < 2"),
        ("Line one.\r\nLine two.  ", "Line one.\nLine two."),
        ("<b>Impact</b><br />All of it &amp; more", "Impact\nAll of it & more"),
        ("<script>alert(1)</script>Fine", "Fine"),
        (None, ""),
        (12, "12"),
    ],
)
def test_the_text_of_an_update_is_plain(body: object, text: str) -> None:
    (update,) = only(incident_updates=[{"id": "u1", "body": body}]).updates

    assert update.text == text


# --- any value anywhere ----------------------------------------------------------------------------------------

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12) | st.sampled_from(["2026-05-04T10:00:00Z", "w2x4y6z8b1c3", "resolved", "operational"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["id", "name", "status", "body", "created_at", "group_id", "components", "code"]), inner
    ),
    max_leaves=8,
)  # fmt: skip

PLACES: tuple[Callable[[object], dict[str, object]], ...] = (
    lambda value: {**SUMMARY, "page": value},
    lambda value: {**SUMMARY, "status": value},
    lambda value: {**SUMMARY, "components": [value, {"id": value, "name": value, "status": value, "group_id": value}]},
    lambda value: {**SUMMARY, "incidents": [value, incident(id=value, status=value, created_at=value, name=value)]},
    lambda value: {**SUMMARY, "incidents": [incident(components=value, incident_updates=value, impact=value)]},
    lambda value: {
        **SUMMARY,
        "incidents": [incident(incident_updates=[{"id": value, "body": value, "affected_components": [value]}])],
    },
    lambda value: {**SUMMARY, "scheduled_maintenances": value},
)


@pytest.mark.parametrize("place", PLACES)
@given(value=ANYTHING)
def test_any_value_anywhere_gives_a_snapshot(place: Callable[[object], dict[str, object]], value: object) -> None:
    snapshot = read({**place(value), "status": {"indicator": "none"}})

    assert isinstance(snapshot, Snapshot)
    assert all(found.id for found in snapshot.incidents)
    assert all(component.id for component in snapshot.components)
