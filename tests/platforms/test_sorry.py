"""Sorry's pages: what the golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, FeedSpec, Impact, Incident, Kind, Phase, Role, Snapshot, Status
from statuswire.platforms.sight import Sight
from statuswire.platforms.sorry import feeds, more, page_id, parse, recognize

FIXTURES = Path(__file__).parent / "sorry"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PAGE = "https://status.acme-relay.example"
API = f"{PAGE}/api/v1"


def document(body: object, url: str = "") -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url)


def fixture(case: str) -> dict:
    return json.loads((FIXTURES / f"{case}.json").read_text(encoding="utf-8"))


def read(body: object) -> Snapshot:
    return parse(document(body))


def notice(**fields: object) -> Incident:
    told = {"id": 1, "type": "unplanned", "state": "investigating", "subject": "Slow", **fields}
    return read({"notices": [told]}).incidents[0]


def components(rows: list[dict], **meta: object) -> Snapshot:
    return read({"components": rows, "meta": {"count": 25, "total_count": len(rows), "next_page": None, **meta}})


# --- addresses -------------------------------------------------------------------------------------------------


def test_a_page_has_three_lists() -> None:
    assert feeds(f"{PAGE}/", None) == (
        FeedSpec(f"{API}/components"),
        FeedSpec(f"{API}/notices", Role.ENTRIES),
        FeedSpec(f"{API}/status", every=timedelta(minutes=5)),
    )


@pytest.mark.parametrize(
    ("name", "role"), [("status", Role.STATE), ("components", Role.STATE), ("notices", Role.ENTRIES)]
)
def test_a_list_may_be_watched_alone(name: str, role: Role) -> None:
    assert feeds(f"{API}/{name}", None) == (FeedSpec(f"{API}/{name}", role),)


def test_what_is_no_address_has_no_feeds() -> None:
    assert feeds("acme", None) == ()


def test_the_document_of_the_state_tells_the_id_of_the_page() -> None:
    assert page_id(document(fixture("status"))) == "4711"
    assert page_id(document(fixture("components"))) is None


# --- what a document points to ---------------------------------------------------------------------------------


def test_each_notice_that_is_not_long_over_is_read_with_all_its_updates() -> None:
    listed = {"notices": [{"id": 1, "timeline_state": "present"}, {"id": 2, "timeline_state": "past_distant"}]}

    assert more(document(listed, f"{API}/notices")) == (FeedSpec(f"{API}/notices/1", Role.ENTRIES),)


def test_a_notice_with_its_updates_points_to_nothing() -> None:
    listed = {"notices": [{"id": 1, "timeline_state": "present", "updates": []}]}

    assert more(document(listed, f"{API}/notices")) == ()
    assert more(document(fixture("notice-resolved"), f"{API}/notices/54871")) == ()


def test_at_most_ten_notices_are_followed() -> None:
    listed = {"notices": [{"id": number} for number in range(40)]}

    assert len(more(document(listed, f"{API}/notices"))) == 10


@pytest.mark.parametrize("next_page", ["/api/v1/components?page=2", f"{API}/components?page=2"])
def test_all_further_pages_of_the_components_are_read(next_page: str) -> None:
    listed = {"components": [], "meta": {"count": 25, "total_count": 60, "next_page": next_page}}

    found = [spec.url for spec in more(document(listed, f"{API}/components"))]

    assert found == [f"{API}/components?page=2", f"{API}/components?page=3"]


def test_without_numbers_only_the_next_page_is_read() -> None:
    listed = {"components": [], "meta": {"next_page": "/api/v1/components?cursor=x"}}

    assert [spec.url for spec in more(document(listed, f"{API}/components"))] == [f"{API}/components?cursor=x"]


@pytest.mark.parametrize("next_page", ["https://elsewhere.example/api?page=2", "http://[", None, 5, {}])
def test_a_next_page_elsewhere_is_not_followed(next_page: object) -> None:
    listed = {"components": [], "meta": {"count": 25, "total_count": 60, "next_page": next_page}}

    assert more(document(listed, f"{API}/components"))[1:] == ()


# --- words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("operational", Status.OPERATIONAL),
        ("degraded", Status.DEGRADED),
        ("under_maintenance", Status.MAINTENANCE),
        ("partial_outage", Status.PARTIAL_OUTAGE),
        ("major_outage", Status.MAJOR_OUTAGE),
        ("sleeping", Status.UNKNOWN),
    ],
)
def test_levels_of_components_and_of_the_page(word: str, status: Status) -> None:
    assert components([{"id": 1, "name": "API", "state": word}]).components[0].status is status
    assert read({"page": {"state": word}}).page.status is status


@pytest.mark.parametrize(
    ("kind", "state", "phase"),
    [
        ("unplanned", "investigating", Phase.INVESTIGATING),
        ("unplanned", "identified", Phase.IDENTIFIED),
        ("unplanned", "recovering", Phase.MONITORING),
        ("unplanned", "resolved", Phase.RESOLVED),
        ("unplanned", "false_alarm", Phase.RESOLVED),
        ("planned", "scheduled", Phase.SCHEDULED),
        ("planned", "underway", Phase.IN_PROGRESS),
        ("planned", "complete", Phase.COMPLETED),
        ("planned", "cancelled", Phase.CANCELLED),
        ("unplanned", "pondering", Phase.UNKNOWN),
    ],
)
def test_phases_of_notices(kind: str, state: str, phase: Phase) -> None:
    told = notice(type=kind, state=state)

    assert told.phase is phase
    assert told.kind is (Kind.MAINTENANCE if kind == "planned" else Kind.INCIDENT)
    assert told.raw_phase == state


@pytest.mark.parametrize(
    ("kind", "levels", "impact"),
    [
        ("planned", ["major_outage"], Impact.MAINTENANCE),
        ("unplanned", [], Impact.MINOR),
        ("unplanned", ["operational"], Impact.MINOR),
        ("unplanned", ["degraded"], Impact.MINOR),
        ("unplanned", ["degraded", "partial_outage"], Impact.MAJOR),
        ("unplanned", ["major_outage"], Impact.CRITICAL),
        ("general", [], Impact.NONE),
    ],
)
def test_the_impact_is_that_of_the_worst_component_and_at_least_minor(
    kind: str, levels: list[str], impact: Impact
) -> None:
    rows = [{"id": place, "name": "x", "state": level} for place, level in enumerate(levels)]

    assert notice(type=kind, components=rows).impact is impact


def test_unknown_words_are_named() -> None:
    snapshot = read({"notices": [{"id": 1, "type": "unplanned", "state": "pondering"}]})

    assert [(problem.where, problem.reason) for problem in snapshot.problems] == [
        ("notices[0].state", "unknown word 'pondering'")
    ]


# --- traps -----------------------------------------------------------------------------------------------------


def test_a_list_of_notices_covers_nothing() -> None:
    assert read(fixture("notices-open")).covers == frozenset()


@pytest.mark.parametrize("meta", [{"next_page": "/api/v1/components?page=2"}, {"total_count": 19}])
def test_one_page_of_the_components_does_not_cover_them(meta: dict) -> None:
    assert components([{"id": 1, "state": "operational"}], **meta).covers == frozenset()


def test_a_whole_list_of_components_covers_them() -> None:
    assert components([{"id": 1, "state": "operational"}]).covers == {Cover.COMPONENTS}


def test_a_row_without_id_ends_the_cover() -> None:
    assert components([{"id": 1, "state": "operational"}, {"name": "x"}]).covers == frozenset()


def test_a_row_with_children_is_a_group() -> None:
    rows = [
        {"id": 1, "name": "API", "state": "degraded", "parent_id": None},
        {"id": 2, "name": "Ingest", "state": "degraded", "parent_id": 1},
        {"id": 3, "name": "On another page", "state": "degraded", "links": {"children": {"count": 4}}},
    ]

    assert [(row.name, row.group) for row in components(rows).components] == [("Ingest", "API")]


def test_the_update_of_a_list_and_of_the_single_notice_are_one() -> None:
    listed = notice(latest_update={"content": "Looking.", "link": "/notices/slow#update-77"})
    single = notice(updates=[{"id": 77, "content": "Looking."}])

    assert listed.updates[0].id == single.updates[0].id == "77"


def test_plans_and_facts_are_kept_apart() -> None:
    told = notice(
        type="planned",
        begins_at="2026-05-09T22:00:00Z",
        ends_at="2026-05-10T00:00:00Z",
        began_at="2026-05-09T22:05:00Z",
    )

    assert told.scheduled_for == datetime(2026, 5, 9, 22, tzinfo=UTC)
    assert told.scheduled_until == datetime(2026, 5, 10, tzinfo=UTC)
    assert told.started_at == datetime(2026, 5, 9, 22, 5, tzinfo=UTC)
    assert told.resolved_at is None


# --- recognising -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "case", ["status", "components", "notices-open", "notices-planned", "notices-odd", "notice-resolved"]
)
def test_its_own_documents_are_recognised(case: str) -> None:
    assert recognize(Sight(document(fixture(case))))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"page": {"name": "x", "status": "UP", "state": "x"}},
        {"page": {"id": "k3m9s8d1f2gh"}, "status": {"indicator": "none"}},
        {"page": {"name": "Acme", "url": "x", "time_zone": "UTC"}, "status": {"indicator": "none"}, "incidents": []},
        {"components": [{"id": 1, "status": 1}], "meta": {"count": 1, "total_count": 1}},
        {"data": [], "meta": {"pagination": {}}},
        {"notice": "Service is moving"},
    ],
)
def test_documents_of_others_are_not(body: object) -> None:
    assert not recognize(Sight(document(body)))


# --- bad input -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", ParseReason.EMPTY),
        (b"<!doctype html><html><title>Acme</title></html>", ParseReason.HTML),
        (b'{"error": "not found"}', ParseReason.ERROR_BODY),
        (b'{"page": {"name": "Acme"}}', ParseReason.SHAPE),
        (b"[]", ParseReason.SHAPE),
    ],
)
def test_anything_else_is_refused_with_its_reason(body: bytes, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(body))

    assert caught.value.reason is reason
