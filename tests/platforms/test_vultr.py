"""Vultr: what golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError
from statuswire.model import Cover, Document, Incident, Kind, Phase
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.vultr import PHASES, feeds, parse, recognize

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BASE = "https://status.vultr.com"
FOLDER = Path(__file__).parent / "vultr"


def document(body: bytes) -> Document:
    return Document(body, NOW, url=f"{BASE}/alerts.json")


def one(**fields: object) -> Incident:
    return parse(document(json.dumps({"service_alerts": [{"id": "v1", **fields}]}).encode())).incidents[0]


def test_the_alerts_are_polled() -> None:
    assert [spec.url for spec in feeds(BASE)] == [f"{BASE}/alerts.json"]
    assert [spec.url for spec in feeds(f"{BASE}/alerts.json")] == [f"{BASE}/alerts.json"]
    assert feeds("nonsense") == ()


@pytest.mark.parametrize("word", list(PHASES))
def test_a_word_is_a_phase(word: str) -> None:
    assert one(status=word, subject="Loss").phase is PHASES[word]


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("Scheduled upgrade", Kind.MAINTENANCE),
        ("Planned work", Kind.MAINTENANCE),
        ("Network Maintenance", Kind.MAINTENANCE),
        ("Unplanned outage", Kind.INCIDENT),
        ("Packet loss", Kind.INCIDENT),
    ],
)
def test_the_subject_tells_a_maintenance(subject: str, kind: Kind) -> None:
    assert one(status="ongoing", subject=subject).kind is kind


@pytest.mark.parametrize(
    ("start", "phase"), [("2026-05-05T00:00:00Z", Phase.SCHEDULED), ("2026-05-04T00:00:00Z", Phase.IN_PROGRESS)]
)
def test_a_maintenance_has_begun_with_its_time(start: str, phase: Phase) -> None:
    assert one(status="ongoing", subject="Maintenance", start_date=start).phase is phase


def test_a_list_with_an_unreadable_alert_closes_nothing() -> None:
    assert parse(document(b'{"service_alerts": [1]}')).covers == frozenset()
    assert Cover.OPEN_INCIDENTS in parse(document(b'{"service_alerts": []}')).covers


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"service_alerts": {}}', b"<html>Just a moment...</html>", b""])
def test_what_is_something_else_is_an_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(document(body))


def test_its_alerts_are_recognised_and_nothing_else() -> None:
    assert recognize(Sight(document((FOLDER / "alerts.json").read_bytes())))
    assert not recognize(Sight(document(b'{"alerts": []}')))
    assert not recognize(Sight(document(b"<html></html>")))
