"""Statements about small named values: how far a follower of the event log is, and settings."""

from __future__ import annotations

from statuswire.store.base import Tx

_SET_FOLLOWER = """
INSERT INTO follower (name, event_id) VALUES (:name, :event_id)
ON CONFLICT (name) DO UPDATE SET event_id = excluded.event_id
"""
_SET_SETTING = """
INSERT INTO setting (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""

SECRET_SETTING = "install_secret"  # noqa: S105 - the name of a row, not a secret
"""Where the secret stands that this installation's hook addresses are derived from."""


IDENTITY_SETTING = "database.identity"
"""Where the name stands that only this database has, until it is restored."""

ADDRESS_SETTING = "server.address"
"""Where the base URL stands at which the running service listens, for commands."""


def follower(tx: Tx, name: str) -> int | None:
    """The id of the last event that the follower is done with; None for an unknown one."""
    row = tx.one("SELECT event_id FROM follower WHERE name = :name", {"name": name})
    return None if row is None else int(row[0])


def drop_follower(tx: Tx, name: str) -> None:
    """Forget the place: the follower begins anew, at the head."""
    tx.execute("DELETE FROM follower WHERE name = :name", {"name": name})


def set_follower(tx: Tx, name: str, event_id: int) -> None:
    tx.execute(_SET_FOLLOWER, {"name": name, "event_id": event_id})


def setting(tx: Tx, name: str) -> str | None:
    row = tx.one("SELECT value FROM setting WHERE name = :name", {"name": name})
    return None if row is None else str(row[0])


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
    tx.execute(
        "INSERT INTO setting (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING",
        {"name": name, "value": value},
    )
    return setting(tx, name) or value
