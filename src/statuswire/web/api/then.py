"""`at=`: the state as it was known at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from statuswire.engine.asof import PageThen, load_state_at
from statuswire.engine.lists import names_one_of
from statuswire.model import Filter, Kind, KnownIncident, Page
from statuswire.store import Tx, queries
from statuswire.web.api.asked import IncidentsAsked, filter_of
from statuswire.web.api.errors import wrong
from statuswire.web.api.replies import cursor_of, key_of, part
from statuswire.web.asking import Ask
from statuswire.web.shapes import Body, incident_body

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""Older than any status page; near the year 1 time cannot be reckoned with."""

LOOKED_AT = 200
"""How many pages one look works out at most."""

Key = tuple[int, int, str]
"""Of an incident: microseconds of its beginning, the number of its page, its id."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(ask: Ask, at: datetime | None) -> datetime | None:
    """The moment that is asked for. Refuses one that lies ahead, of which nothing is known, and one of long ago."""
    if at is not None and not EARLIEST <= at <= ask.parts.clock.now():
        raise wrong("query.at", f"must be a time that was, after {EARLIEST:%Y-%m-%d}")
    return at


def pages_then(tx: Tx, pages: Iterable[Page], at: datetime) -> Iterator[PageThen]:
    """Each page as it was known, worked out when it is its turn."""
    return (load_state_at(tx, at, page).pages[0] for page in pages)


def incidents_then(tx: Tx, asked: IncidentsAsked, pages: Sequence[Page] | None, kind: Kind, at: datetime) -> Body:
    """What was not over, the latest begun first."""
    if asked.open is False or asked.id:
        raise wrong("query.at", "shows what was not over, and goes neither with `open=false` nor with `id`")
    after = None if asked.after is None else key_of(asked.after, tuple[int, int, str], (0, 0, ""))
    found = {_key(page, one): (page, one) for page, one in _open_then(tx, pages, at) if one.kind is kind}
    wanted = filter_of(asked)
    keys = [
        key
        for key in sorted(found, reverse=True)
        if (after is None or key < after) and _is_meant(found[key][1], asked, wanted)
    ]
    following = cursor_of(*keys[asked.limit - 1]) if len(keys) > asked.limit else None
    shown = (found[key] for key in keys[: asked.limit])
    return part((incident_body(page.ref, one) for page, one in shown), following)


def _open_then(tx: Tx, pages: Sequence[Page] | None, at: datetime) -> Iterator[tuple[Page, KnownIncident]]:
    """Of many pages it is quicker to work out all."""
    if pages is not None and len(pages) <= LOOKED_AT:
        found = pages_then(tx, pages, at)
    else:
        ids = None if pages is None else {page.id for page in pages}
        found = (one for one in load_state_at(tx, at).pages if ids is None or one.look.page.id in ids)
    return ((then.look.page, one) for then in found for one in then.open)


def _key(page: Page, one: KnownIncident) -> Key:
    return (queries.begun_at(one) - _EPOCH) // timedelta(microseconds=1), page.id, one.id


def _is_meant(one: KnownIncident, asked: IncidentsAsked, wanted: Filter) -> bool:
    begun = queries.begun_at(one)
    return (
        (not wanted.phases or one.phase in wanted.phases)
        and (not wanted.impacts or one.impact in wanted.impacts)
        and (not wanted.components or names_one_of(wanted.components)(one))
        and (asked.since is None or begun >= asked.since)
        and (asked.until is None or begun < asked.until)
    )
