"""Better Stack: one document, its feeds and hooks, and how an incident without a phase ends."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, DocumentKind, Impact, Kind, Phase, Role, Snapshot, Status
from statuswire.platforms.betterstack import feeds, parse, parse_hook, recognize
from statuswire.platforms.betterstack_terms import IMPACTS, KINDS, leading_phase
from statuswire.platforms.sight import Sight
from tests.platforms.golden import FOLDER

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HOST = "https://status.acme-relay.example"
RESOURCE = {"id": "9001", "type": "status_page_resource", "attributes": {"public_name": "API", "status": "degraded"}}


def document(body: object) -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW)


def index(*included: object, state: object = "operational", **relations: object) -> dict[str, object]:
    listed = [row for row in included if isinstance(row, dict)]
    named = {
        name: {"data": [{"id": row["id"]} for row in listed if row.get("type") == kind and "id" in row]}
        for name, kind in (("resources", "status_page_resource"), ("status_reports", "status_report"))
    }
    attributes = {"company_name": "Acme Relay", "custom_domain": "status.acme-relay.example", "aggregate_state": state}
    data = {"id": "1", "type": "status_page", "attributes": attributes, "relationships": {**named, **relations}}
    return {"data": data, "included": list(included)}


def report(state: str = "degraded", kind: str = "manual", updates: tuple[str, ...] = (), **more: object) -> object:
    attributes = {"title": "Slow API", "report_type": kind, "aggregate_state": state, **more}
    joined = {"status_updates": {"data": [{"id": one, "type": "status_update"} for one in updates]}}
    return {"id": "5501", "type": "status_report", "attributes": attributes, "relationships": joined}


def update(own_id: str, message: str, at: str = "2026-05-04T10:01:00Z", *levels: str) -> object:
    affected = [{"status_page_resource_id": "9001", "status": level} for level in levels]
    attributes = {"message": message, "published_at": at, "affected_resources": affected}
    return {"id": own_id, "type": "status_update", "attributes": attributes}


def read(*included: object, **more: object) -> Snapshot:
    return parse(document(index(*included, **more)))


# --- feeds and recognising ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [HOST, f"{HOST}/", f"{HOST}/incident/5501", f"{HOST}/maintenance", f"{HOST}/incidents"])
def test_a_page_has_one_document_and_feeds_in_its_stead(url: str) -> None:
    assert [(spec.url, spec.role, spec.tier) for spec in feeds(url, None)] == [
        (f"{HOST}/index.json", Role.STATE, 0),
        (f"{HOST}/feed.rss", Role.ENTRIES, 1),
        (f"{HOST}/feed.atom", Role.ENTRIES, 2),
    ]


@pytest.mark.parametrize(
    ("path", "role"),
    [("/index.json", Role.STATE), ("/feed.rss", Role.ENTRIES), ("/feed.atom", Role.ENTRIES), ("/feed", Role.ENTRIES)],
)
def test_a_document_that_is_named_itself_is_polled_alone(path: str, role: Role) -> None:
    (spec,) = feeds(f"{HOST}{path}", None)

    assert (spec.url, spec.role, spec.tier) == (f"{HOST}{path}", role, 0)


def test_what_is_no_address_has_no_feeds() -> None:
    assert feeds("http://[half", None) == ()


@pytest.mark.parametrize("path", sorted((FOLDER / "betterstack").glob("*.*")), ids=lambda path: path.name)
def test_its_own_documents_are_claimed(path: Path) -> None:
    if path.name.endswith(".expected.json"):
        return

    assert recognize(Sight(document(path.read_bytes())))


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"type": "article", "attributes": {"aggregate_state": "x"}}},
        {"data": [], "included": []},
        {"event_type": "incident", "incident": {"id": 1}},
        {"event_type": "incident_created", "page": {"status_indicator": "none"}},
        b"<html><script src='https://uptime.betterstack.com/x.js'></script></html>",
        b'<rss version="2.0"><channel><title>Incidents | x</title><item><link>https://x.example/a</link></item></channel></rss>',
    ],
)
def test_what_only_looks_similar_is_not_claimed(body: object) -> None:
    assert not recognize(Sight(document(body)))


# --- levels ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("operational", Status.OPERATIONAL),
        ("resolved", Status.OPERATIONAL),
        ("degraded", Status.DEGRADED),
        ("downtime", Status.MAJOR_OUTAGE),
        ("maintenance", Status.MAINTENANCE),
        ("not_monitored", Status.UNKNOWN),
    ],
)
def test_every_level_of_a_component_is_read(word: str, level: Status) -> None:
    resource = {**RESOURCE, "attributes": {"public_name": "API", "status": word}}

    snapshot = read(resource, state=word)

    assert (snapshot.components[0].status, snapshot.components[0].raw_status) == (level, word)
    assert (snapshot.page.status, snapshot.problems) == (level, ())


@pytest.mark.parametrize("word", sorted(IMPACTS))
def test_every_level_of_a_report_gives_an_impact(word: str) -> None:
    assert read(report(word)).incidents[0].impact is IMPACTS[word]


@pytest.mark.parametrize("word", sorted(KINDS))
def test_every_type_of_report_gives_a_kind(word: str) -> None:
    assert read(report(kind=word)).incidents[0].kind is KINDS[word]


def test_a_page_of_nothing_monitored_is_unknown() -> None:
    resource = {**RESOURCE, "attributes": {"public_name": "API", "status": "not_monitored"}}

    assert read(resource).page.status is Status.UNKNOWN
    assert read(resource, RESOURCE | {"id": "9002"}).page.status is Status.OPERATIONAL


def test_unknown_words_are_named() -> None:
    resource = {**RESOURCE, "attributes": {"public_name": "API", "status": "wobbly"}}

    assert [problem.reason for problem in read(resource).problems] == ["unknown word 'wobbly'"]


# --- phases ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "ends", "phase"),
    [
        ("degraded", None, Phase.INVESTIGATING),
        ("degraded", "2026-05-04T12:30:00Z", Phase.INVESTIGATING),
        ("degraded", "2026-05-04T11:59:00Z", Phase.RESOLVED),
        ("resolved", None, Phase.RESOLVED),
        ("operational", None, Phase.RESOLVED),
    ],
)
def test_an_incident_is_over_by_its_level_or_its_end(state: str, ends: str | None, phase: Phase) -> None:
    assert read(report(state, ends_at=ends)).incidents[0].phase is phase


@pytest.mark.parametrize(
    ("state", "begins", "ends", "phase"),
    [
        ("maintenance", "2026-05-04T12:30:00Z", "2026-05-04T13:00:00Z", Phase.SCHEDULED),
        ("maintenance", "2026-05-04T12:00:00Z", "2026-05-04T13:00:00Z", Phase.IN_PROGRESS),
        ("maintenance", "2026-05-04T11:00:00Z", "2026-05-04T12:00:00Z", Phase.COMPLETED),
        ("resolved", "2026-05-04T11:00:00Z", "2026-05-04T13:00:00Z", Phase.COMPLETED),
        ("maintenance", None, None, None),
    ],
)
def test_a_maintenance_stands_where_its_window_says(
    state: str, begins: str | None, ends: str | None, phase: Phase | None
) -> None:
    (found,) = read(report(state, "maintenance", starts_at=begins, ends_at=ends)).incidents

    assert (found.kind, found.phase, found.impact) == (Kind.MAINTENANCE, phase, Impact.MAINTENANCE)


@pytest.mark.parametrize(
    ("message", "phase"),
    [
        ("**Identified** - a bad deploy", Phase.IDENTIFIED),
        ("**Monitoring:** looks well", Phase.MONITORING),
        ("<b>Resolved</b>", Phase.RESOLVED),
        ("Resolved: all is well", None),
        ("The **resolved** issue", None),
        ("**Note** to all", None),
        ("", None),
    ],
)
def test_only_a_leading_bold_word_is_a_phase(message: str, phase: Phase | None) -> None:
    assert leading_phase(message)[0] is phase


def test_an_update_after_which_all_is_well_ends_the_incident() -> None:
    (found,) = read(
        report("resolved", updates=("1", "2")),
        update("2", "All is well.", "2026-05-04T11:00:00Z", "resolved"),
        update("1", "Looking.", "2026-05-04T10:01:00Z", "degraded"),
    ).incidents

    assert [(one.id, one.phase) for one in found.updates] == [("1", None), ("2", Phase.RESOLVED)]
    assert found.impact is Impact.MINOR


def test_an_open_report_is_not_ended_by_a_message() -> None:
    (found,) = read(report(updates=("1",)), update("1", "**Resolved** we hope")).incidents

    assert found.phase is Phase.INVESTIGATING


# --- joining -----------------------------------------------------------------------------------------------------


def test_ids_are_compared_as_text() -> None:
    section = {"id": "77", "type": "status_page_section", "attributes": {"name": "Core"}}
    resource = {**RESOURCE, "attributes": {"public_name": "API", "status_page_section_id": 77, "status": "degraded"}}
    affected = [{"status_page_resource_id": "9001", "status": "degraded"}]

    (found,) = read(resource, report(affected_resources=affected), section).incidents

    (touched,) = found.components or ()
    assert (touched.id, touched.name, touched.group) == ("9001", "API", "Core")


def test_an_update_that_is_not_included_is_named() -> None:
    snapshot = read(report(updates=("1", "404")), update("1", "Looking."))

    assert len(snapshot.incidents[0].updates) == 1
    assert [problem.reason for problem in snapshot.problems] == ["an update that is not included"]
    assert Cover.OPEN_INCIDENTS in snapshot.covers


@pytest.mark.parametrize(
    ("included", "relations", "covers"),
    [
        ((RESOURCE,), {}, 3),
        ((RESOURCE, "noise"), {}, 0),
        ((RESOURCE, {"type": "status_report"}), {}, 0),
        ((RESOURCE,), {"resources": {"data": [{"id": "9001"}, {"id": "9002"}]}}, 2),
        ((RESOURCE,), {"status_reports": {"data": [{"id": "5501"}]}}, 1),
        ((RESOURCE,), {"status_reports": None}, 1),
    ],
)
def test_only_lists_that_are_there_to_the_last_cover(
    included: tuple[object, ...], relations: dict[str, object], covers: int
) -> None:
    assert len(read(*included, **relations).covers) == covers


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<!DOCTYPE html><html><title>Acme Relay status</title></html>", ParseReason.HTML),
        ({"data": {"type": "article"}}, ParseReason.SHAPE),
        ({"errors": [{"title": "Not found"}]}, ParseReason.ERROR_BODY),
        ([], ParseReason.SHAPE),
    ],
)
def test_what_stands_in_the_place_of_the_document_is_refused(body: object, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(body))

    assert caught.value.reason is reason


# --- hooks, feeds, identity --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body", [{}, {"event_type": "incident"}, {"event_type": "incident", "incident": {"name": "x"}}]
)
def test_a_hook_about_nothing_is_refused(body: object) -> None:
    with pytest.raises(ParseError):
        parse_hook(Document(json.dumps(body).encode(), NOW, kind=DocumentKind.HOOK))


def test_a_hook_tells_no_phase() -> None:
    (found,) = parse_hook(document((FOLDER / "betterstack/hook-incident.json").read_bytes())).incidents

    assert (found.phase, [one.phase for one in found.updates]) == (None, [None, None])


def test_document_feed_and_hook_know_one_incident_by_one_id() -> None:
    names = ("incident.json", "rss.xml", "hook-incident.json")

    ids = {parse(document((FOLDER / "betterstack" / name).read_bytes())).incidents[0].id for name in names}

    assert ids == {"5501"}


def test_the_guid_of_a_feed_is_no_id_of_an_update() -> None:
    updates = parse(document((FOLDER / "betterstack/rss.xml").read_bytes())).incidents[0].updates

    assert [one.id for one in updates] == ["", ""]


# --- captures ----------------------------------------------------------------------------------------------------


@pytest.mark.captures
def test_the_captured_index_is_read(captures: Path) -> None:
    body = (captures / "betterstack/own-page-2026/index-2026-09-07.json").read_bytes()

    snapshot = parse(Document(body, datetime(2026, 9, 7, 13, tzinfo=UTC)))

    assert [(one.id, one.phase) for one in snapshot.incidents] == [
        ("1050825", Phase.RESOLVED),
        ("1049150", Phase.RESOLVED),
        ("1035022", Phase.COMPLETED),
    ]
    assert [len(one.updates) for one in snapshot.incidents] == [4, 0, 0]
    assert snapshot.incidents[0].impact is Impact.MINOR


@pytest.mark.captures
@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("betterstack-feed", ["100", "200", "1"]),
        ("betterstack-feed-prose", ["987396", "973839", "1007839"]),
        ("betterstack-feed-guid", ["https://status.example.com/#aaa111", "https://status.example.com/#bbb222"]),
    ],
)
def test_captured_feeds_are_read(captures: Path, name: str, ids: list[str]) -> None:
    found = document((captures / f"betterstack/langdock-feed/{name}.xml").read_bytes())

    assert recognize(Sight(found))
    assert [one.id for one in parse(found).incidents] == ids


@pytest.mark.captures
def test_the_captured_web_page_is_refused_as_one(captures: Path) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document((captures / "betterstack/eyloo/page-2023-08.html").read_bytes()))

    assert caught.value.reason is ParseReason.HTML
