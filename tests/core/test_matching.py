"""Updates that look alike are matched in the order in which they stand."""

from __future__ import annotations

from datetime import UTC, datetime

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


@pytest.mark.parametrize(
    ("shown_at", "is_same"),
    [
        pytest.param(NOW, True, id="to the minute"),
        pytest.param(NOW.replace(second=38), True, id="a moment before"),
        pytest.param(NOW.replace(second=7), False, id="to the second"),
    ],
)
def test_other_words_of_one_minute_are_another_update_where_the_feed_shows_seconds(
    shown_at: datetime, is_same: bool
) -> None:
    first = merged((), (IncidentUpdate("", Phase.INVESTIGATING, "We look.", shown_at),))

    told = IncidentUpdate("u2", Phase.INVESTIGATING, "Something is slow.", NOW.replace(second=40))

    assert bool(merged(first.all, (told,)).edited) is is_same
