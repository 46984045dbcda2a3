"""The process as a web server: what its application is made of, and what it says of itself."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial

import uvicorn

from statuswire import console as console_of
from statuswire import wiring, workbench
from statuswire.engine.levels import Wanted
from statuswire.greeting import Place, banner
from statuswire.peers.base import Topic
from statuswire.platforms import HOOKED
from statuswire.server.parts import Parts, room_here
from statuswire.store import queries
from statuswire.web.app import AppParts, Facts, create_app
from statuswire.web.listening import base_url, is_loopback
from statuswire.web.protocol import server_config
from statuswire.web.trust import HookSettings


@asynccontextmanager
async def http(parts: Parts, listener: socket.socket | None) -> AsyncIterator[str]:
    """The base URL while the server answers; empty without one."""
    if listener is None:
        yield ""
        return
    app = create_app(app_parts(parts))
    host, port = listener.getsockname()[:2]
    server = _Server(server_config(app, host=host, port=port, max_connections=room_here().connections))
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="http")
    try:
        yield base_url(listener)
    finally:
        parts.hub.close()
        server.should_exit = True
        await serving


async def note_address(parts: Parts, address: str) -> None:
    """Where commands reach us."""
    await asyncio.to_thread(
        parts.store.write, partial(queries.set_setting, name=queries.ADDRESS_SETTING, value=address)
    )


def app_parts(parts: Parts) -> AppParts:
    """What the web application of this service is made of."""
    hooks = parts.config.hooks
    settings = HookSettings(
        secrets=hooks.revealed(),
        allow_unsigned=hooks.allow_unsigned,
        is_loopback=is_loopback(parts.config.server.host),
    )
    readers = tuple(sorted(HOOKED))
    return AppParts(
        store=parts.store,
        inbox=parts.inbox,
        settings=settings,
        addresses=parts.addresses,
        platforms=readers,
        clock=parts.clock,
        metrics=parts.metrics,
        facts=partial(facts, parts),
        hub=parts.hub,
        version=wiring.version(),
        started_at=parts.clock.now(),
        channels=tuple(parts.config.channels),
        control_token=parts.addresses.control_token(),
        is_public=parts.config.auth.public,
        access=wiring.access_of(parts.config),
        client=parts.client,
        on_order=partial(_obeyed, parts),
        file=parts.adopter.file,
        config=lambda: parts.adopter.config,
        rules=lambda: parts.adopter.rules,
        look_soon=parts.look_soon,
        tools=workbench.tools_of(lambda: parts.adopter.config, parts.store, parts.clock, parts.console.say),
        roles=parts.sharing.roles,
        named_levels=Wanted(parts.config.metrics.slugs, parts.config.metrics.components),
    )


def facts(parts: Parts) -> Facts:
    """What only the running loops know, as of now."""
    counters = parts.poller.counters
    polls = {
        "not_modified": counters.not_modified,
        "unchanged": counters.unchanged,
        "changed": counters.changed,
        **counters.failures,
    }
    return Facts(
        mode=parts.mode,
        polls=polls,
        feeds=dict(Counter(str(state) for state in parts.poller.feed_states())),
        feeds_failing=len(parts.poller.feeds_failing()),
        flags={slug: flag.value for slug, flag in parts.poller.flags().items()},
        is_offline=parts.poller.is_offline,
        stopped_loops=("stopping",) if parts.is_stopping else parts.supervisor.stopped,
        last_told_at=parts.tail.last_told_at,
        heartbeats=parts.telling.heartbeats.beats if parts.telling is not None else {},
        peers=parts.peers.account(),
        peer_counts=parts.peers.counts(),
        replica=parts.sharing.facts(),
    )


def _obeyed(parts: Parts) -> None:
    """An order was carried out."""
    parts.look_for_orders()
    parts.peers.hint(Topic.OWN)


async def greet(parts: Parts, address: str) -> None:
    if parts.console.form == "json":
        return
    looks = await parts.read(partial(console_of.load_looks, now=parts.clock.now()))
    token = parts.addresses.token(parts.pages[0].slug) if parts.pages else ""
    mail_addresses = tuple(parts.mail.addresses(parts.pages, parts.addresses.token))
    has_accounts = await parts.read(queries.has_accounts)
    is_seen = parts.console.is_terminal
    place = Place(wiring.version(), parts.mode, address, token, mail_addresses, is_seen, has_accounts)
    parts.console.greet(banner(parts.config, parts.pages, looks, place))


class _Server(uvicorn.Server):
    """uvicorn without its signal handling, which is ours."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
