"""What we know of a page: written under its version, read back as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from string import printable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.errors import StoreError, StoreReason
from statuswire.model import (
    AffectedComponent,
    Changes,
    FeedSpec,
    Impact,
    Kind,
    Known,
    KnownUpdate,
    Phase,
    Status,
)
from statuswire.store import Store, open_store, queries
from tests.store.samples import NOON, acme, component, incident, minutes, moment, page, update


def known(store: Store, page_id: int, *names: str, feed_id: int | None = None) -> Known:
    return store.read(lambda tx: queries.load_known(tx, page_id, feed_id=feed_id, ids=names))


def save(store: Store, page_id: int, version: int, changes: Changes, feed_id: int | None = None) -> bool:
    return store.write(lambda tx: queries.save_changes(tx, page_id, version, changes, feed_id))


def test_an_unread_page_is_known_as_nothing_at_version_zero(store: Store) -> None:
    made = store.write(acme)

    assert known(store, made.id, "i1") == Known()


def test_saved_changes_come_back_whole(store: Store) -> None:
    made = store.write(acme)
    full = incident(
        "i1",
        Phase.MONITORING,
        kind=Kind.MAINTENANCE,
        impact=Impact.MAINTENANCE,
        components=(AffectedComponent("k3", "API", None, Status.DEGRADED),),
        aliases=("tag:acme:1", "https://status.acme-relay.example/incidents/i1"),
        created_at=minutes(-9),
        resolved_at=minutes(9),
        updated_at=minutes(8),
        scheduled_for=minutes(-8),
        scheduled_until=minutes(80),
        absent_since=moment(3),
        absences=2,
        is_told=False,
        cycle=3,
        revision=4,
        first_seen_at=minutes(-7),
        raw_phase="Monitoring",
        raw_impact="maintenance",
    )
    told = (update("u1", 0, minutes(1)), update("u2", 1, minutes(2)))

    assert save(
        store,
        made.id,
        0,
        Changes(
            status=Status.DEGRADED,
            moment=moment(),
            baseline_at=minutes(-1),
            components=(component("k3", Status.DEGRADED, 1), component("k1", position=0)),
            incidents=(full,),
            updates=tuple(("i1", one) for one in told),
        ),
    )

    assert known(store, made.id) == Known(
        version=1,
        status=Status.DEGRADED,
        moment=moment(),
        baseline_at=minutes(-1),
        components=(component("k1", position=0), component("k3", Status.DEGRADED, 1)),
        incidents=(replace(full, updates=told),),
    )


def test_a_moved_version_writes_nothing(store: Store) -> None:
    made = store.write(acme)
    assert save(store, made.id, 0, Changes(status=Status.OPERATIONAL))
    before = known(store, made.id)

    late_first = save(store, made.id, 0, Changes(incidents=(incident("i1"),)))
    late = save(store, made.id, 7, Changes(incidents=(incident("i1"),)))

    assert (late_first, late) == (False, False)
    assert known(store, made.id, "i1") == before


def test_every_recording_moves_the_version_by_one(store: Store) -> None:
    made = store.write(acme)

    versions = [save(store, made.id, version, Changes()) and known(store, made.id).version for version in range(3)]

    assert versions == [1, 2, 3]


def test_none_in_changes_leaves_what_is_there(store: Store) -> None:
    made = store.write(acme)
    save(store, made.id, 0, Changes(status=Status.DEGRADED, moment=moment(), baseline_at=NOON))

    save(store, made.id, 1, Changes())

    assert known(store, made.id) == Known(2, Status.DEGRADED, moment(), NOON)


def test_the_status_of_a_page_is_the_one_last_recorded(store: Store) -> None:
    made = store.write(acme)

    save(store, made.id, 0, Changes(status=Status.PARTIAL_OUTAGE))

    found = store.read(lambda tx: queries.page_by_slug(tx, "acme"))
    assert found == replace(made, status=Status.PARTIAL_OUTAGE)


def test_only_open_and_named_incidents_are_loaded(store: Store) -> None:
    made = store.write(acme)
    rows = (
        incident("open"),
        incident("closed", Phase.RESOLVED),
        incident("by-id", Phase.RESOLVED),
        incident("by-alias", Phase.COMPLETED, aliases=("tag:acme:4",)),
    )
    save(store, made.id, 0, Changes(incidents=rows, updates=(("by-alias", update("u1", 0)),)))

    found = known(store, made.id, "by-id", "tag:acme:4", "open", "unheard-of", "").incidents

    assert {one.id: len(one.updates) for one in found} == {"open": 0, "by-id": 0, "by-alias": 1}


def test_incidents_are_loaded_the_earliest_begun_first(store: Store) -> None:
    made = store.write(acme)
    rows = (
        incident("late", started_at=minutes(9)),
        incident("early", Phase.RESOLVED, started_at=minutes(1)),
        incident("tie-b", started_at=minutes(4)),
        incident("tie-a", Phase.RESOLVED, started_at=minutes(4)),
    )
    save(store, made.id, 0, Changes(incidents=rows))

    found = known(store, made.id, "tie-a", "early").incidents

    assert [one.id for one in found] == ["early", "tie-a", "tie-b", "late"]


def test_an_incident_of_another_page_is_never_loaded(store: Store) -> None:
    one, two = store.write(lambda tx: (page(tx, "one"), page(tx, "two")))
    save(store, one.id, 0, Changes(incidents=(incident("i1", aliases=("a1",)),), updates=(("i1", update("u", 0)),)))
    save(store, two.id, 0, Changes(incidents=(incident("i1"),)))

    assert known(store, two.id, "i1", "a1").incidents == (incident("i1"),)


def test_updates_come_in_order_of_provider_time_then_of_arrival(store: Store) -> None:
    made = store.write(acme)
    arrived = (
        update("late", 0, minutes(9)),
        update("tie-b", 1, minutes(4)),
        update("tie-a", 2, minutes(4)),
        update("early", 3, minutes(1)),
    )
    save(store, made.id, 0, Changes(incidents=(incident("i1"),), updates=tuple(("i1", one) for one in arrived)))

    (found,) = known(store, made.id).incidents

    assert [one.key for one in found.updates] == ["early", "tie-b", "tie-a", "late"]


def test_an_edit_replaces_the_update_of_the_same_key(store: Store) -> None:
    made = store.write(acme)
    save(store, made.id, 0, Changes(incidents=(incident("i1"),), updates=(("i1", update("u1", 0)),)))
    edited = update("u1", 0, text="We have found the cause.")

    save(store, made.id, 1, Changes(updates=(("i1", edited),)))

    assert known(store, made.id).incidents[0].updates == (edited,)


def test_a_removed_component_is_gone_and_a_saved_one_replaced(store: Store) -> None:
    made = store.write(acme)
    save(store, made.id, 0, Changes(components=(component("k1"), component("k2"))))

    save(
        store,
        made.id,
        1,
        Changes(components=(component("k2", Status.MAJOR_OUTAGE),), removed_components=("k1",)),
    )

    assert known(store, made.id).components == (component("k2", Status.MAJOR_OUTAGE),)


def test_the_moment_of_a_feed_moves_only_forward(store: Store) -> None:
    made = store.write(acme)
    feed = store.write(lambda tx: queries.upsert_feed(tx, made.id, FeedSpec("https://a.example")))
    save(store, made.id, 0, Changes(feed_moment=moment(5)), feed.id)

    save(store, made.id, 1, Changes(feed_moment=moment(3)), feed.id)

    assert known(store, made.id, feed_id=feed.id).feed_moment == moment(5)
    assert known(store, made.id).feed_moment is None


def test_known_tells_when_the_feed_was_last_read(store: Store) -> None:
    made = store.write(acme)
    feed = store.write(lambda tx: queries.upsert_feed(tx, made.id, FeedSpec("https://a.example")))
    store.write(lambda tx: queries.save_feed(tx, replace(feed, read_at=NOON, moment=moment())))

    found = known(store, made.id, feed_id=feed.id)

    assert (found.feed_read_at, found.feed_moment) == (NOON, moment())


def test_hundreds_of_named_incidents_are_found_each_once(store: Store) -> None:
    made = store.write(acme)
    many = tuple(incident(f"i{n:03}", Phase.RESOLVED, aliases=(f"a{n}", f"b{n}")) for n in range(400))
    save(store, made.id, 0, Changes(incidents=many, updates=tuple((one.id, update("u", 0)) for one in many)))

    names = [name for one in many for name in (one.id, *one.aliases)]
    found = known(store, made.id, *names).incidents

    assert sorted(one.id for one in found) == [one.id for one in many]
    assert all(len(one.updates) == 1 for one in found)


def test_a_failed_work_leaves_no_part_of_its_changes(store: Store) -> None:
    made = store.write(acme)

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        save(store, made.id, 0, Changes(incidents=(incident("i1"),), updates=(("i9", update("u1", 0)),)))

    assert known(store, made.id, "i1") == Known()


def test_times_of_every_age_and_zone_come_back_exactly(store: Store) -> None:
    made = store.write(acme)
    ages = (
        datetime(1, 1, 2, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 5, 4, 12, 0, tzinfo=timezone(timedelta(hours=9))),
    )
    updates = tuple(("i1", update(f"u{n}", n, at)) for n, at in enumerate(ages))
    save(store, made.id, 0, Changes(baseline_at=ages[0], incidents=(incident("i1"),), updates=updates))

    found = known(store, made.id)

    assert found.baseline_at == ages[0]
    assert [one.at for one in found.incidents[0].updates] == sorted(ages)


def test_D9_what_no_engine_keeps_alike_is_dropped_from_text(store: Store) -> None:
    made = store.write(acme)
    dirty = incident("i\x001", title="Slow \ud800API\x00", aliases=("a\x00b",))
    dirty_update = update("u\x001", 0, text="one\x00two\nthree \\u0000 four\udfff")

    save(store, made.id, 0, Changes(incidents=(dirty,), updates=(("i\x001", dirty_update),)))

    (found,) = known(store, made.id, "a\x00b").incidents
    assert (found.id, found.title, found.aliases) == ("i1", "Slow ?API", ("ab",))
    assert (found.updates[0].key, found.updates[0].text) == ("u1", "onetwo\nthree \\u0000 four?")


def test_a_body_that_no_version_wrote_is_named_and_stops_nothing_else(store: Store) -> None:
    made, other = store.write(lambda tx: (page(tx, "one"), page(tx, "two")))
    save(store, made.id, 0, Changes(components=(component("k1"),)))
    store.write(lambda tx: tx.execute("UPDATE component SET body = :body", {"body": '{"id": 5}'}))

    with pytest.raises(StoreError, match="component") as caught:
        store.write(lambda tx: queries.load_known(tx, made.id, feed_id=None, ids=()))

    assert (caught.value.reason, caught.value.is_permanent) == (StoreReason.CORRUPT, False)
    assert save(store, other.id, 0, Changes())


LETTERS = st.characters(codec="utf-8", exclude_characters="\x00")
TEXT = st.text(alphabet=st.one_of(st.sampled_from(printable), LETTERS), max_size=40)
TIMES = st.datetimes(timezones=st.just(UTC))


@st.composite
def _updates(draw: st.DrawFn) -> tuple[KnownUpdate, ...]:
    keys = draw(st.lists(TEXT.filter(bool), unique=True, max_size=4))
    return tuple(
        KnownUpdate(
            key=key,
            seq=seq,
            phase=draw(st.one_of(st.none(), st.sampled_from(Phase))),
            text=draw(TEXT),
            at=draw(TIMES),
            fold=draw(TEXT),
            ids=tuple(draw(st.lists(TEXT, max_size=3))),
            revisions=tuple(draw(st.lists(TEXT, max_size=3))),
            updated_at=draw(st.one_of(st.none(), TIMES)),
            raw=draw(TEXT),
        )
        for seq, key in enumerate(keys)
    )


@pytest.fixture(scope="module")
def shared_store() -> Iterator[Store]:
    """One store for all examples of the property: opening one for each would be slow."""
    with closing(open_store("sqlite://")) as opened:
        yield opened


@given(title=TEXT, id_=TEXT.filter(bool), updates=_updates())
def test_whatever_a_provider_writes_comes_back_as_it_was(
    shared_store: Store, title: str, id_: str, updates: tuple[KnownUpdate, ...]
) -> None:
    made = shared_store.write(lambda tx: page(tx, f"page-{len(queries.pages(tx))}"))
    told = incident(id_, title=title)

    save(shared_store, made.id, 0, Changes(incidents=(told,), updates=tuple((id_, one) for one in updates)))

    in_order = tuple(sorted(updates, key=lambda one: (one.at, one.seq)))
    assert known(shared_store, made.id, id_).incidents == (replace(told, updates=in_order),)
