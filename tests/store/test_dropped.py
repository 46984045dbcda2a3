"""Pages that are watched no more: what they leave, and what of them can still be found."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from statuswire.model import FeedSpec, Kind, Page, Phase
from statuswire.store import Store, queries
from tests.store.samples import NOON, component, event, incident, minutes, page
from tests.store.test_listing import fill, ids

DROPPED_AT = minutes(10)


@pytest.fixture
def gone(store: Store) -> Page:
    """Two pages alike, with all that pages have; one of them is dropped."""
    for slug in ("kept", "gone"):
        planned = incident("m1", Phase.SCHEDULED, kind=Kind.MAINTENANCE)
        id_ = fill(store, slug, incident("i1"), planned, components=(component("k1"),))
        store.write(lambda tx, id_=id_, slug=slug: queries.upsert_feed(tx, id_, FeedSpec(f"https://{slug}.example/f")))
        store.write(lambda tx, id_=id_, slug=slug: queries.append_events(tx, id_, [event(slug)]))
    found = store.read(lambda tx: queries.page_by_slug(tx, "gone"))
    assert found is not None
    store.write(lambda tx: queries.drop_pages(tx, [found.id], DROPPED_AT))
    return replace(found, dropped_at=DROPPED_AT)


def slugs(store: Store, at: datetime | None = None) -> list[str]:
    return [one.slug for one in store.read(lambda tx: queries.pages(tx, at))]


def test_a_page_that_was_dropped_is_in_no_list_of_what_is_watched(store: Store, gone: Page) -> None:
    assert slugs(store) == ["kept"]
    assert [one.slug for one in store.read(lambda tx: queries.pages_after(tx, 0, 9))] == ["kept"]
    assert [one.page.slug for one in store.read(queries.page_states)] == ["kept"]
    assert [ref.slug for ref, _ in store.read(queries.open_incidents)] == ["kept", "kept"]
    assert [ref.slug for _, ref, _ in store.read(queries.open_maintenances)] == ["kept"]
    assert len(store.read(lambda tx: queries.feeds_after(tx, 0, 9, pages=None, states=()))) == 1
    assert len(store.read(lambda tx: queries.components_after(tx, (0, ""), 9, pages=None, levels=()))) == 1
    counts = store.read(queries.stats)
    assert (counts["pages"], counts["feeds"], counts["open_incidents"]) == (1, 1, 2)


def test_what_is_known_of_it_can_be_read(store: Store, gone: Page) -> None:
    assert store.read(lambda tx: queries.page_by_slug(tx, "gone")) == gone
    assert store.read(lambda tx: queries.page_by_id(tx, gone.id)) == gone
    assert store.read(queries.all_pages)[1] == gone
    assert store.read(lambda tx: queries.pages_after(tx, 0, 9, are_dropped=True)) == [gone]
    assert len(store.read(lambda tx: queries.open_of(tx, gone.id))) == 2
    assert len(store.read(lambda tx: queries.open_incidents(tx, [gone.id]))) == 2
    assert len(store.read(lambda tx: queries.events_after(tx, 0))) == 2


def test_its_incidents_are_in_the_history_and_not_among_those_that_are_open(store: Store, gone: Page) -> None:
    assert len(ids(store, page="gone")) == 2
    assert ids(store, page="gone", is_open=True) == ids(store, page="gone", is_watched=True) == []
    assert len(ids(store, is_open=True)) == 2


def test_it_was_watched_until_then(store: Store, gone: Page) -> None:
    assert slugs(store, minutes(9)) == ["kept", "gone"]
    assert slugs(store, DROPPED_AT) == ["kept"]


def test_it_is_dropped_once_and_taken_up_by_whoever_names_it(store: Store, gone: Page) -> None:
    store.write(lambda tx: queries.drop_pages(tx, [gone.id], minutes(99)))
    assert store.read(lambda tx: queries.page_by_slug(tx, "gone")) == gone

    assert store.write(lambda tx: page(tx, "gone")) == replace(gone, dropped_at=None)
    assert slugs(store) == ["kept", "gone"]


def test_pages_are_taken_up_by_slug(store: Store, gone: Page) -> None:
    assert store.read(queries.dropped_slugs) == ["gone"]

    store.write(lambda tx: queries.take_up_pages(tx, ["gone", "kept", "nobody"]))
    store.write(lambda tx: queries.take_up_pages(tx, []))

    assert store.read(queries.dropped_slugs) == []


def test_learning_of_a_page_does_not_take_it_up(store: Store, gone: Page) -> None:
    store.write(lambda tx: queries.update_page(tx, replace(gone, provider_id="p1", dropped_at=None)))
    store.write(lambda tx: queries.add_pages(tx, [replace(gone, dropped_at=None)]))

    assert slugs(store) == ["kept"]


def test_of_two_pages_of_one_provider_the_one_that_is_watched_is_meant(store: Store, gone: Page) -> None:
    store.write(lambda tx: queries.update_page(tx, replace(gone, provider_id="p1")))
    again = store.write(lambda tx: page(tx, "again"))
    again = replace(again, provider_id="p1", name=gone.name)
    store.write(lambda tx: queries.update_page(tx, again))

    assert store.read(lambda tx: queries.page_by_provider(tx, "statuspage", "p1")) == again
    assert store.read(lambda tx: queries.page_by_name(tx, gone.name)) == again


def test_pages_that_the_database_does_not_name_are_left(store: Store) -> None:
    """As far as an operator named them once; with a time, only those that were polled and not since."""
    for slug, origin in (("file", "config"), ("kept", "own"), ("told", "hook"), ("own", "own"), ("new", "config")):
        store.write(
            lambda tx, slug=slug, origin=origin: queries.upsert_page(
                tx, slug=slug, name=slug, url="https://x.example", platform="statuspage", origin=origin
            )
        )
    store.write(lambda tx: queries.put_own_page(tx, "kept", {}, "ann", NOON))
    file = store.read(lambda tx: queries.page_by_slug(tx, "file"))
    assert file is not None
    feed = store.write(lambda tx: queries.upsert_feed(tx, file.id, FeedSpec("https://x.example/f")))
    store.write(lambda tx: queries.save_feed(tx, replace(feed, due_at=minutes(5))))

    def left(since: datetime | None) -> list[str]:
        return [slug for _, slug in store.read(lambda tx: queries.left_pages(tx, since))]

    assert left(None) == ["file", "own", "new"]
    assert left(minutes(6)) == ["file", "own"]
    assert left(minutes(4)) == ["own"]
