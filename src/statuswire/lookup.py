"""One look at pages, nothing kept: `status` for what is wrong, `detect` for what serves a page, with the evidence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import TextIO

from statuswire import config
from statuswire.catalog import Target
from statuswire.config import Config
from statuswire.detection import Detection
from statuswire.engine.clock import Clock
from statuswire.errors import FetchError, ParseError
from statuswire.lookup_report import render_detection, render_status
from statuswire.model import FeedSpec, Role, Snapshot
from statuswire.narrowing import narrowed
from statuswire.net.fetch import Fetched, FetchRequest, fetch
from statuswire.net.http import HttpClient
from statuswire.options import LookOptions
from statuswire.platforms import PLATFORMS, parsing
from statuswire.screen import style_of
from statuswire.verdict import Verdict, exit_code

log = logging.getLogger(__name__)

LOOKS_AT_ONCE = 16
MOST_HISTORIES = 3
"""Documents of its past that are read of one page, for one look."""


def status(options: LookOptions, out: TextIO) -> int:
    """Print what is wrong on the pages asked for, else on the configured ones. Exit codes: `verdict.EXIT_CODES`."""
    settings = config.load(options.config)
    looks = asyncio.run(_each(_targets(options, settings), look, settings))
    verdicts = [narrowed(verdict) for verdict in looks]
    style = style_of(out, wants_colour=config.wants_colour(), tz=config.zone(options.tz))
    print(render_status(verdicts, style, as_json=options.json), file=out)
    return exit_code(verdicts)


def each(options: LookOptions) -> list[Verdict]:
    """One verdict for each thing asked for, in that order, on its component alone where one is named. A page is looked
    at once, however many of its components are asked for. Raises ConfigError."""
    settings = config.load(options.config)
    configured = {target.slug: target for target in settings.targets}
    asked = [_opened(config.ask(what, configured), options) for what in options.what]
    pages = {target.slug: target for target in asked}
    found = dict(zip(pages, asyncio.run(_each(tuple(pages.values()), look, settings)), strict=True))
    return [narrowed(replace(found[target.slug], target=target)) for target in asked]


def detect(options: LookOptions, out: TextIO) -> int:
    """Print which platform, feeds and components an address has. Exit code 3 where nothing is recognised."""
    settings = config.load(options.config)
    (verdict,) = asyncio.run(_each(_targets(options, settings), find, settings))
    style = style_of(out, wants_colour=config.wants_colour(), tz=config.zone(options.tz))
    print(render_detection(verdict, style, as_json=options.json), file=out)
    return 0 if verdict.platform is not None else 3


async def look(target: Target, client: HttpClient, clock: Clock) -> Verdict:
    """What a page says now: by its known platform, else after finding out which it is."""
    if target.platform is None or target.platform not in PLATFORMS:
        return await find(target, client, clock)
    return await Detection(target, client, clock).read_as(target.platform)


async def find(target: Target, client: HttpClient, clock: Clock) -> Verdict:
    """Which platform serves a page, proved by reading it. Never raises for what the page does; see `doubts`."""
    return await Detection(target, client, clock).find()


async def find_with_history(target: Target, client: HttpClient, clock: Clock) -> Verdict:
    """The same with what the page's documents of its past show, as far as they can be read."""
    verdict = await find(target, client, clock)
    if verdict.platform is None:
        return verdict
    tier = min((feed.tier for feed in verdict.feeds if feed.role is Role.HISTORY), default=0)
    specs = [feed for feed in verdict.feeds if feed.role is Role.HISTORY and feed.tier == tier]
    found = [await _history(verdict, spec, client, clock) for spec in specs[:MOST_HISTORIES]]
    return replace(verdict, snapshots=(*verdict.snapshots, *filter(None, found)))


async def _history(verdict: Verdict, spec: FeedSpec, client: HttpClient, clock: Clock) -> Snapshot | None:
    """What one of them says; None where it cannot be read, which is no news of the page."""
    private = verdict.target.allow_private
    request = FetchRequest(spec.url, spec.accept, allow_private=private, post=spec.post, page=verdict.target.slug)
    try:
        outcome = await fetch(client, request, clock.now())
        return parsing.parse(outcome.document, verdict.platform) if isinstance(outcome, Fetched) else None
    except (FetchError, ParseError) as error:
        log.info("history not read page=%s reason=%s", verdict.target.slug, error.reason)
        return None


def client_of(settings: Config, targets: Iterable[Target]) -> HttpClient:
    """A client for one look at `targets`: says who asks, opens private pages, trusts whom the operator trusts."""
    contact = settings.poll.user_agent_contact
    return HttpClient(
        user_agent=f"statuswire (one look; {f'{contact}; ' if contact else ''}+https://pypi.org/project/statuswire/)",
        credentials=settings.credentials(),
        authorities=settings.authorities(targets),
    )


def _targets(options: LookOptions, settings: Config) -> tuple[Target, ...]:
    """The pages asked for, a configured one by its slug too; all configured ones where none is asked for."""
    if not options.what:
        return settings.targets
    configured = {target.slug: target for target in settings.targets}
    asked = config.ask_all(options.what, configured).values()
    return tuple(_opened(one, options) for one in asked)


def _opened(target: Target, options: LookOptions) -> Target:
    return replace(target, allow_private=target.allow_private or options.allow_private)


async def _each(
    targets: Sequence[Target],
    looking: Callable[[Target, HttpClient, Clock], Awaitable[Verdict]],
    settings: Config,
) -> list[Verdict]:
    """All pages at the same time, within a limit, in the order asked for."""
    gate, clock = asyncio.Semaphore(LOOKS_AT_ONCE), Clock()
    async with client_of(settings, targets) as client:

        async def one(target: Target) -> Verdict:
            async with gate:
                return await looking(target, client, clock)

        return await asyncio.gather(*map(one, targets))
