"""Signing in with a password, and out: the page, and what its forms do."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Final
from urllib.parse import parse_qs

from statuswire.access import audit, sessions, signing_in
from statuswire.access.settings import FIRST_ACCOUNT
from statuswire.access.signing_in import TooOften
from statuswire.model import Account, PrincipalKind
from statuswire.store import Tx, queries
from statuswire.web.asgi import Answer, Headers
from statuswire.web.asking import Ask
from statuswire.web.face import frame
from statuswire.web.html import see_other
from statuswire.web.pages import read_store
from statuswire.web.peers import local_path
from statuswire.web.problems import Refusal, RefusedRequest

log = logging.getLogger(__name__)

WRITE_DEADLINE_S = 10.0

_WORKER: Final = ThreadPoolExecutor(1, "sign-in")
"""One password at a time: each takes 19 MiB and a core, and a flood of them may take no more."""

_WRONG = "Name and password do not belong together."


async def sign_in_page(ask: Ask) -> Answer:
    """The page; whoever has signed in already goes on."""
    wanted = parse_qs(ask.query.decode("latin-1"))
    target = local_path(wanted.get("next", ["/"])[-1])
    if ask.principal.kind is PrincipalKind.ACCOUNT:
        return see_other(target)
    return await page(ask, 200, target)


async def sign_in(ask: Ask) -> Answer:
    """Open a session and go on, or show the page again with what is wrong."""
    if not ask.parts.access.has_passwords:
        raise RefusedRequest(Refusal("forbidden", "One signs in at the provider here: /sign-in."))
    form = await ask.form()
    name, password, target = (form.get(field, "") for field in ("name", "password", "next"))
    now = ask.parts.clock.now()
    work = partial(signing_in.by_password, ask.parts.store, name, password, ask.peer.network, now)
    async with asyncio.timeout(WRITE_DEADLINE_S):
        outcome = await asyncio.get_running_loop().run_in_executor(_WORKER, work)
    if isinstance(outcome, Account):
        return await enter(ask, outcome, local_path(target), "password")
    log.info("sign-in refused reason=%s network=%s", "too_often" if outcome else "wrong", ask.peer.network)
    if isinstance(outcome, TooOften):
        told = f"Too many attempts. Try again in {outcome.retry_after_s} seconds."
        again: Headers = ((b"retry-after", b"%d" % outcome.retry_after_s),)
        return await page(ask, 429, local_path(target), told, again)
    return await page(ask, 403, local_path(target), _WRONG)


async def sign_out(ask: Ask) -> Answer:
    """End the session of this browser."""
    shown, now = _shown(ask), ask.parts.clock.now()

    def work(tx: Tx) -> None:
        if signing_in.end(tx, shown) and ask.principal.kind is PrincipalKind.ACCOUNT:
            audit.note(tx, now, ask.principal, "session.end", f"account/{ask.principal.name}")

    await _write(ask, work)
    taken_away = sessions.cookie("", is_https=ask.peer.is_https, max_age=timedelta())
    return see_other("/sign-in", ((b"set-cookie", taken_away.encode()),))


async def enter(ask: Ask, account: Account, target: str, way: str, headers: Headers = ()) -> Answer:
    """A new session for an account that has proved itself; one that the browser had is over."""
    shown, now, before = sessions.make(secrets.token_bytes(32)), ask.parts.clock.now(), _shown(ask)

    def work(tx: Tx) -> None:
        signing_in.end(tx, before)
        signing_in.begin(tx, account, shown, now, way)

    await _write(ask, work)
    log.info("signed in account=%s way=%s network=%s", account.name, way, ask.peer.network)
    given = sessions.cookie(shown, is_https=ask.peer.is_https)
    return see_other(target, ((b"set-cookie", given.encode()), *headers))


async def page(ask: Ask, status: int, target: str, told: str = "", headers: Headers = ()) -> Answer:
    """The page to sign in with; `told` says what went wrong."""
    access = ask.parts.access
    has_accounts = await read_store(ask.parts, queries.has_accounts)
    return frame.render(
        ask,
        "signin.html",
        status=status,
        headers=headers,
        title="Sign in",
        target=target,
        told=told,
        has_passwords=access.has_passwords,
        has_oidc=access.oidc is not None,
        first_account="" if has_accounts or not access.has_passwords else FIRST_ACCOUNT,
        is_open=ask.principal.kind is PrincipalKind.MACHINE,
    )


async def _write(ask: Ask, work: Callable[[Tx], object]) -> None:
    async with asyncio.timeout(WRITE_DEADLINE_S):
        await asyncio.wrap_future(ask.parts.store.submit(work))


def _shown(ask: Ask) -> str:
    name = sessions.cookie_name(is_https=ask.peer.is_https)
    return sessions.shown_in(ask.headers.get("cookie", ""), name)
