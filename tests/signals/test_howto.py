"""The samples of the how-to are bodies that are read as it says."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from statuswire.core.blame import Blame, Ground
from statuswire.model import SignalSource, SignalState
from statuswire.signals import sender_of

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "how-to" / "us-or-them.md").read_text(encoding="utf-8")
SAMPLES = [json.loads(one) for one in re.findall(r"^ *```json\n(.*?)^ *```$", TEXT, re.MULTILINE | re.DOTALL)]
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)

EXPECTED = [
    (SignalSource.ALERTMANAGER, "One in ten checkouts fails", (10, 3)),
    (SignalSource.GRAFANA, "p95 over two seconds", (10, 4)),
    (SignalSource.SENTRY, "Too many errors", (10, 5)),
    (SignalSource.SENTRY, "TimeoutError: payment gateway", (10, 3)),
    (SignalSource.DATADOG, "Checkout is slow", (10, 4)),
    (SignalSource.JSON, "Checkout fails", (12, 0)),
]


def filled(sample: dict[str, Any]) -> dict[str, Any]:
    """As Datadog fills its variables in."""
    values = {
        "$EVENT_TITLE": "[Triggered] Checkout is slow",
        "$ALERT_TITLE": "Checkout is slow",
        "$ALERT_TRANSITION": "Triggered",
        "$ALERT_CYCLE_KEY": "9bd4ac313a4d1e8f",
        "$ALERT_ID": "1234",
        "$ALERT_SCOPE": "env:prod",
        "$DATE": "1777889040000",
        "$LINK": "https://app.datadoghq.example/event/event?id=1",
        "$TAGS": "monitor,team:shop",
    }
    return {name: values.get(str(value), value) for name, value in sample.items()}


TEMPLATE = next(one for one in SAMPLES if "$EVENT_TITLE" in one.values())
PLAIN = [one for one in SAMPLES if one is not TEMPLATE]


@pytest.mark.parametrize(("sample", "expected"), list(zip(PLAIN, EXPECTED, strict=True)))
def test_a_sample_is_read_as_the_page_says(
    sample: dict[str, Any], expected: tuple[SignalSource, str, tuple[int, int]]
) -> None:
    sender = sender_of({}, sample)
    (one,) = sender.read({}, sample, NOW)

    assert (sender.source, one.title, (one.at.hour, one.at.minute)) == expected
    assert one.state is SignalState.FIRING


def test_the_payload_for_datadog_has_what_makes_it_sure() -> None:
    sender = sender_of({}, filled(TEMPLATE))
    (one,) = sender.read({}, filled(TEMPLATE), NOW)

    assert (sender.source, one.key, one.title) == (SignalSource.DATADOG, "9bd4ac313a4d1e8f", "Checkout is slow")
    assert one.labels == {"team": "shop", "env": "prod", "alert_id": "1234", "alert_title": "Checkout is slow"}
    assert not [value for value in filled(TEMPLATE).values() if str(value).startswith("$")]


def test_every_verdict_and_every_ground_is_explained() -> None:
    reference = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")

    assert re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE) == [one.value for one in Blame]
    assert set(re.findall(r"^\| `(\w+)` \|", reference, re.MULTILINE)) >= {one.value for one in Ground}
