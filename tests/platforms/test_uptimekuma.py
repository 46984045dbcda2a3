"""Uptime Kuma: addresses and slugs, recognition, every word, and what the golden documents cannot say."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from statuswire.errors import ParseError
from statuswire.model import Cover, Document, DocumentKind, Impact, Phase, Problem, Role, Snapshot, Status
from statuswire.platforms.sight import Sight
from statuswire.platforms.uptimekuma import PLATFORM

FOLDER = Path(__file__).parent / "uptimekuma"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HOST = "https://up.acme-relay.example"


def document(body: object, url: str = "") -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url)


def golden(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def urls(page: str, slug: str | None = None) -> list[str]:
    return [spec.url for spec in PLATFORM.feeds(page, slug)]


def page_with(**parts: object) -> Snapshot:
    return PLATFORM.parse(document(golden("page-quiet") | parts))


def beats_of(*beats: object) -> Snapshot:
    return PLATFORM.parse(document({"heartbeatList": {"4": list(beats)}, "uptimeList": {}}))


# --- addresses -------------------------------------------------------------------------------------------------


def test_a_page_is_two_documents_that_are_polled_and_a_history() -> None:
    specs = PLATFORM.feeds(f"{HOST}/status/Acme", None)

    assert [(spec.url.removeprefix(HOST), spec.role, spec.every) for spec in specs] == [
        ("/api/status-page/heartbeat/acme", Role.STATE, None),
        ("/api/status-page/acme", Role.STATE, timedelta(minutes=5)),
        ("/api/status-page/acme/incident-history", Role.HISTORY, None),
    ]


@pytest.mark.parametrize("path", ["/status/acme", "/status/acme/", "/status/ACME", "/status/acme/rss"])
def test_the_slug_stands_in_the_address(path: str) -> None:
    assert urls(HOST + path) == urls(f"{HOST}/status/acme")


@pytest.mark.parametrize("path", ["/status", "/status-page", "/status/default"])
def test_the_page_without_a_slug_is_the_default_one(path: str) -> None:
    assert urls(HOST + path)[1] == f"{HOST}/api/status-page/default"


def test_a_domain_of_its_own_needs_the_slug() -> None:
    assert urls(HOST) == []
    assert urls(f"{HOST}/", "acme")[1] == f"{HOST}/api/status-page/acme"


def test_a_base_path_is_kept() -> None:
    assert urls(f"{HOST}/kuma/status/acme")[1] == f"{HOST}/kuma/api/status-page/acme"


@pytest.mark.parametrize("slug", ["../evil", "a b", "", None])
def test_what_is_no_slug_makes_no_address(slug: str | None) -> None:
    assert urls(HOST, slug) == []


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/api/status-page/acme", Role.STATE),
        ("/api/status-page/heartbeat/acme", Role.STATE),
        ("/api/status-page/acme/incident-history", Role.ENTRIES),
    ],
)
def test_the_address_of_one_document_is_that_document_alone(path: str, role: Role) -> None:
    assert [(spec.url, spec.role) for spec in PLATFORM.feeds(HOST + path, "other")] == [(HOST + path, role)]


# --- recognising -----------------------------------------------------------------------------------------------

PAGE_FOR_PEOPLE = b"""<!DOCTYPE html><html><head><title>Acme</title><script id="preload-data" data-json="{}">
window.preloadData = {'config':{'slug':'acme','title':'It\\'s Acme'},'incidents':[]};</script>
</head><body></body></html>"""


@pytest.mark.parametrize(
    "path",
    sorted(p for p in FOLDER.glob("*.json") if not p.name.endswith("expected.json") and p.stem != "hook-test"),
    ids=lambda p: p.stem,
)
def test_every_golden_document_is_recognised(path: Path) -> None:
    assert PLATFORM.recognize(Sight(Document(path.read_bytes(), NOW)))


def test_the_page_for_people_is_recognised_and_tells_its_slug() -> None:
    page = document(PAGE_FOR_PEOPLE)

    assert PLATFORM.recognize(Sight(page))
    assert PLATFORM.page_id(page) == "acme"
    assert any(mark in PAGE_FOR_PEOPLE.decode() for mark in PLATFORM.marks)
    with pytest.raises(ParseError):
        PLATFORM.parse(page)


def test_the_slug_stands_in_the_document_of_the_page() -> None:
    assert PLATFORM.page_id(document(golden("page-version1"))) == "default"
    assert PLATFORM.page_id(document(golden("heartbeat"))) is None


@pytest.mark.parametrize(
    "body",
    [
        {"config": {"slug": "x"}},
        {"config": {"title": "x"}, "publicGroupList": []},
        {"heartbeatList": {}},
        {"ok": True, "incidents": []},
        {"msg": "x", "monitor": None, "heartbeat": None},
        {"page": {"id": "k3m9s8d1f2gh"}, "incidents": []},
        [],
        b"<html><body>preloadData = nothing</body></html>",
    ],
)
def test_look_alikes_are_not_recognised(body: object) -> None:
    assert not PLATFORM.recognize(Sight(document(body)))


# --- words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "status"),
    [(0, Status.MAJOR_OUTAGE), (1, Status.OPERATIONAL), (2, Status.UNKNOWN), (3, Status.MAINTENANCE)],
)
def test_the_state_of_a_beat(number: int, status: Status) -> None:
    snapshot = beats_of({"status": number, "time": "2026-05-04 10:00:00"})

    assert snapshot.components[0].status is status
    assert snapshot.problems == ()


def test_a_state_in_no_table_is_unknown_and_named() -> None:
    assert beats_of({"status": 9}).problems == (Problem("heartbeatList.4", "unknown word '9'"),)


@pytest.mark.parametrize(
    ("style", "impact"),
    [
        ("info", Impact.NONE),
        ("warning", Impact.MINOR),
        ("danger", Impact.MAJOR),
        ("primary", Impact.NONE),
        ("light", Impact.NONE),
        ("dark", Impact.NONE),
    ],
)
def test_the_colour_of_an_incident_is_its_impact(style: str, impact: Impact) -> None:
    assert page_with(incidents=[{"id": 1, "style": style}]).incidents[0].impact is impact


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("under-maintenance", Phase.IN_PROGRESS),
        ("scheduled", Phase.SCHEDULED),
        ("ended", Phase.COMPLETED),
        ("inactive", Phase.CANCELLED),
        ("unknown", Phase.UNKNOWN),
    ],
)
def test_the_status_of_a_maintenance_is_its_phase(word: str, phase: Phase) -> None:
    snapshot = page_with(maintenanceList=[{"id": 1, "status": word}])

    assert snapshot.incidents[0].phase is phase
    assert snapshot.problems == ()


@pytest.mark.parametrize(
    ("active", "phase"), [(True, Phase.INVESTIGATING), (False, Phase.RESOLVED), (0, Phase.RESOLVED)]
)
def test_an_incident_is_open_as_long_as_it_is_active(active: object, phase: Phase) -> None:
    assert page_with(incidents=[{"id": 1, "active": active}]).incidents[0].phase is phase


# --- monitors --------------------------------------------------------------------------------------------------


def test_a_pending_monitor_keeps_the_level_that_it_had() -> None:
    assert beats_of({"status": 1}, {"status": 2}).components[0].lacks_status


def test_a_monitor_without_beats_is_unknown() -> None:
    for beats in ((), (0, 0)):
        found = beats_of(*beats).components[0]
        assert (found.status, found.lacks_status) == (Status.UNKNOWN, False)


def test_a_level_dates_from_the_first_beat_that_showed_it() -> None:
    beats = [{"status": 1, "time": "2026-05-04 10:00:00"}] + [
        {"status": 0, "time": f"2026-05-04 10:0{minute}:00"} for minute in (1, 2, 3)
    ]

    assert beats_of(*beats).components[0].updated_at == datetime(2026, 5, 4, 10, 1, tzinfo=UTC)


def test_heartbeats_state_no_names_and_cover_nothing() -> None:
    snapshot = PLATFORM.parse(document(golden("heartbeat")))

    assert snapshot.covers == frozenset()
    assert {one.name for one in snapshot.components} == {""}


def test_page_and_heartbeats_speak_of_the_same_monitors() -> None:
    page, beats = PLATFORM.parse(document(golden("page-quiet"))), PLATFORM.parse(document(golden("heartbeat")))

    assert {one.id for one in page.components} <= {one.id for one in beats.components}


# --- incidents and maintenances --------------------------------------------------------------------------------


def test_another_wording_is_another_update_and_a_new_stamp_alone_is_none() -> None:
    row = {"id": 1, "content": "One", "createdDate": "2026-05-04 10:00:00", "lastUpdatedDate": "2026-05-04 10:05:00"}
    first, touched, reworded = (
        page_with(incidents=[row | change]).incidents[0].updates[0]
        for change in ({}, {"lastUpdatedDate": "2026-05-04 10:10:00"}, {"content": "Two"})
    )

    assert touched.id == first.id
    assert reworded.id != first.id


def test_the_same_words_in_two_incidents_are_two_updates() -> None:
    one, other = page_with(incidents=[{"id": 1, "content": "Same"}, {"id": 2, "content": "Same"}]).incidents

    assert one.updates[0].id != other.updates[0].id


def test_a_maintenance_that_comes_back_is_another_one() -> None:
    row = golden("page-incident")["maintenanceList"][0]
    body = document(golden("page-quiet") | {"maintenanceList": [row]})
    now, in_a_week = body, replace(body, received_at=NOW + timedelta(days=7))

    first, second = PLATFORM.parse(now).incidents[0], PLATFORM.parse(in_a_week).incidents[0]

    assert (first.id, second.id) == ("maintenance/3/20260504T1130", "maintenance/3/20260511T1130")


def test_an_incident_and_a_maintenance_of_one_number_are_two() -> None:
    snapshot = page_with(incidents=[{"id": 3}], maintenanceList=[{"id": 3, "strategy": "single"}])

    assert [one.id for one in snapshot.incidents] == ["3", "maintenance/3"]


def test_page_and_history_tell_of_one_incident() -> None:
    shown = PLATFORM.parse(document(golden("page-incident"))).incidents[0]
    past = PLATFORM.parse(document(golden("history"))).incidents[0]

    assert (shown.id, shown.phase, past.phase) == (past.id, Phase.INVESTIGATING, Phase.RESOLVED)


def test_the_page_of_version_1_without_an_incident_covers_open_ones() -> None:
    body = golden("page-version1") | {"incident": None}

    assert Cover.OPEN_INCIDENTS in PLATFORM.parse(document(body)).covers


def test_a_page_without_the_list_covers_no_incidents() -> None:
    body = {key: value for key, value in golden("page-quiet").items() if key != "incidents"}

    assert PLATFORM.parse(document(body)).covers == {Cover.COMPONENTS, Cover.OPEN_MAINTENANCES}


# --- webhook and bad input -------------------------------------------------------------------------------------


def test_a_hook_speaks_of_the_monitor_of_the_page() -> None:
    assert PLATFORM.parse_hook is not None
    told = PLATFORM.parse_hook(document(golden("hook-down"))).components[0]

    assert told.id in {one.id for one in PLATFORM.parse(document(golden("page-quiet"))).components}
    assert told.updated_at == datetime(2026, 5, 4, 10, 20, tzinfo=UTC)


def test_a_body_without_the_three_keys_is_no_hook() -> None:
    assert PLATFORM.parse_hook is not None
    with pytest.raises(ParseError):
        PLATFORM.parse_hook(Document(b'{"heartbeat": {}}', NOW, kind=DocumentKind.HOOK))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        {"ok": False, "msg": "x"},
        {"ok": False, "incidents": [], "total": 0, "hasMore": False},
        {"config": 1},
    ],
)
def test_what_is_no_document_of_uptime_kuma_is_refused(body: object) -> None:
    with pytest.raises(ParseError):
        PLATFORM.parse(document(body))
