"""Telling, wired from a configuration."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

from statuswire import config
from statuswire.config import layers
from statuswire.engine.planner import NAME
from statuswire.model import EventType, Message, Wording
from statuswire.store import open_store, queries
from statuswire.telling import begin, words_of
from tests.channels.events import feed_event, incident_event

TEXT = """
channels: {ops: {kind: console}, own: {kind: console}}
templates:
  short: {title: "{{ page.name }}: {{ incident.title }}", body: "{{ update.text }}"}
routes: [{channel: ops, name: short, template: short}, {channel: own}]
"""


def test_a_template_words_the_messages_of_its_routes_alone() -> None:
    words = words_of(config.validate(layers.parse(TEXT, "f.yaml"), {}))
    told = Message("msg_1", events=(incident_event(),))

    assert words("short", told) == Wording("Acme Relay: Slow API", "A bad deploy.")
    assert words("own", told) is None


def test_where_a_template_fails_the_usual_words_stand() -> None:
    words = words_of(config.validate(layers.parse(TEXT, "f.yaml"), {}))

    assert words("short", Message("msg_1", events=(feed_event(EventType.FEED_FAILING),))) is None


NOW = datetime(2026, 5, 4, tzinfo=UTC)


async def _begin_without_telling(*, has_channels: bool, others: int = 0) -> int | None:
    store = open_store("sqlite://")
    store.write(lambda tx: queries.set_follower(tx, NAME, 7))
    for number in range(others):
        about = queries.About(f"other {number}", "0.1.0", "0006", ("deliver",))
        store.write(partial(queries.beat_replica, about=about, now=NOW, until=NOW + timedelta(seconds=15)))
    await begin(None, store, NOW, has_channels=has_channels)
    place = store.read(lambda tx: queries.follower(tx, NAME))
    store.close()
    return place


def test_without_channels_the_place_is_forgotten_so_that_new_ones_begin_with_what_is_new() -> None:
    assert asyncio.run(_begin_without_telling(has_channels=False)) is None


def test_a_process_that_tells_nothing_leaves_the_place_of_those_that_do() -> None:
    assert asyncio.run(_begin_without_telling(has_channels=True)) == 7


def test_a_process_without_channels_leaves_the_place_while_others_live() -> None:
    assert asyncio.run(_begin_without_telling(has_channels=False, others=1)) == 7
