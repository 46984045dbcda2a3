"""Filters with a name, as they are kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from statuswire.errors import StoreError
from statuswire.store import open_store, queries
from statuswire.store.queries import SavedFilter

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
ONE = SavedFilter("payments", {"page": ("acme", "brook"), "impact": (">=major",)}, "ann", NOW)


def test_a_filter_is_kept_replaced_and_forgotten() -> None:
    store = open_store("sqlite://")
    store.write(lambda tx: queries.put_saved_filter(tx, ONE))
    other = SavedFilter("payments", {"tag": ("x",)}, "otto", NOW)

    assert store.read(queries.saved_filters) == [ONE]
    store.write(lambda tx: queries.put_saved_filter(tx, other))
    assert store.read(lambda tx: queries.saved_filter(tx, "payments")) == other
    assert store.write(lambda tx: queries.drop_saved_filter(tx, "payments")) is True
    assert store.write(lambda tx: queries.drop_saved_filter(tx, "payments")) is False
    assert store.read(lambda tx: queries.saved_filter(tx, "payments")) is None
    store.close()


def test_a_damaged_one_is_an_error_and_not_an_empty_filter() -> None:
    store = open_store("sqlite://")
    store.write(lambda tx: queries.put_saved_filter(tx, ONE))
    store.write(lambda tx: tx.execute("UPDATE saved_filter SET body = '[1'"))

    with pytest.raises(StoreError):
        store.read(queries.saved_filters)
    store.close()
