"""A log in memory that the real planner follows: say what happens, let time pass, look at what is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from statuswire.engine.planner import KnownChannel, Rules, begin, plan_batch
from statuswire.model import (
    AffectedComponent,
    Delivery,
    Event,
    EventIncident,
    EventType,
    EventUpdate,
    Impact,
    Kind,
    Phase,
    Source,
    Status,
    Verdict,
)
from statuswire.store import Store, open_store, queries

START = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
FAR = datetime(2100, 1, 1, tzinfo=UTC)
CHANNEL = {"ops": KnownChannel("console")}

PHASES = {
    EventType.INCIDENT_CREATED: Phase.INVESTIGATING,
    EventType.INCIDENT_UPDATED: Phase.IDENTIFIED,
    EventType.INCIDENT_RESOLVED: Phase.RESOLVED,
    EventType.INCIDENT_REOPENED: Phase.INVESTIGATING,
}


class Telling:
    """One store, one planner, one channel `ops`; time stands still but for `wait`."""

    def __init__(self, rules: Rules) -> None:
        self.store: Store = open_store("sqlite://")
        self.store.write(begin)
        self.rules = rules
        self.now = START
        self._count = 0
        self._documents = 0

    def happens(
        self,
        page: str,
        type_: EventType = EventType.INCIDENT_CREATED,
        *,
        id_: str = "i1",
        title: str = "Errors",
        text: str = "We are looking into it.",
        impact: Impact = Impact.MAJOR,
        components: tuple[str, ...] = (),
        status: Status = Status.PARTIAL_OUTAGE,
    ) -> Event:
        """An event of an incident on a page, from a document of its own, which the planner then takes."""
        self._documents += 1
        numbered = self._append(page, type_, id_, title, text, impact, components, status)
        self.plan()
        return numbered

    def learns(self, page: str, *types: EventType) -> list[Event]:
        """Several events of one incident from one document."""
        self._documents += 1
        found = [
            self._append(page, type_, "i1", "Errors", "Sorry.", Impact.MAJOR, (), Status.UNKNOWN) for type_ in types
        ]
        self.plan()
        return found

    def _append(
        self,
        page: str,
        type_: EventType,
        id_: str,
        title: str,
        text: str,
        impact: Impact,
        components: tuple[str, ...],
        status: Status,
    ) -> Event:
        self._count += 1
        phase = PHASES[type_]
        affected = tuple(AffectedComponent(name, name, None, status) for name in components)
        found = self.store.write(
            lambda tx: queries.upsert_page(
                tx, slug=page, name=page.title(), url="", platform="statuspage", origin="config"
            )
        )
        event = Event(
            type=type_,
            key=f"key-{self._count}",
            at=self.now,
            seen_at=self.now + timedelta(microseconds=self._documents),
            source=Source.POLL,
            page=found.ref,
            incident=EventIncident(id_, title, Kind.INCIDENT, phase, impact, "", self.now, None, affected),
            update=EventUpdate(f"u{self._count}", phase, text, self.now),
        )
        (numbered,) = self.store.write(lambda tx: queries.append_events(tx, found.id, (event,)))
        return numbered

    def wait(self, span: timedelta) -> None:
        self.now += span
        self.plan()

    def plan(self) -> None:
        while self.store.write(lambda tx: plan_batch(tx, self.rules, self.now)).has_more:
            pass

    @property
    def deliveries(self) -> list[Delivery]:
        return self.store.read(lambda tx: queries.waiting_since(tx, "ops", FAR, 10_000))

    def verdict(self, event: Event) -> Verdict:
        ((verdict, _),) = self.store.read(lambda tx: queries.verdicts(tx, event.id))
        return verdict

    def close(self) -> None:
        self.store.close()
