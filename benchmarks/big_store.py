"""A store as large as a busy installation's: 1,000 pages, 20,000 components, 200,000 events of half a year.

    python benchmarks/big_store.py big.db [--pages 1000] [--incidents 25]

Everything is written through the statements of the store, and is the same each time but for
`now`. Of each incident: three to four events of its own, its components down and up again, the page's status likewise,
verdicts of two routes, and the deliveries of one. Some pages have an incident open, a maintenance ahead, or a feed that
could not be read for some hours.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from statuswire.fingerprint import event_key, message_id
from statuswire.model import (
    AffectedComponent,
    Changes,
    Delivery,
    DeliveryState,
    Event,
    EventComponent,
    EventFeed,
    EventIncident,
    EventPage,
    EventType,
    EventUpdate,
    Feed,
    FeedHealth,
    FeedSpec,
    FeedState,
    Impact,
    Kind,
    KnownComponent,
    KnownIncident,
    KnownUpdate,
    MessageKind,
    Moment,
    Page,
    Phase,
    Source,
    Status,
    Verdict,
    VerdictKind,
)
from statuswire.store import Store, Tx, open_store, queries
from statuswire.store.deliveries import Ended, end_delivery
from statuswire.store.lanes import Lane

AT_ONCE = 20
"""Pages in one transaction."""

GROUPS = ("Europe", "North America", "Asia Pacific", None)
NAMES = ("API", "Dashboard", "Webhooks", "Search", "Billing", "Uploads", "Login", "Queues", "E-mail", "Reports")
PLATFORMS = ("statuspage", "incidentio", "instatus", "betterstack")
CHANNELS = ("ops", "support")
TITLES = ("Elevated error rates", "Slow responses", "Delayed deliveries", "Partial loss of connectivity")
LEVELS = {
    Impact.MINOR: Status.DEGRADED,
    Impact.MAJOR: Status.PARTIAL_OUTAGE,
    Impact.CRITICAL: Status.MAJOR_OUTAGE,
    Impact.MAINTENANCE: Status.MAINTENANCE,
}
SENTENCES = (
    "We have found what slows requests down and are rolling back the change; some customers still see errors.",
    "Requests that failed can be sent again without harm, and nothing that was stored in the meantime is lost.",
    "We look at it every ten minutes and write again as soon as we know more, at the latest within the hour.",
)
COURSE = (Phase.INVESTIGATING, Phase.IDENTIFIED, Phase.MONITORING, Phase.RESOLVED)
PLANNED = (Phase.SCHEDULED, Phase.IN_PROGRESS, Phase.COMPLETED)
TYPES = {
    Phase.INVESTIGATING: EventType.INCIDENT_CREATED,
    Phase.RESOLVED: EventType.INCIDENT_RESOLVED,
    Phase.SCHEDULED: EventType.MAINTENANCE_SCHEDULED,
    Phase.IN_PROGRESS: EventType.MAINTENANCE_STARTED,
    Phase.COMPLETED: EventType.MAINTENANCE_COMPLETED,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """How large: with the usual figures, about 200 events a page. `names` are those of the first pages."""

    pages: int = 1_000
    components: int = 20
    incidents: int = 24
    days: int = 180
    names: tuple[str, ...] = ()


USUAL = Shape()


@dataclass(slots=True)
class Writing:
    """One page while it is being made up."""

    page: Page
    components: tuple[KnownComponent, ...]
    dice: Random
    incidents: list[KnownIncident] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def seed(store: Store, now: datetime, shape: Shape = USUAL) -> None:
    """Fill an empty store: the state page by page, then the log in the order in which it would have been seen."""
    log: list[tuple[int, Event]] = []
    for start in range(0, shape.pages, AT_ONCE):
        some = range(start, min(start + AT_ONCE, shape.pages))
        log += store.write(partial(_add_pages, numbers=some, now=now, shape=shape))
    log.sort(key=lambda pair: (pair[1].seen_at, pair[0]))
    for start in range(0, len(log), AT_ONCE * 100):
        store.write(partial(_add_events, log=log[start : start + AT_ONCE * 100]))


def _add_pages(tx: Tx, numbers: range, now: datetime, shape: Shape) -> list[tuple[int, Event]]:
    """The events that are to be appended, each with the number of its page."""
    return [pair for number in numbers for pair in _add_page(tx, number, now, shape)]


def _add_events(tx: Tx, log: list[tuple[int, Event]]) -> None:
    for page_id, event in log:
        _told(tx, queries.append_events(tx, page_id, (event,)))


def _add_page(tx: Tx, number: int, now: datetime, shape: Shape) -> list[tuple[int, Event]]:
    name = shape.names[number] if number < len(shape.names) else f"Provider {number:04}"
    host = name.lower().replace(" ", "-")
    page = queries.upsert_page(
        tx,
        slug=host if number < len(shape.names) else f"page-{number:04}",
        name=name,
        url=f"https://status.{host}.example",
        platform=PLATFORMS[number % len(PLATFORMS)],
        origin="config",
        time_zone="Europe/Berlin" if number % 10 == 0 else None,
    )
    begun = now - timedelta(days=shape.days)
    writing = Writing(page, tuple(_components(number, shape, begun)), Random(number))
    for order in range(shape.incidents):
        _happen(writing, order, now, shape)
    if number % 20 == 3:
        _blind(writing, now)
    _save(tx, writing, begun, now)
    _feeds(tx, page, number, now)
    return [(page.id, event) for event in writing.events]


def _components(number: int, shape: Shape, begun: datetime) -> Iterator[KnownComponent]:
    moment = Moment(begun, begun)
    for place in range(shape.components):
        name = NAMES[place % len(NAMES)]
        if shape.components > len(NAMES):
            name += f" {place // len(NAMES) + 1}"
        group = GROUPS[place * len(GROUPS) // shape.components]
        status = Status.OPERATIONAL
        yield KnownComponent(
            f"c{number:04}x{place:02}", name, group, status, "operational", begun, moment, begun, place
        )


def _happen(writing: Writing, order: int, now: datetime, shape: Shape) -> None:
    """One incident or maintenance; the last one of some pages goes on, or is ahead."""
    dice, is_last = writing.dice, order == shape.incidents - 1
    is_planned = order % 8 == 3 or (is_last and writing.page.id % 4 == 1)
    span = timedelta(days=shape.days) / (shape.incidents + 1)
    begun = now - timedelta(days=shape.days) + span * (order + dice.uniform(0.1, 0.9))
    length = timedelta(minutes=dice.choice((12, 25, 47, 90, 240, 600)))
    goes_on = is_last and writing.page.id % 16 == 0
    if goes_on:
        begun = now - length / 2
    steps: tuple[Phase, ...] = PLANNED if is_planned else COURSE
    if is_last and is_planned and writing.page.id % 4 == 1:
        begun, steps = now + timedelta(days=2), PLANNED[:1]
    elif goes_on:
        steps = steps[:2]
    _tell(writing, order, begun, length, steps, now)


def _tell(
    writing: Writing, order: int, begun: datetime, length: timedelta, steps: tuple[Phase, ...], now: datetime
) -> None:
    dice = writing.dice
    is_planned = steps[0] is Phase.SCHEDULED
    impact = (
        Impact.MAINTENANCE if is_planned else dice.choice((Impact.MINOR, Impact.MINOR, Impact.MAJOR, Impact.CRITICAL))
    )
    hit = dice.sample(range(len(writing.components)), dice.choice((1, 1, 2)))
    level = LEVELS[impact]
    named = tuple(_affected(writing.components[place], level) for place in hit)
    moments = [_step_at(begun, length, place, len(steps), is_planned) for place in range(len(steps))]
    moments = [min(at, now - timedelta(minutes=1)) for at in moments]
    ended = moments[-1] if steps[-1].is_closed else None
    first, last = moments[0], moments[-1]
    base = KnownIncident(
        id=f"{writing.page.id:x}i{order}",
        kind=Kind.MAINTENANCE if is_planned else Kind.INCIDENT,
        title="Planned upgrade of the database" if is_planned else dice.choice(TITLES),
        phase=steps[-1],
        impact=impact,
        url=f"{writing.page.url}/incidents/{order}",
        moment=Moment(last, last),
        components=named,
        created_at=first,
        started_at=begun if begun <= now else None,
        resolved_at=ended,
        updated_at=last,
        scheduled_for=begun if is_planned else None,
        scheduled_until=begun + length if is_planned else None,
        first_seen_at=first + timedelta(seconds=20),
    )
    updates = tuple(_update(order, seq, phase, at) for seq, (phase, at) in enumerate(zip(steps, moments, strict=True)))
    writing.incidents.append(replace(base, updates=updates))
    for seq, (update, at) in enumerate(zip(updates, moments, strict=True)):
        writing.events.append(_incident_event(writing, base, update, at, dice))
        starts = seq == (1 if is_planned else 0) and len(steps) > 1
        if starts or (update.phase is not None and update.phase.is_closed):
            _levels(writing, hit, level if starts else Status.OPERATIONAL, at)


def _step_at(begun: datetime, length: timedelta, place: int, count: int, is_planned: bool) -> datetime:
    if not is_planned:
        return begun + length * place / max(count - 1, 1)
    return begun - timedelta(days=3) if place == 0 else begun + length * 1.1 * (place - 1)


def _affected(component: KnownComponent, level: Status) -> AffectedComponent:
    return AffectedComponent(component.id, component.name, component.group, level)


def _update(order: int, seq: int, phase: Phase, at: datetime) -> KnownUpdate:
    text = " ".join(SENTENCES[: 1 + order % 3])
    return KnownUpdate(f"u{order}-{seq}", seq, phase, text, at, text[:60], ids=(f"u{order}-{seq}",), seen_at=at)


def _incident_event(writing: Writing, base: KnownIncident, update: KnownUpdate, at: datetime, dice: Random) -> Event:
    phase = update.phase or base.phase
    usual = EventType.MAINTENANCE_UPDATED if base.kind is Kind.MAINTENANCE else EventType.INCIDENT_UPDATED
    told = EventIncident(
        base.id,
        base.title,
        base.kind,
        phase,
        base.impact,
        base.url,
        base.started_at,
        base.resolved_at if phase.is_closed else None,
        base.components,
        base.scheduled_for,
        base.scheduled_until,
    )
    return Event(
        TYPES.get(phase, usual),
        event_key(writing.page.slug, base.id, update.key),
        at,
        at + timedelta(seconds=dice.choice((2, 20, 40, 300))),
        dice.choice((Source.POLL, Source.POLL, Source.HOOK)),
        writing.page.ref,
        incident=told,
        update=EventUpdate(update.key, phase, update.text, update.at),
    )


def _levels(writing: Writing, hit: list[int], level: Status, at: datetime) -> None:
    """The components and the page change to this level, a little after the incident is told."""
    parts = list(writing.components)
    for place in hit:
        before = parts[place]
        parts[place] = replace(before, status=level, raw_status=level.value, updated_at=at, since=at)
        if before.status is not level:
            change = EventComponent(before.id, before.name, before.group, level, before.status.value, level.value)
            writing.events.append(_plain(writing, EventType.COMPONENT_STATUS_CHANGED, at, component=change))
    old = _worst(writing.components)
    writing.components = tuple(parts)
    if old is not _worst(writing.components):
        change_of_page = EventPage(old, _worst(writing.components))
        writing.events.append(_plain(writing, EventType.PAGE_STATUS_CHANGED, at, page_change=change_of_page))


def _worst(components: tuple[KnownComponent, ...]) -> Status:
    order = (Status.MAJOR_OUTAGE, Status.PARTIAL_OUTAGE, Status.DEGRADED, Status.MAINTENANCE)
    present = {one.status for one in components}
    return next((level for level in order if level in present), Status.OPERATIONAL)


def _plain(
    writing: Writing,
    type: EventType,
    at: datetime,
    *,
    component: EventComponent | None = None,
    page_change: EventPage | None = None,
    feed: EventFeed | None = None,
) -> Event:
    return Event(
        type,
        event_key(writing.page.slug, type, str(len(writing.events))),
        at,
        at + timedelta(seconds=25),
        Source.POLL,
        writing.page.ref,
        component=component,
        page_change=page_change,
        feed=feed,
    )


def _blind(writing: Writing, now: datetime) -> None:
    """A feed that could not be read for seven hours last month."""
    url = f"{writing.page.url}/api/v2/summary.json"
    begun = now - timedelta(days=20)
    for type, at, reason in (
        (EventType.FEED_FAILING, begun, "timeout: no answer within 20 s"),
        (EventType.FEED_RECOVERED, begun + timedelta(hours=7), "read again after 420 min"),
    ):
        writing.events.append(_plain(writing, type, at, feed=EventFeed(url, reason)))


def _save(tx: Tx, writing: Writing, begun: datetime, now: datetime) -> None:
    moment = Moment(now, now)
    changes = Changes(
        status=_worst(writing.components),
        moment=moment,
        baseline_at=begun,
        components=writing.components,
        incidents=tuple(writing.incidents),
        updates=tuple((one.id, update) for one in writing.incidents for update in one.updates),
    )
    if not queries.save_changes(tx, writing.page.id, 0, changes):
        raise SystemExit("the store is not empty")


def _told(tx: Tx, events: Iterable[Event]) -> None:
    """What two routes made of the incidents; beginnings and ends are sent on one channel."""
    for event in (one for one in events if one.incident is not None):
        sent = event.type in (EventType.INCIDENT_CREATED, EventType.INCIDENT_RESOLVED)
        kind = VerdictKind.TOLD if sent else VerdictKind.SUPPRESSED
        reason = "" if sent else "the first and the last word are told"
        quiet = Verdict(event.id, "support", VerdictKind.SUPPRESSED, "silenced: not used")
        queries.add_verdicts(tx, (Verdict(event.id, "ops", kind, reason), quiet), event.seen_at)
        if sent:
            _deliver(tx, event)


def _deliver(tx: Tx, event: Event) -> None:
    id_ = message_id("ops", "event", [event.key])
    thread = event.incident.id if event.incident else ""
    one = Delivery(0, "ops", "0", id_, MessageKind.EVENT, (event.id,), thread, "ops", created_at=event.seen_at)
    queries.add_delivery(tx, one, "slack", event.seen_at)
    put = tx.one("SELECT id FROM delivery WHERE message_id = :id", {"id": id_})
    assert put is not None, "it was put in above"
    ended = Ended(replace(one, id=put[0]), DeliveryState.DELIVERED, 1)
    end_delivery(tx, Lane("ops", "0", 1, 1), ended, event.seen_at + timedelta(seconds=1))


def _feeds(tx: Tx, page: Page, number: int, now: datetime) -> None:
    """One feed, read half a minute ago; every fiftieth page cannot be read now."""
    feed: Feed = queries.upsert_feed(tx, page.id, FeedSpec(f"{page.url}/api/v2/summary.json"))
    read = now - timedelta(seconds=30)
    health = FeedHealth(FeedState.OK, last_ok_at=read)
    if number % 50 == 7:
        begun = now - timedelta(hours=3)
        health = FeedHealth(FeedState.FAILING, 40, begun, begun, "timeout: no answer within 20 s")
    queries.save_feed(
        tx,
        replace(
            feed,
            etag=f'W/"{number}"',
            health=health,
            due_at=now + timedelta(seconds=30),
            polls=250_000,
            not_modified=240_000,
            read_at=read,
            moment=Moment(read, read),
        ),
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("file", type=Path)
    parser.add_argument("--pages", type=int, default=USUAL.pages)
    parser.add_argument("--incidents", type=int, default=USUAL.incidents)
    given = parser.parse_args()
    began = time.perf_counter()
    with closing(open_store(f"sqlite:///{given.file.absolute()}")) as store:
        seed(store, datetime.now(UTC).replace(microsecond=0), Shape(given.pages, incidents=given.incidents))
        counts = store.read(queries.stats)
    sys.stdout.write(f"{counts} in {time.perf_counter() - began:.0f} s\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
