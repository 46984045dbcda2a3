"""Everything about one incident: what was said and how it was changed later, whom it hit, and what we told of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from statuswire.model import (
    AffectedComponent,
    Event,
    Impact,
    KnownIncident,
    KnownUpdate,
    Mark,
    Page,
    Phase,
    Verdict,
)
from statuswire.store import Tx, history, queries
from statuswire.store.queries import Listed

SENT_WITHIN: Final = timedelta(days=8)
"""A message is sent or given up at the latest a day after its event; the longest digest collects for a week."""


@dataclass(frozen=True, slots=True)
class Version:
    """A wording of an update, and when we met it (None: it was stored silently)."""

    text: str
    phase: Phase | None
    at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class UpdateAccount:
    """An update, its wordings from the first that we met to the present one. `rewordings` counts all that there were;
    those that no event told of are not kept."""

    update: KnownUpdate
    versions: tuple[Version, ...]

    @property
    def is_edited(self) -> bool:
        return len(self.versions) > 1 or self.rewordings > 0

    @property
    def rewordings(self) -> int:
        return max(len(self.update.revisions) - 1, 0)


@dataclass(frozen=True, slots=True)
class Reach:
    """From when on the incident had this impact and named these components, as we were told."""

    seen_at: datetime
    phase: Phase
    impact: Impact
    components: tuple[AffectedComponent, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """One event of the incident, and what each route made of it."""

    event: Event
    verdicts: tuple[tuple[Verdict, datetime], ...]


@dataclass(frozen=True, slots=True)
class IncidentAccount:
    """`updates` are in the provider's order, `reach` and `tellings` in ours. `deliveries` are the messages that told of
    it, oldest first. `marks` are the operators' words that hold now."""

    page: Page
    incident: KnownIncident
    updates: tuple[UpdateAccount, ...]
    reach: tuple[Reach, ...]
    tellings: tuple[Telling, ...]
    deliveries: tuple[Listed, ...]
    marks: tuple[Mark, ...]

    @property
    def first_seen_at(self) -> datetime | None:
        """When we learnt of it."""
        seen = [one.event.seen_at for one in self.tellings]
        return self.incident.first_seen_at or min(seen, default=None)

    @property
    def first_told_at(self) -> datetime | None:
        """When the first message about it had left."""
        return min(
            (one.ended_at for one in self.deliveries if one.ended_at and not one.delivery.last_error), default=None
        )


def load_incident(tx: Tx, page: Page, incident_id: str, now: datetime) -> IncidentAccount | None:
    """By its id or an earlier one; None where there is none. Raises StoreError."""
    stored = history.incidents_of(tx, page.id, [incident_id])
    found = next((one for one in stored if one.id == incident_id), stored[0] if stored else None)
    if found is None:
        return None
    incident = history.updates_of(tx, page.id, [found])[0]
    names = (incident.id, *incident.aliases)
    logged = history.incident_log(tx, page.id, names)
    events = sorted((event for some in logged.values() for event in some), key=lambda event: event.id)
    return IncidentAccount(
        page,
        incident,
        tuple(_update(update, events) for update in incident.updates),
        tuple(_reach(events)),
        tuple(Telling(event, tuple(queries.verdicts(tx, event.id))) for event in events),
        _deliveries(tx, events),
        tuple(one for one in queries.page_marks(tx, page.slug, now) if one.subject == f"incident/{incident.id}"),
    )


def _update(update: KnownUpdate, events: Iterable[Event]) -> UpdateAccount:
    versions: list[Version] = []
    for event in events:
        if event.update is not None and event.update.id == update.key:
            _add(versions, Version(event.update.text, event.update.phase, event.at, event.seen_at))
    _add(versions, Version(update.text, update.phase, update.at, update.seen_at if not versions else None))
    return UpdateAccount(update, tuple(versions))


def _add(versions: list[Version], one: Version) -> None:
    if not versions or versions[-1].text != one.text:
        versions.append(one)


def _reach(events: Iterable[Event]) -> list[Reach]:
    """Each time that phase, impact or components became others."""
    found: list[Reach] = []
    for event in events:
        told = event.incident
        if told is None:
            continue
        one = Reach(event.seen_at, told.phase, told.impact, told.components)
        if not found or replace(found[-1], seen_at=one.seen_at) != one:
            found.append(one)
    return found


def _deliveries(tx: Tx, events: Sequence[Event]) -> tuple[Listed, ...]:
    if not events:
        return ()
    until = events[-1].seen_at + SENT_WITHIN
    ids = history.deliveries_of(tx, [event.id for event in events], events[0].seen_at, until)
    return tuple(one for id_ in ids if (one := queries.one_delivery(tx, id_)) is not None)
