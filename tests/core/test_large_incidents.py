"""An incident of as many updates as are ever recorded is merged in bounded time, whatever they say."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from statuswire.core.matching import settle_times
from statuswire.core.updates import merge_updates
from statuswire.engine.ingest import MOST_UPDATES
from statuswire.model import IncidentUpdate, KnownUpdate, Moment, Phase, Source

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
COUNT = MOST_UPDATES
MAX_SECONDS = 2.0
"""CPU time."""


def update(number: int, text: str, at: datetime | None, id: str = "") -> IncidentUpdate:
    return IncidentUpdate(id, Phase.INVESTIGATING, text.format(number), at)


def merged(known: tuple[KnownUpdate, ...], updates: Sequence[IncidentUpdate]) -> tuple[KnownUpdate, ...]:
    incoming = settle_times(updates, NOW, NOW)
    moment = Moment(NOW, NOW)
    return merge_updates(known, incoming, moment=moment, known_moment=moment, source=Source.POLL, now=NOW).all


SHAPES = {
    "of different words without a time": [update(n, "b{}", None) for n in range(COUNT)],
    "of the same words without a time": [update(n, "b", None) for n in range(COUNT)],
    "of different words in one minute": [update(n, "b{}", NOW) for n in range(COUNT)],
    "of the same words in one minute": [update(n, "b", NOW) for n in range(COUNT)],
    "of a minute each": [update(n, "b", NOW - timedelta(minutes=n)) for n in range(COUNT, 0, -1)],
    "with ids": [update(n, "b", NOW, f"u{n}") for n in range(COUNT)],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_many_updates_read_again_and_all_reworded_are_merged_in_bounded_time(shape: str) -> None:
    started_s = time.process_time()

    known = merged((), SHAPES[shape])
    again = merged(known, SHAPES[shape])
    merged(known, [update(n, "c{}", one.at, one.id) for n, one in enumerate(SHAPES[shape])])

    assert again == known
    assert time.process_time() - started_s < MAX_SECONDS
