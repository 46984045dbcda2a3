"""Pages that were left: neither the configuration file nor the database names them any more, so nobody watches them.

A process knows its own file, and another one may have another file. While others live on the database a page is left
when nobody has polled it for two days; a process that is alone leaves at once what it does not know. Whoever names a
page again takes it up, whatever was said of it meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final, TypeVar

from statuswire.core.health import FORGOTTEN_AFTER, is_overdue
from statuswire.core.leases import TTL
from statuswire.model import Page
from statuswire.store import Tx, queries

OWN: Final = "own"
ORIGINS: Final = frozenset({"config", OWN})
"""Pages of these were named by an operator; those that hooks made stay."""

AT_ONCE: Final = 500

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Left:
    """`gone`: pages to drop, slugs by number; `back`: slugs of dropped ones to take up again."""

    gone: Mapping[int, str]
    back: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.gone or self.back)


def find(tx: Tx, named: Collection[str], now: datetime, replica: str = "") -> Left:
    """What was left, and what is named again. `named` are the slugs of the configuration, with those of the database;
    `replica` is who we are."""
    now = tx.now() or now
    found = queries.left_pages(tx, now - FORGOTTEN_AFTER if _has_others(tx, now, replica) else None)
    back = tuple(slug for slug in queries.dropped_slugs(tx) if slug in named)
    return Left({id_: slug for id_, slug in found if slug not in named}, back)


def settle(tx: Tx, named: Collection[str], now: datetime, replica: str = "") -> Left:
    """Drop what was left, and take up what is named again."""
    left = find(tx, named, now, replica)
    for some in _batched(left.gone):
        queries.drop_pages(tx, some, tx.now() or now)
    for slugs in _batched(left.back):
        queries.take_up_pages(tx, slugs)
    return left


def _batched(some: Iterable[T]) -> Iterator[list[T]]:
    """Some hundreds at a time."""
    rest = iter(some)
    while batch := list(islice(rest, AT_ONCE)):
        yield batch


def is_polled(tx: Tx, page: Page, now: datetime) -> bool:
    """Whether somebody polls the page, as far as its due times tell."""
    feeds = queries.feeds(tx, page.id)
    return any(feed.due_at is not None for feed in feeds) and not is_overdue(feeds, now)


def _has_others(tx: Tx, now: datetime, replica: str) -> bool:
    """Whether other processes live on the database."""
    if not tx.dialect.is_shared:
        return False
    return any(one.about.id != replica for one in queries.live_replicas(tx, now, now + 2 * TTL))
