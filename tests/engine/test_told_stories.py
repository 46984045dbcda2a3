"""Stories that the planner asks for and saves within one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from statuswire.engine.told_stories import Stories
from statuswire.model import Story
from statuswire.store import Store, Tx, open_store, queries

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
SINCE = NOW - timedelta(hours=6)


def one(key: str, title: str = "acme/slow", ago: float = 0, **more: object) -> Story:
    """A story of the route `ops` that began so many minutes ago."""
    return Story("ops", f"acme/{key}", f"acme/{key}", NOW - timedelta(minutes=ago), title_key=title, **more)  # type: ignore[arg-type]


@pytest.fixture
def store() -> Iterator[Store]:
    made = open_store("sqlite://")
    yield made
    made.close()


def within(store: Store, work: Callable[[Stories, Tx], object]) -> object:
    """Ask and save in one transaction that ends as the planner's does."""

    def whole(tx: Tx) -> object:
        told = Stories(tx, SINCE)
        found = work(told, tx)
        told.write()
        return found

    return store.write(whole)


def keys(store: Store, *names: str) -> list[str]:
    return [found.key for found in store.read(lambda tx: queries.stories_of(tx, "ops", [f"acme/{n}" for n in names]))]


def test_what_was_saved_is_found_before_it_is_written(store: Store) -> None:
    def work(told: Stories, tx: Tx) -> None:
        told.save(one("incident/1"))

        assert told.story("ops", "acme/incident/1") == one("incident/1")
        assert told.story("mail", "acme/incident/1") is None
        assert queries.stories_of(tx, "ops", ["acme/incident/1"]) == []

    within(store, work)

    assert keys(store, "incident/1") == ["acme/incident/1"]


def test_what_the_database_has_does_not_replace_what_was_saved(store: Store) -> None:
    store.write(lambda tx: queries.save_stories(tx, [one("incident/1", told=1)]))

    def work(told: Stories, tx: Tx) -> None:
        told.save(one("incident/1", told=2))

        assert told.namesake("ops", "acme/incident/2", "acme/slow") == one("incident/1", told=2)
        assert told.story("ops", "acme/incident/1") == one("incident/1", told=2)

    within(store, work)


def test_a_namesake_is_the_newest_other_story_of_that_title_that_began_lately(store: Store) -> None:
    kept = [one("incident/1", ago=90), one("incident/2", ago=30), one("incident/3", ago=400), one("incident/4", "x")]
    store.write(lambda tx: queries.save_stories(tx, kept))

    def work(told: Stories, tx: Tx) -> None:
        assert told.namesake("ops", "acme/incident/9", "acme/slow") == kept[1]
        assert told.namesake("ops", "acme/incident/2", "acme/slow") == kept[0]
        assert told.namesake("ops", "acme/incident/9", "") is None

        told.save(one("incident/2", "acme/renamed", ago=30))

        assert told.namesake("ops", "acme/incident/9", "acme/slow") == kept[0]
        assert told.namesake("ops", "acme/incident/9", "acme/renamed") == one("incident/2", "acme/renamed", ago=30)

    within(store, work)


def test_left_stories_are_open_ones_of_components_that_something_else_tells(store: Store) -> None:
    left, alone = one("component/1", left_to="acme/incident/1"), one("component/2")
    over = one("component/3", left_to="acme/incident/1", is_open=False)
    store.write(lambda tx: queries.save_stories(tx, [left, alone, over]))

    def work(told: Stories, tx: Tx) -> None:
        assert told.left("ops", "acme") == [left]
        assert told.left("ops", "acm") == []

        told.save(one("component/2", left_to="acme/incident/1"))
        told.save(one("component/1"))

        assert [found.key for found in told.left("ops", "acme")] == ["acme/component/2"]

    within(store, work)


def test_what_is_due_is_asked_of_all_that_was_saved(store: Store) -> None:
    store.write(lambda tx: queries.save_stories(tx, [one("incident/1", due_at=NOW - timedelta(minutes=2))]))

    def work(told: Stories, tx: Tx) -> None:
        told.save(one("incident/1", due_at=NOW + timedelta(minutes=5)))
        told.save(one("incident/2", due_at=NOW - timedelta(minutes=1)))

        assert [found.key for found in told.due(NOW, 10)] == ["acme/incident/2"]

    within(store, work)
