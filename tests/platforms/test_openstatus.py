"""OpenStatus: its own document, its imitation of Statuspage, its feeds and hooks."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, DocumentKind, Impact, Kind, Phase, Role, Snapshot, Status
from statuswire.platforms.openstatus import feeds, parse, parse_hook, recognize
from statuswire.platforms.openstatus_terms import LEVELS, PHASES
from statuswire.platforms.sight import Sight
from tests.platforms.golden import FOLDER

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HOST = "https://status.acme-relay.example"


def document(body: object, url: str = f"{HOST}/feed/json") -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url=url)


def page(**more: object) -> dict[str, object]:
    return {
        "title": "Acme Relay",
        "status": "success",
        "updatedAt": "2026-05-04T11:59:59Z",
        "monitors": [{"id": 41, "name": "API monitor", "status": "success"}],
        "pageComponents": [{"id": 7, "name": "API", "monitorId": 41}, {"id": 9, "name": "Desk", "monitorId": None}],
        "pageComponentGroups": [],
        "maintenances": [],
        "statusReports": [],
        **more,
    }


def report(status: str = "identified", components: tuple[int, ...] = (9,)) -> dict[str, object]:
    return {"id": 12, "title": "Slow", "status": status, "pageComponents": list(components), "statusReportUpdates": []}


def maintenance(begins: str, ends: str, **more: object) -> dict[str, object]:
    return {"id": 12, "name": "Upgrade", "from": begins, "to": ends, "pageComponents": [9], **more}


UNDER_WAY = maintenance("2026-05-04T11:00:00Z", "2026-05-04T13:00:00Z")


def read(**more: object) -> Snapshot:
    return parse(document(page(**more)))


# --- feeds and recognising ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [HOST, f"{HOST}/", f"{HOST}/events/report/12", f"{HOST}/monitors"])
def test_a_page_has_one_document_and_others_in_its_stead(url: str) -> None:
    assert [(spec.url, spec.role, spec.tier) for spec in feeds(url, None)] == [
        (f"{HOST}/feed/json", Role.STATE, 0),
        (f"{HOST}/api/status/incidents.json", Role.STATE, 1),
        (f"{HOST}/feed/atom", Role.ENTRIES, 1),
    ]


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/feed/json", Role.STATE),
        ("/feed/atom", Role.ENTRIES),
        ("/feed/rss", Role.ENTRIES),
        ("/api/status/summary.json", Role.STATE),
    ],
)
def test_a_document_that_is_named_itself_is_polled_alone(path: str, role: Role) -> None:
    (spec,) = feeds(f"{HOST}{path}", None)

    assert (spec.url, spec.role, spec.tier) == (f"{HOST}{path}", role, 0)


def test_what_is_no_address_has_no_feeds() -> None:
    assert feeds("http://[half", None) == ()


@pytest.mark.parametrize("path", sorted((FOLDER / "openstatus").glob("*.*")), ids=lambda path: path.name)
def test_its_own_documents_are_claimed(path: Path) -> None:
    if path.name.endswith(".expected.json"):
        return

    assert recognize(Sight(document(path.read_bytes())))


@pytest.mark.parametrize(
    "body",
    [
        {"page": {"name": "x", "url": "y", "updated_at": "z"}, "status": {"indicator": "none"}},
        {
            "page": {"id": "k3m9s8d1f2gh"},
            "components": [{"id": "v8b2n4m6x1zc", "name": "API", "status": "operational"}],
        },
        {"title": "x", "statusReports": []},
        {"type": "maintenance", "data": {"maintenance": {"id": 1}}},
        {"type": "test", "message": "hello", "timestamp": "now"},
        {"type": "verification", "token": "x"},
        b"<html><a href='https://www.openstatus.dev'></a></html>",
    ],
)
def test_what_only_looks_similar_is_not_claimed(body: object) -> None:
    assert not recognize(Sight(document(body)))


# --- levels ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("success", Status.OPERATIONAL),
        ("degraded", Status.DEGRADED),
        ("error", Status.MAJOR_OUTAGE),
        ("info", Status.MAINTENANCE),
        ("operational", Status.OPERATIONAL),
        ("degraded_performance", Status.DEGRADED),
        ("partial_outage", Status.PARTIAL_OUTAGE),
        ("major_outage", Status.MAJOR_OUTAGE),
        ("under_maintenance", Status.MAINTENANCE),
        ("unknown", Status.UNKNOWN),
        ("incident", Status.DEGRADED),
    ],
)
def test_a_component_has_the_level_of_its_monitor(word: str, level: Status) -> None:
    snapshot = read(status=word, monitors=[{"id": 41, "name": "x", "status": word}])

    assert (snapshot.components[0].status, snapshot.page.status, snapshot.problems) == (level, level, ())


@pytest.mark.parametrize(
    ("more", "level"),
    [
        ({}, Status.OPERATIONAL),
        ({"statusReports": [report()]}, Status.DEGRADED),
        ({"statusReports": [report("resolved")]}, Status.OPERATIONAL),
        ({"statusReports": [report(components=(7,))]}, Status.OPERATIONAL),
        ({"maintenances": [UNDER_WAY]}, Status.MAINTENANCE),
        ({"maintenances": [UNDER_WAY], "statusReports": [report()]}, Status.MAINTENANCE),
        ({"maintenances": [maintenance("2026-05-05T11:00:00Z", "2026-05-05T13:00:00Z")]}, Status.OPERATIONAL),
    ],
)
def test_a_component_without_a_monitor_follows_what_is_open_on_it(more: dict[str, object], level: Status) -> None:
    assert read(**more).components[1].status is level


def test_unknown_words_are_named() -> None:
    snapshot = read(status="wobbly", statusReports=[report("pondering")])

    assert snapshot.page.status is Status.UNKNOWN
    assert {problem.reason for problem in snapshot.problems} == {"unknown word 'wobbly'", "unknown word 'pondering'"}


def test_a_page_of_before_components_has_monitors_in_their_place() -> None:
    body = page(statusReports=[{"id": 12, "title": "Slow", "status": "identified", "monitors": [41]}])
    del body["pageComponents"]

    snapshot = parse(document(body))

    assert [(row.id, row.name) for row in snapshot.components] == [("41", "API monitor")]
    assert [one.name for one in snapshot.incidents[0].components or ()] == ["API monitor"]
    assert Cover.COMPONENTS in snapshot.covers


# --- phases and identity -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", sorted(PHASES))
def test_every_status_of_a_report_is_a_phase(word: str) -> None:
    assert read(statusReports=[report(word)]).incidents[0].phase is PHASES[word]


@pytest.mark.parametrize(
    ("begins", "ends", "phase"),
    [
        ("2026-05-04T12:00:01Z", "2026-05-04T13:00:00Z", Phase.SCHEDULED),
        ("2026-05-04T12:00:00Z", "2026-05-04T13:00:00Z", Phase.IN_PROGRESS),
        ("2026-05-04T11:00:00Z", "2026-05-04T12:00:00Z", Phase.COMPLETED),
        ("", "", None),
    ],
)
def test_a_maintenance_stands_where_its_window_says(begins: str, ends: str, phase: Phase | None) -> None:
    (found,) = read(maintenances=[maintenance(begins, ends)]).incidents

    assert (found.kind, found.phase, found.impact) == (Kind.MAINTENANCE, phase, Impact.MAINTENANCE)


def test_a_report_and_a_maintenance_of_one_number_are_two() -> None:
    snapshot = read(maintenances=[UNDER_WAY], statusReports=[report()])

    assert [one.id for one in snapshot.incidents] == ["maintenance/12", "12"]


def test_the_one_message_of_a_maintenance_keeps_its_id_when_it_is_edited() -> None:
    first, second = (
        read(maintenances=[{**UNDER_WAY, "message": text, "updatedAt": at}]).incidents[0].updates[0]
        for text, at in (("We upgrade.", "2026-05-01T08:00:00Z"), ("We upgrade all.", "2026-05-02T08:00:00Z"))
    )

    assert first.id == second.id != ""


def test_all_sources_know_one_incident_by_one_id() -> None:
    names = ("incident.json", "atom.xml", "compat-summary.json", "compat-incidents.json", "hook-report.json")

    ids = [{one.id for one in parse(document((FOLDER / "openstatus" / name).read_bytes())).incidents} for name in names]

    assert all("12" in found for found in ids)


def test_document_and_hook_know_one_update_by_one_id() -> None:
    polled, pushed = (
        parse(document((FOLDER / "openstatus" / name).read_bytes())).incidents[0].updates[-1].id
        for name in ("incident.json", "hook-report.json")
    )

    assert polled == pushed == "31"


def test_the_moment_of_the_answer_is_nobody_s_change() -> None:
    assert read().as_of is None


# --- covers and errors -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"statusReports": [{"title": "no id"}]}, Cover.OPEN_INCIDENTS),
        ({"maintenances": ["noise"]}, Cover.OPEN_MAINTENANCES),
        ({"maintenances": None}, Cover.OPEN_MAINTENANCES),
        ({"pageComponents": [{"name": "no id"}]}, Cover.COMPONENTS),
    ],
)
def test_a_list_that_was_not_read_to_the_last_covers_nothing(change: dict[str, object], lost: Cover) -> None:
    assert read(**change).covers == frozenset(Cover) - {Cover.TROUBLED, lost}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html><title>Password</title></html>", ParseReason.HTML),
        ({"error": "Not Found"}, ParseReason.ERROR_BODY),
        ({"page": {}}, ParseReason.SHAPE),
        ({"title": "x"}, ParseReason.SHAPE),
        ([], ParseReason.SHAPE),
    ],
)
def test_what_stands_in_the_place_of_the_document_is_refused(body: object, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(body))

    assert caught.value.reason is reason


# --- the imitation and the feeds ---------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["operational", "degraded_performance", "major_outage", "incident"])
def test_components_of_the_imitation_are_known_by_name(word: str) -> None:
    body = {"page": {"name": "Acme"}, "components": [{"name": "API", "status": word}]}

    (row,) = parse(document(body)).components

    assert (row.id, row.status) == ("API", LEVELS[word.replace("_", "")])


@pytest.mark.parametrize(
    ("name", "covers"),
    [
        ("compat-summary", {Cover.COMPONENTS, Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES}),
        ("compat-incidents", {Cover.OPEN_INCIDENTS}),
    ],
)
def test_the_imitation_lists_what_is_open(name: str, covers: set[Cover]) -> None:
    snapshot = parse(document((FOLDER / f"openstatus/{name}.json").read_bytes()))

    assert (snapshot.covers, snapshot.as_of) == (covers, None)


@pytest.mark.parametrize(
    ("title", "phase"),
    [
        ("Investigating - Slow", Phase.INVESTIGATING),
        ("Identified - Slow", Phase.IDENTIFIED),
        ("Monitoring - Slow", Phase.MONITORING),
        ("Resolved - Slow", Phase.RESOLVED),
        ("Slow", None),
    ],
)
def test_the_title_of_an_entry_begins_with_the_status(title: str, phase: Phase | None) -> None:
    body = (
        '<rss version="2.0"><channel><title>Acme</title><generator>OpenStatus - Status Page Updates</generator>'
        f"<item><title>{title}</title><link>{HOST}/events/report/12</link><description>Hm.</description></item>"
        "</channel></rss>"
    )

    (found,) = parse(document(body.encode())).incidents

    assert (found.title, found.phase, found.updates[0].text) == ("Slow", phase, "Hm.")


# --- hooks -------------------------------------------------------------------------------------------------------


def hook(body: object) -> Snapshot:
    return parse_hook(Document(json.dumps(body).encode(), NOW, kind=DocumentKind.HOOK))


@pytest.mark.parametrize("stamp", ["occurred_at", "created_at"])
def test_the_moment_of_an_update_has_had_two_names(stamp: str) -> None:
    update = {"id": 31, "status": "identified", "message": "x", stamp: "2026-05-04T10:22:31Z"}

    snapshot = hook({"type": "status_report", "data": {"status_report": {"id": 12, "update": update}}})

    assert snapshot.incidents[0].updates[0].at == snapshot.as_of == datetime(2026, 5, 4, 10, 22, 31, tzinfo=UTC)


def test_a_test_tells_of_nothing() -> None:
    snapshot = hook({"type": "test", "message": "Your openstatus webhook works.", "timestamp": "x"})

    assert (snapshot.event_name, snapshot.incidents, snapshot.problems) == ("test", (), ())


def test_a_verification_asks_for_somebody_and_keeps_its_secrets() -> None:
    snapshot = hook({"type": "verification", "token": "s3cret", "verifyUrl": f"{HOST}/verify/s3cret"})

    assert snapshot.problems
    assert "s3cret" not in repr(snapshot)


@pytest.mark.parametrize("body", [{}, {"type": "status_report"}, {"type": "maintenance", "data": {"maintenance": {}}}])
def test_a_hook_about_nothing_is_refused(body: object) -> None:
    with pytest.raises(ParseError):
        hook(body)
