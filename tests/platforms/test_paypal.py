"""PayPal: what golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError
from statuswire.model import Document, Impact, Incident, Kind, Phase, Role
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.paypal import IMPACTS, LEVELS, PREFIXES, feeds, parse, recognize

FOLDER = Path(__file__).parent / "paypal"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BASE = "https://www.paypal-status.com"


def document(body: bytes) -> Document:
    return Document(body, NOW, url=BASE)


def fixture(name: str) -> Document:
    return document((FOLDER / name).read_bytes())


def entry(title: str, category: str = "") -> Incident:
    item = f"<item><title>{title}</title><guid>{BASE}/incident/7</guid><category>{category}</category></item>"
    return parse(document(f'<rss version="2.0"><channel><title>x</title>{item}</channel></rss>'.encode())).incidents[0]


@pytest.mark.parametrize("view", ["", "/", "/product/production", "/api/sandbox"])
def test_every_view_of_the_page_has_the_same_documents(view: str) -> None:
    assert [(spec.url, spec.role, spec.tier) for spec in feeds(BASE + view)] == [
        (f"{BASE}/api/v1/components", Role.STATE, 0),
        (f"{BASE}/feed/atom", Role.ENTRIES, 0),
        (f"{BASE}/feed/rss", Role.ENTRIES, 1),
    ]


@pytest.mark.parametrize("path", ["/api/v1/components", "/feed/atom", "/feed/rss"])
def test_a_document_is_polled_alone(path: str) -> None:
    assert [spec.url for spec in feeds(BASE + path)] == [BASE + path]


@pytest.mark.parametrize("word", list(LEVELS))
def test_a_word_is_a_level(word: str) -> None:
    row = {"name": "a", "category": {"name": "api"}, "status": {"production": word}}

    told = parse(document(json.dumps({"result": [row]}).encode()))

    assert told.components[0].status is LEVELS[word]


@pytest.mark.parametrize("word", list(PREFIXES))
def test_a_title_begins_with_the_state(word: str) -> None:
    told = entry(f"{word}: Late payouts")

    assert told.title == "Late payouts"
    assert told.phase is PREFIXES[word]
    assert told.kind is (Kind.MAINTENANCE if PREFIXES[word] is Phase.SCHEDULED else Kind.INCIDENT)


@pytest.mark.parametrize(("word", "phase"), [("Initial Notification", Phase.SCHEDULED), ("Resolved", Phase.COMPLETED)])
def test_a_maintenance_begins_as_a_plan_and_ends_completed(word: str, phase: Phase) -> None:
    told = entry(f"{word}: Work", "Under Maintenance")

    assert (told.kind, told.phase, told.impact) == (Kind.MAINTENANCE, phase, Impact.MAINTENANCE)


@pytest.mark.parametrize("word", list(IMPACTS))
def test_a_category_is_an_impact(word: str) -> None:
    assert entry("Resolved: x", word).impact is IMPACTS[word]


def test_a_title_with_another_colon_is_left_alone() -> None:
    assert entry("Payouts: late").title == "Payouts: late"


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"result": {}}', b'{"result": [{"id": 1}]}', b"<html></html>"])
def test_what_is_something_else_is_an_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(document(body))


@pytest.mark.parametrize("name", ["quiet.json", "trouble.json", "feed.xml"])
def test_its_documents_are_recognised(name: str) -> None:
    assert recognize(Sight(fixture(name)))


@pytest.mark.parametrize("body", [b"{}", b'{"result": [{"status": "up", "category": 1}]}', b"<html></html>"])
def test_others_are_not_recognised(body: bytes) -> None:
    assert not recognize(Sight(document(body)))
