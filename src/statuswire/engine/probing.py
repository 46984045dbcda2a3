"""What is known of a watched page that is asked for from outside, by its slug, its slug in the catalog or its address.

Nothing is fetched: whoever may ask is no one who may choose where this machine connects to.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime

from statuswire.catalog import place_of, resolve
from statuswire.channels import wording
from statuswire.engine.levels import MOST_STATES
from statuswire.engine.overview import PageLook, last_update_at
from statuswire.engine.shown import PageShown, load_shown
from statuswire.errors import ConfigError
from statuswire.metrics.probes import Part, Probed
from statuswire.model import KnownComponent, Page, Status
from statuswire.store import Tx, queries


def find_watched(tx: Tx, target: str) -> Page | None:
    """The watched page that is meant, None for none. Addresses are compared without scheme and `www.`, and without the
    ends that are usual for documents of a page (`/api/v2/summary.json`). Raises StoreError."""
    watched = queries.page_by_slug(tx, target)
    if watched is not None:
        return watched
    try:
        meant = resolve(target)
    except ConfigError:
        return None
    place = place_of(meant.url)
    watched = queries.page_by_slug(tx, meant.slug)
    if watched is not None and place_of(watched.url) == place:
        return watched
    return next((page for page in queries.pages(tx) if place_of(page.url) == place), None)


def load_probed(tx: Tx, target: str, now: datetime) -> Probed | None:
    """None for a page that is not watched. Raises StoreError."""
    page = find_watched(tx, target)
    shown = load_shown(tx, page.slug, now) if page is not None else ()
    return probed_of(shown[0], target) if shown else None


def probed_of(shown: PageShown, target: str) -> Probed:
    """With as many components as metrics ever show."""
    look = shown.look
    components = tuple(_part(shown, one) for one in shown.components[:MOST_STATES])
    told = [last_update_at(one) for one in shown.incidents]
    changes = [part.changed_at for part in components] + [at.timestamp() for at in told]
    return Probed(
        target=target,
        slug=look.page.slug,
        name=look.page.name,
        state=look.level.value,
        is_current=not look.is_stale and look.last_known is not None,
        read_at=_seconds(_read_at(look)),
        changed_at=max(changes, default=None),
        open=Counter((one.kind.value, one.impact.value) for one in look.open),
        components=components,
        groups=_groups(shown),
    )


def _part(shown: PageShown, one: KnownComponent) -> Part:
    return Part(one.name, one.group or "", shown.level_of(one).value, (one.updated_at or one.since).timestamp())


def _groups(shown: PageShown) -> tuple[Part, ...]:
    members: defaultdict[str, list[KnownComponent]] = defaultdict(list)
    for one in shown.components:
        if one.group:
            members[one.group].append(one)
    return tuple(_group(shown, name, some) for name, some in members.items())


def _group(shown: PageShown, name: str, some: list[KnownComponent]) -> Part:
    level = wording.worst(map(shown.level_of, some)) or Status.UNKNOWN
    return Part(name, "", level.value, max(_part(shown, one).changed_at for one in some))


def _read_at(look: PageLook) -> datetime | None:
    read = [feed.health.last_ok_at for feed in look.feeds if feed.health.last_ok_at is not None]
    return max(read, default=None)


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
