"""What happened: events or incidents by filter, and the state as it was known at a moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

from statuswire.channels import wording
from statuswire.core.routing import is_page_meant, is_type_meant
from statuswire.engine.asof import PageThen, load_state_at
from statuswire.engine.lists import EventPart, EventQuery, IncidentQuery, list_events, list_incidents
from statuswire.engine.planner import Rules
from statuswire.model import Event, EventType, Filter, Kind, KnownIncident, PageRef, Status
from statuswire.store import Tx, queries
from statuswire.store.queries import CursorError, SavedFilter
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.face.changes import said
from statuswire.web.face.filterform import FilterForm, labels_of, offered, read_form
from statuswire.web.face.frame import Context, may, show
from statuswire.web.face.history_asked import INCIDENTS, Asked, read_asked
from statuswire.web.needs import Need
from statuswire.web.problems import Refusal, RefusedRequest

SHOWN: Final = 50


async def history(ask: Ask) -> Answer:
    """The list that the address asks for, or the state at a moment."""
    asked, rules = read_asked(ask.query, ask.parts.clock.now()), ask.parts.rules()
    sees_feeds = may(ask, Need.VIEW)

    def load(tx: Tx) -> Context:
        found = _found(tx, asked, rules, sees_feeds=sees_feeds) if asked.is_right else Found()
        return context(ask, tx, asked) | {"found": found}

    return await show(ask, "history.html", load, title="History", current="history")


def context(ask: Ask, tx: Tx, asked: Asked, name: str = "", fault: str = "") -> dict[str, object]:
    """All but what was found. `fault` is what is wrong with the name under which the filter was to be kept."""
    return {
        "asked": asked,
        "form": asked.form,
        "offer": offered(tx, ask.parts.rules()),
        "saved": [(one, form_of(one)) for one in queries.saved_filters(tx)],
        "said": said(ask),
        "name": name,
        "name_fault": fault,
        "found": Found(),
    }


def form_of(one: SavedFilter) -> FilterForm:
    return read_form((name, word) for name, some in one.words.items() for word in some)


# --- lists -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event in a line: the state that it tells, what it is about, the provider's words or else ours."""

    event: Event
    level: Status | None
    title: str
    quoted: str
    ours: str

    @property
    def subject(self) -> str:
        """The id of the incident that it is about; empty for other events."""
        return self.event.incident.id if self.event.incident is not None else ""


@dataclass(frozen=True, slots=True)
class Found:
    """What is shown: days with their events, incidents, or pages as they were. `newer`, `older`: the addresses of what
    comes before and after; `is_cut`: as many were looked at as may be at once."""

    days: tuple[tuple[date, tuple[EventRow, ...]], ...] = ()
    incidents: tuple[tuple[PageRef, KnownIncident, Status], ...] = ()
    pages: tuple[PageThen, ...] = ()
    newer: str = ""
    older: str = ""
    newest: str = ""
    is_cut: bool = False
    was_watched: bool = True

    @property
    def is_empty(self) -> bool:
        return not (self.days or self.incidents or self.pages)


def _found(tx: Tx, asked: Asked, rules: Rules, *, sees_feeds: bool) -> Found:
    if asked.at is not None:
        return _pages_at(tx, asked, asked.at, rules)
    if asked.what == INCIDENTS:
        return _incidents(tx, asked, rules)
    return _events(tx, asked, rules, sees_feeds=sees_feeds)


def _events(tx: Tx, asked: Asked, rules: Rules, *, sees_feeds: bool) -> Found:
    wanted = asked.form.filter if sees_feeds else _without_feeds(asked.form.filter)
    query = EventQuery(wanted, asked.since, asked.until, labels_of(rules))
    part = list_events(tx, query, after_id=asked.after, before_id=asked.before, limit=SHOWN)
    events = sorted(part.events, key=lambda one: one.id, reverse=True)
    newer, older = _places(asked, part, events)
    return Found(
        days=tuple(_by_day(events)),
        newer=asked.address(after=newer) if newer is not None else "",
        older=asked.address(before=older) if older is not None else "",
        newest=asked.address() if asked.before is not None or asked.after is not None else "",
        is_cut=part.has_more and len(events) < SHOWN,
    )


def _places(asked: Asked, part: EventPart, events: Sequence[Event]) -> tuple[int | None, int | None]:
    """Above which event what is newer begins, and below which what is older."""
    if asked.after is not None:
        return part.last_id if part.has_more else None, events[-1].id if events else asked.after + 1
    top = events[0].id if events else asked.before
    return top if asked.before is not None else None, part.last_id if part.has_more else None


def _without_feeds(wanted: Filter) -> Filter:
    """How our reading goes is not shown to everybody."""
    kept = (one.value for one in EventType if is_type_meant(wanted, one) and not one.value.startswith("feed."))
    return replace(wanted, types=tuple(kept) or ("nothing",))


def _by_day(events: Sequence[Event]) -> Iterator[tuple[date, tuple[EventRow, ...]]]:
    days: dict[date, list[EventRow]] = {}
    for one in events:
        days.setdefault(one.seen_at.astimezone(UTC).date(), []).append(row_of(one))
    return ((day, tuple(some)) for day, some in days.items())


def row_of(event: Event) -> EventRow:
    """The provider's words are quoted; where there are none, ours stand among the facts."""
    if event.incident is not None:
        title = event.incident.title or event.incident.id
    else:
        title = ", ".join(wording.component_names(event)) or ("The page" if event.page_change else "Our reading")
    words = wording.message(event)
    if event.update is not None and event.update.text.strip():
        return EventRow(event, wording.level(event), title, "" if words == title else words, "")
    is_title_again = event.incident is not None and words == wording.phase_and(event, title)
    return EventRow(event, wording.level(event), title, "", wording.phase_and(event, "") if is_title_again else words)


def _incidents(tx: Tx, asked: Asked, rules: Rules) -> Found:
    query = IncidentQuery(asked.form.filter, since=asked.since, until=asked.until, labels=labels_of(rules))
    try:
        listed, following = list_incidents(tx, query, limit=SHOWN, after=asked.cursor or None)
    except CursorError as error:
        raise RefusedRequest(Refusal("bad_parameter", f"cursor: {error}.")) from error
    return Found(
        incidents=tuple((page, one, level_of(one)) for page, one in listed),
        older=asked.address(cursor=following) if following else "",
        newest=asked.address() if asked.cursor else "",
        is_cut=following is not None and len(listed) < SHOWN,
    )


def level_of(one: KnownIncident) -> Status:
    """The colour of an incident: that of its impact while it is open."""
    if one.phase.is_closed:
        return Status.OPERATIONAL
    return Status.MAINTENANCE if one.kind is Kind.MAINTENANCE else wording.IMPACT_LEVELS[one.impact]


# --- the state at a moment -----------------------------------------------------------------------------------------


def _pages_at(tx: Tx, asked: Asked, at: datetime, rules: Rules) -> Found:
    """The pages that the filter means; what was wrong first."""
    wanted, then = asked.form.filter, load_state_at(tx, at)
    meant = [one for one in then.pages if _is_meant(one, wanted, rules)]
    ordered = sorted(meant, key=lambda one: (one.look.level is Status.OPERATIONAL, one.look.page.slug))
    return Found(pages=tuple(ordered), was_watched=then.was_watched)


def _is_meant(one: PageThen, wanted: Filter, rules: Rules) -> bool:
    slug = one.look.page.slug
    return is_page_meant(wanted, slug, rules.tags.get(slug, ()), rules.categories.get(slug, ""))
