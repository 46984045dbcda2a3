"""What the API and the console ask for: counts, lists with a cursor, one look at all pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from statuswire.model import (
    Changes,
    FeedHealth,
    FeedSpec,
    FeedState,
    Impact,
    Kind,
    KnownIncident,
    PageRef,
    Phase,
    Role,
    Status,
)
from statuswire.store import Store, Tx, queries
from tests.store.samples import NOON, component, event, incident, minutes, page, update


def fill(store: Store, slug: str, *incidents: KnownIncident, **changes: object) -> int:
    made = store.write(lambda tx: page(tx, slug))
    updates = tuple((one.id, update("u1", 0)) for one in incidents)
    told = replace(Changes(incidents=incidents, updates=updates), **changes)  # type: ignore[arg-type]  # by name
    assert store.write(lambda tx: queries.save_changes(tx, made.id, 0, told))
    return made.id


def ids(store: Store, **filters: object) -> list[str]:
    found, _ = store.read(lambda tx: queries.incident_list(tx, limit=100, **filters))  # type: ignore[arg-type]
    return [one.id for _, one in found]


def test_an_empty_store_counts_nothing(store: Store) -> None:
    counts = store.read(queries.stats)

    assert set(counts) == {"pages", "feeds", "components", "incidents", "open_incidents", "updates", "events"}
    assert set(counts.values()) == {0}


def test_counts_tell_how_much_there_is(store: Store) -> None:
    page_id = fill(
        store, "acme", incident("i1"), incident("i2", Phase.RESOLVED), components=(component("k1"), component("k2"))
    )
    store.write(lambda tx: queries.upsert_feed(tx, page_id, FeedSpec("https://a.example")))
    store.write(lambda tx: queries.append_events(tx, page_id, [event("a"), event("b"), event("c")]))

    assert store.read(queries.stats) == {
        "pages": 1,
        "feeds": 1,
        "components": 2,
        "incidents": 2,
        "open_incidents": 1,
        "updates": 2,
        "events": 3,
    }


def test_incidents_are_listed_the_latest_begun_first_with_their_updates_and_page(store: Store) -> None:
    fill(store, "one", incident("old", started_at=minutes(1)), incident("new", started_at=minutes(9)))
    fill(store, "two", incident("mid", started_at=minutes(5)))

    found, after = store.read(lambda tx: queries.incident_list(tx, limit=10))

    assert [(ref, one.id) for ref, one in found] == [
        (PageRef("one", "One", "https://one.example"), "new"),
        (PageRef("two", "Two", "https://two.example"), "mid"),
        (PageRef("one", "One", "https://one.example"), "old"),
    ]
    assert {one.updates for _, one in found} == {(update("u1", 0),)}
    assert after is None


@pytest.mark.parametrize(
    ("fields", "begun"),
    [
        ({"scheduled_for": minutes(1), "started_at": minutes(2)}, minutes(1)),
        ({"started_at": minutes(2), "created_at": minutes(3)}, minutes(2)),
        ({"started_at": None, "created_at": minutes(3), "first_seen_at": minutes(4)}, minutes(3)),
        ({"started_at": None, "first_seen_at": minutes(4)}, minutes(4)),
        ({"started_at": None}, minutes(0)),
    ],
)
def test_an_incident_begins_when_the_provider_says_else_when_we_saw_it(
    store: Store, fields: dict[str, datetime | None], begun: datetime
) -> None:
    fill(store, "acme", incident("i1", **fields))

    assert ids(store, since=begun, until=begun.replace(microsecond=begun.microsecond + 1)) == ["i1"]
    assert ids(store, until=begun) == []


def test_following_the_cursor_shows_each_incident_once(store: Store) -> None:
    fill(store, "one", *(incident(f"a.{n}", started_at=minutes(n // 3)) for n in range(10)))
    fill(store, "two", *(incident(f"b.{n}", started_at=minutes(n // 2)) for n in range(7)))

    seen: list[tuple[str, str]] = []
    cursor: str | None = None
    while True:
        found, cursor = store.read(lambda tx, at=cursor: queries.incident_list(tx, limit=4, after=at))
        seen += [(ref.slug, one.id) for ref, one in found]
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 17


def test_a_list_that_ends_with_its_limit_has_no_cursor(store: Store) -> None:
    fill(store, "acme", incident("i1"), incident("i2"))

    found, cursor = store.read(lambda tx: queries.incident_list(tx, limit=2))

    assert (len(found), cursor) == (2, None)


@pytest.mark.parametrize(
    "cursor", ["", "!", "bm90IGEgY3Vyc29y", "MS4x", "OTk5OTk5OTk5OTk5OTk5OTk5OTkuMS5h", "MS4yLsM", "\u00e9", "A" * 5]
)
def test_a_cursor_that_no_list_gave_out_is_refused(store: Store, cursor: str) -> None:
    with pytest.raises(queries.CursorError):
        store.read(lambda tx: queries.incident_list(tx, limit=2, after=cursor))


def test_filters_narrow_the_list(store: Store) -> None:
    fill(
        store,
        "acme",
        incident("i1", Phase.MONITORING, impact=Impact.MAJOR, started_at=minutes(1)),
        incident("m1", Phase.SCHEDULED, kind=Kind.MAINTENANCE, impact=Impact.MAINTENANCE, started_at=minutes(5)),
    )
    fill(store, "other", incident("i2", Phase.RESOLVED, started_at=minutes(3)))

    assert ids(store, page="acme") == ["m1", "i1"]
    assert ids(store, page="nobody") == []
    assert ids(store, kind=Kind.MAINTENANCE) == ["m1"]
    assert ids(store, phases=(Phase.RESOLVED,)) == ["i2"]
    assert ids(store, impacts=(Impact.MAJOR,)) == ["i1"]
    assert ids(store, since=minutes(2), until=minutes(5)) == ["i2"]
    assert ids(store, page="acme", phases=(Phase.MONITORING,), since=minutes(1)) == ["i1"]


def test_open_incidents_of_all_pages_are_listed(store: Store) -> None:
    fill(store, "one", incident("i1", started_at=minutes(1)), incident("gone", Phase.RESOLVED))
    fill(store, "two", incident("i2", Phase.MONITORING, started_at=minutes(2)))

    assert [(ref.slug, one.id) for ref, one in store.read(queries.open_incidents)] == [("two", "i2"), ("one", "i1")]


def test_one_look_shows_every_page_with_what_is_wrong(store: Store) -> None:
    bad, worse = component("k2", Status.DEGRADED, 2), component("k1", Status.MAJOR_OUTAGE, 1)
    first = fill(
        store,
        "one",
        incident("i1"),
        incident("planned", Phase.SCHEDULED, kind=Kind.MAINTENANCE),
        incident("gone", Phase.RESOLVED),
        components=(bad, worse, component("k3"), component("k4")),
        status=Status.PARTIAL_OUTAGE,
    )
    feed = store.write(lambda tx: queries.upsert_feed(tx, first, FeedSpec("https://a.example")))
    store.write(lambda tx: page(tx, "two"))

    one, two = store.read(queries.page_states)

    assert (one.page.slug, one.status, one.open_incidents) == ("one", Status.PARTIAL_OUTAGE, 1)
    assert one.components == {Status.OPERATIONAL: 2, Status.DEGRADED: 1, Status.MAJOR_OUTAGE: 1}
    assert (one.troubled, one.feeds) == ([worse, bad], [feed])
    assert (two.page.slug, two.status, two.components, two.troubled, two.open_incidents, two.feeds) == (
        "two",
        None,
        {},
        [],
        0,
        [],
    )


def read_well(store: Store, slug: str, due_at: datetime | None) -> int:
    """A page that says that it is operational, with feeds that were read well and are due then; the page's number."""
    id_ = fill(store, slug, status=Status.OPERATIONAL)

    def work(tx: Tx) -> None:
        for role, at in ((Role.STATE, due_at), (Role.HISTORY, None)):
            feed = queries.upsert_feed(tx, id_, FeedSpec(f"https://{slug}.example/{role}", role))
            queries.save_feed(tx, replace(feed, health=FeedHealth(FeedState.OK, last_ok_at=NOON), due_at=at))

    store.write(work)
    return id_


def test_pages_are_calm_as_long_as_somebody_polls_them(store: Store) -> None:
    fine, late = read_well(store, "fine", minutes(1)), read_well(store, "late", minutes(-1))
    read_well(store, "left", minutes(-20))
    told = read_well(store, "told", None)

    assert store.read(lambda tx: queries.calm_pages(tx, minutes(-15))) == {fine, late, told}


def test_a_database_without_pages_has_no_states(store: Store) -> None:
    assert store.read(queries.page_states) == []
