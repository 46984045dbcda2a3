"""What adapters derive: the order of updates, the worst of several levels, whether a list is whole."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from statuswire.model import Impact, IncidentUpdate, Problem, Status
from statuswire.platforms.derived import is_whole, oldest_first, worst_impact


def update(name: str, minute: int | None) -> IncidentUpdate:
    at = None if minute is None else datetime(2026, 5, 4, 10, minute, tzinfo=UTC)
    return IncidentUpdate(name, None, "", at)


@pytest.mark.parametrize(
    ("listed", "ordered"),
    [
        ([("b", 2), ("a", 1)], "ab"),
        ([("a", 1), ("b", 1), ("c", 1)], "abc"),
        ([("c", 3), ("x", None), ("a", 1)], "acx"),
        ([("x", None), ("a", 1)], "xa"),
        ([], ""),
    ],
)
def test_updates_are_ordered_by_time_and_keep_their_neighbours(
    listed: list[tuple[str, int | None]], ordered: str
) -> None:
    assert "".join(one.id for one in oldest_first(update(*one) for one in listed)) == ordered


@pytest.mark.parametrize(
    ("levels", "impact"),
    [
        ([], Impact.UNKNOWN),
        ([Status.OPERATIONAL], Impact.UNKNOWN),
        ([Status.UNKNOWN], Impact.UNKNOWN),
        ([Status.DEGRADED, Status.MAJOR_OUTAGE, Status.OPERATIONAL], Impact.CRITICAL),
        ([Status.MAINTENANCE, Status.OPERATIONAL], Impact.MAINTENANCE),
    ],
)
def test_the_worst_level_gives_the_impact(levels: list[Status], impact: Impact) -> None:
    assert worst_impact(levels) is impact


@pytest.mark.parametrize(
    ("where", "whole"),
    [("incidents", False), ("incidents[3]", False), ("incidents[3].status", True), ("incidents_of_old[1]", True)],
)
def test_a_list_is_whole_unless_it_or_an_item_of_it_was_skipped(where: str, whole: bool) -> None:
    assert is_whole([], "incidents", [Problem(where, "x")]) is whole


def test_what_is_no_list_is_not_whole() -> None:
    assert not is_whole(None, "incidents", [])
