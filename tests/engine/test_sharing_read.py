"""Inboxes and pollers of two processes on one PostgreSQL: each fact is told once, in the order of its lane, and what
one process learns no other undoes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from statuswire.access import arriving, attempts
from statuswire.engine import confirmations, healing, ingest, orders, owning, places, readings
from statuswire.engine.confirmations import Confirmation
from statuswire.engine.healing import Move
from statuswire.engine.inbox import MAX_ENDS, Inbox
from statuswire.engine.ingest import Recorded
from statuswire.engine.people import SetRole
from statuswire.engine.places import Found
from statuswire.engine.readings import ClaimLost
from statuswire.engine.writes import FeedNews, recording, telling
from statuswire.metrics import Metrics
from statuswire.model import (
    Account,
    AccountRole,
    Document,
    EventType,
    Feed,
    FeedSpec,
    Hook,
    Page,
    PageFacts,
    Snapshot,
    Source,
)
from statuswire.store import Queue, Tx, history, queries
from statuswire.wiring import install_secret
from tests.engine.interleaving import Halt, Process
from tests.engine.test_inbox import body, hook
from tests.engine.test_ingest import NOW, looking, make_page, state
from tests.fakes import FakeClock

Two = tuple[Process, Process]
Act = Callable[[Tx], Any]


def at_once(processes: Two, first: Act, before: str, second: Act) -> tuple[Future[Any], Future[Any]]:
    """The first stands still before a statement while the second runs into what the first has written."""
    one, two = processes
    halt = one.halt = Halt(before)
    done = one.submit(first)
    halt.wait()
    one.halt = None
    other = two.submit(second)
    two.until_waiting()
    halt.go()
    return done, other


def types(store: Process) -> list[EventType]:
    return [event.type for event in store.read(lambda tx: queries.events_after(tx, 0))]


def pages(store: Process) -> list[Page]:
    return store.read(queries.pages)


# --- recording -------------------------------------------------------------------------------------------------------


def polled(page: Page, feed: Feed, snapshot: Snapshot, news: FeedNews | None = None) -> Callable[[Tx], Recorded]:
    document = Document(b"", NOW)
    work = recording(page, feed, snapshot, document, news or FeedNews(), NOW)
    return lambda tx: work(tx)[0]


def add_feed(store: Process, page: Page) -> Feed:
    return store.write(lambda tx: queries.upsert_feed(tx, page.id, FeedSpec("https://acme.example/summary.json")))


@pytest.mark.parametrize("is_known", [False, True])
def test_two_pollers_of_one_document_tell_it_once(processes: Two, is_known: bool) -> None:
    one, two = processes
    page = make_page(one)
    feed = add_feed(one, page)
    if is_known:
        one.write(polled(page, feed, state(looking(0, id_="i0"))))
    work = polled(page, feed, state(looking(1)), FeedNews(moved_to="https://new.example/"))

    first, second = at_once(processes, work, "UPDATE log_head", work)

    told = [event.type for event in first.result().events]
    assert EventType.INCIDENT_CREATED in told
    assert EventType.FEED_MOVED in told
    assert second.result().events == ()
    assert types(two).count(EventType.FEED_MOVED) == 1
    assert types(two).count(EventType.INCIDENT_CREATED) == 1 + is_known


def test_a_poll_and_a_hook_at_once_tell_what_both_know_once(processes: Two) -> None:
    one, two = processes
    page = make_page(one)
    feed = add_feed(one, page)
    document = Document(b"", NOW)
    pushed = partial(
        ingest.record, page=page, snapshot=state(looking(1)), document=document, source=Source.HOOK, now=NOW
    )

    first, second = at_once(processes, polled(page, feed, state(looking(1))), "UPDATE log_head", lambda tx: pushed(tx))

    assert [event.type for event in first.result().events] == [EventType.INCIDENT_CREATED]
    assert second.result().events == ()
    assert types(two) == [EventType.INCIDENT_CREATED]


def test_what_another_recorded_meanwhile_is_seen_before_it_is_decided_again(processes: Two) -> None:
    """The second knows one update more, and tells it alone."""
    one, two = processes
    page = make_page(one)
    feed = add_feed(one, page)
    newer = looking(5)
    both = replace(newer, updates=(*looking(1).updates, *newer.updates))

    first, second = at_once(
        processes, polled(page, feed, state(looking(1))), "UPDATE log_head", polled(page, feed, state(both))
    )

    assert [event.type for event in first.result().events] == [EventType.INCIDENT_CREATED]
    assert [event.type for event in second.result().events] == [EventType.INCIDENT_UPDATED]
    assert [event.id for event in two.read(lambda tx: queries.events_after(tx, 0))] == [1, 2]


def test_a_feed_that_is_told_of_while_its_document_is_recorded_costs_no_deadlock(processes: Two) -> None:
    one, _ = processes
    page = make_page(one)
    feed = add_feed(one, page)
    news = FeedNews(EventType.FEED_FAILING, "no answer")
    runs: list[str] = []

    first, second = at_once(
        processes,
        counted(runs, polled(page, feed, state(looking(1)))),
        "UPDATE log_head",
        counted(runs, telling(page, feed, news, NOW)),
    )

    assert (len(first.result().events), len(second.result())) == (1, 1)
    assert len(runs) == 2


def counted(runs: list[str], work: Act) -> Act:
    """The work, which notes that it was begun."""

    def noting(tx: Tx) -> Any:
        runs.append("begun")
        return work(tx)

    return noting


# --- pages -----------------------------------------------------------------------------------------------------------


def test_what_a_document_teaches_does_not_undo_a_move_that_was_followed_meanwhile(processes: Two) -> None:
    one, two = processes
    page = make_page(one)
    move = Move(Found("instatus", (FeedSpec("https://new.example/"),), "n1", "https://new.example/"), "gone", "sure")
    facts = PageFacts(time_zone="Europe/Berlin")
    document = Document(b"", NOW)
    learning = partial(
        ingest.record, page=page, snapshot=state(facts=facts), document=document, source=Source.POLL, now=NOW
    )

    first, second = at_once(
        processes, lambda tx: healing.follow(tx, page, move, NOW), "UPDATE log_head", lambda tx: learning(tx)
    )

    first.result(), second.result()
    (now,) = pages(two)
    assert (now.platform, now.url, now.provider_id) == ("instatus", "https://new.example/", "n1")
    assert now.time_zone == "Europe/Berlin"


def test_a_page_that_is_carried_over_loses_nothing_that_is_recorded_meanwhile(processes: Two) -> None:
    one, two = processes
    page = make_page(one)
    feed = add_feed(one, page)
    one.write(polled(page, feed, state(looking(0))))

    first, second = at_once(
        processes,
        polled(page, feed, state(looking(0), looking(1, id_="i2"))),
        "UPDATE log_head",
        lambda tx: places.carry_over(tx, page.id, "statuspage", (), NOW),
    )

    first.result(), second.result()
    known = two.read(lambda tx: queries.load_known(tx, page.id, feed_id=None, ids=("i1", "i2")))
    assert {one.title for one in known.incidents} == {"Slow API"}
    assert len(known.incidents) == 2


@pytest.mark.parametrize("platform", ["statuspage", "instatus"])
def test_two_hooks_of_one_unknown_page_make_it_once_and_of_two_platforms_twice(processes: Two, platform: str) -> None:
    def made(platform: str) -> Act:
        snapshot = Snapshot(platform, PageFacts(id=f"{platform}-1", name="Acme"), NOW)
        return lambda tx: (ingest.page_for_hook(tx, hook("m1", provider="acme"), snapshot), tx.one("SELECT 1 AS made"))[
            0
        ]

    first, second = at_once(processes, made("statuspage"), "AS made", made(platform))

    slugs = [first.result().slug, second.result().slug]
    assert slugs == (["acme", "acme"] if platform == "statuspage" else ["acme", "acme-instatus"])


# --- hooks -----------------------------------------------------------------------------------------------------------


class Reader:
    """An inbox of one process."""

    def __init__(self, store: Process, owner: str) -> None:
        self.metrics = Metrics(CollectorRegistry(), version="1", platforms=("statuspage",))
        self.pages: list[tuple[Page, Recorded]] = []
        self.inbox = Inbox(
            store, FakeClock(), on_recorded=lambda *told: self.pages.append(told), metrics=self.metrics, owner=owner
        )

    @property
    def lost(self) -> float:
        return float(self.metrics._claims_lost._value.get())


def arrive(store: Process, *hooks: Hook) -> None:
    store.write(lambda tx: queries.add_hooks(tx, hooks))


def updates(count: int) -> list[Hook]:
    """One incident told step by step, all from one source."""
    moments = [f"2026-05-04T09:{minute:02}:00Z" for minute in range(count)]
    return [hook(f"m{n}", body(text=f"step {n}", at=at)) for n, at in enumerate(moments)]


def test_hooks_of_one_lane_are_recorded_in_order_by_two_readers(processes: Two) -> None:
    arrive(processes[0], *updates(40))
    readers = [Reader(store, f"r{n}") for n, store in enumerate(processes)]

    async def scene() -> None:
        while sum(await asyncio.gather(*(one.inbox.read_waiting() for one in readers))):
            pass

    asyncio.run(scene())

    told = processes[0].read(lambda tx: queries.events_after(tx, 0))
    assert [event.update.text for event in told if event.update is not None] == [f"step {n}" for n in range(40)]
    assert processes[0].read(queries.hook_counts) == {"waiting": 0, "read": 40, "quarantined": 0}


def test_the_same_hook_at_two_replicas_is_one_hook(processes: Two) -> None:
    some = updates(30)

    first, second = at_once(
        processes,
        lambda tx: (queries.add_hooks(tx, some), tx.one("SELECT 1 AS kept"))[0],
        "AS kept",
        partial(queries.add_hooks, hooks=some[::-1]),
    )

    assert (sum(first.result()), sum(second.result())) == (30, 0)


def test_what_a_reader_brings_whose_claim_has_ended_is_dropped_and_counted(processes: Two) -> None:
    one, two = processes
    arrive(one, *updates(2))
    late, quick = Reader(one, "late"), Reader(two, "quick")
    halt = Halt("SET state = 'read'")

    async def scene() -> None:
        hooks, found = await late.inbox._taken()
        one.halt = halt
        parsed = await late.inbox._parsed(hooks, found)
        keeping = asyncio.ensure_future(late.inbox._keep_all(parsed))
        await asyncio.to_thread(halt.wait)
        two.write(lambda tx: tx.execute("UPDATE inbox SET claimed_until = 1 WHERE claimed_until IS NOT NULL"))
        while await quick.inbox.read_waiting():
            pass
        halt.go()
        outcomes = await keeping
        await late.inbox._settle(list(zip(hooks, outcomes, strict=True)))  # type: ignore[arg-type]

    asyncio.run(scene())

    assert late.pages == []
    assert late.lost == 2
    assert [len(recorded.events) for _, recorded in quick.pages] == [1, 1]


def test_a_reader_that_is_just_committing_keeps_its_lane_and_nobody_waits_for_it(processes: Two) -> None:
    one, two = processes
    arrive(one, *updates(2))
    late, quick = Reader(one, "late"), Reader(two, "quick")
    halt = Halt("UPDATE log_head")

    async def scene() -> None:
        hooks, found = await late.inbox._taken()
        arrive(two, hook("other", body("i9"), page_slug="shop"))
        two.write(lambda tx: tx.execute("UPDATE inbox SET claimed_until = 1 WHERE claimed_until IS NOT NULL"))
        one.halt = halt
        keeping = asyncio.ensure_future(late.inbox._keep_all(await late.inbox._parsed(hooks[:1], found)))
        await asyncio.to_thread(halt.wait)
        claimed, _ = await quick.inbox._taken()
        assert [one.message_id for one in claimed] == ["other"]
        halt.go()
        assert await keeping == [None]

    asyncio.run(scene())


def test_P3_a_hook_that_ends_its_reader_again_and_again_is_set_aside_and_no_other(processes: Two) -> None:
    """A reader that is killed notes nothing; the next ones find only that its claims ran out."""
    one, two = processes
    arrive(one, *(hook(f"m{n}", body(f"i{n}"), page_slug=f"p{n}") for n in range(4)))
    ids: list[list[str]] = []

    async def scene() -> None:
        for n in range(MAX_ENDS):
            hooks, _ = await Reader(one, f"killed{n}").inbox._taken()
            ids.append([one.message_id for one in hooks])
            two.write(lambda tx: tx.execute("UPDATE inbox SET claimed_until = 1 WHERE claimed_until IS NOT NULL"))
        survivor = Reader(two, "survivor")
        while await survivor.inbox.read_waiting():
            pass

    asyncio.run(scene())

    assert ids == [["m0", "m1", "m2", "m3"], *[["m0"]] * (MAX_ENDS - 1)]
    assert two.read(queries.hook_counts) == {"waiting": 0, "read": 3, "quarantined": 1}
    (kept,) = two.read(lambda tx: queries.quarantined_hooks(tx, 0, 9))
    assert (kept.id, kept.reason) == (1, f"reading it came to no end {MAX_ENDS} times")


def test_a_reader_that_stops_lets_its_hooks_go(processes: Two) -> None:
    one, two = processes
    arrive(one, *updates(2))

    async def scene() -> None:
        stopping = Reader(one, "stopping")
        await stopping.inbox._taken()
        task = asyncio.create_task(stopping.inbox.run())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        one.write(lambda tx: None, queue=Queue.INBOX)
        reader = Reader(two, "next")
        while await reader.inbox.read_waiting():
            pass

    asyncio.run(scene())

    assert two.read(queries.hook_counts) == {"waiting": 0, "read": 2, "quarantined": 0}


def test_a_lost_claim_leaves_no_trace(processes: Two) -> None:
    one, _ = processes
    arrive(one, *updates(1))
    (waiting,) = one.read(lambda tx: queries.waiting_hooks(tx, 1))
    reading = readings.parse_all([replace(waiting, claims=7)], {}, readings.read_body, readings.Zones())[0]
    assert isinstance(reading.outcome, Snapshot)
    snapshot = reading.outcome

    with pytest.raises(ClaimLost):
        one.write(lambda tx: readings.record(tx, reading, snapshot, NOW))

    assert types(one) == []
    assert pages(one) == []


# --- small values ----------------------------------------------------------------------------------------------------


def test_the_secret_of_an_installation_is_made_once(processes: Two) -> None:
    secrets = at_once(
        processes, lambda tx: (install_secret(tx), tx.one("SELECT 1 AS made"))[0], "AS made", install_secret
    )

    assert secrets[0].result() == secrets[1].result()


def test_confirmations_that_are_asked_for_at_once_are_both_kept(processes: Two) -> None:
    def keep(slug: str) -> Act:
        asked = Confirmation(slug, "sender", "subject", "https://link.example/", NOW)
        return lambda tx: (confirmations.keep(tx, asked), tx.one("SELECT 1 AS kept"))

    done = at_once(processes, keep("acme"), "AS kept", keep("shop"))

    [one.result() for one in done]
    kept = processes[0].read(lambda tx: confirmations.confirmations(tx, NOW))
    assert [one.slug for one in kept] == ["acme", "shop"]


def test_the_last_attempt_is_given_to_one_of_two(processes: Two) -> None:
    processes[0].write(lambda tx: [attempts.take(tx, ("a",), NOW) for _ in range(4)])

    def take(tx: Tx) -> int:
        wait_s = attempts.take(tx, ("a",), NOW)
        tx.one("SELECT 1 AS counted")
        return wait_s

    first, second = at_once(processes, take, "AS counted", take)

    assert first.result() == 0
    assert second.result() > 0
    assert processes[0].read(lambda tx: queries.failures(tx, "a", attempts.minute_of(NOW))) == (5, 0)


def test_of_two_admins_who_step_back_at_once_one_stays(processes: Two) -> None:
    for name in ("ada", "bob"):
        new = Account(0, name, AccountRole.ADMIN, NOW)
        processes[0].write(lambda tx, new=new: queries.add_account(tx, new))

    def step_back(name: str) -> Act:
        return lambda tx: orders.obey(tx, SetRole(name, AccountRole.VIEWER), NOW)

    first, second = at_once(processes, step_back("ada"), "INSERT INTO audit", step_back("bob"))

    assert first.result().done
    assert second.result().sentence == "bob is the last admin; make somebody else one first"


def test_somebody_new_who_comes_twice_at_once_gets_one_account(processes: Two) -> None:
    come = partial(arriving.account_for, subject="i s", name="Ada", role=AccountRole.VIEWER, default_role=None, now=NOW)

    first, second = at_once(processes, lambda tx: come(tx), "INSERT INTO audit", lambda tx: come(tx))

    assert first.result() is not None
    assert first.result().id == second.result().id


def test_a_new_page_of_ones_own_is_added_by_one_of_two(processes: Two) -> None:
    def put(url: str) -> Act:
        order = owning.PutPage({"url": url, "slug": "acme"}, is_new=True)
        return lambda tx: orders.obey(tx, order, NOW)

    first, second = at_once(processes, put("https://one.example/"), "INSERT INTO audit", put("https://two.example/"))

    assert first.result().sentence == "acme is watched"
    assert second.result().sentence == "there is a page acme already"
    assert processes[0].read(queries.own_version) == 1


def test_services_that_watch_at_once_are_one_span_of_time(processes: Two) -> None:
    one, two = processes
    for store, seconds in ((one, 1), (two, 0), (one, 61), (two, 60)):
        store.write(lambda tx, at=NOW + timedelta(seconds=seconds): history.note_watching(tx, at))

    assert len(one.read(lambda tx: history.watched(tx, NOW.replace(year=2020)))) == 1
