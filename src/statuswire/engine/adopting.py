"""Pages and routes that are kept in the database, taken up while the service runs.

An order puts them into the store and counts their version up in the same transaction. Each process looks at that
version, at once where it has obeyed the order itself and every second because another one may have. When it has
changed they are read anew, behind those of the file, and given to whoever works by them: first the rules, so that what
is told of a new page meets them, then the pages.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, TypeVar

from statuswire.catalog import Target
from statuswire.config import Config
from statuswire.config.own import Merged
from statuswire.engine import left, owning
from statuswire.engine.bell import Bell
from statuswire.engine.clock import Clock
from statuswire.engine.hub import Labels
from statuswire.engine.planner import Rules
from statuswire.engine.rules import rules_of
from statuswire.errors import StoreError
from statuswire.store import Store, Tx, queries

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 1.0
SETTLE_EVERY_S: Final = 600.0
"""How often pages that were left are looked for while nothing changes: others may be gone for long enough by then."""

T = TypeVar("T")
Adopt = Callable[[Config], object]
Take = Callable[[Sequence[Target], Sequence[str]], Awaitable[object]]
"""Pages to read from now on, or elsewhere than before, and the slugs of those to read no more."""


class Adopter:
    """What the file and the database say together, as of now. `file` is what stands in the file, `replica` who we are
    among those that share the database."""

    def __init__(self, store: Store, clock: Clock, file: Config, replica: str = "") -> None:
        self.file = file
        self.config = file
        self.rules: Rules = rules_of(file)
        self._store = store
        self._clock = clock
        self._replica = replica
        self._settle_at = 0.0
        self._bell = Bell(clock)
        self._version = -1
        self._taken: Mapping[str, Target] = {}
        self._said: frozenset[str] = frozenset()
        self._adopt: Adopt = lambda config: None
        self._take: Take = _nothing
        self._own_slugs: frozenset[str] = frozenset()

    def labels(self) -> Labels:
        """What filters ask of pages."""
        return Labels(self.rules.tags, self.rules.categories)

    def is_own(self, slug: str) -> bool:
        """Whether a page of that slug counts that is not from the file."""
        return slug in self._own_slugs

    async def begin(self, adopt: Adopt, take: Take) -> None:
        """Give everything there is to those who work by it; from now on also what changes. Raises StoreError."""
        self._adopt, self._take = adopt, take
        await self.look()

    def notify(self) -> None:
        """An order was obeyed."""
        self._bell.ring()

    async def run(self) -> None:
        """Take up what changes until cancelled."""
        while True:
            await self._bell.wait(LOOK_EVERY_S)
            try:
                if not await self.look() and self._clock.monotonic() >= self._settle_at:
                    await self.settle()
            except StoreError as error:
                log.warning("own pages and routes not looked at: reason=%s %s", error.reason, error)

    async def look(self) -> bool:
        """Take up what has changed; whether anything has. Raises StoreError, and then nothing counts as taken up."""
        version = await self._read(queries.own_version)
        if version == self._version:
            return False
        version, merged = await self._read(self._load)
        self._put(merged)
        self._adopt(self.config)
        wanted = {target.slug: target for target in self.config.targets}
        fresh = [target for slug, target in wanted.items() if _place(target) != _place(self._taken.get(slug))]
        await self._take(fresh, [slug for slug in self._taken if slug not in wanted])
        self._taken, self._version = wanted, version
        await self.settle()
        return True

    async def settle(self) -> None:
        """Pages that nobody names any more are watched no more. Raises StoreError."""
        work = partial(left.find, named=self._taken.keys(), now=self._clock.now(), replica=self._replica)
        if await self._read(work):
            work = partial(left.settle, named=self._taken.keys(), now=self._clock.now(), replica=self._replica)
            done = await asyncio.wrap_future(self._store.submit(work))
            log.info("pages watched no more: %d, again: %d", len(done.gone), len(done.back))
        self._settle_at = self._clock.monotonic() + SETTLE_EVERY_S

    def _load(self, tx: Tx) -> tuple[int, Merged]:
        return queries.own_version(tx), owning.load(tx, self.file)

    def _put(self, merged: Merged) -> None:
        self.config, self.rules = merged.config, rules_of(merged.config)
        self._own_slugs = frozenset(page.target().slug for page in self.config.pages[len(self.file.pages) :])
        said = {f"{one.kind} {one.name} of the database is left out: {one.sentence}" for one in merged.left_out}
        for sentence in sorted(said - self._said):
            log.warning("%s", sentence)
        self._said = frozenset(said)

    async def _read(self, work: Callable[[Tx], T]) -> T:
        return await asyncio.to_thread(self._store.read, work)


def _place(target: Target | None) -> Target | None:
    """What of a page decides where and how it is read."""
    return None if target is None else replace(target, components=(), time_zone=None)


async def _nothing(fresh: Sequence[Target], gone: Sequence[str]) -> None:
    """Before the beginning nobody works by it."""
