"""The console of `statuswire watch`: the report once the pages have been read, then lines as they come."""

from __future__ import annotations

from functools import partial
from typing import TypeVar

from statuswire import console as console_of
from statuswire.server.parts import Parts

T = TypeVar("T")

FIRST_READ_S = 20.0


async def watch(parts: Parts) -> None:
    """The report once the pages have been read, then lines as they come and a heartbeat now and then."""
    slugs = [page.slug for page in parts.pages]
    await _first_reads(parts)
    interval = parts.config.poll.interval
    reports = partial(console_of.load_reports, slugs=slugs, interval=interval, now=parts.clock.now())
    parts.console.report(await parts.read(reports))
    await parts.follower.begin()
    while True:
        await parts.clock.sleep(parts.config.console.heartbeat.total_seconds())
        now = parts.clock.now()
        heartbeat = await parts.read(partial(console_of.load_heartbeat, slugs=slugs, at=now))
        await parts.console.printed(parts.console.beat(heartbeat))


async def _first_reads(parts: Parts) -> None:
    """Until every page was polled once, or it is plain that some cannot be."""
    until = parts.clock.monotonic() + FIRST_READ_S
    while parts.clock.monotonic() < until and (parts.targets.unrecognised or parts.poller.unread_pages()):
        await parts.clock.sleep(0.1)
