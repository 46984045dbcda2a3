"""What metrics say of the store at the moment of a scrape: how pages are, what is open, what waits and for how long.

Pages and components stand by name only where the operator asked for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TypeVar

from statuswire.channels import wording
from statuswire.core.selection import matches
from statuswire.engine.overview import PageLook, look_at
from statuswire.metrics import Levels
from statuswire.model import Status
from statuswire.store import Tx, history, queries

_Key = TypeVar("_Key", str, tuple[str, str])

MOST_STATES = 2_000
"""Of pages and of components by name: each is a series, which costs Prometheus some kilobytes for ever."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`pages` are slugs, `components` a slug, a slash, and a name or `Group / Name`; all with `*` and `?`."""

    pages: tuple[str, ...] = ()
    components: tuple[str, ...] = ()


NOTHING = Wanted()


def load_levels(tx: Tx, wanted: Wanted, channels: Collection[str], now: datetime) -> Levels:
    """Raises StoreError. `channels` are those that are configured; of others nothing is told."""
    looks = look_at(queries.page_states(tx), queries.open_incidents(tx, has_updates=False), now)
    pages = {look.page.slug: look.level.value for look in looks if is_like(look.page.slug, wanted.pages)}
    components = _component_states(tx, looks, wanted.components) if wanted.components else {}
    unread, unread_since = queries.unread_hooks(tx)
    queues = _queues(tx, channels, now)
    return Levels(
        pages=Counter(look.level.value for look in looks),
        incidents=Counter((one.kind.value, one.impact.value) for look in looks for one in look.open),
        unread=unread,
        unread_oldest_s=_age(unread_since, now),
        waiting={kind: queue.count for kind, queue in queues.items()},
        waiting_oldest_s={kind: queue.oldest_s for kind, queue in queues.items()},
        disabled={kind: queue.disabled for kind, queue in queues.items()},
        page_states=_capped(pages),
        component_states=_capped(components),
        left_out=max(len(pages) - MOST_STATES, 0) + max(len(components) - MOST_STATES, 0),
    )


# --- queues ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Queue:
    """Of one kind of channel."""

    count: int = 0
    oldest_s: float = 0.0
    disabled: int = 0


def _queues(tx: Tx, channels: Collection[str], now: datetime) -> dict[str, _Queue]:
    """By kind, of the channels on which something was ever to be told."""
    waiting = queries.waiting_ages(tx)
    found: dict[str, _Queue] = {}
    for state in queries.channel_states(tx):
        if state.name in channels:
            queue = found.setdefault(state.kind, _Queue())
            count, since = waiting.get(state.name, (0, None))
            queue.count += count
            queue.oldest_s = max(queue.oldest_s, _age(since, now))
            queue.disabled += state.disabled_at is not None
    return found


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max((now - since).total_seconds(), 0.0)


# --- by name -----------------------------------------------------------------------------------------------------


def _component_states(tx: Tx, looks: Iterable[PageLook], patterns: Sequence[str]) -> dict[tuple[str, str], str]:
    """By page and `Group / Name`; of several with one name the worst. Those of a page that cannot be read are
    unknown."""
    found: dict[tuple[str, str], Status] = {}
    for look in looks:
        own = [names for page, _, names in (one.partition("/") for one in patterns) if is_like(look.page.slug, [page])]
        known = history.components_of(tx, page_id=look.page.id) if own else {}
        for one in known.get(look.page.id, ()):
            if any(matches(one.group, one.name, names, one.id) for names in own):
                key = (look.page.slug, f"{one.group} / {one.name}" if one.group else one.name)
                level = Status.UNKNOWN if look.is_stale else one.status
                found[key] = wording.worst((level, found.get(key, level))) or level
    return {key: level.value for key, level in found.items()}


def _capped(states: Mapping[_Key, str]) -> dict[_Key, str]:
    """The first by name, so that they are the same at every scrape."""
    return {key: states[key] for key in sorted(states)[:MOST_STATES]}


def is_like(word: str, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns, with `*` and `?`, means the word."""
    return any(fnmatchcase(word, one) for one in patterns)
