"""Status.io: which documents a page has, whose they are, and what its numbers and words mean."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, DocumentKind, FeedSpec, Impact, Phase, Role, Snapshot, Status
from statuswire.platforms.reading import as_mapping
from statuswire.platforms.sight import Sight
from statuswire.platforms.statusio import feeds, page_id, parse, parse_hook, recognize
from statuswire.platforms.statusio_json import AFFECTED_LIMIT
from statuswire.platforms.statusio_terms import IMPACTS, LEVELS, MAINTENANCE_STATES, STATES, made_at
from tests.platforms.golden import FOLDER

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PAGE = "64f0a1b2c3d4e5f601020304"
API = f"https://api.status.io/1.0/status/{PAGE}"
HOST = "https://status.acme-relay.example"
EUROPE = {"_id": "65a1b2c3d4e5f60718293a4c", "name": "Europe"}
RELAY = {"_id": "65a1b2c3d4e5f60718293a4b", "name": "Relay API"}


def document(body: object, url: str = API, **headers: str) -> Document:
    encoded = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Document(encoded, NOW, url=url, headers={name.replace("_", "-"): value for name, value in headers.items()})


def result(code: object = 100, incidents: object = (), planned: object = None) -> dict[str, object]:
    rows = [
        {
            "id": RELAY["_id"],
            "name": "Relay API",
            "status_code": code,
            "status": "as the owner calls it",
            "containers": [{"id": EUROPE["_id"], "name": "Europe", "status_code": code, "status": "so so"}],
        }
    ]
    return {
        "result": {
            "status_overall": {"status": "so so", "status_code": code},
            "status": rows,
            "incidents": list(incidents) if isinstance(incidents, tuple | list) else incidents,
            "maintenance": planned or {"active": [], "upcoming": []},
        }
    }


def incident(*messages: dict[str, object], **more: object) -> dict[str, object]:
    return {"_id": "6817390a0c5f3e1d2b4a6f80", "name": "Slow API", "messages": list(messages), **more}


def message(state: object = 100, status: object = 300, at: str = "2026-05-04T10:01:00.000Z") -> dict[str, object]:
    return {"details": "Looking.", "state": state, "status": status, "datetime": at}


def read(body: object) -> Snapshot:
    return parse(document(body))


# --- feeds and the id of the page --------------------------------------------------------------------------------


def test_without_the_id_of_the_page_nothing_can_be_polled() -> None:
    assert feeds(HOST, None) == ()
    assert feeds(HOST, "not an id") == ()
    assert feeds("http://[half", PAGE) == ()


def test_a_page_on_its_own_host_has_its_document_at_the_api_and_its_feed_in_two_places() -> None:
    specs = feeds(f"{HOST}/", PAGE)

    assert [(spec.url, spec.role, spec.tier) for spec in specs] == [
        (API, Role.STATE, 0),
        (f"{HOST}/pages/{PAGE}/rss", Role.HISTORY, 0),
        (f"https://status.io/pages/{PAGE}/rss", Role.ENTRIES, 1),
    ]


@pytest.mark.parametrize("path", ["/pages/{}", "/pages/history/{}", "/pages/incident/{}/6817390a0c5f3e1d2b4a6f80"])
def test_an_address_at_the_vendor_holds_the_id_itself(path: str) -> None:
    specs = feeds(f"https://status.io{path.format(PAGE)}", None)

    assert [spec.url for spec in specs] == [API, f"https://status.io/pages/{PAGE}/rss"]


@pytest.mark.parametrize(
    ("url", "spec"),
    [
        (API, FeedSpec(API, Role.STATE)),
        (f"{HOST}/pages/{PAGE}/rss", FeedSpec(f"{HOST}/pages/{PAGE}/rss", Role.ENTRIES, 0, "application/rss+xml")),
    ],
)
def test_a_document_that_is_named_itself_is_polled_alone(url: str, spec: FeedSpec) -> None:
    assert feeds(url, None) == (spec,)


def test_the_id_is_read_from_the_header_of_the_page_for_people() -> None:
    assert page_id(document(b"<html></html>", HOST, x_status_page_id=PAGE)) == PAGE


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (f'<html><a href="https://status.io/pages/history/{PAGE}">History</a></html>'.encode(), HOST),
        (b"<html></html>", f"https://status.io/pages/{PAGE}"),
        (b"{}", API),
    ],
)
def test_the_id_is_read_from_a_link_or_from_the_address(body: bytes, url: str) -> None:
    assert page_id(document(body, url)) == PAGE


@pytest.mark.parametrize("body", [b"", b"<html></html>", b'{"page": 1}', b"\xff\xfe"])
def test_a_page_that_names_no_id_has_none(body: bytes) -> None:
    assert page_id(document(body, HOST, x_status_page_id="nonsense")) is None


# --- whose document it is ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted((FOLDER / "statusio").glob("*.*")), ids=lambda path: path.name)
def test_its_own_documents_are_claimed(path: Path) -> None:
    if path.name.endswith(".expected.json"):
        return

    assert recognize(Sight(document(path.read_bytes())))


@pytest.mark.parametrize(
    "body",
    [
        {"result": {"status": [], "incidents": []}},
        {"status": {"indicator": "none"}, "page": {"id": "k3m9s8d1f2gh"}},
        {"message_id": "1", "incident_url": "https://x.example"},
        b"<html><a href='https://status.io/pages/64f0a1b2c3d4e5f601020304'></a></html>",
        b'<rss version="2.0"><channel><title>x</title><item><link>https://x.example/incidents/1</link></item></channel></rss>',
    ],
)
def test_what_only_looks_similar_is_not_claimed(body: object) -> None:
    assert not recognize(Sight(document(body)))


# --- numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(LEVELS))
def test_every_code_of_a_level_is_read_as_number_and_as_text(code: str) -> None:
    for written in (int(code), code):
        (row,) = read(result(written)).components

        assert row.status is LEVELS[code]


@pytest.mark.parametrize("code", sorted(IMPACTS))
def test_every_code_of_a_message_gives_an_impact(code: str) -> None:
    assert read(result(incidents=[incident(message(status=int(code)))])).incidents[0].impact is IMPACTS[code]


@pytest.mark.parametrize("state", sorted(STATES))
def test_every_state_of_a_message_gives_a_phase(state: str) -> None:
    found = read(result(incidents=[incident(message(state=int(state)))])).incidents[0]

    assert (found.phase, found.updates[0].phase) == (STATES[state], STATES[state])


@pytest.mark.parametrize("state", sorted(MAINTENANCE_STATES))
def test_the_states_of_a_maintenance_are_others(state: str) -> None:
    planned = {"active": [incident(message(state=int(state), status=200))], "upcoming": []}

    found = read(result(planned=planned)).incidents[0]

    assert found.updates[0].phase is MAINTENANCE_STATES[state]
    assert (found.phase, found.impact) == (Phase.IN_PROGRESS, Impact.MAINTENANCE)


def test_a_code_that_nobody_knows_is_named() -> None:
    snapshot = read(result(700))

    assert snapshot.components[0].status is Status.UNKNOWN
    assert snapshot.components[0].raw_status == "so so"
    assert "unknown word '700'" in {problem.reason for problem in snapshot.problems}


def test_the_worst_message_is_the_impact() -> None:
    told = incident(message(status=300), message(status=500, at="2026-05-04T10:02:00Z"), message(status=100))

    assert read(result(incidents=[told])).incidents[0].impact is Impact.CRITICAL


# --- components and containers -----------------------------------------------------------------------------------


def test_a_component_is_known_with_its_container() -> None:
    (row,) = read(result()).components

    assert (row.id, row.name, row.group) == (f"{RELAY['_id']}/{EUROPE['_id']}", "Relay API", "Europe")


def test_an_incident_names_the_rows_that_the_page_shows() -> None:
    other = {"_id": "65a1b2c3d4e5f60718293aff", "name": "Asia"}
    told = incident(message(), components_affected=[RELAY], containers_affected=[EUROPE, other])

    (found,) = read(result(300, [told])).incidents

    assert [(one.id, one.status) for one in found.components or ()] == [
        (f"{RELAY['_id']}/{EUROPE['_id']}", Status.DEGRADED)
    ]


def test_an_incident_that_speaks_of_no_components_says_so() -> None:
    assert read(result(incidents=[incident(message())])).incidents[0].components is None


# --- covers and errors -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"incidents": [{"name": "no id"}]}, Cover.OPEN_INCIDENTS),
        ({"incidents": None}, Cover.OPEN_INCIDENTS),
        ({"maintenance": {"active": []}}, Cover.OPEN_MAINTENANCES),
        ({"status": [{"id": "1", "containers": ["noise"]}]}, Cover.COMPONENTS),
        ({"status": [7]}, Cover.COMPONENTS),
    ],
)
def test_a_list_that_was_not_read_to_the_last_covers_nothing(change: dict[str, object], lost: Cover) -> None:
    body = result()
    body["result"] = {**as_mapping(body["result"]), **change}

    assert read(body).covers == frozenset(Cover) - {Cover.TROUBLED, lost}


def test_an_unknown_word_leaves_the_lists_whole() -> None:
    assert len(read(result(700, [incident(message(state=900))])).covers) == 3


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"error": "status page not found"}, ParseReason.ERROR_BODY),
        ({"message": "Missing Authentication Token"}, ParseReason.SHAPE),
        ({"result": {}}, ParseReason.SHAPE),
        (b"<html><title>Not found</title></html>", ParseReason.HTML),
        (b"", ParseReason.EMPTY),
    ],
)
def test_what_stands_in_the_place_of_the_document_is_refused(body: object, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as caught:
        read(body)

    assert caught.value.reason is reason


# --- hooks and identity ------------------------------------------------------------------------------------------


def hook(**more: object) -> Snapshot:
    body = {"id": "6817390a0c5f3e1d2b4a6f80", "message_id": "m", "status_page_url": HOST, "details": "x", **more}
    return parse_hook(Document(json.dumps(body).encode(), NOW, kind=DocumentKind.HOOK))


@pytest.mark.parametrize(
    ("at", "word", "phase"),
    [
        ("2026-05-04T09:59:00Z", "Planned Maintenance", Phase.SCHEDULED),
        ("2026-05-04T10:00:00Z", "Planned Maintenance", Phase.IN_PROGRESS),
        ("2026-05-04T14:00:00Z", "Planned Maintenance", Phase.IN_PROGRESS),
        ("2026-05-04T12:00:00Z", "Operational", Phase.COMPLETED),
        ("", "Planned Maintenance", None),
    ],
)
def test_a_maintenance_of_a_hook_stands_where_its_times_say(at: str, word: str, phase: Phase | None) -> None:
    snapshot = hook(
        maintenance_url=f"{HOST}/m", datetime=at, datetime_start="2026-05-04T10:00:00Z", current_status=word
    )

    assert snapshot.incidents[0].phase is phase


def test_a_renamed_state_is_unknown_and_named() -> None:
    snapshot = hook(incident_url=f"{HOST}/i", current_state="Wir schauen")

    assert snapshot.incidents[0].phase is Phase.UNKNOWN
    assert [problem.reason for problem in snapshot.problems] == ["unknown word 'Wir schauen'"]


@pytest.mark.parametrize("more", [{}, {"incident_url": f"{HOST}/i", "id": None}])
def test_a_hook_about_nothing_is_refused(more: dict[str, object]) -> None:
    with pytest.raises(ParseError):
        hook(**more)


def test_document_feed_and_hook_know_one_incident_by_one_id() -> None:
    names = ("incident.json", "rss.xml", "hook-incident.json")

    ids = {parse(document((FOLDER / "statusio" / name).read_bytes())).incidents[0].id for name in names}

    assert len(ids) == 1


def test_document_and_hook_know_one_message_by_one_id() -> None:
    polled, pushed = (
        parse(document((FOLDER / "statusio" / name).read_bytes())).incidents[0].updates[-1].id
        for name in ("incident.json", "hook-incident.json")
    )

    assert polled == pushed


def test_an_id_tells_when_it_was_made() -> None:
    assert made_at("6817390a0c5f3e1d2b4a6f80") == datetime(2025, 5, 4, 9, 53, 14, tzinfo=UTC)
    assert made_at("nonsense") is None


@pytest.mark.captures
@pytest.mark.parametrize(
    ("name", "components", "open_ones"),
    [("gitlab/status-2020-02-09-security", 13, 1), ("gitlab/status-2020-09-05-maintenance", 15, 2)],
)
def test_captured_documents_are_read_whole(captures: Path, name: str, components: int, open_ones: int) -> None:
    snapshot = read((captures / "statusio" / f"{name}.json").read_bytes())

    assert (len(snapshot.components), len(snapshot.incidents)) == (components, open_ones)
    assert (len(snapshot.covers), snapshot.problems) == (3, ())
    assert all(one.updates and one.components for one in snapshot.incidents)


@pytest.mark.captures
def test_the_captured_hook_is_read(captures: Path) -> None:
    (found,) = parse(document((captures / "statusio/webhook-docsample/maintenance.json").read_bytes())).incidents

    assert (found.phase, len(found.components or ()), len(found.updates)) == (Phase.IN_PROGRESS, 2, 1)


def test_components_and_containers_do_not_multiply_without_end() -> None:
    containers = [{"id": f"c{place}", "name": "x", "status_code": 100} for place in range(300)]
    rows = [{"id": f"k{place}", "name": "x", "status_code": 100, "containers": containers} for place in range(5)]
    body = result(
        incidents=[incident(message(), components_affected=_named("k", 5), containers_affected=_named("c", 300))]
    )
    body["result"] = {**as_mapping(body["result"]), "status": rows}

    snapshot = read(body)

    assert len(snapshot.incidents[0].components or ()) == AFFECTED_LIMIT
    assert "left out" in snapshot.problems[0].reason
    assert Cover.OPEN_INCIDENTS in snapshot.covers


def _named(letter: str, count: int) -> list[dict[str, str]]:
    return [{"_id": f"{letter}{place}", "name": "x"} for place in range(count)]
