"""Pages and routes that are kept in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from statuswire.model import Own
from statuswire.store import Store, queries

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
PAGE = {"slug": "acme", "url": "https://status.acme.example", "tags": ["critical-path"]}


def test_a_page_is_kept_as_it_was_said(store: Store) -> None:
    store.write(lambda tx: queries.put_own_page(tx, "acme", PAGE, "ann", NOW))

    assert store.read(queries.own_pages) == [Own("acme", PAGE, "ann", NOW, NOW)]


def test_what_is_said_later_of_a_page_replaces_what_was_said_before(store: Store) -> None:
    store.write(lambda tx: queries.put_own_page(tx, "acme", PAGE, "ann", NOW))
    store.write(lambda tx: queries.put_own_page(tx, "brook", {"slug": "brook"}, "ann", LATER))
    store.write(lambda tx: queries.put_own_page(tx, "acme", {"slug": "acme"}, "bob", LATER))

    acme, brook = store.read(queries.own_pages)
    assert acme == Own("acme", {"slug": "acme"}, "bob", NOW, LATER)
    assert brook.name == "brook"


def test_a_page_is_dropped_once(store: Store) -> None:
    store.write(lambda tx: queries.put_own_page(tx, "acme", PAGE, "ann", NOW))

    assert store.write(lambda tx: queries.drop_own_page(tx, "acme"))
    assert not store.write(lambda tx: queries.drop_own_page(tx, "acme"))
    assert store.read(queries.own_pages) == []


def test_routes_come_in_the_order_of_their_positions(store: Store) -> None:
    for name, position in (("last", 2), ("first", 0), ("middle", 1)):
        store.write(lambda tx, n=name, p=position: queries.put_own_route(tx, n, {"channel": "ops"}, p, "", NOW))

    assert [one.name for one in store.read(queries.own_routes)] == ["first", "middle", "last"]
    assert store.write(lambda tx: queries.drop_own_route(tx, "middle"))
    assert [one.position for one in store.read(queries.own_routes)] == [0, 2]


def test_every_change_counts_the_version_up_and_nothing_else_does(store: Store) -> None:
    seen = [store.read(queries.own_version)]
    works = [
        lambda tx: queries.put_own_page(tx, "acme", PAGE, "", NOW),
        lambda tx: queries.put_own_route(tx, "ops", {}, 0, "", NOW),
        lambda tx: queries.drop_own_route(tx, "ops"),
        lambda tx: queries.drop_own_route(tx, "ops"),
        lambda tx: queries.drop_own_page(tx, "acme"),
        lambda tx: queries.drop_own_page(tx, "acme"),
    ]
    for work in works:
        store.write(work)
        seen.append(store.read(queries.own_version))

    assert seen == [0, 1, 2, 3, 3, 4, 4]
