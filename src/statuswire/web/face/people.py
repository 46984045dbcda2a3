"""What admins do about accounts and tokens, and the log of all that was changed."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Final
from urllib.parse import parse_qs

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
from statuswire.model import Account, AccountRole, Scope
from statuswire.store import Tx, queries
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.face.changes import gone_back, place, sentence
from statuswire.web.face.forms import order
from statuswire.web.face.frame import Context, show
from statuswire.web.face.settings import PATH, Spoken, shown, words_of_change
from statuswire.web.obeying import obeyed
from statuswire.web.pages import read_store

SHOWN: Final = 100
LENGTHS: Final[Mapping[str, timedelta | None]] = {
    "30d": timedelta(days=30),
    "90d": timedelta(days=90),
    "365d": timedelta(days=365),
    "": None,
}
"""How long a token may count."""


# --- accounts ----------------------------------------------------------------------------------------------------


async def add_account(ask: Ask) -> Answer:
    """Let somebody in. Without a password they sign in elsewhere."""
    form = await ask.form()
    name, role, password = names.folded(form.get("name", "")), form.get("role", ""), form.get("password", "")
    faults = {}
    if fault := names.fault_of(name):
        faults["account.name"] = f"The name {fault}."
    if role not in set(AccountRole):
        faults["account.role"] = "Choose a role."
    if password and (fault := passwords.fault_of(password)):
        faults["account.password"] = f"The password {fault}."
    if faults:
        return await _again(ask, faults, {"name": name, "role": role})
    password_hash = await asyncio.to_thread(passwords.hash_of, password) if password else ""
    answer = await obeyed(ask, AddAccount(name, AccountRole(role), password_hash))
    if not answer.done:
        return await _again(ask, {"account.name": sentence(answer)}, {"name": name, "role": role})
    return gone_back(PATH, "account-added")


async def change_account(ask: Ask) -> Answer:
    """Another role or password, kept out or let in again, or gone: as the button says."""
    one, form = await _account(ask), await ask.form()
    if one is None:
        return gone_back(PATH, "gone")
    meant = await _order(one, form)
    if isinstance(meant, str):
        return await _again(ask, {f"account.{one.id}": meant}, {})
    word = "account-removed" if isinstance(meant, RemoveAccount) else "account-changed"
    return await order(ask, meant, place(PATH, word))


async def _account(ask: Ask) -> Account | None:
    found = await read_store(ask.parts, queries.accounts)
    return next((one for one in found if str(one.id) == ask.params["id"]), None)


async def _order(one: Account, form: Mapping[str, str]) -> Order | str:
    """What the button means, or what is wrong with it."""
    do, role, password = form.get("do", ""), form.get("role", ""), form.get("password", "")
    if do == "role" and role in set(AccountRole):
        return SetRole(one.name, AccountRole(role))
    if do in ("disable", "enable"):
        return SetDisabled(one.name, do == "disable")
    if do == "remove":
        return RemoveAccount(one.name)
    if do == "password":
        fault = passwords.fault_of(password)
        if fault:
            return f"The password {fault}."
        return SetPassword(one.name, await asyncio.to_thread(passwords.hash_of, password))
    return "That cannot be done."


async def _again(ask: Ask, faults: Mapping[str, str], given: Mapping[str, str]) -> Answer:
    return await shown(ask, Spoken(faults=faults, given=given), status=400)


# --- tokens ------------------------------------------------------------------------------------------------------


async def add_token(ask: Ask) -> Answer:
    """Make a token and show it, this once: only its digest is kept."""
    lists = await ask.form_lists()
    form = {field: values[-1].strip() for field, values in lists.items()}
    name, scopes = form.get("name", ""), [word for word in lists.get("scope", ()) if word in set(Scope)]
    faults = {}
    if fault := names.fault_of(name):
        faults["token.name"] = f"The name {fault}."
    if not scopes:
        faults["token.scope"] = "Tick what it may do."
    if faults:
        return await _again(ask, faults, {"token": name})
    text = tokens.make(secrets.token_bytes(tokens.RANDOM_BYTES))
    digest = tokens.digest_of(text)
    assert digest is not None, "what was just made is one"
    length = LENGTHS.get(form.get("expires", ""), LENGTHS["90d"])
    ends_at = None if length is None else ask.parts.clock.now() + length
    account = form.get("account", "")
    answer = await obeyed(ask, AddToken(name, tuple(map(Scope, scopes)), digest.hex(), ends_at, account))
    if not answer.done:
        return await _again(ask, {"token.name": sentence(answer)}, {"token": name})
    return await shown(ask, Spoken(token=text))


async def revoke_token(ask: Ask) -> Answer:
    text = ask.params["id"]
    id_ = int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0
    answer = await obeyed(ask, RevokeToken(id_))
    return gone_back(PATH, "token-revoked" if answer.done else "gone")


# --- the log -----------------------------------------------------------------------------------------------------


async def log(ask: Ask) -> Answer:
    """Who changed what, the newest first; of one person or one kind of change where the address says so."""
    given = {name: some[-1] for name, some in parse_qs(ask.query.decode("latin-1"), max_num_fields=20).items()}
    before = given.get("before", "")
    below = int(before) if before.isascii() and before.isdecimal() and len(before) <= 18 else None
    actor, action = given.get("actor", ""), given.get("action", "")
    load = partial(_log, before=below, actor=actor, action=action)
    return await show(ask, "audit.html", load, title="Changes", current="settings")


def _log(tx: Tx, before: int | None, actor: str, action: str) -> Context:
    found = queries.audit_list(tx, limit=SHOWN + 1, before=before, actor=actor, action=action)
    return {
        "changes": found[:SHOWN],
        "words_of": words_of_change,
        "before": found[SHOWN - 1].id if len(found) > SHOWN else None,
        "is_first": before is None,
        "actor": actor,
        "action": action,
    }
