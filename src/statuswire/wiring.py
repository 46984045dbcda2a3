"""Small parts of the composition root: the client, the console, the sender, and what loops call between them."""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from importlib import import_module
from importlib.metadata import version as version_of
from typing import TextIO

from statuswire import config as configuration
from statuswire import telling
from statuswire.access.settings import AccessSettings, OidcSettings
from statuswire.catalog import Target
from statuswire.config import Config
from statuswire.console import Console
from statuswire.engine.clock import Clock
from statuswire.engine.dispatcher import Sender
from statuswire.engine.ingest import Keep, Recorded, keep_nothing
from statuswire.engine.places import Found
from statuswire.engine.polled import PollSettings
from statuswire.engine.tail import Tail
from statuswire.engine.tokens import Tokens
from statuswire.errors import ConfigError
from statuswire.model import AccountRole, Document, Event, Page, ReplicaRole, Snapshot
from statuswire.net.http import HttpClient
from statuswire.peers.base import Topic
from statuswire.peers.frames import Identity
from statuswire.peers.together import NOBODY, Peers, join
from statuswire.platforms import parsing
from statuswire.screen import style_of
from statuswire.sharing import LookSoon
from statuswire.store import Store, Tx, queries
from statuswire.verdict import Verdict
from statuswire.web.doors import SecretAddresses


def version() -> str:
    return version_of("statuswire")


def console_on(config: Config, out: TextIO, when_unread: Callable[[], object] | None) -> Console:
    style = style_of(out, wants_colour=configuration.wants_colour(), tz=config.zone)
    return Console(out, config.console.format, style, selections_of(config), when_unread)


def selections_of(config: Config) -> dict[str, tuple[str, ...]]:
    """The components that matter, by the slug of the page."""
    return {target.slug: target.components for target in config.targets}


def sender_of(
    config: Config, client: HttpClient, console: Console, is_serving: bool
) -> AbstractAsyncContextManager[Sender | None]:
    """What sends, where there are channels to send to."""
    if not (is_serving and config.channels and ReplicaRole.DELIVER in config.roles):
        return contextlib.nullcontext()
    return telling.sending(client, console.say)


def client_of(config: Config) -> HttpClient:
    return HttpClient(user_agent=user_agent(config), credentials=config.credentials(), authorities=config.authorities())


def access_of(config: Config) -> AccessSettings:
    """Who may come in, as the web application needs it."""
    auth = config.auth
    return AccessSettings(
        is_required=auth.required,
        has_passwords=auth.sign_in != "oidc",
        oidc=None if auth.sign_in == "password" else oidc_of(config),
        hosts=frozenset(auth.hosts),
        proxies=auth.networks,
    )


def oidc_of(config: Config) -> OidcSettings | None:
    oidc = config.auth.oidc
    if not oidc.issuer:
        return None
    return OidcSettings(
        issuer=oidc.issuer,
        client_id=oidc.client_id,
        client_secret=oidc.revealed(),
        scopes=tuple(dict.fromkeys(("openid", *oidc.scopes))),
        roles_claim=oidc.roles_claim,
        roles=oidc.roles,
        default_role=None if oidc.default_role == "none" else AccountRole(oidc.default_role),
        allow_private=oidc.allow_private,
    )


def user_agent(config: Config) -> str:
    contact = config.poll.user_agent_contact
    return f"statuswire/{version()} ({f'{contact}; ' if contact else ''}+https://pypi.org/project/statuswire/)"


def poll_settings(config: Config) -> PollSettings:
    poll = config.poll
    return PollSettings(interval=poll.interval, while_open=min(poll.while_open, poll.interval), per_host=poll.per_host)


def parse(document: Document, platform: str | None) -> Snapshot:
    """A page whose platform is not known is read by what its documents show."""
    return parsing.parse(document, platform or None)


def keep_of(config: Config, token: Callable[[str], str]) -> Keep:
    """Who keeps documents of pages with a contract; `token` is the secret word of a page's own address. What does it is
    loaded where there are contracts."""
    if not config.contracts:
        return keep_nothing
    keep: Keep = import_module("statuswire.engine.evidence").keeper(config, token)
    return keep


def install_secret(tx: Tx) -> tuple[bytes, list[str]]:
    """The secret that this installation's hook addresses are derived from, made once, and the slugs of all pages."""
    known = queries.setting_once(tx, queries.SECRET_SETTING, secrets.token_hex(32))
    return bytes.fromhex(known), [page.slug for page in queries.all_pages(tx)]


async def peers_of(config: Config, store: Store, clock: Clock, offer: Callable[[Sequence[Event]], str]) -> Peers:
    """The other processes that have this database. Raises StoreError, and ConfigError where what speaks to Redis is
    not installed."""
    if not store.dialect.is_shared:
        return NOBODY
    database, secret = await asyncio.to_thread(store.write, identity_settings)
    identity = Identity.of(database, secret, secrets.token_hex(8))
    redis = config.redis.place()
    try:
        return join(config.database, redis, config.redis.prefix, identity, clock, random.random, offer)
    except ImportError as error:
        raise ConfigError(
            f"Redis needs a library that is not installed ({error}): pip install 'statuswire[redis]'", where="redis"
        ) from error


def identity_settings(tx: Tx) -> tuple[str, bytes]:
    """The name that only this database has, and its secret."""
    name = queries.setting_once(tx, queries.IDENTITY_SETTING, secrets.token_hex(16))
    return name, install_secret(tx)[0]


def tokens_of(peers: Peers, is_shared: Callable[[str], bool]) -> Tokens | None:
    """Where the tokens of hosts that others ask too come from, if not from this process alone."""
    return None if peers.buckets is None else Tokens(peers.buckets, is_shared)


def tell_recorded(tail: Tail, peers: Peers, recorded: Recorded | None = None) -> None:
    """After a commit that told something, here and to the other processes; without `recorded` they read the log."""
    tail.notify()
    if recorded is None:
        peers.hint(Topic.LOG)
    else:
        peers.told(recorded.events)


def follow_hook(
    look_soon: LookSoon,
    on_recorded: Callable[[Recorded], object],
    addresses: SecretAddresses,
    page: Page,
    recorded: Recorded,
) -> None:
    """After a believed hook: tell it, and poll the page once, if it is watched, since most hooks lack something."""
    addresses.add(page.slug)
    on_recorded(recorded)
    if page.dropped_at is None:
        look_soon(page.id, has_open=recorded.has_open or None)


async def find_page(client: HttpClient, clock: Clock, target: Target) -> Found | None:
    """What serves a page. What finds it out is loaded for the first page whose platform is not known."""
    verdict: Verdict = await import_module("statuswire.lookup").find(target, client, clock)
    if verdict.platform is None or not verdict.feeds:
        return None
    return Found(
        verdict.platform,
        verdict.feeds,
        verdict.page.id or verdict.page_id,
        verdict.target.url,
        verdict.page.name or "",
        verdict.is_moved_for_good,
        verdict.snapshots,
    )
