"""Pages as they are shown to others: how each is, its components, and what is open or planned on it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from statuswire.engine.overview import PageLook, look_at
from statuswire.model import KnownComponent, KnownIncident, Page, Status
from statuswire.store import Tx, history, queries


@dataclass(frozen=True, slots=True)
class PageShown:
    """`components` in page order, as last told; `incidents` are all that are not over, planned ones too, the latest
    begun first."""

    look: PageLook
    components: tuple[KnownComponent, ...]
    incidents: tuple[KnownIncident, ...]

    @property
    def page(self) -> Page:
        return self.look.page

    def level_of(self, component: KnownComponent) -> Status:
        """What to show: a page that cannot be read says nothing of its components any more."""
        return Status.UNKNOWN if self.look.is_stale else component.status


def load_shown(tx: Tx, slug: str | None, now: datetime) -> tuple[PageShown, ...]:
    """The page of that slug, none for one that is not watched; without one all in the order in which they were made.

    Raises StoreError.
    """
    page = queries.page_by_slug(tx, slug) if slug is not None else None
    if slug is not None and page is None:
        return ()
    some, ids = (None, None) if page is None else ([page], [page.id])
    states, listed = queries.page_states(tx, some), queries.open_incidents(tx, ids)
    components = history.components_of(tx, page_id=None if page is None else page.id)
    by_slug: dict[str, list[KnownIncident]] = defaultdict(list)
    for ref, incident in listed:
        by_slug[ref.slug].append(incident)
    return tuple(
        PageShown(look, components.get(look.page.id, ()), tuple(by_slug[look.page.slug]))
        for look in look_at(states, listed, now)
    )
