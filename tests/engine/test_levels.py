"""What metrics say of the store: states, what is open, what waits, and names only where they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from statuswire.engine import levels
from statuswire.engine.levels import Wanted, load_levels
from statuswire.metrics import Levels
from statuswire.model import Delivery, Hook, Impact, MessageKind, Phase, Status
from statuswire.store import Store, open_store, queries
from tests.web.filling import NOW, blind, component, incident, maintenance, put, put_left


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(open_store("sqlite://")) as made:
        yield made


def look(store: Store, *, pages: tuple[str, ...] = (), components: tuple[str, ...] = ()) -> Levels:
    return store.read(lambda tx: load_levels(tx, Wanted(pages, components), ("ops", "pager"), NOW))


def deliver(store: Store, channel: str, kind: str, ago_s: float) -> None:
    one = Delivery(0, channel, "l", f"{channel}-{ago_s}", MessageKind.STORY, (1,))
    at = NOW - timedelta(seconds=ago_s)
    store.write(lambda tx: queries.add_delivery(tx, one, kind, at))


def test_pages_are_counted_by_state_and_what_is_open_by_kind_and_impact(store: Store) -> None:
    put(store, "acme", incidents=[incident("i1", impact=Impact.MAJOR), maintenance("p1")])
    put(store, "zenith", incidents=[maintenance("p2", phase=Phase.IN_PROGRESS, begins=-10)])
    put(store, "blind", health=blind())
    put(store, "fine")
    put_left(store, "left")

    found = look(store)

    assert dict(found.pages) == {"partial_outage": 1, "maintenance": 1, "unknown": 2, "operational": 1}
    assert dict(found.incidents) == {("incident", "major"): 1, ("maintenance", "maintenance"): 1}


def test_no_name_is_told_that_nobody_asked_for(store: Store) -> None:
    put(store, components=[component("k1", "API")])

    found = look(store)

    assert (found.page_states, found.component_states, found.left_out) == ({}, {}, 0)


def test_pages_are_named_by_pattern(store: Store) -> None:
    for slug in ("aws-1", "aws-2", "github"):
        put(store, slug, status=Status.DEGRADED)

    assert look(store, pages=("aws-*",)).page_states == {"aws-1": "degraded", "aws-2": "degraded"}


def test_components_are_named_by_page_and_pattern_and_of_two_alike_the_worst_counts(store: Store) -> None:
    parts = [
        component("k1", "API", Status.DEGRADED, "Europe"),
        component("k2", "API", Status.MAJOR_OUTAGE, "Europe"),
        component("k3", "Web"),
    ]
    put(store, "acme", components=parts)
    put(store, "zenith", components=parts)

    found = look(store, components=("acme/Europe / *", "zen*/Web"))

    assert found.component_states == {("acme", "Europe / API"): "major_outage", ("zenith", "Web"): "operational"}


def test_a_page_that_cannot_be_read_is_unknown_with_all_its_components(store: Store) -> None:
    put(store, components=[component("k1", "API", Status.MAJOR_OUTAGE)], health=blind())

    found = look(store, pages=("*",), components=("*/*",))

    assert found.page_states == {"acme": "unknown"}
    assert found.component_states == {("acme", "API"): "unknown"}


def test_u12_there_is_a_cap_and_what_it_cuts_is_counted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels, "MOST_STATES", 3)
    put(store, components=[component(f"k{n}", f"Part {n}") for n in range(8)])

    found = look(store, pages=("*",), components=("*/*",))

    assert sorted(name for _, name in found.component_states) == ["Part 0", "Part 1", "Part 2"]
    assert found.left_out == 5


def test_what_waits_is_told_with_its_age_by_kind_of_channel(store: Store) -> None:
    deliver(store, "ops", "slack", 30)
    deliver(store, "ops", "slack", 90)
    deliver(store, "pager", "pagerduty", 5)
    deliver(store, "gone", "slack", 9000)
    store.write(lambda tx: queries.disable_channel(tx, "pager", "bad key", NOW))

    found = look(store)

    assert found.waiting == {"slack": 2, "pagerduty": 1}
    assert found.waiting_oldest_s == {"slack": 90, "pagerduty": 5}
    assert found.disabled == {"slack": 0, "pagerduty": 1}


def test_hooks_that_wait_are_counted_with_the_age_of_the_oldest(store: Store) -> None:
    hooks = [Hook("test", f"m{ago}", "", b"{}", NOW - timedelta(seconds=ago)) for ago in (40, 10)]
    store.write(lambda tx: queries.add_hooks(tx, hooks))

    found = look(store)

    assert (found.unread, found.unread_oldest_s) == (2, 40)
    assert (look(store).waiting, look(store).waiting_oldest_s) == ({}, {})
