"""Pages and feeds: made once, brought up to date, found by every identity."""

from __future__ import annotations

from dataclasses import replace

from statuswire.model import FeedHealth, FeedSpec, FeedState, Page, Role, Status
from statuswire.store import Store, Tx, queries
from tests.store.samples import NOON, acme, minutes, moment, page

SPEC = FeedSpec("https://status.acme-relay.example/api/v2/summary.json")


def test_a_page_keeps_its_id_and_what_was_learnt_when_it_is_upserted_again(store: Store) -> None:
    first = store.write(acme)
    store.write(lambda tx: queries.update_page(tx, replace(first, provider_id="p1", time_zone="Europe/Oslo")))

    again = store.write(
        lambda tx: queries.upsert_page(
            tx, slug="acme", name="Acme", url="https://new.example", platform="", origin="catalog", allow_private=True
        )
    )

    assert again == Page(
        first.id, "acme", "Acme", "https://new.example", "statuspage", "catalog", "p1", "Europe/Oslo", None, True
    )


def test_a_page_is_found_by_slug_id_provider_and_name(store: Store) -> None:
    made = store.write(acme)
    known = replace(made, provider_id="p1")
    store.write(lambda tx: queries.update_page(tx, known))

    def find(tx: Tx) -> list[Page | None]:
        return [
            queries.page_by_slug(tx, "acme"),
            queries.page_by_id(tx, made.id),
            queries.page_by_provider(tx, "statuspage", "p1"),
            queries.page_by_name(tx, " acme  RELAY "),
        ]

    assert store.read(find) == [known] * 4


def test_what_no_page_has_is_not_found(store: Store) -> None:
    store.write(acme)

    def find(tx: Tx) -> list[Page | None]:
        return [
            queries.page_by_slug(tx, "other"),
            queries.page_by_id(tx, 99),
            queries.page_by_provider(tx, "statuspage", "p1"),
            queries.page_by_provider(tx, "other", ""),
            queries.page_by_name(tx, "acme"),
        ]

    assert store.read(find) == [None] * 5


def test_pages_come_in_the_order_in_which_they_were_made(store: Store) -> None:
    for slug in ("zulu", "alfa", "mike"):
        store.write(lambda tx, slug=slug: page(tx, slug))

    assert [one.slug for one in store.read(queries.pages)] == ["zulu", "alfa", "mike"]


def test_updating_a_page_leaves_its_status_to_the_state(store: Store) -> None:
    made = store.write(acme)

    store.write(lambda tx: queries.update_page(tx, replace(made, status=Status.MAJOR_OUTAGE)))

    assert store.read(lambda tx: queries.page_by_id(tx, made.id)) == made


def test_a_new_feed_is_empty(store: Store) -> None:
    made = store.write(acme)

    feed = store.write(lambda tx: queries.upsert_feed(tx, made.id, SPEC))

    assert (feed.page_id, feed.spec, feed.health, feed.etag, feed.wire_digest) == (made.id, SPEC, FeedHealth(), "", b"")


def test_a_saved_feed_comes_back_whole_and_survives_an_upsert_of_its_spec(store: Store) -> None:
    made = store.write(acme)
    feed = store.write(lambda tx: queries.upsert_feed(tx, made.id, SPEC))
    saved = replace(
        feed,
        etag='W/"abc"',
        last_modified="Mon, 04 May 2026 10:00:00 GMT",
        wire_digest=bytes(range(32)),
        health=FeedHealth(FeedState.FAILING, 4, minutes(-9), minutes(-10), "dns: no address"),
        due_at=minutes(3),
        polls=7,
        not_modified=5,
        read_at=NOON,
        moment=moment(),
    )
    store.write(lambda tx: queries.save_feed(tx, saved))

    spec = replace(SPEC, role=Role.ENTRIES, tier=1, accept="application/rss+xml")
    again = store.write(lambda tx: queries.upsert_feed(tx, made.id, spec))

    assert again == replace(saved, spec=spec)
    assert store.read(queries.feeds) == [again]


def test_feeds_of_one_page_are_not_those_of_another(store: Store) -> None:
    one, two = store.write(lambda tx: (page(tx, "one"), page(tx, "two")))
    first = store.write(lambda tx: queries.upsert_feed(tx, one.id, SPEC))
    second = store.write(lambda tx: queries.upsert_feed(tx, two.id, SPEC))

    assert store.read(lambda tx: queries.feeds(tx, one.id)) == [first]
    assert store.read(queries.feeds) == [first, second]


def test_a_feed_saved_from_an_older_copy_does_not_move_its_moment_back(store: Store) -> None:
    made = store.write(acme)
    feed = store.write(lambda tx: queries.upsert_feed(tx, made.id, SPEC))
    newer = replace(feed, read_at=minutes(10), moment=moment(10))
    store.write(lambda tx: queries.save_feed(tx, newer))

    store.write(lambda tx: queries.save_feed(tx, replace(feed, read_at=minutes(5), moment=moment(5), etag="e")))
    store.write(lambda tx: queries.save_feed(tx, replace(feed, etag="f")))

    assert store.read(queries.feeds) == [replace(newer, etag="f")]


def test_schedules_are_saved_in_one_batch_and_keep_a_last_good_read(store: Store) -> None:
    made = store.write(acme)
    one, two = (
        store.write(lambda tx, url=url: queries.upsert_feed(tx, made.id, FeedSpec(url)))
        for url in ("https://a.example", "https://b.example")
    )

    store.write(lambda tx: queries.save_schedules(tx, [(one.id, NOON, 3, 2, minutes(-1)), (two.id, NOON, 1, 0, None)]))
    store.write(lambda tx: queries.save_schedules(tx, [(one.id, minutes(1), 4, 3, None)]))

    assert store.read(queries.feeds) == [
        replace(one, due_at=minutes(1), polls=4, not_modified=3, health=FeedHealth(last_ok_at=minutes(-1))),
        replace(two, due_at=NOON, polls=1),
    ]


def test_of_no_pages_there_is_nothing(store: Store) -> None:
    store.write(acme)

    assert store.read(lambda tx: queries.pages_by_ids(tx, ())) == {}
    assert store.read(lambda tx: queries.page_states(tx, [])) == []
    assert store.read(lambda tx: queries.open_incidents(tx, ())) == []
    assert store.read(lambda tx: queries.feeds_after(tx, 0, 9, pages=(), states=())) == []
