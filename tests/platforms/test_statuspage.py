"""Which URLs a Statuspage has, and which documents are its."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, Role
from statuswire.platforms.sight import Sight
from statuswire.platforms.statuspage import PLATFORM

FOLDER = Path(__file__).parent / "statuspage"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PAGE_ID = "q7h2m0x9c4vd"
ULID = "01JZX3Q9W8K7M6N5P4R3T2V1Y0"


def document(body: object, url: str = "") -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url=url)


# --- feeds -----------------------------------------------------------------------------------------------------


def test_a_page_is_polled_by_its_summary_and_looks_up_endings_in_its_lists() -> None:
    specs = PLATFORM.feeds("https://status.acme.example/", None)

    assert [(spec.url, spec.role, spec.tier) for spec in specs] == [
        ("https://status.acme.example/api/v2/summary.json", Role.STATE, 0),
        ("https://status.acme.example/api/v2/incidents.json", Role.HISTORY, 0),
        ("https://status.acme.example/api/v2/scheduled-maintenances.json", Role.HISTORY, 0),
        ("https://status.acme.example/history.atom", Role.ENTRIES, 2),
    ]


def test_a_known_page_id_adds_the_vendor_host_between_summary_and_feed() -> None:
    specs = PLATFORM.feeds("https://status.acme.example", PAGE_ID)

    spare = [spec for spec in specs if spec.tier == 1]
    assert [(spec.url, spec.role) for spec in spare] == [
        (f"https://{PAGE_ID}.statuspage.io/api/v2/summary.json", Role.STATE)
    ]


@pytest.mark.parametrize("page_id", [None, "", ULID, "../evil", "acme"])
def test_an_id_that_is_not_the_vendors_adds_no_host(page_id: str | None) -> None:
    assert all(spec.tier != 1 for spec in PLATFORM.feeds("https://status.acme.example", page_id))


def test_a_page_on_the_vendor_host_needs_no_second_address_there() -> None:
    assert all(spec.tier != 1 for spec in PLATFORM.feeds(f"https://{PAGE_ID}.statuspage.io", PAGE_ID))


@pytest.mark.parametrize(
    "pasted", ["/incidents/w2x4y6z8b1c3", "/history", "/uptime", "/uptime/k3m9s8d1f2gh", "/api", "/api/v2", "/?a=1#b"]
)
def test_an_address_inside_the_page_leads_to_the_same_feeds(pasted: str) -> None:
    assert PLATFORM.feeds(f"https://status.acme.example{pasted}", None) == PLATFORM.feeds(
        "https://status.acme.example", None
    )


def test_a_page_below_a_path_keeps_its_path() -> None:
    specs = PLATFORM.feeds("http://127.0.0.1:9000/acme/", None)

    assert specs[0].url == "http://127.0.0.1:9000/acme/api/v2/summary.json"


@pytest.mark.parametrize(
    ("path", "role", "accept"),
    [
        ("/api/v2/summary.json", Role.STATE, "application/json"),
        ("/api/v2/incidents/unresolved.json", Role.STATE, "application/json"),
        ("/api/v2/incidents.json", Role.ENTRIES, "application/json"),
        ("/api/v2/scheduled-maintenances.json", Role.ENTRIES, "application/json"),
        ("/history.atom", Role.ENTRIES, "application/atom+xml"),
        ("/history.rss", Role.ENTRIES, "application/rss+xml"),
    ],
)
def test_the_address_of_one_document_is_that_document_alone(path: str, role: Role, accept: str) -> None:
    specs = PLATFORM.feeds(f"https://status.acme.example{path}", PAGE_ID)

    assert [(spec.url, spec.role, spec.tier, spec.accept) for spec in specs] == [
        (f"https://status.acme.example{path}", role, 0, accept)
    ]


# --- recognising -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", sorted(p for p in FOLDER.iterdir() if not p.name.endswith(".expected.json")), ids=lambda p: p.name
)
def test_every_golden_document_is_recognised(path: Path) -> None:
    assert PLATFORM.recognize(Sight(Document(path.read_bytes(), NOW)))


def test_a_summary_in_utf_16_or_behind_a_byte_order_mark_is_recognised() -> None:
    text = (FOLDER / "summary.json").read_text(encoding="utf-8")

    for body in (text.encode("utf-16"), text.encode("utf-8-sig")):
        assert PLATFORM.recognize(Sight(document(body)))
        assert PLATFORM.parse(document(body)).components


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"page": {"id": ULID, "name": "A"}, "status": {"indicator": "none"}}, id="incident.io"),
        pytest.param({"page": {"name": "A", "status": "UP"}, "incidents": []}, id="instatus summary"),
        pytest.param(
            {"page": {"url": "https://a.example"}, "incident": {"status": "INVESTIGATING", "incident_updates": []}},
            id="instatus hook",
        ),
        pytest.param(
            {"event_type": "incident", "page": {"id": "1"}, "incident": {"id": "2", "incident_updates": []}},
            id="better stack hook",
        ),
        pytest.param({"event_type": "x", "data": {"incident": {"name": "n", "status": "resolved"}}}, id="other hook"),
        pytest.param({"incidents": []}, id="a bare list"),
        pytest.param({}, id="nothing"),
        pytest.param([], id="an empty list"),
        pytest.param("page", id="a text"),
        pytest.param(b"", id="no bytes"),
        pytest.param(b"<html><body class='status'>Not found</body></html>", id="a web page"),
        pytest.param(b"<rss version='2.0'><channel><title>A</title></channel></rss>", id="an empty RSS feed"),
    ],
)
def test_look_alikes_are_not_recognised(body: object) -> None:
    assert not PLATFORM.recognize(Sight(document(body)))


def test_a_feed_made_by_incident_io_is_not_recognised() -> None:
    atom = (FOLDER / "history-atom.xml").read_bytes()

    foreign = atom.replace(b"<title>Acme Relay Status", b"<generator>incident.io</generator><title>Acme Relay Status")

    assert not PLATFORM.recognize(Sight(document(foreign)))


def test_an_empty_history_is_told_by_the_address_it_gives_itself() -> None:
    atom = (FOLDER / "history-atom.xml").read_bytes()

    empty = atom[: atom.index(b"  <entry>")] + b"</feed>"

    assert PLATFORM.recognize(Sight(document(empty)))
    assert PLATFORM.parse(document(empty)).incidents == ()


# --- refusing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", ParseReason.EMPTY),
        (b"{}", ParseReason.SHAPE),
        (b"null", ParseReason.SHAPE),
        (b"[1, 2]", ParseReason.SHAPE),
        (b'{"incidents": []}', ParseReason.SHAPE),
        (b'{"page": {"id": "q7h2m0x9c4vd"}, "incidents": null}', ParseReason.SHAPE),
        (b'{"error": "not found"}', ParseReason.ERROR_BODY),
        (b"Your page is inactive. Please contact support.", ParseReason.INACTIVE),
        (b"<html><head><title>Log in</title></head><body><form></form></body></html>", ParseReason.HTML),
        (b"<html><head><title>Just a moment...</title></head><body></body></html>", ParseReason.CHALLENGE),
        (b'{"page": ' + b"[" * 60_000, ParseReason.TOO_DEEP),
    ],
)
def test_what_is_no_statuspage_document_is_refused_with_the_reason(body: bytes, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as caught:
        PLATFORM.parse(document(body))

    assert caught.value.reason is reason


def test_a_page_that_has_moved_to_incident_io_is_refused_instead_of_ending_everything() -> None:
    moved = {"page": {"id": ULID}, "status": {"indicator": "none"}, "components": [], "incidents": []}

    with pytest.raises(ParseError, match=r"moved") as caught:
        PLATFORM.parse(document(moved))

    assert caught.value.reason is ParseReason.SHAPE


def test_the_secret_link_to_end_a_subscription_is_kept_nowhere() -> None:
    body = (FOLDER / "hook-incident.json").read_bytes()
    assert b"notarealtoken" in body

    snapshot = PLATFORM.parse(document(body))

    assert "notarealtoken" not in repr(snapshot)
