"""Signing in at an OpenID provider: the way there, and the way back."""

from __future__ import annotations

import asyncio
import logging
import secrets
from datetime import timedelta
from functools import partial
from typing import Final
from urllib.parse import parse_qs, quote, unquote

from statuswire.access import arriving, attempts, oidc, sessions
from statuswire.access.settings import OidcSettings
from statuswire.errors import FetchError, SignInError
from statuswire.model import Account
from statuswire.net.http import HttpClient
from statuswire.web.asgi import Answer, Headers
from statuswire.web.asking import Ask
from statuswire.web.doors import NOT_FOUND
from statuswire.web.face.signin import WRITE_DEADLINE_S, enter, page
from statuswire.web.html import see_other
from statuswire.web.peers import local_path
from statuswire.web.problems import Refusal, RefusedRequest

log = logging.getLogger(__name__)

COOKIE: Final = "statuswire_oidc"
CALLBACK: Final = "/sign-in/oidc/callback"
PER_MINUTE: Final = 30
"""How often a network may go there and come back: each time we ask the provider."""

_LASTS: Final = timedelta(minutes=10)
_STALE = "This sign-in is out of date. Begin again."
_REFUSED = "The provider did not let you in."
_UNREACHED = "The provider cannot be asked now; the log says more."
_UNPROVEN = "What the provider answered does not count; the log says more."
_NOT_MEANT = "You may not come in here. Ask whoever runs this statuswire."


async def leave(ask: Ask) -> Answer:
    """Send the browser to the provider."""
    client, settings = _provider(ask)
    await _count(ask)
    target = local_path(_query(ask).get("next", "/"))
    seed = sessions.make(secrets.token_bytes(32))
    try:
        provider = await oidc.discover(client, settings)
    except (FetchError, SignInError) as error:
        return await _failed(ask, target, error)
    place = oidc.authorization_url(provider, settings, oidc.ticket_of(seed), _redirect_uri(ask))
    return see_other(place, (_cookie(ask, f"{seed}.{quote(target, safe='')}", _LASTS),))


async def come_back(ask: Ask) -> Answer:
    """Take the browser back from the provider, with the code that it was given."""
    client, settings = _provider(ask)
    await _count(ask)
    query = _query(ask)
    seed, _, wanted = sessions.shown_in(ask.headers.get("cookie", ""), _cookie_name(ask)).partition(".")
    target, ticket = local_path(unquote(wanted)), oidc.ticket_of(seed)
    if not seed or not oidc.is_answer_to(ticket, query.get("state", "")):
        return await page(ask, 403, target, _STALE)
    if "code" not in query:
        log.info("sign-in refused reason=provider network=%s", ask.peer.network)
        return await page(ask, 403, target, _REFUSED, _forgotten(ask))
    try:
        provider = await oidc.discover(client, settings)
        if query.get("iss", provider.issuer) != provider.issuer:
            raise SignInError("another provider sent the browser back")
        code, now = query["code"], ask.parts.clock.now()
        who = await oidc.redeem(client, provider, settings, ticket, code, _redirect_uri(ask), now)
    except (FetchError, SignInError) as error:
        return await _failed(ask, target, error)
    return await _let_in(ask, settings, who, target)


async def _let_in(ask: Ask, settings: OidcSettings, who: oidc.Identity, target: str) -> Answer:
    work = partial(
        arriving.account_for,
        subject=who.subject,
        name=who.name,
        role=who.role,
        default_role=settings.default_role,
        now=ask.parts.clock.now(),
    )
    async with asyncio.timeout(WRITE_DEADLINE_S):
        account: Account | None = await asyncio.wrap_future(ask.parts.store.submit(work))
    if account is None:
        log.info("sign-in refused reason=no_role network=%s", ask.peer.network)
        return await page(ask, 403, target, _NOT_MEANT, _forgotten(ask))
    return await enter(ask, account, target, "oidc", _forgotten(ask))


async def _failed(ask: Ask, target: str, error: FetchError | SignInError) -> Answer:
    log.warning("sign-in at the provider failed: %s", error)
    said = _UNREACHED if isinstance(error, FetchError) else _UNPROVEN
    return await page(ask, 502, target, said, _forgotten(ask))


async def _count(ask: Ask) -> None:
    """Raises RefusedRequest where this network has come too often."""
    counted = (attempts.subject("oidc", ask.peer.network),)
    work = partial(attempts.take, counted=counted, now=ask.parts.clock.now(), allowed=PER_MINUTE)
    async with asyncio.timeout(WRITE_DEADLINE_S):
        wait_s = await asyncio.wrap_future(ask.parts.store.submit(work))
    if wait_s:
        raise RefusedRequest(Refusal("too_many_requests", "Too many sign-ins; wait a little.", retry_after_s=wait_s))


def _provider(ask: Ask) -> tuple[HttpClient, OidcSettings]:
    client, settings = ask.parts.client, ask.parts.access.oidc
    if client is None or settings is None:
        raise RefusedRequest(NOT_FOUND)
    return client, settings


def _query(ask: Ask) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(ask.query.decode("latin-1"), max_num_fields=20).items()}


def _redirect_uri(ask: Ask) -> str:
    """Ours, by the name that the browser calls us; the provider knows which ones are right."""
    return f"{'https' if ask.peer.is_https else 'http'}://{ask.headers.get('host', '')}{CALLBACK}"


def _cookie_name(ask: Ask) -> str:
    return sessions.cookie_name(is_https=ask.peer.is_https, name=COOKIE)


def _cookie(ask: Ask, shown: str, lasts: timedelta) -> tuple[bytes, bytes]:
    return b"set-cookie", sessions.cookie(shown, is_https=ask.peer.is_https, max_age=lasts, name=COOKIE).encode()


def _forgotten(ask: Ask) -> Headers:
    return (_cookie(ask, "", timedelta()),)
