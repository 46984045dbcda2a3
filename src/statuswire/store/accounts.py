"""Statements about people: accounts, and the failures to sign in as one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from statuswire.model import Account, AccountRole
from statuswire.store import rows
from statuswire.store.base import Row, Tx

ACCOUNT_COLUMNS = (
    "account.id, account.name, account.role, account.created_at, account.subject, account.seen_at, "
    "account.disabled_at, account.password_hash <> ''"
)
_SELECT = f"SELECT {ACCOUNT_COLUMNS} FROM account"  # noqa: S608  (a constant)
_ADD = """
INSERT INTO account (name, role, password_hash, subject, created_at)
VALUES (:name, :role, :password_hash, :subject, :now)
ON CONFLICT DO NOTHING RETURNING id
"""
_COUNT_FAILURE = """
INSERT INTO attempt (subject, minute, count) VALUES (:subject, :minute, 1)
ON CONFLICT (subject, minute) DO UPDATE SET count = attempt.count + 1 RETURNING count
"""
_LOCK = "SELECT id FROM account WHERE role = 'admin' ORDER BY id"
_TAKE_BACK = "UPDATE attempt SET count = count - 1 WHERE subject = :subject AND minute = :minute AND count > 0"


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account with the hash of its password, empty where it has none. Never shown."""

    account: Account
    password_hash: str

    def __repr__(self) -> str:
        return f"Credentials({self.account.name})"


def account_of(row: Row) -> Account:
    """Of a row that begins with ACCOUNT_COLUMNS. Raises StoreError for a role that does not exist."""
    id_, name, role, created_at, subject, seen_at, disabled_at, has_password = row[:8]
    try:
        known = AccountRole(role)
    except ValueError as error:
        raise rows.damaged("account", error) from error
    seen, disabled = rows.maybe_time(seen_at), rows.maybe_time(disabled_at)
    return Account(id_, name, known, rows.time_of(created_at), subject, seen, disabled, bool(has_password))


def add_account(tx: Tx, one: Account, password_hash: str = "") -> Account | None:
    """The account with its number; None where the name or the subject is taken."""
    params = {
        "name": rows.clean(one.name),
        "role": one.role.value,
        "password_hash": password_hash,
        "subject": one.subject,
        "now": rows.micros(one.created_at),
    }
    row = tx.one(_ADD, params)
    return None if row is None else replace(one, id=int(row[0]), has_password=bool(password_hash))


def accounts(tx: Tx) -> list[Account]:
    """All of them, by name."""
    return [account_of(row) for row in tx.all(f"{_SELECT} ORDER BY name")]


def lock_admins(tx: Tx) -> None:
    """Nobody else changes an admin until the commit."""
    if tx.dialect.is_shared:
        tx.all(f"{_LOCK}{tx.dialect.for_update}")


def has_accounts(tx: Tx) -> bool:
    return tx.one("SELECT 1 FROM account LIMIT 1") is not None


def account_by_name(tx: Tx, name: str) -> Account | None:
    row = tx.one(f"{_SELECT} WHERE name = :name", {"name": rows.clean(name)})
    return None if row is None else account_of(row)


def account_by_subject(tx: Tx, subject: str) -> Account | None:
    row = tx.one(f"{_SELECT} WHERE subject = :subject", {"subject": rows.clean(subject)})
    return None if row is None else account_of(row)


def credentials(tx: Tx, name: str) -> Credentials | None:
    """For the verifier only."""
    sql = f"SELECT {ACCOUNT_COLUMNS}, password_hash FROM account WHERE name = :name"  # noqa: S608  (constants)
    row = tx.one(sql, {"name": rows.clean(name)})
    return None if row is None else Credentials(account_of(row), str(row[8]))


def set_role(tx: Tx, id_: int, role: AccountRole) -> None:
    tx.execute("UPDATE account SET role = :role WHERE id = :id", {"id": id_, "role": role.value})


def set_password(tx: Tx, id_: int, password_hash: str) -> None:
    tx.execute("UPDATE account SET password_hash = :hash WHERE id = :id", {"id": id_, "hash": password_hash})


def set_disabled(tx: Tx, id_: int, at: datetime | None) -> None:
    tx.execute("UPDATE account SET disabled_at = :at WHERE id = :id", {"id": id_, "at": rows.maybe_micros(at)})


def note_sign_in(tx: Tx, id_: int, now: datetime) -> None:
    tx.execute("UPDATE account SET seen_at = :now WHERE id = :id", {"id": id_, "now": rows.micros(now)})


def remove_account(tx: Tx, id_: int) -> None:
    """With its sessions, tokens and favourites."""
    tx.execute("DELETE FROM favourite WHERE account_id = :id", {"id": id_})
    tx.execute("DELETE FROM account WHERE id = :id", {"id": id_})


# --- failures to sign in -----------------------------------------------------------------------------------------


def failures(tx: Tx, subject: str, minute: int) -> tuple[int, int]:
    """How often it failed in this minute (counted from 1970) and in the one before."""
    sql = "SELECT minute, count FROM attempt WHERE subject = :subject AND minute >= :before"
    found = {int(at): int(count) for at, count in tx.all(sql, {"subject": subject, "before": minute - 1})}
    return found.get(minute, 0), found.get(minute - 1, 0)


def count_failure(tx: Tx, subject: str, minute: int) -> int:
    """How many there are in that minute now, which nobody else counts until the commit."""
    row = tx.one(_COUNT_FAILURE, {"subject": subject, "minute": minute})
    return 0 if row is None else int(row[0])


def take_back_failure(tx: Tx, subject: str, minute: int) -> None:
    """It was none after all."""
    tx.execute(_TAKE_BACK, {"subject": subject, "minute": minute})


def forget_failures(tx: Tx, before: datetime) -> int:
    minute = rows.micros(before) // 60_000_000
    return tx.execute("DELETE FROM attempt WHERE minute < :minute", {"minute": minute})
