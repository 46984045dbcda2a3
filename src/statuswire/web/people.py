"""What accounts and tokens look like in JSON, for commands and the API alike; never a secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from statuswire.model import Account, ApiToken, AuditEntry
from statuswire.web.shapes import Body, optional
from statuswire.wire import timestamp


def account_body(one: Account) -> Body:
    return {
        "name": one.name,
        "role": one.role.value,
        "signs_in_by": [*_ways(one)],
        "created_at": timestamp(one.created_at),
        "seen_at": optional(one.seen_at),
        "disabled_at": optional(one.disabled_at),
    }


def _ways(one: Account) -> Iterator[str]:
    if one.has_password:
        yield "password"
    if one.subject is not None:
        yield "oidc"


def token_body(one: ApiToken, names: Mapping[int, str], now: datetime) -> Body:
    """`names` are those of accounts, by number."""
    is_over = one.expires_at is not None and one.expires_at <= now
    return {
        "id": one.id,
        "name": one.name,
        "scopes": sorted(scope.value for scope in one.scopes),
        "account": names.get(one.account_id or 0),
        "state": "revoked" if one.revoked_at is not None else "expired" if is_over else "good",
        "created_at": timestamp(one.created_at),
        "expires_at": optional(one.expires_at),
        "used_at": optional(one.used_at),
        "revoked_at": optional(one.revoked_at),
    }


def change_body(one: AuditEntry) -> Body:
    return {
        "id": one.id,
        "at": timestamp(one.at),
        "actor": one.actor,
        "action": one.action,
        "subject": one.subject,
        "detail": dict(one.detail),
    }
