"""Signs of life for channels that want one: how everything stands, now and then, while we run.

They are not stored and not tried again, since a later one says all that an earlier one would have said; the next one
waits for the end of the one before.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from statuswire.channels import wording
from statuswire.channels.base import RENEWED
from statuswire.engine.clock import Clock
from statuswire.engine.dispatcher import Outlet, Sender, converse
from statuswire.engine.overview import Overview, PageLook, last_update_at, load_overview, message
from statuswire.errors import DeliveryError, StoreError
from statuswire.fingerprint import message_id
from statuswire.metrics import Metrics
from statuswire.model import Delivered, Later, Message, MessageKind, PageStanding, Standing
from statuswire.store import Store, Tx, queries

log = logging.getLogger(__name__)

PATIENCE_S = 15.0
DELIVERED = "delivered"
THREAD = "heartbeat"
"""The thread of all heartbeats of a channel; a story's has a slash in it."""


@dataclass(frozen=True, slots=True)
class Beat:
    """How the last one to a channel ended, in a word of `HEARTBEAT_OUTCOMES`, and when one last arrived."""

    outcome: str
    at: datetime
    last_ok_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Heartbeats:
    """The loop. `every` says how often each of the channels is sent one; `may_tell` whether a route may tell a channel
    anything of a page; `beats` is kept: the last one to each."""

    store: Store
    clock: Clock
    outlets: Mapping[str, Outlet]
    every: Mapping[str, timedelta]
    sender: Sender
    metrics: Metrics | None = None
    may_tell: Callable[[str, str], bool] = lambda channel, slug: True
    beats: dict[str, Beat] = field(default_factory=dict)

    async def run(self) -> None:
        """One loop for each channel, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for name, every in self.every.items():
                group.create_task(self._beat(self.outlets[name], every.total_seconds()), name=f"heartbeat {name}")

    async def _beat(self, outlet: Outlet, every_s: float) -> None:
        due = self.clock.monotonic()
        while True:
            await self.beat(outlet)
            now = self.clock.monotonic()
            due = max(due + every_s, now)
            await self.clock.sleep(due - now)

    async def beat(self, outlet: Outlet) -> bool:
        """Send one; whether it arrived. Nothing goes to a channel that is disabled."""
        now = self.clock.now()
        outcome = await self._send(outlet, now)
        before = self.beats.get(outlet.name)
        last_ok_at = now if outcome == DELIVERED else before.last_ok_at if before is not None else None
        self.beats[outlet.name] = Beat(outcome, now, last_ok_at)
        if self.metrics is not None:
            self.metrics.beat(outlet.channel.kind, outcome)
        return outcome == DELIVERED

    async def _send(self, outlet: Outlet, now: datetime) -> str:
        """The word for how it ended, one of `metrics.words.HEARTBEAT_OUTCOMES`."""
        try:
            one = await asyncio.to_thread(
                self.store.read, partial(_sign_of_life, outlet=outlet, now=now, may_tell=self.may_tell)
            )
            if one is None:
                return "disabled"
            async with asyncio.timeout(PATIENCE_S):
                outcome = await converse(outlet, one, self.sender, now)
        except (DeliveryError, StoreError, TimeoutError) as error:
            log.warning("heartbeat not sent channel=%s: %s", outlet.name, str(error) or "out of time")
            return "not_sent"
        except Exception:
            log.exception("heartbeat not rendered channel=%s", outlet.name)
            return "error"
        if isinstance(outcome, Delivered):
            await self._remember(outlet, one, outcome, now)
            return DELIVERED
        log.warning("heartbeat not taken channel=%s reason=%s", outlet.name, outcome.reason)
        return "later" if isinstance(outcome, Later) else "refused"

    async def _remember(self, outlet: Outlet, one: Message, outcome: Delivered, now: datetime) -> None:
        """What it leaves for the next one; where that cannot be stored, the next one is told what this one was."""
        if outcome.state is None or outcome.state == one.state:
            return
        save = partial(queries.save_thread, channel=outlet.name, name=one.thread, state=outcome.state, now=now)
        try:
            await asyncio.to_thread(self.store.write, save)
        except StoreError as error:
            log.warning("heartbeat not remembered channel=%s: %s", outlet.name, error)


def _sign_of_life(tx: Tx, outlet: Outlet, now: datetime, may_tell: Callable[[str, str], bool]) -> Message | None:
    """How everything stands, and what is to be said again; None for a channel that is disabled."""
    state = queries.channel_state(tx, outlet.name)
    if state is not None and state.disabled_at is not None:
        return None
    standing = standing_of(load_overview(tx, now), now)
    if outlet.channel.renews:
        standing = replace(standing, pages=tuple(_told(one, outlet.name, may_tell) for one in standing.pages))
    return Message(
        message_id(outlet.name, MessageKind.HEARTBEAT, [now.isoformat()]),
        MessageKind.HEARTBEAT,
        thread=THREAD,
        state=queries.thread(tx, outlet.name, THREAD),
        standing=standing,
        kept=tuple(queries.kept_threads(tx, outlet.name, now - RENEWED)) if outlet.channel.renews else (),
    )


def _told(one: PageStanding, channel: str, may_tell: Callable[[str, str], bool]) -> PageStanding:
    return replace(one, is_told=may_tell(channel, one.slug))


def standing_of(overview: Overview, now: datetime) -> Standing:
    """All pages in one state, as heartbeats tell it."""
    last = overview.last[1] if overview.last is not None else None
    return Standing(
        state=overview.level.value,
        label=wording.STATUS_LABELS[overview.level],
        message=message(overview),
        at=now,
        impacted=overview.impacted,
        last_title=last.title if last is not None else "",
        last_at=last_update_at(last) if last is not None else None,
        pages=tuple(map(_page_standing, overview.pages)),
    )


def _page_standing(look: PageLook) -> PageStanding:
    return PageStanding(
        slug=look.page.slug,
        name=look.page.name,
        url=look.page.url,
        state=look.level.value,
        is_current=not look.is_stale and look.last_known is not None,
        open=tuple(incident.title for incident in look.open),
    )
