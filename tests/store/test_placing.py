"""Which shard a page belongs to, and what is known of pages that somebody else polls."""

from __future__ import annotations

from datetime import UTC, datetime

from statuswire.model import FeedSpec, Page
from statuswire.store import Store, queries
from statuswire.store.queries import Placed

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


def page(store: Store, slug: str, shard: int | None = None) -> Page:
    made = store.write(
        lambda tx: queries.upsert_page(tx, slug=slug, name=slug, url=f"https://{slug}.example", platform="", origin="")
    )
    if shard is not None:
        store.write(lambda tx: queries.place_pages(tx, {made.id: shard}))
    return made


def shards_of(store: Store) -> dict[str, int]:
    return {one.slug: one.shard for one in store.read(lambda tx: queries.placed_pages(tx, range(256)))}


def test_pages_are_found_by_their_shards(store: Store) -> None:
    one, other = page(store, "one", 3), page(store, "other", 200)
    page(store, "nowhere")

    assert store.read(lambda tx: queries.placed_pages(tx, (3, 4))) == [Placed(one.id, "one", 3)]
    assert [row.id for row in store.read(lambda tx: queries.placed_pages(tx, range(256)))] == [one.id, other.id]
    assert store.read(lambda tx: queries.placed_pages(tx, ())) == []


def test_only_a_page_that_had_a_shard_and_gets_another_one_is_a_move(store: Store) -> None:
    one = page(store, "one", 3)
    new = page(store, "new")

    moved = [
        store.write(lambda tx, to=to: queries.place_pages(tx, to)) for to in ({one.id: 3}, {new.id: 4}, {one.id: 4})
    ]

    assert moved == [False, False, True]
    assert shards_of(store) == {"one": 4, "new": 4}


def test_moves_are_counted_for_the_other_processes(store: Store) -> None:
    before = store.read(queries.page_moves)
    for _ in range(2):
        store.write(queries.count_page_move)

    assert (before, store.read(queries.page_moves)) == (0, 2)


def test_pages_are_loaded_with_their_feeds(store: Store) -> None:
    one, other = page(store, "one", 3), page(store, "other", 3)
    specs = [FeedSpec(f"https://one.example/{name}") for name in ("b", "a")]
    for spec in specs:
        store.write(lambda tx, spec=spec: queries.upsert_feed(tx, one.id, spec))

    found = store.read(lambda tx: queries.pages_to_poll(tx, (one.id, other.id, 999)))

    assert {
        id_: (page.slug, [feed.spec for feed in feeds], has_open) for id_, (page, feeds, has_open) in found.items()
    } == {
        one.id: ("one", specs, False),
        other.id: ("other", [], False),
    }
    assert store.read(lambda tx: queries.pages_to_poll(tx, ())) == {}


def test_a_wish_is_found_by_whoever_has_the_shard_until_it_is_granted(store: Store) -> None:
    one, other = page(store, "one", 3), page(store, "other", 4)
    for wished in (one, one, other):
        store.write(lambda tx, wished=wished: queries.wish_poll(tx, wished.id, NOW))
    assert store.read(lambda tx: queries.poll_wishes(tx, (3,), 10)) == {one.id: False}

    store.write(lambda tx: queries.grant_wishes(tx, (one.id,)))

    assert store.read(lambda tx: queries.poll_wishes(tx, (3, 4), 10)) == {other.id: False}
    assert store.read(lambda tx: queries.poll_wishes(tx, (), 10)) == {}


def test_hosts_that_several_may_ask_are_known_once(store: Store) -> None:
    for name in ("api.example", "raw.example", "api.example"):
        store.write(lambda tx, name=name: queries.share_host(tx, name))

    assert store.read(queries.shared_hosts) == {"api.example", "raw.example"}


def test_slugs_of_new_pages_are_found(store: Store) -> None:
    one, other = page(store, "one"), page(store, "other")

    assert store.read(lambda tx: queries.slugs_after(tx, 0)) == [(one.id, "one"), (other.id, "other")]
    assert store.read(lambda tx: queries.slugs_after(tx, one.id)) == [(other.id, "other")]
