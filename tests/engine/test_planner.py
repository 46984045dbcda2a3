"""From the log to deliveries: one transaction, nothing lost or doubled, and many told as one where that is wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statuswire.core.collecting import StormRule
from statuswire.core.routing import at_least
from statuswire.engine import planner as planner_module
from statuswire.engine.planner import Planner, plan_batch
from statuswire.engine.planning import Planning
from statuswire.errors import StoreError, StoreReason
from statuswire.model import (
    AffectedComponent,
    Changes,
    DeliveryState,
    Digest,
    Escalation,
    Event,
    Filter,
    Impact,
    Kind,
    KnownIncident,
    Mark,
    MarkKind,
    MessageKind,
    Phase,
    Quiet,
    QuietHours,
    Route,
    Silence,
    Status,
)
from statuswire.model.rules import PLAIN_QUIET
from statuswire.store import Queue, Store, Tx, queries
from tests.core.happenings import happenings
from tests.core.told import component_event, incident_event, named
from tests.engine.desk import Desk, rules
from tests.store.samples import incident as open_incident

ALL = Route("all", ("ops",))
HOLDING = Route("holding", ("ops",), quiet=Quiet(hold=timedelta(minutes=5)))
HOURLY = Quiet(digest=Digest(timedelta(hours=1)))
BAD = Filter(impacts=at_least(Impact.MAJOR))


@pytest.fixture(params=["memory", "file", "postgresql"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    yield from _making(request, tmp_path)


@pytest.fixture(params=["memory", "file"])
def make_alone(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """For crowds, of which each costs as many journeys to a server."""
    yield from _making(request, tmp_path)


def _making(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []
    shared = request.getfixturevalue("postgres_process") if request.param == "postgresql" else None

    def build(*routes: Route, **fields: object) -> Desk:
        path = tmp_path / f"{len(made)}.db" if request.param == "file" else None
        made.append(Desk(rules(*routes, **fields), path, shared if not made else None))
        return made[-1]

    yield build
    for desk in made:
        desk.close()


# --- events to deliveries ------------------------------------------------------------------------------------


def test_each_event_becomes_a_delivery_in_the_lane_of_its_thread(make: Callable[..., Desk]) -> None:
    desk = make(ALL)

    desk.tell(incident_event(), incident_event("incident.resolved"))

    first, last = desk.deliveries()
    assert (first.event_ids, last.event_ids, last.is_last) == ((1,), (2,), True)
    assert first.lane == last.lane
    assert first.message_id != last.message_id


def test_a_channel_that_keeps_one_order_has_one_lane(make: Callable[..., Desk]) -> None:
    desk = make(Route("all", ("log",)))

    desk.tell(*(incident_event(incident=f"i{number}", title=f"t{number}") for number in range(9)))

    assert {one.lane for one in desk.deliveries("log")} == {"all"}


def test_what_happened_before_the_first_start_is_not_told(make: Callable[..., Desk]) -> None:
    desk = make(ALL)
    desk.store.write(lambda tx: tx.execute("DELETE FROM follower"))
    desk.happen(incident_event())
    asyncio.run(desk.planner.begin())

    desk.tell(incident_event(incident="i2", title="other"))

    assert desk.told() == [(2,)]


def test_a_planner_that_never_began_begins_at_the_head_too(make: Callable[..., Desk]) -> None:
    desk = make(ALL)
    desk.store.write(lambda tx: tx.execute("DELETE FROM follower"))

    desk.tell(incident_event())

    assert desk.told() == []


def test_a_route_to_two_channels_and_two_routes_to_one(make: Callable[..., Desk]) -> None:
    desk = make(Route("both", ("ops", "log")), Route("bad", ("ops",), BAD))

    desk.tell(incident_event(impact=Impact.CRITICAL))

    assert desk.told("ops") == [(1,)], "one channel hears an event once, whatever routes lead there"
    assert desk.told("log") == [(1,)]
    assert desk.verdicts(1) == [("bad", "told", ""), ("both", "told", "")]


def test_the_operators_silences_and_marks_in_the_store_count(make: Callable[..., Desk]) -> None:
    desk = make(ALL)
    now = desk.clock.now()
    desk.store.write(lambda tx: queries.add_silence(tx, Silence(Filter(pages=("beta",)), "known"), now))
    desk.store.write(
        lambda tx: queries.set_mark(tx, Mark("acme", "incident/i1", MarkKind.SNOOZED, now, reason="later"))
    )

    desk.tell(incident_event(), incident_event(page="beta"), incident_event(incident="i2", title="other"))

    assert desk.told() == [(3,)]
    assert desk.verdicts(1) == [("all", "suppressed", "snoozed: later")]
    assert desk.verdicts(2) == [("all", "suppressed", "silence: known")]


def test_incidents_of_one_title_share_a_thread_for_a_day(make: Callable[..., Desk]) -> None:
    desk = make(ALL)
    desk.tell(incident_event(title="Slow  API"))
    desk.pass_time(hours=2)
    desk.tell(incident_event(incident="i2", title="slow api"))
    desk.pass_time(hours=30)
    desk.tell(incident_event(incident="i3", title="slow api"))

    first, second, third = [one.thread for one in desk.deliveries()]

    assert first == second
    assert third != first


# --- time --------------------------------------------------------------------------------------------------


def test_what_is_held_is_told_in_time_after_a_restart(make: Callable[..., Desk]) -> None:
    desk = make(HOLDING)
    desk.tell(incident_event())
    assert desk.verdicts(1) == [("holding", "held", "may pass by itself")]

    desk.again()
    desk.pass_time(minutes=5)

    (message,) = desk.deliveries()
    assert (message.event_ids, message.reason) == ((1,), "still so after a while")
    assert desk.verdicts(1) == [("holding", "told", "still so after a while")]


def test_what_was_due_while_the_process_was_down_is_told_at_its_start(make: Callable[..., Desk]) -> None:
    desk = make(HOLDING)
    desk.tell(incident_event())
    asyncio.run(desk.clock.advance(86_400))

    desk.again()
    desk.plan()

    assert desk.told() == [(1,)]


def test_what_a_route_held_that_is_gone_has_a_last_word(make: Callable[..., Desk]) -> None:
    desk = make(HOLDING)
    desk.tell(incident_event())

    desk.rules = rules(ALL)
    desk.again()
    if desk.path is None:
        desk.planner = Planner(desk.store, desk.clock, desk.rules)
    desk.pass_time(minutes=5)

    assert desk.verdicts(1) == [("holding", "suppressed", "its route is gone")]
    assert desk.pass_time(hours=1) == 0


def test_what_is_held_and_pruned_meanwhile_has_a_last_word(make: Callable[..., Desk]) -> None:
    desk = make(HOLDING)
    desk.tell(incident_event())
    desk.store.write(lambda tx: tx.execute("DELETE FROM event"))

    desk.pass_time(minutes=5)

    assert desk.verdicts(1) == [("holding", "suppressed", "its events are no longer kept")]


def test_more_stories_than_one_transaction_takes_are_all_woken(
    make: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner_module, "AT_ONCE", 3)
    desk = make(HOLDING)
    desk.tell(
        *(incident_event(incident=f"i{number}", page=f"p{number % 4}", title=f"t{number}") for number in range(10))
    )

    desk.pass_time(minutes=5)

    assert len(desk.deliveries()) == 10


# --- told together -----------------------------------------------------------------------------------------


def test_a_digest_tells_the_newest_of_each_thread_and_each_event_has_its_last_word(make: Callable[..., Desk]) -> None:
    desk = make(Route("hourly", ("ops",), quiet=HOURLY))
    desk.tell(incident_event(), incident_event(incident="i2", title="other"), incident_event("incident.resolved"))
    assert desk.deliveries() == []
    assert desk.verdicts(1) == [("hourly", "held", "told together, until 2026-05-04 11:00 UTC")]

    desk.pass_time(hours=1)

    (digest,) = desk.deliveries()
    assert (digest.kind, digest.event_ids) == (MessageKind.DIGEST, (2, 3))
    assert [desk.verdicts(id_)[0][1] for id_ in (1, 2, 3)] == ["folded", "told", "told"]
    assert len(desk.deliveries(state=DeliveryState.FOLDED)) == 3


def test_what_is_alone_in_its_digest_is_sent_as_it_is(make: Callable[..., Desk]) -> None:
    desk = make(Route("hourly", ("ops",), quiet=HOURLY))
    desk.tell(incident_event())

    desk.pass_time(hours=1)

    (message,) = desk.deliveries()
    assert (message.kind, message.thread) == (MessageKind.EVENT, "acme/incident/i1")
    assert desk.verdicts(1) == [("hourly", "told", "")]


def test_a_digest_survives_a_restart(make: Callable[..., Desk]) -> None:
    desk = make(Route("hourly", ("ops",), quiet=HOURLY))
    desk.tell(incident_event(), incident_event(incident="i2", title="other"))

    desk.again()
    desk.pass_time(hours=1)

    assert desk.told() == [(1, 2)]


def test_a_route_that_tells_at_once_does_not_wait_for_the_digest_of_another(make: Callable[..., Desk]) -> None:
    desk = make(Route("hourly", ("ops",), quiet=HOURLY), Route("bad", ("ops",), BAD))
    desk.tell(incident_event(impact=Impact.MAJOR))

    assert desk.told() == [(1,)]
    assert desk.verdicts(1) == [("bad", "told", ""), ("hourly", "told", "")]
    assert desk.pass_time(hours=1) == 0


def test_nothing_older_stays_in_a_digest_when_another_route_tells_its_thread(make: Callable[..., Desk]) -> None:
    desk = make(Route("hourly", ("ops",), quiet=HOURLY), Route("bad", ("ops",), BAD))
    desk.tell(incident_event(impact=Impact.MINOR))
    desk.tell(incident_event("incident.updated", impact=Impact.MAJOR))

    assert desk.told() == [(1, 2)]
    assert desk.verdicts(1) == [("hourly", "folded", "told with a later one")]
    assert desk.pass_time(hours=1) == 0


def test_what_breaks_the_quiet_hours_takes_along_what_waited_in_its_thread(make: Callable[..., Desk]) -> None:
    night = QuietHours(time(9), time(12), ZoneInfo("UTC"))
    desk = make(Route("nightly", ("ops",), quiet=Quiet(quiet_hours=night)))
    desk.tell(incident_event(), incident_event(incident="i2", title="other"))
    desk.tell(incident_event("incident.updated", impact=Impact.CRITICAL))

    assert desk.told() == [(1, 3)]
    desk.pass_time(hours=2)
    assert sorted(desk.told()) == [(1, 3), (2,)]


def test_an_escalation_does_not_wait_for_a_digest(make: Callable[..., Desk]) -> None:
    quiet = Quiet(digest=HOURLY.digest, escalation=Escalation(timedelta(minutes=10), ("pager",)))
    desk = make(Route("hourly", ("ops",), quiet=quiet))
    desk.tell(incident_event())

    desk.pass_time(minutes=10)

    assert [one.kind for one in desk.deliveries("pager")] == [MessageKind.ESCALATION]


def drop(desk: Desk, slug: str = "acme") -> None:
    def work(tx: Tx) -> None:
        page = queries.page_by_slug(tx, slug)
        assert page is not None
        queries.drop_pages(tx, [page.id], desk.clock.now())

    desk.store.write(work)


def test_what_waits_of_a_page_that_is_dropped_is_told_no_more(make: Callable[..., Desk]) -> None:
    quiet = Quiet(hold=timedelta(minutes=5))
    desk = make(Route("patient", ("ops",), quiet=quiet))
    desk.tell(incident_event())
    drop(desk)

    assert desk.pass_time(days=1) == 0
    assert desk.told() == []
    assert desk.verdicts(1) == [("patient", "suppressed", "its page is not watched any more")]
    assert desk.rows("SELECT count(*) FROM story WHERE wake_at IS NOT NULL") == [(0,)]


def test_a_page_that_is_dropped_escalates_no_more_and_what_is_on_its_way_arrives(make: Callable[..., Desk]) -> None:
    quiet = Quiet(escalation=Escalation(timedelta(minutes=10), ("pager",)))
    desk = make(Route("loud", ("ops",), quiet=quiet))
    desk.tell(incident_event())
    drop(desk)

    desk.pass_time(days=1)

    assert (desk.told(), desk.told("pager")) == ([(1,)], [])
    assert desk.rows("SELECT count(*) FROM story WHERE wake_at IS NOT NULL") == [(0,)]


def test_an_alert_of_a_page_that_is_watched_again_is_closed_at_its_end(make: Callable[..., Desk]) -> None:
    desk = make(Route("loud", ("pager",), quiet=Quiet(hold=timedelta(0))))
    desk.tell(incident_event())
    drop(desk)
    desk.pass_time(days=1)
    desk.store.write(lambda tx: queries.take_up_pages(tx, ["acme"]))

    desk.tell(incident_event("incident.resolved", phase=Phase.RESOLVED))

    assert desk.told("pager") == [(1,), (2,)]


# --- O14: storms ---------------------------------------------------------------------------------------------


def storm_of(desk: Desk, pages: int, word: str = "incident.created") -> None:
    desk.tell(*(incident_event(word, page=f"p{number}", title=f"t{number}") for number in range(pages)))


def test_O14_a_thousand_pages_in_a_minute_become_one_digest(make_alone: Callable[..., Desk]) -> None:
    desk = make_alone(ALL)

    storm_of(desk, 1_000)
    desk.pass_time(minutes=1)

    *single, digest = desk.deliveries()
    assert len(single) == StormRule().pages
    assert (digest.kind, len(digest.event_ids)) == (MessageKind.DIGEST, 1_000 - len(single))
    words = desk.rows("SELECT kind, count(*) FROM verdict GROUP BY kind")
    assert words == [("told", 1_000)], "nothing is dropped from history"


def test_O14_a_thousand_ends_in_a_minute_become_one_digest(make_alone: Callable[..., Desk]) -> None:
    desk = make_alone(ALL)
    storm_of(desk, 1_000)
    desk.pass_time(hours=1)
    before = len(desk.deliveries())

    storm_of(desk, 1_000, "incident.resolved")
    desk.pass_time(minutes=1)

    assert len(desk.deliveries()) - before == StormRule().pages + 1


def test_O14_an_end_in_the_storm_does_not_overtake_its_beginning(make: Callable[..., Desk]) -> None:
    desk = make(ALL)
    storm_of(desk, 20)
    desk.tell(incident_event("incident.resolved", page="p15", title="t15"))

    desk.pass_time(minutes=1)

    digest = desk.deliveries()[-1]
    assert digest.kind is MessageKind.DIGEST
    assert 21 in digest.event_ids
    assert 16 not in digest.event_ids


def test_O14_a_storm_on_one_channel_is_none_on_another(make: Callable[..., Desk]) -> None:
    desk = make(ALL, Route("logs", ("log",), Filter(pages=("p1?",))))

    storm_of(desk, 20)

    assert len(desk.deliveries("log")) == 10
    assert len(desk.deliveries(state=DeliveryState.COLLECTING)) == 10


# --- what breaks -----------------------------------------------------------------------------------------------


class FailingStore:
    """A store whose writes fail after the work was done, when told: as a kill before the commit would have it."""

    def __init__(self, real: Store) -> None:
        self._real = real
        self.fails = False

    def submit(self, work: Callable[[Tx], Any], *, queue: Queue = Queue.MAIN, reclaims: bool = False) -> Future[Any]:
        def undone(tx: Tx) -> Any:
            done = work(tx)
            if self.fails:
                raise StoreError(StoreReason.IO, "told to fail")
            return done

        return self._real.submit(undone, queue=queue)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def test_P1_a_transaction_that_does_not_commit_has_planned_nothing(make: Callable[..., Desk]) -> None:
    desk = make(HOLDING, Route("all", ("log",)))
    failing = FailingStore(desk.store)
    planner = Planner(failing, desk.clock, desk.rules)
    desk.happen(incident_event(), incident_event("incident.updated"))

    failing.fails = True
    with pytest.raises(StoreError):
        asyncio.run(planner.plan_new())
    for table in ("delivery", "lane", "story", "verdict", "channel"):
        assert desk.rows(f"SELECT count(*) FROM {table}") == [(0,)]
    failing.fails = False
    asyncio.run(planner.plan_new())

    assert desk.told("log") == [(1,), (2,)]
    assert asyncio.run(planner.plan_new()) == 0


def test_an_event_that_cannot_be_planned_is_left_out_alone(
    make: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make(ALL)
    take = Planning.take

    def poisoned(self: Planning, event: Event) -> None:
        if event.id == 2:
            raise ValueError("poison")
        take(self, event)

    monkeypatch.setattr(Planning, "take", poisoned)
    desk.tell(*(incident_event(incident=f"i{number}", title=f"t{number}") for number in range(4)))

    assert desk.told() == [(1,), (3,), (4,)]
    assert desk.verdicts(2) == [("", "suppressed", "it could not be planned: see the log")]


def test_an_event_that_cannot_be_read_is_left_out_alone(make: Callable[..., Desk]) -> None:
    desk = make(ALL)
    desk.happen(*(incident_event(incident=f"i{number}", title=f"t{number}") for number in range(3)))
    desk.store.write(lambda tx: tx.execute("UPDATE event SET body = '{}' WHERE id = 2"))

    desk.plan()

    assert desk.told() == [(1,), (3,)]


def test_a_story_that_cannot_be_woken_costs_no_event(
    make: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make(HOLDING)
    wake = planner_module.Planning.wake

    def poisoned(self: Planning, limit: int) -> bool:
        if any(one.key == "acme/incident/i1" for one in queries.due_stories(self._tx, self._now, limit)):
            raise ValueError("poison")
        return wake(self, limit)

    desk.tell(incident_event(), incident_event(incident="i2", title="other"))
    monkeypatch.setattr(Planning, "wake", poisoned)
    desk.happen(incident_event(incident="i3", title="third"))
    desk.pass_time(minutes=5)
    desk.pass_time(minutes=5)

    assert desk.told() == [(2,), (3,)]
    assert desk.verdicts(1) == [("holding", "suppressed", "it could not be planned: see the log")]


def test_a_digest_that_cannot_be_made_is_told_one_by_one(
    make: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make(Route("hourly", ("ops",), quiet=HOURLY))
    desk.tell(incident_event(), incident_event(incident="i2", title="other"))

    def poisoned(self: Planning, limit: int) -> bool:
        if queries.due_collected(self._tx, self._now, limit):
            raise ValueError("poison")
        return False

    monkeypatch.setattr(Planning, "fold", poisoned)
    desk.pass_time(hours=1)

    assert desk.told() == [(1,), (2,)]


# --- batches and restarts --------------------------------------------------------------------------------------

MIXED = (
    Route("default", ("ops",)),
    Route("plain", ("log",), quiet=PLAIN_QUIET),
    Route("bad", ("pager", "ops"), BAD, Quiet(hold=timedelta(minutes=5))),
    Route("hourly", ("ops",), Filter(types=("component.*",)), HOURLY),
)
SIZES = st.lists(st.integers(1, 9), min_size=1, max_size=20)


def everything_told(seed: int, steps: int, sizes: list[int], *, restarts: bool) -> dict[str, list[Any]]:
    """What came of a generated log that was planned in batches of these sizes, again and again."""
    desk = Desk(rules(*MIXED))
    with closing(desk.store):
        for number, one in enumerate(happenings(seed, steps)):
            gap = (one.event.at - desk.clock.now()).total_seconds()
            asyncio.run(desk.clock.advance(max(gap, 0)))
            desk.happen(one.event)
            drain(desk, sizes[number % len(sizes)])
            if restarts:
                desk.again()
        desk.pass_time(days=2)
        return {
            "deliveries": desk.rows("SELECT message_id, channel, lane, state FROM delivery ORDER BY id"),
            "folded": desk.rows("SELECT message_id, state FROM delivery_log ORDER BY id"),
            "verdicts": desk.rows("SELECT event_id, route, kind, reason FROM verdict ORDER BY event_id, route"),
        }


def drain(desk: Desk, size: int) -> None:
    """Plan what is there in transactions of that many events."""
    while desk.store.write(lambda tx: plan_batch(tx, desk.rules, desk.clock.now(), size)).has_more:
        pass


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), SIZES)
def test_batches_of_any_size_and_restarts_between_them_change_nothing(seed: int, steps: int, sizes: list[int]) -> None:
    once = everything_told(seed, steps, [200], restarts=False)

    assert everything_told(seed, steps, sizes, restarts=True) == once
    assert [row for row in once["verdicts"] if row[2] == "held"] == []
    ids = [row[0] for row in once["deliveries"] + once["folded"]]
    assert len(ids) == len(set(ids))


def test_the_state_of_the_page_says_what_surrounds_a_component(make: Callable[..., Desk]) -> None:
    desk = make(ALL)
    desk.tell(incident_event("incident.created", components=named(Status.DEGRADED)))
    under = (AffectedComponent("c1", "Web"),)
    opened = (
        open_incident("i1", components=named(Status.DEGRADED)),
        open_incident("m1", Phase.IN_PROGRESS, kind=Kind.MAINTENANCE, components=under),
        open_incident("m2", Phase.SCHEDULED, kind=Kind.MAINTENANCE, components=(AffectedComponent("c2", "Mail"),)),
    )
    desk.store.write(lambda tx: save_open(tx, opened))

    desk.tell(*(component_event(Status.DEGRADED, component=one) for one in ("c0", "c1", "c2")))

    assert desk.verdicts(2) == [("all", "suppressed", "an incident tells of it already")]
    assert desk.verdicts(3) == [("all", "suppressed", "its component is under maintenance")]
    assert desk.verdicts(4) == [("all", "held", "may pass by itself")]


def test_a_component_left_to_its_incident_is_told_when_it_stays_bad_after_that(make: Callable[..., Desk]) -> None:
    desk = make(ALL)
    desk.tell(incident_event("incident.created", components=named(Status.DEGRADED)))
    desk.store.write(lambda tx: save_open(tx, (open_incident("i1", components=named(Status.DEGRADED)),)))
    desk.tell(component_event(Status.DEGRADED), component_event(Status.DEGRADED, page="other"))
    over = open_incident("i1", Phase.RESOLVED, components=named(Status.DEGRADED))
    desk.store.write(lambda tx: save_open(tx, (over,)))

    desk.tell(incident_event("incident.resolved", components=named(Status.DEGRADED)))
    assert desk.verdicts(2) == [("all", "held", "what told of it is over")]
    desk.again()
    desk.pass_time(minutes=3)

    assert desk.verdicts(2) == [("all", "told", "still so though what told of it is over")]
    assert (2,) in desk.told()


def save_open(tx: Tx, incidents: tuple[KnownIncident, ...]) -> None:
    page = queries.page_by_slug(tx, "acme")
    assert page is not None
    known = queries.load_known(tx, page.id, feed_id=None, ids=())
    assert queries.save_changes(tx, page.id, known.version, Changes(incidents=incidents))


def test_components_of_a_page_that_do_not_matter_are_told_nowhere(make: Callable[..., Desk]) -> None:
    desk = make(ALL, matters={"acme": ("Docs",)})

    desk.tell(
        incident_event(components=named(Status.DEGRADED)),
        incident_event("incident.resolved", id_=2, components=named(Status.OPERATIONAL)),
        incident_event(id_=3, incident="i2"),
    )

    assert len(desk.told()) == 1
