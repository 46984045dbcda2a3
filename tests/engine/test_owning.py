"""Orders about pages and routes beside the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from statuswire.config import Config, layers, validate
from statuswire.engine import orders
from statuswire.engine.obeyed import Obeyed
from statuswire.engine.orders import Order
from statuswire.engine.owning import LONGEST, DropPage, DropRoute, PutPage, PutRoute
from statuswire.model import AuditEntry, FeedSpec
from statuswire.store import Store, Tx, open_store, queries

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
URL = "https://status.acme.example"
FILE = """
pages: [openai]
channels: {ops: {kind: webhook, url: "https://ops.example.com/hook"}}
"""


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(open_store("sqlite://")) as opened:
        yield opened


def config() -> Config:
    return validate(layers.parse(FILE, "statuswire.yaml"), {})


def obeyed(store: Store, order: Order) -> Obeyed:
    """By way of the bytes that a command would send."""
    read = orders.order_of(orders.encode(order))
    assert read == order
    answer = store.write(lambda tx: orders.obey(tx, read, NOW, config()))
    assert orders.obeyed_of(orders.encode(answer)) == answer
    return answer


def changes(store: Store) -> list[AuditEntry]:
    return store.read(lambda tx: queries.audit_list(tx, limit=100))


# --- pages -------------------------------------------------------------------------------------------------------


def test_an_address_is_a_page_with_a_slug_of_its_own(store: Store) -> None:
    assert obeyed(store, PutPage({"url": URL}, author="ann")) == Obeyed(
        True, "acme-example is watched", name="acme-example"
    )

    (own,) = store.read(queries.own_pages)
    assert (own.name, own.body, own.author) == ("acme-example", {"url": URL, "slug": "acme-example"}, "ann")


def test_a_page_can_be_shown_as_soon_as_it_is_ordered(store: Store) -> None:
    obeyed(store, PutPage({"url": URL}))

    page = store.read(lambda tx: queries.page_by_slug(tx, "acme-example"))
    assert page is not None
    assert (page.url, page.origin, page.allow_private) == (URL, "own", False)


def test_a_page_is_changed_under_its_slug(store: Store) -> None:
    obeyed(store, PutPage({"url": URL}, slug="acme"))

    assert obeyed(store, PutPage({"url": URL, "tags": ["x"]}, slug="acme")).sentence == "acme is changed"
    assert obeyed(store, PutPage({"url": URL, "slug": "acme"}, slug="brook")).faults[0].field == "slug"
    assert [one.body for one in store.read(queries.own_pages)] == [{"url": URL, "tags": ["x"], "slug": "acme"}]


def test_a_new_page_replaces_none_that_is_there(store: Store) -> None:
    obeyed(store, PutPage({"url": URL}))

    assert obeyed(store, PutPage({"url": URL}, is_new=True)).sentence == "there is a page acme-example already"


def test_what_is_wrong_changes_nothing_and_is_told_field_by_field(store: Store) -> None:
    answer = obeyed(store, PutPage({"url": URL, "headers": {"X-Key": "s"}, "allow_private": True}))

    assert not answer.done
    assert [one.field for one in answer.faults] == ["headers", "allow_private"]
    assert store.read(queries.own_pages) == []
    assert changes(store) == []


def test_too_much_is_not_kept(store: Store) -> None:
    body: dict[str, object] = {"url": URL, "components": ["x" * LONGEST]}

    assert obeyed(store, PutPage(body)).sentence == "more than 64 KiB are too much to say"


def test_a_page_is_dropped_and_what_is_known_of_it_stays(store: Store) -> None:
    obeyed(store, PutPage({"url": URL}))

    assert obeyed(store, DropPage("acme-example")).done
    assert obeyed(store, DropPage("acme-example")).sentence == "there is no page acme-example to drop"
    assert store.read(queries.own_pages) == []
    page = store.read(lambda tx: queries.page_by_slug(tx, "acme-example"))
    assert page is not None and page.dropped_at == NOW
    assert store.read(queries.pages) == []


def test_a_slug_that_is_used_again_takes_the_page_up_with_what_is_known_of_it(store: Store) -> None:
    obeyed(store, PutPage({"url": URL}))
    (before,) = store.read(queries.pages)
    obeyed(store, DropPage("acme-example"))

    assert obeyed(store, PutPage({"url": URL}, is_new=True)).done
    assert store.read(queries.pages) == [before]


def left_page(store: Store, due_at: datetime | None, origin: str = "config") -> None:
    """A page that a file named once, or a hook made."""

    def work(tx: Tx) -> None:
        page = queries.upsert_page(tx, slug="old", name="Old", url=URL, platform="statuspage", origin=origin)
        feed = queries.upsert_feed(tx, page.id, FeedSpec(f"{URL}/f"))
        queries.save_feed(tx, replace(feed, due_at=due_at))

    store.write(work)


@pytest.mark.parametrize("due_at", [None, NOW - timedelta(hours=1)])
def test_a_page_that_a_file_named_once_and_nobody_polls_is_dropped(store: Store, due_at: datetime | None) -> None:
    left_page(store, due_at)

    assert obeyed(store, DropPage("old")).done
    assert store.read(queries.dropped_slugs) == ["old"]
    assert not obeyed(store, DropPage("old")).done


def test_a_page_that_another_process_polls_is_not_dropped(store: Store) -> None:
    left_page(store, NOW - timedelta(minutes=1))

    assert "configuration file of another process" in obeyed(store, DropPage("old")).sentence
    assert store.read(queries.dropped_slugs) == []


def test_a_page_that_hooks_made_is_not_dropped(store: Store) -> None:
    left_page(store, None, "hook")

    assert obeyed(store, DropPage("old")).sentence == "there is no page old to drop"


def test_pages_of_the_file_are_changed_there(store: Store) -> None:
    assert "stands in the configuration file" in obeyed(store, PutPage({"slug": "openai"})).sentence
    assert (
        obeyed(store, DropPage("openai")).sentence == "openai stands in the configuration file, and is taken out there"
    )


# --- routes ------------------------------------------------------------------------------------------------------


def test_a_new_route_comes_last_and_keeps_its_place_when_changed(store: Store) -> None:
    for name in ("one", "two"):
        assert obeyed(store, PutRoute({"channel": "ops"}, name=name)).sentence == f"route {name} is added"
    assert obeyed(store, PutRoute({"channel": "ops", "hold": "3m"}, name="one")).sentence == "route one is changed"
    assert (
        obeyed(store, PutRoute({"channel": "ops"}, name="two", is_new=True)).sentence == "there is a route two already"
    )

    assert [(one.name, one.position) for one in store.read(queries.own_routes)] == [("one", 0), ("two", 1)]


def test_a_route_is_put_where_it_is_wanted(store: Store) -> None:
    obeyed(store, PutRoute({"channel": "ops"}, name="one", position=5))
    obeyed(store, PutRoute({"channel": "ops"}, name="two", position=1))

    assert [one.name for one in store.read(queries.own_routes)] == ["two", "one"]


def test_a_route_needs_a_channel_of_the_file(store: Store) -> None:
    answer = obeyed(store, PutRoute({"channel": "opps"}, name="one"))

    assert [(one.field, one.sentence) for one in answer.faults] == [
        ("channel", "names the channel `opps`, which is not there; did you mean `ops`? (ops)")
    ]


def test_a_route_is_dropped_and_those_of_the_file_are_not(store: Store) -> None:
    obeyed(store, PutRoute({"channel": "ops"}, name="one"))

    assert obeyed(store, DropRoute("one")).done
    assert obeyed(store, DropRoute("one")).sentence == "there is no route one to drop"
    assert "comes from the configuration file" in obeyed(store, DropRoute("ops")).sentence


# --- the log -----------------------------------------------------------------------------------------------------


def test_every_change_is_logged_with_its_author(store: Store) -> None:
    obeyed(store, PutPage({"url": URL}, author="ann"))
    obeyed(store, DropPage("acme-example", author="ann"))
    obeyed(store, PutRoute({"channel": "ops"}, name="one"))
    obeyed(store, DropRoute("one"))

    assert [(one.actor, one.action, one.subject) for one in reversed(changes(store))] == [
        ("ann", "page.put", "page/acme-example"),
        ("ann", "page.drop", "page/acme-example"),
        ("command", "route.put", "route/one"),
        ("command", "route.drop", "route/one"),
    ]
    assert changes(store)[-1].detail == {"body": {"url": URL}, "slug": "", "is_new": False}
