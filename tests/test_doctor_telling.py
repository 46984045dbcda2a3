"""What the doctor says of channels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from statuswire import config
from statuswire.config import Config, layers
from statuswire.doctor.finding import Finding, Grade
from statuswire.doctor.telling import telling_findings
from statuswire.model import Delivery, MessageKind
from statuswire.store import Store, Tx, open_store, queries

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(hours=2)


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(open_store("sqlite://")) as opened:
        yield opened


def configured() -> Config:
    return config.validate(layers.parse("channels: {ops: {kind: console}}", "f.yaml"), {})


def put(tx: Tx, channel: str = "ops") -> None:
    queries.add_delivery(tx, Delivery(0, channel, "0", f"msg_{channel}", MessageKind.EVENT, (1,)), "console", BEFORE)


def findings(store: Store) -> list[Finding]:
    return store.read(lambda tx: list(telling_findings(tx, configured(), NOW)))


def test_a_channel_that_was_never_used_is_well(store: Store) -> None:
    (found,) = findings(store)

    assert (found.subject, found.grade, found.sentence) == ("channel ops", Grade.OK, "console, nothing was sent yet")


def test_a_channel_that_fails_says_since_when_why_and_what_waits(store: Store) -> None:
    store.write(put)
    store.write(lambda tx: queries.note_failure(tx, "ops", 3, NOW, "HTTP 500", BEFORE))

    (found,) = findings(store)

    assert found.grade is Grade.ACT
    assert found.sentence == "fails since 2 hours ago, 3 times in a row: HTTP 500; 1 waiting"


def test_a_disabled_channel_says_how_to_go_on(store: Store) -> None:
    store.write(put)
    store.write(lambda tx: queries.disable_channel(tx, "ops", "HTTP 410", BEFORE))

    (found,) = findings(store)

    assert (found.grade, found.sentence) == (Grade.ACT, "disabled 2 hours ago: HTTP 410; 1 waiting")
    assert "statuswire deliveries enable ops" in found.advice
    assert found.facts["disabled_at"] == "2026-05-04T08:00:00Z"


def test_what_waits_for_a_channel_that_is_gone_is_worth_a_note(store: Store) -> None:
    store.write(lambda tx: put(tx, "old"))

    _, found = findings(store)

    assert (found.subject, found.grade) == ("channel old", Grade.NOTE)
    assert found.sentence == "is not configured, and 1 delivery waits for it"
