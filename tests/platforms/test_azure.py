"""Microsoft Azure: what golden documents cannot say."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, Impact, Phase, Role, Snapshot, Status
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.azure import COPY, FEED, PAGE_URL, feeds, parse, recognize
from statuswire.platforms.vendors.azure_grid import LABELS
from statuswire.platforms.vendors.azure_regions import REGIONS, is_global, is_region

FOLDER = Path(__file__).parent / "azure"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
EVERYTHING = frozenset({Cover.OPEN_INCIDENTS, Cover.TROUBLED})


def document(body: bytes, url: str = FEED) -> Document:
    return Document(body, NOW, url=url)


def fixture(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def read(title: str, words: str = "x", *categories: str, url: str = FEED) -> Snapshot:
    named = "".join(f"<category>{one}</category>" for one in categories)
    item = f"<item><guid>one</guid><title>{title}</title><description>{words}</description>{named}</item>"
    body = f'<rss version="2.0"><channel><title>Azure Status</title>{item}</channel></rss>'
    return parse(document(body.encode(), url))


# --- what is polled ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [PAGE_URL, "https://status.azure.com/", "https://azure.status.microsoft/en-gb/status"])
def test_the_canonical_feed_comes_before_its_copy_and_the_tables(url: str) -> None:
    assert [(feed.url, feed.role, feed.tier) for feed in feeds(url)] == [
        (FEED, Role.STATE, 0),
        (COPY, Role.ENTRIES, 1),
        (PAGE_URL, Role.STATE, 2),
    ]


@pytest.mark.parametrize(("url", "role"), [(FEED, Role.STATE), (COPY, Role.ENTRIES)])
def test_a_feed_named_by_its_own_address_is_polled_alone(url: str, role: Role) -> None:
    assert [(feed.url, feed.role) for feed in feeds(url)] == [(url, role)]


@pytest.mark.parametrize(
    ("url", "covers"),
    [(FEED, EVERYTHING), ("", EVERYTHING), (COPY, frozenset()), ("https://status.azure.com/feed/", frozenset())],
)
def test_absence_is_believed_of_the_canonical_host_only(url: str, covers: frozenset[Cover]) -> None:
    assert parse(document(fixture("quiet.xml"), url)).covers == covers


# --- phases and impacts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "words", "phase"),
    [
        ("Errors", "We are looking.", Phase.INVESTIGATING),
        ("Errors", "The root cause is a bad rack.", Phase.IDENTIFIED),
        ("Errors", "We have not yet identified it.", Phase.INVESTIGATING),
        ("Errors", "A mitigation has been applied.", Phase.MONITORING),
        ("Errors", "The issue has been resolved.", Phase.MONITORING),
        ("Errors", "We will tell when it is mitigated.", Phase.INVESTIGATING),
        ("[RESOLVED] Errors", "x", Phase.RESOLVED),
        ("Resolved: Errors", "x", Phase.RESOLVED),
        ("Mitigated - Errors", "x", Phase.RESOLVED),
        ("Investigating - Errors", "The issue has been resolved.", Phase.INVESTIGATING),
    ],
)
def test_the_title_may_end_an_incident_and_the_text_only_move_it(title: str, words: str, phase: Phase) -> None:
    incident = read(title, words).incidents[0]

    assert (incident.phase, incident.title) == (phase, "Errors")


@pytest.mark.parametrize(
    ("title", "impact", "level"),
    [
        ("Errors", Impact.MAJOR, Status.PARTIAL_OUTAGE),
        ("Intermittent errors", Impact.MINOR, Status.DEGRADED),
        ("Advisory: old clients", Impact.MINOR, Status.DEGRADED),
    ],
)
def test_the_page_lists_wide_trouble_so_that_it_is_major_by_default(title: str, impact: Impact, level: Status) -> None:
    told = read(title, "x", "Acme Relay", "West Europe")

    assert told.incidents[0].impact is impact
    assert [(row.id, row.status) for row in told.components] == [("Acme Relay/West Europe", level)]


def test_each_wording_is_an_update_of_the_moment_it_was_served() -> None:
    one, other = (read("Errors", words).incidents[0].updates[0] for words in ("First.", "Second."))

    assert one.id != other.id
    assert one.at == NOW
    assert read("Errors", "First.", url=COPY).incidents[0].updates[0].id == one.id


def test_a_moment_in_the_text_is_that_of_the_update() -> None:
    words = "This message was last updated at 16:49 UTC on 23 July 2026"

    assert read("Errors", words).incidents[0].updates[0].at == datetime(2026, 7, 23, 16, 49, tzinfo=UTC)


def test_the_backend_that_answered_is_never_shown() -> None:
    told = parse(document(fixture("oddities.xml")))

    assert "azurewebsites" not in repr((told.page, [one.url for one in told.incidents]))


# --- categories and tables ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["West Europe", "UK South", "US Gov Virginia", "North Ruritania", "East US 2"])
def test_regions_are_told_by_name_or_by_the_point_of_the_compass(name: str) -> None:
    assert is_region(name)


@pytest.mark.parametrize("name", ["Storage Accounts", "Azure IoT Central", "Virtual Machines", "Eastman", ""])
def test_services_are_no_regions(name: str) -> None:
    assert not is_region(name)


@pytest.mark.parametrize("name", sorted(REGIONS))
def test_every_region_of_the_table_is_one(name: str) -> None:
    assert is_region(name.title())
    assert not is_global(name)


@pytest.mark.parametrize(("label", "level"), list(LABELS.items()))
def test_the_labels_of_the_tables_are_levels(label: str, level: Status) -> None:
    told = parse(document(fixture("grid.html").replace(b"Foggy", label.upper().encode())))

    assert told.components[-1].status is level
    assert told.problems == ()


# --- shape -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", ParseReason.EMPTY),
        (b'<rss version="2.0"><channel><title>Other</title></channel></rss>', ParseReason.SHAPE),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><title>Azure Status</title></feed>', ParseReason.SHAPE),
        (b"<html><title>Consent</title></html>", ParseReason.SHAPE),
        (b"<html><title>Just a moment...</title></html>", ParseReason.CHALLENGE),
    ],
)
def test_what_does_not_name_itself_is_not_believed_to_be_empty(body: bytes, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(body))

    assert caught.value.reason is reason


@pytest.mark.parametrize("path", [*sorted(FOLDER.glob("*.xml")), FOLDER / "grid.html"], ids=lambda path: path.name)
def test_own_documents_are_recognised(path: Path) -> None:
    assert recognize(Sight(document(path.read_bytes())))


@pytest.mark.parametrize(
    "body",
    [b"[]", b'<rss version="2.0"><channel><title>Azure status of Acme</title></channel></rss>', b"<html></html>"],
)
def test_look_alikes_are_not_recognised(body: bytes) -> None:
    assert not recognize(Sight(document(body)))


@pytest.mark.captures
def test_the_captured_feeds_are_read(captures: Path) -> None:
    found = {}
    for path in (captures / "azure" / "feed").glob("*.xml"):
        captured = document(path.read_bytes())
        assert recognize(Sight(captured))
        told = parse(captured)
        assert (told.problems, told.covers) == ((), EVERYTHING)
        found[path.stem] = len(told.incidents)

    assert found == {"feed-2026-08-07-empty": 0, "feed-synthetic-items": 2}
