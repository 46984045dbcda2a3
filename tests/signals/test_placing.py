"""Which page and component a word is about."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from statuswire.model import SignalState
from statuswire.signals import Place, Plan, Reading, Rule, place

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
PLAN = Plan(
    (
        Rule({"job": "checkout", "env": "prod*"}, "acme", "API"),
        Rule({"job": "checkout"}, "brook"),
        Rule({"team": "shop"}, "acme"),
    )
)


def reading(page: str = "", component: str = "", **labels: str) -> Reading:
    return Reading("k", SignalState.FIRING, NOW, "Checkout fails", "", labels, page, component)


@pytest.mark.parametrize(
    ("one", "address", "expected"),
    [
        (reading(job="checkout", env="Production"), "", Place("acme", "API")),
        (reading(job="checkout", env="test"), "", Place("brook")),
        (reading(team="shop", status_component="Web"), "", Place("acme", "Web")),
        (reading(status_page="acme", status_component="Web"), "", Place("acme", "Web")),
        (reading(job="other"), "", None),
        (reading(page="calm"), "", Place("calm")),
        (reading(page="calm", component="API", job="checkout"), "", Place("calm", "API")),
        (reading(job="other"), "acme", Place("acme")),
        (reading(job="checkout", env="prod"), "acme", Place("acme", "API")),
        (reading(job="checkout", env="prod"), "brook", Place("brook")),
        (reading(status_component="Web"), "acme", Place("acme", "Web")),
        (reading(status_page="brook"), "acme", Place("acme")),
        (reading(page="acme"), "acme", Place("acme")),
        (reading(page="brook"), "acme", None),
    ],
)
def test_the_first_rule_that_fits_counts_then_the_labels(one: Reading, address: str, expected: Place | None) -> None:
    assert place(one, PLAN, address) == expected
