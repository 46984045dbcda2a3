"""Orders about who may come in: accounts, and tokens of programs.

Secrets do not travel: an order carries the hash of a password and the digest of a token, made where it was given. Names
come folded, as `access/names.py` does it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from statuswire.engine.obeyed import Obeyed
from statuswire.model import Account, AccountRole, ApiToken, Scope
from statuswire.store import Tx, queries


class AddAccount(msgspec.Struct, frozen=True, tag="add_account"):
    """Let somebody in; without a password they come by way of the provider, or not yet."""

    name: str
    role: AccountRole
    password_hash: str = ""
    author: str = ""


class SetRole(msgspec.Struct, frozen=True, tag="set_role"):
    """From the next request on."""

    name: str
    role: AccountRole
    author: str = ""


class SetPassword(msgspec.Struct, frozen=True, tag="set_password"):
    """Who has signed in with the old one is signed out."""

    name: str
    password_hash: str
    author: str = ""


class SetDisabled(msgspec.Struct, frozen=True, tag="set_disabled"):
    """Keep somebody out for a while, or let them in again. Their tokens rest with them."""

    name: str
    disabled: bool
    author: str = ""


class RemoveAccount(msgspec.Struct, frozen=True, tag="remove_account"):
    """For good, with its tokens."""

    name: str
    author: str = ""


class AddToken(msgspec.Struct, frozen=True, tag="add_token"):
    """`digest` is the SHA-256 of the token in hexadecimal, `account` the name of whom it belongs to, if to anybody."""

    name: str
    scopes: tuple[Scope, ...]
    digest: str
    expires_at: datetime | None = None
    account: str = ""
    author: str = ""


class RevokeToken(msgspec.Struct, frozen=True, tag="revoke_token"):
    """From the next request on."""

    id: int
    author: str = ""


def _add_account(tx: Tx, order: AddAccount, now: datetime) -> Obeyed:
    made = queries.add_account(tx, Account(0, order.name, order.role, now), order.password_hash)
    if made is None:
        return Obeyed(False, f"there is an account {order.name} already")
    return Obeyed(True, f"{order.name} may come in as {order.role}", made.id)


def _set_role(tx: Tx, order: SetRole, now: datetime) -> Obeyed:
    one = queries.account_by_name(tx, order.name)
    if one is None:
        return _unknown(order.name)
    if order.role is not AccountRole.ADMIN and _is_last_admin(tx, one):
        return _last(one)
    queries.set_role(tx, one.id, order.role)
    return Obeyed(True, f"{one.name} is {order.role} now", one.id)


def _set_password(tx: Tx, order: SetPassword, now: datetime) -> Obeyed:
    one = queries.account_by_name(tx, order.name)
    if one is None:
        return _unknown(order.name)
    queries.set_password(tx, one.id, order.password_hash)
    ended = queries.end_sessions(tx, one.id)
    return Obeyed(True, f"{one.name} has a new password; signed out {_browsers(ended)}", one.id)


def _set_disabled(tx: Tx, order: SetDisabled, now: datetime) -> Obeyed:
    one = queries.account_by_name(tx, order.name)
    if one is None:
        return _unknown(order.name)
    if order.disabled and _is_last_admin(tx, one):
        return _last(one)
    queries.set_disabled(tx, one.id, now if order.disabled else None)
    if not order.disabled:
        return Obeyed(True, f"{one.name} may come in again", one.id)
    ended = queries.end_sessions(tx, one.id)
    return Obeyed(True, f"{one.name} is disabled; signed out {_browsers(ended)}", one.id)


def _remove_account(tx: Tx, order: RemoveAccount, now: datetime) -> Obeyed:
    one = queries.account_by_name(tx, order.name)
    if one is None:
        return _unknown(order.name)
    if _is_last_admin(tx, one):
        return _last(one)
    queries.remove_account(tx, one.id)
    return Obeyed(True, f"{one.name} is removed, with what they had", one.id)


def _add_token(tx: Tx, order: AddToken, now: datetime) -> Obeyed:
    owner = queries.account_by_name(tx, order.account) if order.account else None
    if order.account and owner is None:
        return _unknown(order.account)
    if order.expires_at is not None and order.expires_at <= now:
        return Obeyed(False, "it would be over already")
    scopes, owner_id = frozenset(order.scopes), owner.id if owner is not None else None
    one = ApiToken(0, order.name, scopes, now, owner_id, order.expires_at)
    made = queries.add_token(tx, one, bytes.fromhex(order.digest))
    end = "for good" if order.expires_at is None else f"until {order.expires_at:%Y-%m-%d %H:%M} UTC"
    return Obeyed(True, f"token {made.id} counts {end}", made.id)


def _revoke_token(tx: Tx, order: RevokeToken, now: datetime) -> Obeyed:
    if queries.revoke_token(tx, order.id, now):
        return Obeyed(True, f"token {order.id} counts no more", order.id)
    return Obeyed(False, f"there is no token {order.id} that counts")


def _is_last_admin(tx: Tx, one: Account) -> bool:
    """Whether nobody could rule without them, while others are still there."""
    if one.role is not AccountRole.ADMIN:
        return False
    queries.lock_admins(tx)
    everybody = queries.accounts(tx)
    admins = [other.id for other in everybody if other.role is AccountRole.ADMIN and other.disabled_at is None]
    return admins == [one.id] and len(everybody) > 1


def _last(one: Account) -> Obeyed:
    return Obeyed(False, f"{one.name} is the last admin; make somebody else one first")


def _unknown(name: str) -> Obeyed:
    return Obeyed(False, f"there is no account {name}")


def _browsers(count: int) -> str:
    return f"{count} browser{'' if count == 1 else 's'}"


WAYS: Final[Mapping[type[Any], Callable[[Tx, Any, datetime], Obeyed]]] = {
    AddAccount: _add_account,
    SetRole: _set_role,
    SetPassword: _set_password,
    SetDisabled: _set_disabled,
    RemoveAccount: _remove_account,
    AddToken: _add_token,
    RevokeToken: _revoke_token,
}

NAMES: Final[Mapping[type[Any], tuple[str, str]]] = {
    AddAccount: ("account.add", "account/{name}"),
    SetRole: ("account.role", "account/{name}"),
    SetPassword: ("account.password", "account/{name}"),
    SetDisabled: ("account.disable", "account/{name}"),
    RemoveAccount: ("account.remove", "account/{name}"),
    AddToken: ("token.add", "token/{id}"),
    RevokeToken: ("token.revoke", "token/{id}"),
}
"""How the log of changes calls them, and what they change."""

SECRETS: Final = frozenset({"password_hash", "digest"})
"""What the log of changes leaves out."""
