"""Accounts, tokens, and the log of what was changed."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from typing import Annotated

import msgspec
from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import Field

from statuswire.access import names, passwords, tokens
from statuswire.engine.orders import Order
from statuswire.engine.people import (
    AddAccount,
    AddToken,
    RemoveAccount,
    RevokeToken,
    SetDisabled,
    SetPassword,
    SetRole,
)
from statuswire.model import AccountRole, Scope
from statuswire.store import Tx, queries
from statuswire.web import people
from statuswire.web.api import shapes
from statuswire.web.api.asked import AuditAsked, Nothing, Part, Until
from statuswire.web.api.errors import unknown_item, wrong
from statuswire.web.api.ordering import done, order
from statuswire.web.api.replies import Asking, encode, number_of, part, read, reply, slice_of
from statuswire.web.asking import Ask
from statuswire.web.pages import read_store

router = APIRouter(tags=["people"])

AccountName = Annotated[str, Path(max_length=names.LONGEST, description="The name of an account.", examples=["ann"])]
NameGiven = Annotated[str, Field(min_length=1, max_length=names.LONGEST)]
Password = Annotated[
    str, Field(min_length=passwords.SHORTEST, max_length=passwords.LONGEST, examples=["correct horse battery"])
]


class AccountAsked(Nothing):
    name: NameGiven = Field(examples=["ann"])
    """Small and capital letters are alike."""
    role: AccountRole = AccountRole.VIEWER
    password: Password | None = None
    """Without one they come by way of the OpenID provider, or not yet."""


class AccountChange(Nothing):
    """At least one of them."""

    role: AccountRole | None = None
    disabled: bool | None = None
    """Kept out, or let in again. Who is kept out is signed out, and their tokens rest."""
    password: Password | None = None
    """Signs them out everywhere."""


class TokenAsked(Nothing):
    name: NameGiven = Field(examples=["prometheus"])
    """What it is for."""
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope), examples=[["metrics"]])]
    """What it may: `read` as a viewer, `write` as an operator, `admin` as an admin, `metrics` read `/metrics`."""
    expires_at: Until | None = None
    """When it ends; never when it is left out."""
    account: NameGiven | None = Field(default=None, examples=["ann"])
    """Whose it is; yours when it is left out and you have an account. It may no more than they may."""


# --- accounts ----------------------------------------------------------------------------------------------------


@router.get("/accounts", response_model=shapes.Accounts, summary="Who may come in")
async def list_accounts(ask: Asking, asked: Annotated[Part, Query()]) -> Response:
    """By name."""
    return await read(
        ask,
        lambda tx: slice_of(queries.accounts(tx), asked.limit, asked.after, lambda one: one.name, people.account_body),
    )


@router.post("/accounts", response_model=shapes.Obeyed, status_code=201, summary="Let somebody in")
async def add_account(
    ask: Asking, account: Annotated[AccountAsked, Body()], asked: Annotated[Nothing, Query()]
) -> Response:
    name = _named(names.folded(account.name))
    hashed = "" if account.password is None else await asyncio.to_thread(passwords.hash_of, account.password)
    return await order(ask, AddAccount(name, account.role, hashed), status=201)


@router.patch("/accounts/{name}", response_model=shapes.Obeyed, summary="Change what somebody may")
async def change_account(
    ask: Asking, name: AccountName, change: Annotated[AccountChange, Body()], asked: Annotated[Nothing, Query()]
) -> Response:
    """All that is asked for, or nothing. The last admin stays one."""
    known = await _known(ask, name)
    hashed = None if change.password is None else await asyncio.to_thread(passwords.hash_of, change.password)
    orders = [*_changes(known, change, hashed)]
    if not orders:
        raise wrong("body", "needs `role`, `disabled` or `password`")
    return await order(ask, *orders)


def _changes(name: str, change: AccountChange, hashed: str | None) -> Iterator[Order]:
    if change.role is not None:
        yield SetRole(name, change.role)
    if change.disabled is not None:
        yield SetDisabled(name, change.disabled)
    if hashed is not None:
        yield SetPassword(name, hashed)


@router.delete("/accounts/{name}", response_model=shapes.Obeyed, summary="Remove somebody for good")
async def remove_account(ask: Asking, name: AccountName, asked: Annotated[Nothing, Query()]) -> Response:
    """With their sessions and tokens."""
    return await order(ask, RemoveAccount(await _known(ask, name)))


async def _known(ask: Ask, name: str) -> str:
    """The name as it is kept. Refuses one that nobody has."""
    folded = names.folded(name)
    if await read_store(ask.parts, lambda tx: queries.account_by_name(tx, folded)) is None:
        raise unknown_item(f"account {folded[:100]!r}")
    return folded


def _named(name: str) -> str:
    """The same. Refuses what cannot be a name."""
    if fault := names.fault_of(name):
        raise wrong("body.name", fault)
    return name


# --- tokens ------------------------------------------------------------------------------------------------------


@router.get("/tokens", response_model=shapes.Tokens, summary="What programs show to be let in")
async def list_tokens(ask: Asking, asked: Annotated[Part, Query()]) -> Response:
    """The newest first, those that count no more too; never the tokens themselves."""
    return await read(ask, lambda tx: _tokens(tx, ask, asked))


def _tokens(tx: Tx, ask: Ask, asked: Part) -> dict[str, object]:
    below, now = number_of(asked.after), ask.parts.clock.now()
    owners = {one.id: one.name for one in queries.accounts(tx)}
    found = [one for one in queries.tokens(tx) if below is None or one.id < below]
    following = str(found[asked.limit - 1].id) if len(found) > asked.limit else None
    return part((people.token_body(one, owners, now) for one in found[: asked.limit]), following)


@router.post("/tokens", response_model=shapes.TokenMade, status_code=201, summary="Make one, and show it this once")
async def add_token(ask: Asking, token: Annotated[TokenAsked, Body()], asked: Annotated[Nothing, Query()]) -> Response:
    """Only a digest of it is kept."""
    text = tokens.make(secrets.token_bytes(tokens.RANDOM_BYTES))
    digest = tokens.digest_of(text)
    assert digest is not None
    name, owner = _named(token.name.strip()), await _owner(ask, token.account)
    made = await done(ask, AddToken(name, tuple(dict.fromkeys(token.scopes)), digest.hex(), token.expires_at, owner))
    return reply(ask, encode(msgspec.to_builtins(made) | {"token": text}), 201)


async def _owner(ask: Ask, given: str | None) -> str:
    """Whose a new token is: who was named, else whoever asks; empty for nobody's."""
    if given is not None:
        return names.folded(given)
    found = await read_store(ask.parts, queries.accounts)
    return next((one.name for one in found if one.id == ask.principal.account_id), "")


@router.delete("/tokens/{id}", response_model=shapes.Obeyed, summary="End one at once")
async def revoke_token(
    ask: Asking,
    id: Annotated[int, Path(ge=0, lt=2**63, description="Its number.", examples=[3])],
    asked: Annotated[Nothing, Query()],
) -> Response:
    if await read_store(ask.parts, lambda tx: queries.token_by_id(tx, id)) is None:
        raise unknown_item(f"token {id}")
    return await order(ask, RevokeToken(id))


# --- the log of changes ------------------------------------------------------------------------------------------


@router.get("/audit", response_model=shapes.Audit, summary="What was changed, by whom")
async def list_changes(ask: Asking, asked: Annotated[AuditAsked, Query()]) -> Response:
    """The newest first."""
    return await read(ask, lambda tx: _audit(tx, asked))


def _audit(tx: Tx, asked: AuditAsked) -> dict[str, object]:
    found = queries.audit_list(
        tx, limit=asked.limit + 1, before=number_of(asked.after), actor=asked.actor or "", action=asked.action or ""
    )
    following = str(found[asked.limit - 1].id) if len(found) > asked.limit else None
    return part((people.change_body(one) for one in found[: asked.limit]), following)
