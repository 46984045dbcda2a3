"""Statements about the pages that somebody wants to see first. Account 0 is whoever sits at the machine."""

from __future__ import annotations

from statuswire.store.base import Tx

_OF = "SELECT page FROM favourite WHERE account_id = :account_id"
_ADD = "INSERT INTO favourite (account_id, page) VALUES (:account_id, :page) ON CONFLICT DO NOTHING"
_DROP = "DELETE FROM favourite WHERE account_id = :account_id AND page = :page"


def favourites(tx: Tx, account_id: int) -> frozenset[str]:
    """The slugs of somebody's favourite pages."""
    return frozenset(row[0] for row in tx.all(_OF, {"account_id": account_id}))


def set_favourite(tx: Tx, account_id: int, page: str, *, is_one: bool) -> None:
    tx.execute(_ADD if is_one else _DROP, {"account_id": account_id, "page": page})
