"""Updates that look alike are matched in the order in which they stand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from statuswire.core.matching import settle_times
from statuswire.core.updates import MergedUpdates, merge_updates
from statuswire.model import IncidentUpdate, KnownUpdate, Moment, Phase, Source

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ALIKE = "We go on looking at it. " * 20


def merged(known: tuple[KnownUpdate, ...], updates: tuple[IncidentUpdate, ...]) -> MergedUpdates:
    moment = Moment(NOW, NOW)
    incoming = settle_times(updates, None, NOW)
    return merge_updates(known, incoming, moment=moment, known_moment=moment, source=Source.POLL, now=NOW)


@pytest.mark.parametrize("at", [None, NOW])
def test_updates_that_differ_only_late_in_their_text_are_not_edits_of_each_other(at: datetime | None) -> None:
    updates = tuple(IncidentUpdate("", None, f"{ALIKE}{number}", at) for number in range(3))
    first = merged((), updates)

    again = merged(first.all, updates)

    assert len(first.added) == 3
    assert (again.added, again.edited, again.changed) == ((), (), {})


def test_two_updates_of_one_minute_that_show_their_seconds_are_two() -> None:
    listed = IncidentUpdate("", Phase.IDENTIFIED, "A bad deploy.", NOW - timedelta(seconds=50))
    pushed = IncidentUpdate("m2", Phase.IDENTIFIED, "We roll it back.", NOW - timedelta(seconds=10))
    first = merged((), (listed,))

    later = merged(first.all, (pushed,))

    assert [update.text for update in later.added] == ["We roll it back."]
    assert later.edited == ()
