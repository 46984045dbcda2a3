"""Whoever asks: accounts with a browser that has signed in, and tokens of programs."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import NamedTuple

from statuswire.access import sessions, tokens
from statuswire.access.settings import AccessSettings
from statuswire.model import Account, AccountRole, ApiToken, Scope
from statuswire.store import queries
from statuswire.web.trust import HookSettings
from tests.web.parts import Site

HOST = "status.example.com"
BEYOND = HookSettings(is_loopback=False)


class Browser(NamedTuple):
    """`headers` are what it sends with every request, `csrf` what its forms carry."""

    account: Account
    headers: dict[str, str]
    csrf: str

    @property
    def same_origin(self) -> dict[str, str]:
        return self.headers | {"origin": f"http://{self.headers['host']}"}


def site_beyond_loopback(access: AccessSettings | None = None, **parts: object) -> Site:
    site = Site(BEYOND)
    site.replace(access=access or AccessSettings(), **parts)
    return site


def account(site: Site, role: AccountRole = AccountRole.VIEWER, name: str = "", password_hash: str = "") -> Account:
    one = Account(0, name or f"{role} of the house", role, site.clock.now())
    made = site.store.write(lambda tx: queries.add_account(tx, one, password_hash))
    assert made is not None
    return made


def signed_in(site: Site, one: Account) -> Browser:
    shown = sessions.make(secrets.token_bytes(32))
    session = sessions.begin(one, shown, site.clock.now())
    digest = sessions.digest_of(shown)
    assert digest is not None
    site.store.write(lambda tx: queries.add_session(tx, digest, session))
    return Browser(one, {"cookie": f"{sessions.COOKIE}={shown}", "host": HOST}, session.csrf)


def token(site: Site, *scopes: Scope, owner: Account | None = None, expires: timedelta | None = None) -> str:
    """The text of a new token."""
    now = site.clock.now()
    text = tokens.make(secrets.token_bytes(32))
    digest = tokens.digest_of(text)
    assert digest is not None
    owner_id, ends = owner.id if owner else None, now + expires if expires is not None else None
    one = ApiToken(0, "robot", frozenset(scopes), now, owner_id, ends)
    site.store.write(lambda tx: queries.add_token(tx, one, digest))
    return text


def bearer(text: str) -> dict[str, str]:
    return {"authorization": f"Bearer {text}", "host": HOST}
