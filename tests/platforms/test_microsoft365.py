"""Microsoft 365: what golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, Impact, Phase, Role, Status
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.microsoft365 import LEVELS, PAGE_URL, PORTALS, feeds, parse, recognize
from statuswire.platforms.vendors.microsoft365_graph import IMPACTS, PHASES
from statuswire.platforms.vendors.microsoft365_graph import LEVELS as GRAPH_LEVELS

FOLDER = Path(__file__).parent / "microsoft365"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
MAC = f"{PAGE_URL}/api/posts/mac"
GRAPH = "https://graph.microsoft.com/v1.0/admin/serviceAnnouncement"


def document(value: object, url: str = MAC) -> Document:
    return Document(value if isinstance(value, bytes) else json.dumps(value).encode(), NOW, url=url)


def graph(*rows: dict[str, object], **extra: object) -> Document:
    return document({"value": list(rows), **extra}, f"{GRAPH}/issues")


def issue(**fields: object) -> dict[str, object]:
    return {"id": "EX1", "service": "Acme Mail", "classification": "incident", "status": "investigating", **fields}


def test_all_posts_are_polled_and_the_feeds_where_they_cannot_be_read() -> None:
    found = [(feed.url.removeprefix(PAGE_URL), feed.tier) for feed in feeds(f"{PAGE_URL}/")]

    posts = [(f"/api/posts/{leaf}", 0) for leaf in (*PORTALS, "m365Consumer")]
    assert found == [*posts, ("/api/feed/mac", 1), ("/api/feed/ppac", 1)]


@pytest.mark.parametrize("path", ["", "/v1.0/admin/serviceAnnouncement", "/v1.0/admin/serviceAnnouncement/"])
def test_an_address_of_graph_is_polled_for_health_and_issues(path: str) -> None:
    assert [(feed.url, feed.role) for feed in feeds(f"https://graph.microsoft.com{path}")] == [
        (f"{GRAPH}/healthOverviews", Role.STATE),
        (f"{GRAPH}/issues", Role.ENTRIES),
    ]


@pytest.mark.parametrize(
    ("url", "role"),
    [
        (MAC, Role.STATE),
        (f"{PAGE_URL}/api/feed/mac", Role.ENTRIES),
        (f"{GRAPH}/healthOverviews", Role.STATE),
        (f"{GRAPH}/issues", Role.ENTRIES),
    ],
)
def test_a_document_named_by_its_own_address_is_polled_alone(url: str, role: Role) -> None:
    assert [(feed.url, feed.role) for feed in feeds(url)] == [(url, role)]


# --- posts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "level"), list(LEVELS.items()))
def test_every_word_of_a_post_is_a_level(word: str, level: Status) -> None:
    told = parse(document({"Title": "x", "Status": word.upper()}))

    assert [row.status for row in told.components] == [level]
    assert (told.incidents, told.covers) == ((), frozenset())


@pytest.mark.parametrize("leaf", list(PORTALS))
def test_the_address_says_which_portal_a_post_is_about(leaf: str) -> None:
    told = parse(document({"Title": "x", "Status": "Available"}, f"{PAGE_URL}/api/posts/{leaf}"))

    assert [(row.id, row.name) for row in told.components] == [(leaf, PORTALS[leaf])]


def test_a_post_from_nowhere_is_known_by_its_title() -> None:
    assert parse(document({"Title": "Admin centre", "Status": "Available"}, "")).components[0].id == "Admin centre"


# --- graph -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "level"), list(GRAPH_LEVELS.items()))
def test_every_state_of_a_service_is_a_level(word: str, level: Status) -> None:
    told = parse(graph({"id": "Mail", "service": "Acme Mail", "status": word}))

    assert [(row.status, row.raw_status) for row in told.components] == [(level, word)]
    assert told.covers == {Cover.COMPONENTS}


@pytest.mark.parametrize(("word", "phase"), list(PHASES.items()))
def test_every_state_of_an_issue_is_a_phase(word: str, phase: Phase) -> None:
    assert parse(graph(issue(status=word))).incidents[0].phase is phase
    assert PHASES.keys() == GRAPH_LEVELS.keys()


@pytest.mark.parametrize(("word", "impact"), list(IMPACTS.items()))
def test_the_classification_is_the_impact(word: str, impact: Impact) -> None:
    assert parse(graph(issue(classification=word))).incidents[0].impact is impact


def test_an_interruption_of_the_service_makes_an_incident_critical() -> None:
    row = {"service": "Acme Mail", "status": "serviceInterruption", "issues": [issue()]}

    assert parse(graph(row)).incidents[0].impact is Impact.CRITICAL
    assert parse(graph(issue(status="serviceInterruption"))).incidents[0].impact is Impact.CRITICAL


def test_a_resolved_issue_is_over_whatever_its_state_says() -> None:
    assert parse(graph(issue(isResolved=True))).incidents[0].phase is Phase.RESOLVED


def test_one_page_of_many_covers_nothing() -> None:
    row: dict[str, object] = {"service": "Acme Mail", "status": "serviceOperational"}

    assert parse(graph(row, **{"@odata.nextLink": "https://graph.example/next"})).covers == frozenset()
    assert parse(graph(row, {"status": "x"})).covers == frozenset()
    assert parse(graph(issue())).covers == frozenset()


def test_health_and_issues_name_a_service_alike() -> None:
    service = parse(graph({"id": "Mail", "service": "Acme Mail", "status": "investigating"})).components[0]
    affected = parse(graph(issue())).incidents[0].components or ()

    assert [one.id for one in affected] == [service.id]


# --- shape -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", ParseReason.EMPTY),
        (b"{}", ParseReason.SHAPE),
        (b"[]", ParseReason.SHAPE),
        (b'{"Title": "x"}', ParseReason.SHAPE),
        (b'{"Status": "Available"}', ParseReason.SHAPE),
        (b'{"error": {"code": "Unauthorized", "message": "x"}}', ParseReason.ERROR_BODY),
        (b'<rss version="2.0"><channel><title>x</title></channel></rss>', ParseReason.SHAPE),
        (b"<!doctype html><html><title>Health</title></html>", ParseReason.HTML),
    ],
)
def test_what_is_no_document_of_theirs_is_refused(body: bytes, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(body, PAGE_URL))

    assert caught.value.reason is reason


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.*")), ids=lambda path: path.name)
def test_own_documents_are_recognised(path: Path) -> None:
    if not path.name.endswith(".expected.json"):
        assert recognize(Sight(document(path.read_bytes())))


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'{"value": []}',
        b'{"value": [{"id": 1}]}',
        b'{"Id": 1, "Status": "x"}',
        b'{"@odata.context": "https://other.example/$metadata", "value": []}',
        b'<rss version="2.0"><channel><item><title>x</title><status>y</status></item></channel></rss>',
    ],
)
def test_look_alikes_are_not_recognised(body: bytes) -> None:
    assert not recognize(Sight(document(body)))
