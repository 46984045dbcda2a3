"""The life of one process: it begins in order, its loops run under a supervisor, it ends in order."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from statuswire import telling, wiring
from statuswire.catalog import Target
from statuswire.config import Config
from statuswire.engine.calendar import Calendar
from statuswire.engine.janitor import Janitor
from statuswire.engine.rules import calendar_of
from statuswire.engine.supervisor import LoopFailed
from statuswire.engine.tail import count_events
from statuswire.errors import StoreError, StoreReason, first_of_ours
from statuswire.mail.pages import add_pages, is_mail_only
from statuswire.peers.base import Topic
from statuswire.server import answering
from statuswire.server.ending import finish
from statuswire.server.parts import WATCHER, Parts
from statuswire.server.watching import watch

log = logging.getLogger(__name__)

STORE_LOOK_S = 2.0


async def live(
    parts: Parts, stop: asyncio.Event, listener: socket.socket | None, ready: Callable[[str], None] | None
) -> int:
    """Until `stop` is set; `ready` is called with the base URL once it listens. Returns the exit code.

    Raises StoreError where the database goes away before the loops run, which bear that.
    """
    await _begin(parts)
    try:
        await _run(parts, stop, listener, ready)
    except BaseExceptionGroup as group:
        failures = group.subgroup(LoopFailed)
        if failures is not None:
            log.critical("giving up: %s", "; ".join(str(error) for error in failures.exceptions))
            return 1
        ours = first_of_ours(group)
        if ours is None:
            raise
        raise ours from group
    return 0


async def _run(
    parts: Parts, stop: asyncio.Event, listener: socket.socket | None, ready: Callable[[str], None] | None
) -> None:
    async with asyncio.TaskGroup() as group:
        async with parts.mail.listen(), answering.http(parts, listener) as base_url:
            if base_url:
                parts.sharing.note_address(base_url)
                await answering.note_address(parts, base_url)
                await answering.greet(parts, base_url)
            tasks = [group.create_task(one, name=name) for name, one in _loops(parts).items()]
            if ready is not None:
                ready(base_url)
            await stop.wait()
            parts.is_stopping = True
            parts.poller.stop()
            await parts.sharing.hand_over([task for task in tasks if task.get_name() == "poller"])
        await finish(parts, tasks)


async def _begin(parts: Parts) -> None:
    """Everybody who follows the log follows it before the first loop runs."""
    _listen_to_peers(parts)
    await parts.adopter.begin(partial(_adopt, parts), partial(_take, parts))
    await parts.tail.follow(count_events(parts.metrics))
    await parts.tail.follow(parts.follower.notify)
    parts.hub.begin(await parts.tail.follow(parts.hub.tell))
    has_channels = bool(parts.config.channels)
    await telling.begin(parts.telling, parts.store, parts.clock.now(), has_channels=has_channels)
    if parts.telling is not None:
        await parts.tail.follow(parts.telling.notify)
    if parts.console.form != WATCHER:
        await parts.follower.begin()


def _adopt(parts: Parts, config: Config) -> None:
    """What is told where, and what is said of pages, is this from now on."""
    parts.zones.configured = config.zones()
    parts.console.select(wiring.selections_of(config))
    if parts.telling is not None:
        parts.telling.adopt(config)


async def _take(parts: Parts, fresh: Sequence[Target], gone: Sequence[str]) -> None:
    """Read the fresh pages from now on, and those that are gone no more. Raises StoreError."""
    await parts.targets.drop(gone)
    polled = [target for target in fresh if not is_mail_only(target)]
    taken = [*await parts.targets.add(polled), *await add_pages(parts.store, fresh)]
    for page in taken:
        parts.addresses.add(page.slug)
    left = frozenset(gone) | {page.slug for page in taken}
    parts.pages = [*(page for page in parts.pages if page.slug not in left), *taken]


def _listen_to_peers(parts: Parts) -> None:
    """What other replicas hint at is looked for here."""
    parts.peers.listen(Topic.LOG, parts.tail.notify)
    parts.peers.listen(Topic.INBOX, parts.inbox.notify)
    parts.peers.listen(Topic.OWN, parts.look_for_orders)
    parts.peers.listen(Topic.LEASES, parts.sharing.notify)
    if parts.telling is not None:
        parts.peers.listen(Topic.LANES, parts.telling.dispatcher.notify)


def _loops(parts: Parts) -> dict[str, Coroutine[Any, Any, None]]:
    recorded = partial(wiring.tell_recorded, parts.tail, parts.peers)
    loops: dict[str, Callable[[], Awaitable[None]]] = {
        "poller": parts.poller.run,
        "inbox": parts.inbox.run,
        "tail": parts.tail.run,
        "console": parts.follower.run,
        "targets": parts.targets.run,
        "own": parts.adopter.run,
        "healer": parts.healer.run,
        "calendar": Calendar(parts.store, parts.clock, calendar_of(parts.config), on_events=recorded).run,
        "janitor": Janitor(parts.store, parts.clock, parts.config.retention).run,
        "streams": parts.hub.run,
        "store": partial(_watch_store, parts),
    }
    loops |= parts.mail.loops() | ({} if parts.peers.is_alone else {"peers": parts.peers.run})
    if parts.telling is not None:
        loops |= parts.telling.loops()
    if parts.console.form == WATCHER:
        loops[WATCHER] = partial(watch, parts)
    ours = parts.sharing.loops(loops, parts.addresses.add)
    return {name: parts.supervisor.keep(name, loop) for name, loop in ours.items()}


async def _watch_store(parts: Parts) -> None:
    """Raises StoreError once writing will not come back in this process (a failed fsync, a damaged file): nothing
    more may be acknowledged, and only a restart looks at the file anew."""
    while not (status := parts.store.status()).is_permanent:
        await parts.clock.sleep(STORE_LOOK_S)
    raise StoreError(status.reason or StoreReason.IO, status.error, is_permanent=True)
