"""Whoever comes from an OpenID provider: the account that is theirs, made with their first sign-in."""

from __future__ import annotations

from datetime import datetime

from statuswire.access.names import LONGEST, folded
from statuswire.model import Account, AccountRole
from statuswire.store import Tx, queries

_TRIES = 100


def account_for(
    tx: Tx, subject: str, name: str, role: AccountRole | None, default_role: AccountRole | None, now: datetime
) -> Account | None:
    """The account of a subject (`issuer sub`); None where they may not come in.

    The role that the provider gives counts every time; where it says nothing of roles, they keep what they have, and
    newcomers get the default. A name proves nothing: where it is taken already, the newcomer gets another one.
    """
    known = queries.account_by_subject(tx, subject)
    if known is None:
        given = role or default_role
        return None if given is None else _newcomer(tx, subject, name, given, now)
    if known.disabled_at is not None or (role is None and default_role is None):
        return None
    if role is not None and role is not known.role:
        queries.set_role(tx, known.id, role)
        queries.note_change(tx, now, known.name, "account.role", f"account/{known.name}", {"role": role.value})
        return queries.account_by_subject(tx, subject)
    return known


def _newcomer(tx: Tx, subject: str, name: str, role: AccountRole, now: datetime) -> Account | None:
    shown = "".join(letter for letter in folded(name) if letter.isprintable())[: LONGEST - 6] or "somebody"
    for number in range(1, _TRIES):
        unique = shown if number == 1 else f"{shown} ({number})"
        made = queries.add_account(tx, Account(0, unique, role, now, subject))
        if made is None and (known := queries.account_by_subject(tx, subject)) is not None:
            return known  # they came twice at once
        if made is not None:
            detail = {"role": role.value, "subject": subject}
            queries.note_change(tx, now, unique, "account.add", f"account/{unique}", detail)
            return made
    return None
