"""An operator's overrides in the log: the change when one is said, taken back, or comes to its end."""

from __future__ import annotations

from datetime import datetime

from statuswire.core import overriding
from statuswire.model import Event, KnownComponent, KnownIncident, Mark, MarkKind
from statuswire.store import Tx, queries


def override_of(tx: Tx, page: str, subject: str, now: datetime) -> Mark | None:
    """The override that holds now."""
    marks = queries.page_marks(tx, page, now)
    return next((one for one in marks if one.subject == subject and one.kind is MarkKind.OVERRIDE), None)


def known_subject(tx: Tx, page_slug: str, subject: str) -> KnownComponent | KnownIncident | None:
    """The component, or the incident that is open; None where there is none."""
    page = queries.page_by_slug(tx, page_slug)
    kind, _, id_ = subject.partition("/")
    if page is None:
        return None
    if kind == "incident":
        return next((one for one in queries.open_on_page(tx, page.id) if one.id == id_), None)
    components = queries.load_known(tx, page.id, feed_id=None, ids=()).components
    return next((one for one in components if one.id == id_), None)


def record_change(tx: Tx, before: Mark | None, after: Mark | None, now: datetime) -> tuple[Event, ...]:
    """Append what our word changes, if anything. Raises StoreError."""
    return queries.append_all(tx, _change(tx, before, after, now))


def _change(tx: Tx, before: Mark | None, after: Mark | None, now: datetime) -> list[tuple[int, Event]]:
    mark = after or before
    page = queries.page_by_slug(tx, mark.page) if mark is not None else None
    known = known_subject(tx, mark.page, mark.subject) if mark is not None else None
    if page is None or known is None:
        return []
    event = overriding.change(page.ref, known, before, after, now)
    return [] if event is None else [(page.id, event)]


def lift_ended(tx: Tx, now: datetime) -> tuple[Event, ...]:
    """Overrides that came to their end: what changes by that, appended. Raises StoreError."""
    for slug in sorted({mark.page for mark in queries.ended_overrides(tx, now)}):
        queries.lock_page(tx, slug)
    changes: list[tuple[int, Event]] = []
    for mark in queries.ended_overrides(tx, now):
        changes += _change(tx, mark, None, now)
        queries.drop_mark(tx, mark.page, mark.subject, mark.kind, now)
    return queries.append_all(tx, changes)
