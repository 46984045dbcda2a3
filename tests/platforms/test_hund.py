"""Hund: what its golden documents cannot say."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseReason
from statuswire.model import Document, Phase, Role, Status
from statuswire.platforms import hund
from statuswire.platforms.hund import feeds, parse, parse_hook, recognize
from statuswire.platforms.parsing import recognise
from statuswire.platforms.reading import fold_word
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight

PAGE = "https://acme-relay.hund.io"
ISSUE = "6657a1b28fbb652ab878c101"


def event(kind: str, **fields: object) -> dict[str, object]:
    return {"event": {"kind": kind, "eventable": {"id": ISSUE, "type": "issue", "title": "x", **fields}}}


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}/issues/{ISSUE}", f"{PAGE}/state_feed/feed"])
def test_of_a_page_its_feed_is_polled(address: str) -> None:
    (only,) = feeds(address)

    assert (only.url, only.role) == (f"{PAGE}/state_feed/feed", Role.ENTRIES)


def test_what_is_no_address_has_no_feeds() -> None:
    assert feeds("http://[") == ()


def test_feed_and_hook_name_one_issue_alike() -> None:
    feed, hook = parse(document(fixture("hund/feed.xml"))), parse_hook(document(fixture("hund/hook-created.json")))

    assert feed.incidents[0].id == hook.incidents[0].id == ISSUE
    assert feed.incidents[0].url == hook.incidents[0].url


@pytest.mark.parametrize(("word", "level"), hund.LEVELS.items())
def test_every_word_of_a_level_is_read(word: str, level: Status) -> None:
    body = {"component": {"url": f"{PAGE}/components/a1", "name": "Queue", "status": {"state": word}}}

    assert parse_hook(document(body)).components[0].status is level


@pytest.mark.parametrize(("kind", "phase"), [(k, p) for k, p in hund.KINDS.items() if p])
def test_the_name_of_an_event_tells_the_phase(kind: str, phase: Phase) -> None:
    assert parse_hook(document(event(kind))).incidents[0].phase is phase


@pytest.mark.parametrize(
    ("fields", "phase"),
    [
        ({"cancelled_at": 1777888900}, Phase.CANCELLED),
        ({"resolved": True}, Phase.RESOLVED),
        ({"resolved": True, "scheduled": True}, Phase.COMPLETED),
        ({"label": "Investigating", "specialization": "maintenance"}, Phase.IN_PROGRESS),
        ({"label": "Owner's own"}, Phase.UNKNOWN),
        ({}, None),
    ],
)
def test_flags_tell_more_than_labels(fields: dict[str, object], phase: Phase | None) -> None:
    assert parse_hook(document(event("issue_updated", **fields))).incidents[0].phase is phase


def test_an_unknown_kind_is_named() -> None:
    (problem,) = parse_hook(document(event("issue_danced"))).problems

    assert (problem.where, problem.reason) == ("event.kind", "unknown word 'issue_danced'")


def test_the_moment_of_an_issue_stands_in_its_id() -> None:
    told = parse_hook(document(event("issue_created"))).incidents[0].created_at

    assert told is not None
    assert told.timestamp() == int(ISSUE[:8], 16)


@pytest.mark.parametrize("value", NOT_OURS)
def test_what_is_none_of_ours_is_refused_and_not_recognised(value: object) -> None:
    refused(parse, value)
    refused(parse_hook, value)
    assert not recognize(sight(value))


def test_the_feed_of_another_product_is_refused() -> None:
    feed = b"<rss version='2.0'><channel><title>x</title><item><title>Down</title><guid>1</guid></item></channel></rss>"

    assert refused(parse, feed).reason is ParseReason.SHAPE


@pytest.mark.parametrize("name", ["feed.xml", "hook-created.json", "hook-first-version.json"])
def test_its_own_documents_are_recognised(name: str) -> None:
    found = recognise(document(fixture(f"hund/{name}")))

    assert found is not None
    assert found.name == "hund"


def test_the_words_of_the_tables_are_folded() -> None:
    assert [fold_word(word) for word in (*hund.LEVELS, *hund.KINDS)] == [*hund.LEVELS, *hund.KINDS]


def test_the_captured_feed_tells_five_issues(captures: Path) -> None:
    body = (captures / "other" / "hund-atom" / "feed.xml").read_bytes()
    told = parse(Document(body, datetime(2026, 5, 17, tzinfo=UTC)))

    assert [(one.id, one.phase) for one in told.incidents] == [
        ("aaa111", Phase.RESOLVED),
        ("bbb222", Phase.INVESTIGATING),
        ("ccc333", Phase.RESOLVED),
        ("ddd444", Phase.RESOLVED),
        ("eee555", None),
    ]
