"""Statements about small named values: how far a follower of the event log is, and settings."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from statuswire.store.base import Tx, named

_SET_FOLLOWER = """
INSERT INTO follower (name, event_id) VALUES (:name, :event_id)
ON CONFLICT (name) DO UPDATE SET event_id = excluded.event_id
"""
_SET_SETTING = """
INSERT INTO setting (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""

_FIRST_FOLLOWER = "INSERT INTO follower (name, event_id) VALUES (:name, :event_id) ON CONFLICT (name) DO NOTHING"
_FOLLOWER = "SELECT event_id FROM follower WHERE name = :name"
_SETTING = "SELECT value FROM setting WHERE name = :name"
_SETTINGS = "SELECT name, value FROM setting WHERE name IN ({names})"
_FIRST_SETTING = "INSERT INTO setting (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING"
_CHANGE_SETTING = f"{_SET_SETTING} WHERE setting.value <> excluded.value"
_SWAP_SETTING = "UPDATE setting SET value = :value WHERE name = :name AND value = :known"
_COUNT_UP = """
INSERT INTO setting (name, value) VALUES (:name, '1')
ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(COALESCE(NULLIF(setting.value, ''), '0') AS BIGINT) + 1 AS TEXT)
"""

SECRET_SETTING = "install_secret"  # noqa: S105 - the name of a row, not a secret
"""Where the secret stands that this installation's hook addresses are derived from."""


IDENTITY_SETTING = "database.identity"
"""Where the name stands that only this database has, until it is restored."""

ADDRESS_SETTING = "server.address"
"""Where the base URL stands at which the running service listens, for commands."""


UNFINISHED_SETTING = "archive.from"
"""There as long as a database is only partly filled: from which one it is."""


def follower(tx: Tx, name: str) -> int | None:
    """The id of the last event that the follower is done with; None for an unknown one."""
    row = tx.one(_FOLLOWER, {"name": name})
    return None if row is None else int(row[0])


def lock_follower(tx: Tx, name: str) -> int | None:
    """The same, and until the commit nobody else has the follower."""
    row = tx.one(f"{_FOLLOWER}{tx.dialect.for_update}", {"name": name})
    return None if row is None else int(row[0])


def begin_follower(tx: Tx, name: str, head: int) -> int:
    """The same of an unknown follower, which begins at `head` unless somebody was quicker."""
    tx.execute(_FIRST_FOLLOWER, {"name": name, "event_id": head})
    place = lock_follower(tx, name)
    return head if place is None else place


def drop_follower(tx: Tx, name: str) -> None:
    """Forget the place: the follower begins anew, at the head."""
    tx.execute("DELETE FROM follower WHERE name = :name", {"name": name})


def set_follower(tx: Tx, name: str, event_id: int) -> None:
    tx.execute(_SET_FOLLOWER, {"name": name, "event_id": event_id})


def setting(tx: Tx, name: str) -> str | None:
    row = tx.one(_SETTING, {"name": name})
    return None if row is None else str(row[0])


def settings(tx: Tx, names: Collection[str]) -> dict[str, str]:
    """The values of those that are there."""
    params: dict[str, object] = {}
    return dict(tx.all(_SETTINGS.format(names=named("n", names, params)), params)) if names else {}


def lock_setting(tx: Tx, name: str) -> str:
    """The value of a setting that nobody else changes until the commit; empty where it had none."""
    sql, params = f"{_SETTING}{tx.dialect.for_update}", {"name": name}
    row = tx.one(sql, params)
    if row is None and tx.dialect.is_shared:
        tx.execute(_FIRST_SETTING, {**params, "value": ""})
        row = tx.one(sql, params)
    return "" if row is None else str(row[0])


def suggestions(tx: Tx) -> dict[int, str]:
    """Where pages seem to have moved, in words, by page; only those that wait for the operator."""
    found = tx.all("SELECT name, value FROM setting WHERE name LIKE 'page.%.suggestion' AND value <> ''")
    return {int(name.split(".")[1]): str(value) for name, value in found}


def problems_setting(feed_id: int) -> str:
    """The name under which the problems of a feed's last document are kept."""
    return f"feed.{feed_id}.problems"


def feed_problems(tx: Tx) -> dict[int, str]:
    """What is kept of the problems of feeds, as it was written, by feed; only where there are any."""
    found = tx.all("SELECT name, value FROM setting WHERE name LIKE 'feed.%.problems' AND value <> ''")
    return {int(name.split(".")[1]): str(value) for name, value in found}


def set_setting(tx: Tx, name: str, value: str) -> None:
    tx.execute(_SET_SETTING, {"name": name, "value": value})


def setting_once(tx: Tx, name: str, value: str) -> str:
    """The setting as it stands, made now where it is missing: the same for everybody who asks at the same time."""
    known = setting(tx, name)
    if known is not None:
        return known
    tx.execute(_FIRST_SETTING, {"name": name, "value": value})
    return setting(tx, name) or value


def set_first(tx: Tx, values: Mapping[str, str]) -> None:
    """Set those that are not there yet."""
    tx.many(_FIRST_SETTING, [{"name": name, "value": value} for name, value in values.items()])


def change_setting(tx: Tx, name: str, value: str) -> bool:
    """Whether it had another value until now; of several that set the same at once one alone changes it."""
    return tx.execute(_CHANGE_SETTING, {"name": name, "value": value}) == 1


def swap_setting(tx: Tx, name: str, known: str | None, value: str) -> bool:
    """Set it if it is still as `known` (None: not there); False where somebody was quicker."""
    if known is None:
        return tx.execute(_FIRST_SETTING, {"name": name, "value": value}) == 1
    return tx.execute(_SWAP_SETTING, {"name": name, "known": known, "value": value}) == 1


def count_up(tx: Tx, name: str) -> None:
    """Count a setting up that is a number."""
    tx.execute(_COUNT_UP, {"name": name})
