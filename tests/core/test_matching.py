"""Updates that look alike are matched in the order in which they stand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from statuswire.core.matching import settle_times
from statuswire.core.updates import MergedUpdates, merge_updates
from statuswire.model import IncidentUpdate, KnownUpdate, Moment, Phase, Source

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ALIKE = "We go on looking at it. " * 20


def merged(
    known: tuple[KnownUpdate, ...], updates: tuple[IncidentUpdate, ...], source: Source = Source.POLL
) -> MergedUpdates:
    moment = Moment(NOW, NOW)
    incoming = settle_times(updates, None, NOW)
    return merge_updates(known, incoming, moment=moment, known_moment=moment, source=source, now=NOW)


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


@pytest.mark.parametrize(
    ("source", "last"),
    [
        pytest.param(Source.HOOK, "It is over.", id="a hook that is late, and means just that second"),
        pytest.param(Source.POLL, "We look.", id="a feed, which may mean any second of the minute"),
    ],
)
def test_an_update_of_a_whole_minute_is_the_last_of_it_only_in_a_feed(source: Source, last: str) -> None:
    end = IncidentUpdate("", Phase.RESOLVED, "It is over.", NOW.replace(second=40))
    first = merged((), (end,), Source.HOOK)

    after = merged(first.all, (IncidentUpdate("", Phase.INVESTIGATING, "We look.", NOW),), source)

    assert after.all[-1].text == last
