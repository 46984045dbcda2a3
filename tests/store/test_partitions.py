"""Tables that are kept by time: their parts are made ahead, filled by time, and dropped whole."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from psycopg import errors

from statuswire.model import Event, EventType
from statuswire.store import Store, Tx, open_store, partitions, queries
from statuswire.store.forgetting import forget_events
from statuswire.store.partitions import DELIVERIES, EVENTS
from tests.store.samples import NOON, acme, event

FAR = datetime(2050, 5, 4, 12, 0, tzinfo=UTC)
"""A time of which opening the database has made no parts."""


def _seen(at: datetime, key: str) -> Event:
    return replace(event(key), seen_at=at)


def _parts(tx: Tx) -> dict[str, int]:
    found = tx.all("SELECT tableoid::regclass::text, COUNT(*) FROM event GROUP BY 1 ORDER BY 1")
    return dict(found)


def test_the_parts_of_today_and_ahead_are_made_once(postgres_database: str) -> None:
    with closing(open_store(postgres_database)) as store:
        assert store.write(lambda tx: partitions.prepare(tx, FAR)) == 3 + 8
        assert store.write(lambda tx: partitions.prepare(tx, FAR)) == 0
        assert store.write(lambda tx: partitions.prepare(tx, FAR + timedelta(days=1))) == 1


def test_events_lie_in_the_part_of_their_month_and_strangers_in_the_rest(postgres_database: str) -> None:
    with closing(open_store(postgres_database)) as store:
        store.write(lambda tx: partitions.prepare(tx, FAR))
        page = store.write(acme)
        events = [_seen(FAR, "a"), _seen(FAR + timedelta(days=30), "b"), _seen(FAR - timedelta(days=900), "c")]
        store.write(lambda tx: queries.append_events(tx, page.id, events))

        assert store.read(lambda tx: _parts(tx)) == {"event_2050_05": 1, "event_2050_06": 1, "event_other": 1}
        assert [one.key for one in store.read(lambda tx: queries.events_after(tx, 0))] == ["a", "b", "c"]


def test_old_months_are_dropped_whole_and_the_month_of_the_moment_stays(store: Store) -> None:
    store.write(lambda tx: partitions.cover(tx, EVENTS, NOON - timedelta(days=62), NOON))
    page = store.write(acme)
    ages = (62, 31, 3, 0)
    events = [_seen(NOON - timedelta(days=age), str(age)) for age in ages]
    store.write(lambda tx: queries.append_events(tx, page.id, events))

    forget = partial(
        forget_events,
        before=datetime(2026, 5, 1, tzinfo=UTC),
        limit=10,
        follower="",
        whole=[EventType.PAGE_STATUS_CHANGED],
    )
    while store.write(forget):
        pass

    assert [one.key for one in store.read(lambda tx: queries.events_after(tx, 0))] == ["3", "0"]


def test_an_event_of_an_unknown_page_is_refused_by_every_part(postgres_database: str) -> None:
    with closing(open_store(postgres_database)) as store, pytest.raises(errors.ForeignKeyViolation):
        store.write(lambda tx: queries.append_events(tx, 77, [_seen(NOON, "a")]))


@pytest.mark.parametrize("kept", [EVENTS, DELIVERIES], ids=lambda kept: kept.table)
def test_parts_follow_one_another_without_a_gap(kept: partitions.Kept, postgres_database: str) -> None:
    with closing(open_store(postgres_database)) as store:
        count = store.write(lambda tx: partitions.cover(tx, kept, FAR, FAR + timedelta(days=400)))

    assert count == (14 if kept is EVENTS else 401)


def test_analysts_read_times_and_documents_in_native_types(postgres_database: str) -> None:
    with closing(open_store(postgres_database)) as store:
        page = store.write(acme)
        store.write(lambda tx: queries.append_events(tx, page.id, [_seen(NOON, "a")]))
        row = store.read(lambda tx: tx.one("SELECT seen_at, page, body ->> 'type' FROM statuswire_events"))
        names = store.read(lambda tx: tx.all("SELECT viewname FROM pg_views WHERE schemaname = current_schema()"))
        for (name,) in names:
            store.read(lambda tx, name=name: tx.all(f"SELECT * FROM {name}"))  # type: ignore[misc]

    assert row is not None and row[0] == NOON
    assert len(names) == 7


def test_rows_that_came_before_their_part_move_into_it(postgres_database: str) -> None:
    with closing(open_store(postgres_database)) as store:
        page = store.write(acme)
        events = [_seen(FAR, "a"), _seen(FAR + timedelta(days=1), "b"), _seen(FAR - timedelta(days=900), "c")]
        store.write(lambda tx: queries.append_events(tx, page.id, events))

        store.write(lambda tx: partitions.prepare(tx, FAR))

        assert store.read(lambda tx: _parts(tx)) == {"event_2050_05": 2, "event_other": 1}
        assert [one.key for one in store.read(lambda tx: queries.events_after(tx, 0))] == ["a", "b", "c"]
