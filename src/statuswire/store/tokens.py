"""Statements about tokens of programs. Of a token only the SHA-256 is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import msgspec

from statuswire.model import Account, ApiToken, Scope
from statuswire.store import rows
from statuswire.store.accounts import ACCOUNT_COLUMNS, account_of
from statuswire.store.base import Row, Tx

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(frozenset[Scope]).decode

_COLUMNS = "api_token.id, api_token.name, scopes, api_token.created_at, account_id, expires_at, used_at, revoked_at"
_ADD = """
INSERT INTO api_token (digest, name, account_id, scopes, created_at, expires_at)
VALUES (:digest, :name, :account_id, :scopes, :created_at, :expires_at) RETURNING id
"""
_BY_DIGEST = f"""
SELECT {_COLUMNS}, {ACCOUNT_COLUMNS}
FROM api_token LEFT JOIN account ON account.id = account_id WHERE digest = :digest
"""  # noqa: S608  (constants)
_SELECT = f"SELECT {_COLUMNS} FROM api_token"  # noqa: S608  (a constant)
_TOUCH = "UPDATE api_token SET used_at = :now WHERE id = :id AND (used_at IS NULL OR used_at < :now)"
_REVOKE = "UPDATE api_token SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL"


def add_token(tx: Tx, one: ApiToken, digest: bytes) -> ApiToken:
    """The token with its number."""
    params = {
        "digest": digest,
        "name": rows.clean(one.name),
        "account_id": one.account_id,
        "scopes": _encode(sorted(one.scopes)).decode(),
        "created_at": rows.micros(one.created_at),
        "expires_at": rows.maybe_micros(one.expires_at),
    }
    row = tx.one(_ADD, params)
    if row is None:
        raise rows.damaged("api_token", LookupError("no id was given"))
    return replace(one, id=int(row[0]))


def token_by_digest(tx: Tx, digest: bytes) -> tuple[ApiToken, Account | None] | None:
    """With the account that it belongs to, if it does. Also one that is revoked or over: the caller decides."""
    row = tx.one(_BY_DIGEST, {"digest": digest})
    if row is None:
        return None
    return _token(row), None if row[8] is None else account_of(row[8:])


def tokens(tx: Tx) -> list[ApiToken]:
    """All of them, revoked ones too, the newest first."""
    return [_token(row) for row in tx.all(f"{_SELECT} ORDER BY api_token.id DESC")]


def token_by_id(tx: Tx, id_: int) -> ApiToken | None:
    row = tx.one(f"{_SELECT} WHERE api_token.id = :id", {"id": id_})
    return None if row is None else _token(row)


def touch_token(tx: Tx, id_: int, now: datetime) -> None:
    tx.execute(_TOUCH, {"id": id_, "now": rows.micros(now)})


def revoke_token(tx: Tx, id_: int, now: datetime) -> bool:
    """Whether there was one that was not revoked yet."""
    return tx.execute(_REVOKE, {"id": id_, "now": rows.micros(now)}) == 1


def _token(row: Row) -> ApiToken:
    id_, name, scopes, created_at, account_id, expires_at, used_at, revoked_at = row[:8]
    try:
        known = _decode(scopes)
    except (msgspec.DecodeError, ValueError) as error:
        raise rows.damaged("api_token", error) from error
    ends = map(rows.maybe_time, (expires_at, used_at, revoked_at))
    return ApiToken(id_, name, known, rows.time_of(created_at), account_id, *ends)
