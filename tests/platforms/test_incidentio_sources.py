"""One incident told by all of incident.io's documents at once: each of its updates is one event."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statuswire.engine import ingest
from statuswire.model import Document, DocumentKind, Event, EventType, FeedSpec, Role, Source
from statuswire.platforms.parsing import parse
from statuswire.store import Store, open_store, queries

HOST = "https://status.acme-relay.example"
PAGE = {
    "id": "01J9ZK4T2Q8M3V7X5C1B6N0PRS",
    "name": "Acme Relay",
    "url": f"{HOST}/",
    "updated_at": "2026-01-01T00:00:00Z",
}
API = "01J9ZK5A00000000000000000A1"
INCIDENT = "01KQRSFTE8F1N6Z3V9W2X4Y5B7"
BEGAN = datetime(2026, 5, 4, 10, 0, 12, 345000, tzinfo=UTC)
STEPS = (
    ("investigating", "Some deliveries are late & we are looking into it.", "full_outage"),
    ("identified", "A queue in one region is stuck.\n\nWe are moving traffic.", "full_outage"),
    ("monitoring", "A fix is out.", "degraded_performance"),
    ("resolved", "All deliveries are on time again.", "operational"),
)
LABELS = {"full_outage": "Full outage", "degraded_performance": "Degraded performance", "operational": "Operational"}


def at(step: int) -> datetime:
    return BEGAN + timedelta(minutes=20 * step)


def stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def served(step: int, minutes: float = 1) -> datetime:
    return at(step) + timedelta(minutes=minutes)


def update_id(step: int) -> str:
    return f"01KQRSFTE8F1N6Z3V9W2X4Y5D{step}"


# --- the same history, as each document shows it ----------------------------------------------------------------


def _impacts(step: int, key: str = "status") -> list[dict]:
    end = stamp(at(3)) if step == 3 else None
    return [{"component_id": API, key: "full_outage", "start_at": stamp(BEGAN - timedelta(minutes=5)), "end_at": end}]


def _native_incident(step: int) -> dict:
    updates = [
        {"id": update_id(n), "published_at": stamp(at(n)), "message_string": STEPS[n][1], "to_status": STEPS[n][0],
         "component_statuses": [{"component_id": API, "status": STEPS[n][2]}]}
        for n in range(step + 1)
    ]  # fmt: skip
    affected = {"component_id": API, "status": "full_outage", "current_status": STEPS[step][2]}
    return {"id": INCIDENT, "name": "Late deliveries", "type": "incident", "status": STEPS[step][0],
            "published_at": stamp(BEGAN), "component_impacts": _impacts(step), "updates": updates,
            "affected_components": [affected]}  # fmt: skip


def native(step: int) -> object:
    is_open = step < 3
    affected = [{"component_id": API, "status": STEPS[step][2]}] if is_open else []
    return {"summary": {**PAGE, "public_url": f"{HOST}/", "components": [{"id": API, "name": "Delivery"}],
                        "structure": {"items": [{"component": {"component_id": API, "name": "Delivery"}}]},
                        "affected_components": affected, "scheduled_maintenances": [],
                        "ongoing_incidents": [_native_incident(step)] if is_open else []}}  # fmt: skip


def history(step: int) -> object:
    return {"incidents": [_native_incident(step)]}


def widget(step: int) -> object:
    word, said, level = STEPS[step]
    told = {"id": INCIDENT, "name": "Late deliveries", "status": word, "url": f"{HOST}/incidents/{INCIDENT}",
            "last_update_at": stamp(at(step)), "last_update_message": said, "current_worst_impact": "full_outage",
            "affected_components": [{"id": API, "name": "Delivery", "current_status": level}]}  # fmt: skip
    lists = {"in_progress_maintenances": [], "scheduled_maintenances": []}
    return {"page_title": "Acme Relay", "page_url": HOST, "ongoing_incidents": [told] if step < 3 else [], **lists}


def _compat_incident(step: int) -> dict:
    updates = [
        {"id": update_id(n), "status": STEPS[n][0], "body": "", "created_at": stamp(at(n))} for n in range(step + 1)
    ]
    return {"id": INCIDENT, "name": "Late deliveries", "status": STEPS[step][0], "impact": "critical", "components": [],
            "shortlink": None, "created_at": stamp(BEGAN), "updated_at": stamp(at(step)),
            "incident_updates": updates[::-1]}  # fmt: skip


def compat(step: int) -> object:
    body = {"page": PAGE, "components": [{"id": API, "name": "Delivery", "status": STEPS[step][2]}]}
    if step == 3:
        return body | {"status": {"indicator": "none", "description": "All Systems Operational"}}
    return body | {"status": {"indicator": "critical"}, "incidents": [_compat_incident(step)]}


def compat_list(step: int) -> object:
    return {"page": PAGE, "incidents": [_compat_incident(step)]}


def feed(step: int) -> str:
    word, said, level = STEPS[step]
    body = said.replace("&", "&amp;").replace("\n\n", "<br/><br/>")
    content = (
        f"<b>Status: {word.capitalize()}</b><br/><br/>{body}<br/><br/>"
        f"<b>Affected components</b><ul><li>Delivery ({LABELS[level]})</li></ul>"
    )
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Acme Relay status</title><generator>incident.io</generator>'
        f"<entry><title>Late deliveries</title><id>{HOST}//incidents/{INCIDENT}</id>"
        f'<link href="{HOST}//incidents/{INCIDENT}"/><updated>{stamp(at(step))}</updated>'
        f'<content type="html"><![CDATA[{content}]]></content></entry></feed>'
    )


def hook(step: int) -> object:
    kind = "status_page_incident.update_shared_v1"
    update = {"id": update_id(step), "status_page_incident_id": INCIDENT, "message": STEPS[step][1],
              "incident_status": STEPS[step][0], "published_at": stamp(at(step)), "component_statuses": []}  # fmt: skip
    incident = {"id": INCIDENT, "status_page_id": PAGE["id"], "name": "Late deliveries",
                "incident_status": STEPS[step][0], "published_at": stamp(BEGAN),
                "component_impacts": _impacts(step, "component_status"), "updates": []}  # fmt: skip
    return {"event_type": kind, kind: {"status_page_incident": incident, "update": update}}


SOURCES: dict[str, Callable[[int], object]] = {
    "native": native,
    "history": history,
    "widget": widget,
    "compat": compat,
    "compat_list": compat_list,
    "feed": feed,
    "hook": hook,
}


# --- the world -------------------------------------------------------------------------------------------------


class World:
    """A page that is read from several feeds, and the events that came of it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.events: list[Event] = []
        self.page = store.write(
            lambda tx: queries.upsert_page(
                tx, slug="acme", name="Acme Relay", url=HOST, platform="incidentio", origin="config"
            )
        )
        self.feeds = {
            name: store.write(
                lambda tx, name=name: queries.upsert_feed(tx, self.page.id, FeedSpec(f"{HOST}/{name}", Role.STATE))
            )
            for name in SOURCES
        }

    def read(self, name: str, step: int, now: datetime, made: datetime | None = None) -> None:
        body = SOURCES[name](step)
        kind = DocumentKind.HOOK if name == "hook" else DocumentKind.POLL
        date = (made or now).strftime("%a, %d %b %Y %H:%M:%S GMT")
        raw = body if isinstance(body, str) else json.dumps(body)
        document = Document(raw.encode(), now, kind=kind, headers={"date": date})
        source = Source.HOOK if name == "hook" else Source.POLL
        feed_id = None if name == "hook" else self.feeds[name].id
        snapshot = parse(document, "incidentio")
        recorded = self.store.write(
            lambda tx: ingest.record(
                tx, self.page, snapshot, document=document, source=source, now=now, feed_id=feed_id
            )
        )
        self.events += recorded.events

    @property
    def told(self) -> list[tuple[EventType, str]]:
        """Types and texts of the events that carry an update; sources render white space differently."""
        updates = ((event.type, event.update) for event in self.events if event.update)
        return [(type_, " ".join(update.text.split())) for type_, update in updates if update.text]


@pytest.fixture
def world() -> Iterator[World]:
    yield from _world()


def _world() -> Iterator[World]:
    store = open_store("sqlite://")
    try:
        yield World(store)
    finally:
        store.close()


TYPES = (
    EventType.INCIDENT_CREATED,
    EventType.INCIDENT_UPDATED,
    EventType.INCIDENT_UPDATED,
    EventType.INCIDENT_RESOLVED,
)
EXPECTED = [(type_, " ".join(said.split())) for type_, (_, said, _) in zip(TYPES, STEPS, strict=True)]


@pytest.mark.parametrize(
    "names", [("native", "history"), ("hook", "native"), ("widget", "history"), ("feed", "history")]
)
def test_two_sources_tell_each_update_once(world: World, names: tuple[str, str]) -> None:
    for step in range(len(STEPS)):
        for place, name in enumerate(names):
            world.read(name, step, served(step, 1 + place))
            world.read(name, step, served(step, 5 + place))

    assert world.told == EXPECTED


def test_a_hook_after_the_poll_tells_nothing_new(world: World) -> None:
    for step in range(len(STEPS)):
        world.read("history", step, served(step, 1))
        world.read("hook", step, served(step, 2))

    assert world.told == EXPECTED


def test_text_joins_an_update_that_the_imitation_told_without(world: World) -> None:
    world.read("compat", 0, served(0, 1))
    before = len(world.events)
    world.read("native", 0, served(0, 2))

    assert not [event for event in world.events[before:] if event.update]
    known = world.store.read(lambda tx: queries.load_known(tx, world.page.id, feed_id=None, ids=[INCIDENT]))
    assert known.incidents[0].updates[0].text == STEPS[0][1]


@given(
    st.lists(
        st.tuples(st.integers(0, len(STEPS) - 1), st.lists(st.sampled_from(list(SOURCES)), min_size=1, max_size=4)),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=40)
def test_any_mixture_of_sources_tells_no_update_twice(visits: list[tuple[int, list[str]]]) -> None:
    worlds = _world()
    world = next(worlds)
    visits.sort(key=lambda visit: visit[0])

    for step, names in visits:
        for place, name in enumerate(names):
            world.read(name, step, served(step, 1 + place))

    identities = [event.update.id for event in world.events if event.update]
    texts = [text for _, text in world.told]
    next(worlds, None)
    assert len(identities) == len(set(identities))
    assert len(texts) == len(set(texts))


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(list(SOURCES))), min_size=1, max_size=8))
@settings(max_examples=40)
def test_late_copies_never_open_again_what_is_over(late: list[tuple[int, str]]) -> None:
    worlds = _world()
    world = next(worlds)
    for step in range(len(STEPS)):
        world.read("history", step, served(step, 1))

    for place, (step, name) in enumerate(late):
        world.read(name, step, served(3, 5 + place), made=served(step, 1))

    types = [event.type for event in world.events if event.incident]
    next(worlds, None)
    assert EventType.INCIDENT_REOPENED not in types
    assert types.count(EventType.INCIDENT_RESOLVED) == 1


def test_a_closed_incident_that_leaves_the_summary_asks_for_its_history(world: World) -> None:
    for step in (0, 3):
        world.read("native", step, served(step, 1))
    world.read("history", 3, served(3, 2))

    types = [event.type for event in world.events if event.incident]
    assert types[0] is EventType.INCIDENT_CREATED
    assert types[-1] is EventType.INCIDENT_RESOLVED
    assert all(first.id < second.id for first, second in pairwise(world.events))
