"""What would have been told of a page that is not watched yet, by what it shows of its past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from statuswire.backtest.counting import Report
from statuswire.backtest.foretelling import USUAL, as_at, courses, over_page
from statuswire.catalog import Target
from statuswire.core.calendar import CalendarRule
from statuswire.engine.planner import KnownChannel, Rules
from statuswire.errors import ConfigError
from statuswire.model import (
    AffectedComponent,
    Component,
    Filter,
    Impact,
    Incident,
    IncidentUpdate,
    Phase,
    Route,
    Snapshot,
    Status,
)
from statuswire.verdict import Verdict

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
SINCE = NOW - timedelta(days=90)
API = AffectedComponent("c1", "API", "Europe", Status.PARTIAL_OUTAGE)
WEB = AffectedComponent("c2", "Web", None, Status.DEGRADED)
COURSE = (Phase.INVESTIGATING, Phase.IDENTIFIED, Phase.RESOLVED)


def incident(id_: str, days: float, part: AffectedComponent = API, impact: Impact = Impact.MAJOR) -> Incident:
    begun = NOW - timedelta(days=days)
    updates = tuple(
        IncidentUpdate(f"{id_}u{step}", phase, f"word {step}", begun + timedelta(minutes=20 * step))
        for step, phase in enumerate(COURSE)
    )
    end = updates[-1].at
    return Incident(
        id_, f"Trouble {id_}", phase=Phase.RESOLVED, impact=impact, created_at=begun, started_at=begun,
        resolved_at=end, updated_at=end, components=(part,), updates=updates, backfilled=True,
    )  # fmt: skip


def verdict(*some: Incident) -> Verdict:
    parts = tuple(
        Component(one.id, one.name, one.group, Status.OPERATIONAL, position=place)
        for place, one in enumerate((API, WEB))
    )
    target = Target(slug="acme", name="Acme", url="https://status.acme.example")
    return Verdict(target, NOW, "statuspage", snapshots=(Snapshot("statuspage", components=parts, incidents=some),))


def told(one: Verdict, patterns: tuple[str, ...] = (), rules: Rules = USUAL) -> Report:
    return over_page(one, patterns, rules=rules, reminding=CalendarRule(), impact=Impact.MAJOR, since=SINCE, until=NOW)


def test_every_update_of_the_past_is_told_as_it_would_have_been() -> None:
    report = told(verdict(incident("i1", 10), incident("i2", 3, WEB, Impact.MINOR)))

    assert (report.messages, report.incidents, report.reached) == (6, 2, 1)
    assert report.routes[0].told == ("acme/incident/i1", "acme/incident/i2")


def test_only_ticked_components_count() -> None:
    both = verdict(incident("i1", 10), incident("i2", 3, WEB, Impact.MINOR))

    assert told(both, ("Europe/API",)).messages == 3
    assert told(both, ("Europe / *", "Web")).messages == 6


def test_the_rules_in_force_decide() -> None:
    route = Route(
        "pager", ("pager",), Filter(impacts=frozenset({Impact.MAJOR, Impact.CRITICAL}), types=("incident.*",))
    )
    rules = Rules((route,), {"pager": KnownChannel("slack")})

    assert told(verdict(incident("i1", 10), incident("i2", 3, WEB, Impact.MINOR)), rules=rules).messages == 3


@pytest.mark.parametrize("days", [91.0, 90.001])
def test_what_began_before_is_not_told(days: float) -> None:
    with pytest.raises(ConfigError, match="nothing is stored"):
        told(verdict(incident("i1", days)))


def test_a_page_without_a_past_says_so() -> None:
    with pytest.raises(ConfigError, match="nothing is stored"):
        told(verdict())


def test_an_incident_is_shown_as_it_stood() -> None:
    whole = incident("i1", 10)
    first = as_at(whole, whole.updates[0].at or NOW)

    assert [update.id for update in first.updates] == ["i1u0"]
    assert (first.phase, first.resolved_at) == (Phase.INVESTIGATING, None)
    assert as_at(whole, NOW).resolved_at == whole.resolved_at


def test_moments_come_in_order_with_what_was_said_then() -> None:
    found = list(courses([incident("i1", 10), incident("i2", 12)], SINCE, NOW))

    assert [at for at, _ in found] == sorted(at for at, _ in found)
    assert [one.id for _, some in found for one in some] == ["i2"] * 3 + ["i1"] * 3


def test_without_updates_the_beginning_and_the_end_are_told() -> None:
    bare = incident("i1", 10)
    bare = Incident("i1", "Trouble", impact=Impact.MAJOR, created_at=bare.created_at, resolved_at=bare.resolved_at)

    assert [some[0].phase for _, some in courses([bare], SINCE, NOW)] == [Phase.INVESTIGATING, None]
