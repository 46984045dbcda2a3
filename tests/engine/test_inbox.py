"""The inbox: an acknowledged hook is a stored hook, and every stored hook is read exactly once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from statuswire.engine import confirmations
from statuswire.engine.arrivals import InboxLimits, Overloaded
from statuswire.engine.inbox import Inbox, next_stride
from statuswire.engine.ingest import Recorded
from statuswire.engine.readings import read_body
from statuswire.errors import StoreError, StoreReason
from statuswire.metrics import Metrics
from statuswire.model import Document, Event, Hook, Page, Snapshot
from statuswire.platforms import PLATFORMS
from statuswire.store import Dialect, Queue, Store, Tx, open_store, queries
from statuswire.store.base import StoreStatus, Work
from tests.fakes import FakeClock


def body(incident: str = "i1", text: str = "We look into it.", at: str = "2026-05-04T09:50:00Z") -> bytes:
    """A Statuspage subscriber body with one update."""
    update = {"id": f"{incident}-{at}", "status": "investigating", "body": text, "created_at": at, "display_at": at}
    told = {"id": incident, "name": "Slow API", "status": "investigating", "impact": "minor", "updated_at": at}
    page = {"id": "p1", "name": "Acme"}
    return json.dumps({"page": page, "incident": told | {"incident_updates": [update]}}).encode()


def hook(message_id: str, content: bytes | None = None, **fields: Any) -> Hook:
    values = {"source": "statuspage", "platform": "statuspage", "received_at": FakeClock().now()} | fields
    return Hook(message_id=message_id, body=body() if content is None else content, **values)


class GatedStore:
    """A store whose commits wait for `open_gate`; `works` are those submitted so far."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._is_open = True
        self.works: list[tuple[Work[Any], Future[Any]]] = []
        self.submitted = 0
        self.refused = 0
        self.error: StoreError | None = None

    @property
    def dialect(self) -> Dialect:
        return self._store.dialect

    def close_gate(self) -> None:
        self._is_open = False

    def open_gate(self) -> None:
        self._is_open = True
        self.commit()

    def commit(self) -> None:
        """What waits, and nothing after it."""
        works, self.works = self.works, []
        for work, future in works:
            future.set_result(self._store.write(work))

    def submit(self, work: Work[Any], *, queue: Queue = Queue.MAIN, reclaims: bool = False) -> Future[Any]:
        self.submitted += 1
        if self.error is not None:
            self.refused += 1
            raise self.error
        if self._is_open:
            return self._store.submit(work, queue=queue)
        future: Future[Any] = Future()
        self.works.append((work, future))
        return future

    def write(self, work: Work[Any], *, queue: Queue = Queue.MAIN, reclaims: bool = False) -> Any:
        return self.submit(work, queue=queue).result()

    def write_anyway(self, work: Work[Any]) -> Any:
        return self._store.write(work)

    def read(self, work: Work[Any]) -> Any:
        return self._store.read(work)

    def status(self) -> StoreStatus:
        return self._store.status()

    def close(self) -> None:
        self._store.close()


class Bench:
    """An inbox on a real store in memory, with what it told."""

    def __init__(self, limits: InboxLimits | None = None, store: Store | None = None) -> None:
        self.store = GatedStore(store or open_store("sqlite://"))
        self.clock = FakeClock()
        self.metrics = Metrics(CollectorRegistry(), version="1", platforms=PLATFORMS)
        self.recorded: list[tuple[Page, Recorded]] = []
        self.inbox = self.restarted(limits)

    def restarted(self, limits: InboxLimits | None = None) -> Inbox:
        return Inbox(self.store, self.clock, on_recorded=self.note, metrics=self.metrics, limits=limits)

    def note(self, page: Page, recorded: Recorded) -> None:
        self.recorded.append((page, recorded))

    async def until(self, is_so: Callable[[], bool], advance_s: float = 0.0) -> None:
        """Let threads and loops work until it is so; `run` sets the time limit."""
        while not is_so():
            await asyncio.sleep(0.001)
            await self.clock.advance(advance_s)

    def counts(self) -> dict[str, int]:
        return self.store.read(queries.hook_counts)

    def events(self) -> list[Event]:
        return self.store.read(lambda tx: queries.events_after(tx, 0))


@pytest.fixture(params=["sqlite", "postgresql"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    made = Bench(store=request.getfixturevalue("postgres_process") if request.param == "postgresql" else None)
    yield made
    made.store.close()


@pytest.fixture
def alone() -> Iterator[Bench]:
    """With the one writer that acknowledging and reading share."""
    made = Bench()
    yield made
    made.store.close()


@pytest.fixture
def shared(postgres_process: Store) -> Iterator[Bench]:
    """On a database that other processes have too."""
    made = Bench(store=postgres_process)
    yield made
    made.store.close()


def run(scene: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        async with asyncio.timeout(20):
            await scene()

    asyncio.run(main())


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_a_hook_is_accepted_after_its_commit_and_its_repeat_is_not_new(bench: Bench) -> None:
    async def scene() -> None:
        assert await bench.inbox.accept(hook("m1"))
        assert bench.counts()["waiting"] == 1
        assert not await bench.inbox.accept(hook("m1"))
        assert bench.counts()["waiting"] == 1

    run(scene)


@pytest.mark.parametrize(("origin", "told"), [("config", 0), ("own", 0), ("hook", 1)])
def test_a_hook_of_a_page_that_was_dropped_tells_nothing_unless_hooks_made_it(
    bench: Bench, origin: str, told: int
) -> None:
    """Those make it again."""

    def dropped(tx: Tx) -> None:
        page = queries.upsert_page(
            tx, slug="acme", name="Acme", url="https://x.example", platform="statuspage", origin=origin
        )
        queries.drop_pages(tx, [page.id], bench.clock.now())

    bench.store.write(dropped)

    async def scene() -> None:
        assert await bench.inbox.accept(hook("m1", page_slug="acme"))
        await bench.inbox.read_waiting()

    run(scene)

    assert len(bench.events()) == told
    assert len(bench.store.read(queries.pages)) == told
    assert bench.counts()["read"] == 1


def test_a_hook_of_another_page_at_this_ones_secret_address_is_remarked_upon(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    def known(tx: Tx) -> None:
        queries.upsert_page(
            tx, slug="relay", name="Relay", url="https://x.example", platform="statuspage", origin="config",
            provider_id="q7",
        )  # fmt: skip

    bench.store.write(known)

    async def scene() -> None:
        await bench.inbox.accept(hook("m1", page_slug="relay"))
        await bench.inbox.read_waiting()

    run(scene)

    assert len(bench.events()) == 1
    assert "has another id than page=relay: was its secret address pasted at another page" in caplog.text


def test_w9_the_same_message_id_from_another_door_is_another_message(bench: Bench) -> None:
    async def scene() -> None:
        assert await bench.inbox.accept(hook("m1"))
        assert await bench.inbox.accept(hook("m1", source="webhook"))

    run(scene)


def test_nothing_is_acknowledged_while_the_commit_is_under_way(bench: Bench) -> None:
    async def scene() -> None:
        bench.store.close_gate()
        waiting = asyncio.create_task(bench.inbox.accept(hook("m1")))
        await settle()
        assert not waiting.done()
        bench.store.open_gate()
        assert await waiting

    run(scene)


def test_hooks_that_arrive_during_a_commit_share_the_next_one(bench: Bench) -> None:
    async def scene() -> None:
        bench.store.close_gate()
        first = asyncio.create_task(bench.inbox.accept(hook("m0")))
        await settle()
        others = [asyncio.create_task(bench.inbox.accept(hook(f"m{n}"))) for n in range(1, 51)]
        await settle()
        assert bench.store.submitted == 1

        bench.store.open_gate()

        assert await asyncio.gather(first, *others) == [True] * 51
        assert bench.store.submitted == 2

    run(scene)


def test_a_group_is_no_larger_than_its_bound() -> None:
    bench = Bench(InboxLimits(group=4))

    async def scene() -> None:
        hooks = [hook(f"m{n}", b"{}") for n in range(9)]
        assert all(await asyncio.gather(*map(bench.inbox.accept, hooks)))
        assert bench.store.submitted == 3

    run(scene)
    bench.store.close()


def test_w10_past_its_bound_the_inbox_is_overloaded_but_keeps_room_for_proved_senders() -> None:
    bench = Bench(InboxLimits(max_waiting=8))

    async def scene() -> None:
        bench.store.close_gate()
        waiting = [asyncio.create_task(bench.inbox.accept(hook(f"m{n}"))) for n in range(6)]
        await settle()
        with pytest.raises(Overloaded) as caught:
            await bench.inbox.accept(hook("seventh"))
        assert caught.value.retry_after.total_seconds() > 0
        waiting += [asyncio.create_task(bench.inbox.accept(hook(f"proved{n}"), is_reserved=True)) for n in range(2)]
        await settle()
        with pytest.raises(Overloaded):
            await bench.inbox.accept(hook("ninth"), is_reserved=True)

        bench.store.open_gate()

        assert all(await asyncio.gather(*waiting))
        assert await bench.inbox.accept(hook("seventh"))

    run(scene)
    bench.store.close()


def test_w10_more_unread_hooks_than_the_bound_are_not_taken() -> None:
    bench = Bench(InboxLimits(max_unread=2))

    async def scene() -> None:
        assert await bench.inbox.accept(hook("m1"))
        assert await bench.inbox.accept(hook("m2"))
        with pytest.raises(Overloaded):
            await bench.inbox.accept(hook("m3"))
        await bench.inbox.read_waiting()
        assert await bench.inbox.accept(hook("m3"))

    run(scene)
    bench.store.close()


@pytest.mark.parametrize("reason", [StoreReason.FULL, StoreReason.CLOSED])
def test_w15_a_store_that_takes_nothing_is_an_error_and_not_an_acknowledgement(
    bench: Bench, reason: StoreReason
) -> None:
    async def scene() -> None:
        bench.store.error = StoreError(reason, "no")
        outcomes = await asyncio.gather(*(bench.inbox.accept(hook(f"m{n}")) for n in range(3)), return_exceptions=True)
        assert all(isinstance(outcome, StoreError) for outcome in outcomes)

        bench.store.error = None

        assert await bench.inbox.accept(hook("m0"))

    run(scene)


def test_w15_a_commit_that_fails_is_told_to_everybody_in_it(bench: Bench) -> None:
    async def scene() -> None:
        bench.store.close_gate()
        waiting = [asyncio.create_task(bench.inbox.accept(hook(f"m{n}"))) for n in range(3)]
        await settle()
        _, future = bench.store.works.pop()
        future.set_exception(StoreError(StoreReason.IO, "the disk is gone"))

        outcomes = await asyncio.gather(*waiting, return_exceptions=True)

        assert all(isinstance(outcome, StoreError) for outcome in outcomes)

    run(scene)


def test_a_sender_that_hangs_up_does_not_disturb_the_others(bench: Bench) -> None:
    async def scene() -> None:
        bench.store.close_gate()
        gone, there = (asyncio.create_task(bench.inbox.accept(hook(f"m{n}"))) for n in range(2))
        await settle()
        gone.cancel()
        await settle()
        bench.store.open_gate()
        assert await there
        assert bench.counts()["waiting"] == 2

    run(scene)


def test_an_acknowledgement_waits_behind_few_recordings(bench: Bench) -> None:
    async def scene() -> None:
        for number in range(40):
            await bench.inbox.accept(hook(f"m{number}", body(f"i{number}")))
        bench.store.close_gate()
        reading = asyncio.create_task(bench.inbox.read_waiting())
        await bench.until(lambda: bool(bench.store.works))
        await settle()
        assert len(bench.store.works) < 8
        bench.store.open_gate()
        assert await reading == 40

    run(scene)

    assert len(bench.recorded) == 40


@pytest.mark.parametrize(
    ("count", "took_s", "expected"),
    [(1, 0.0001, 2), (8, 0.0001, 16), (8, 0.005, 8), (8, 0.5, 1), (64, 0.0, 64), (40, 0.001, 64)],
)
def test_how_many_are_recorded_at_once_follows_from_how_long_they_take(
    count: int, took_s: float, expected: int
) -> None:
    assert next_stride(count, took_s) == expected


def test_a_slow_disk_makes_more_hooks_share_a_commit_and_not_fewer(alone: Bench) -> None:
    bench = alone

    async def scene() -> None:
        for number in range(64):
            await bench.inbox.accept(hook(f"m{number}", body(f"i{number}")))
        bench.store.close_gate()
        reading = asyncio.create_task(bench.inbox.read_waiting())
        for _ in range(8):
            await bench.until(lambda: bool(bench.store.works))
            await bench.clock.advance(1)
            strides.append(len(bench.store.works))
            bench.store.commit()
            if sum(strides) == 64:
                break
        assert await reading == 64

    strides: list[int] = []
    run(scene)

    assert strides == [1, 2, 4, 8, 16, 32, 1]


# --- reading ---------------------------------------------------------------------------------------------------


def test_a_hook_that_was_read_gave_its_events_and_tells_who_wants_to_know(bench: Bench) -> None:
    async def scene() -> None:
        await bench.inbox.accept(hook("m1"))
        assert await bench.inbox.read_waiting() == 1

    run(scene)

    ((page, recorded),) = bench.recorded
    assert (page.name, [event.type for event in recorded.events]) == ("Acme", ["incident.created"])
    assert bench.counts() == {"waiting": 0, "read": 1, "quarantined": 0}


def test_hooks_from_before_a_restart_are_read_after_it(bench: Bench) -> None:
    async def before() -> None:
        await bench.inbox.accept(hook("m1"))

    async def after() -> None:
        assert await bench.restarted().read_waiting() == 1

    run(before)
    run(after)

    assert len(bench.events()) == 1


def test_w9_the_same_body_under_two_message_ids_tells_once(bench: Bench) -> None:
    async def scene() -> None:
        await asyncio.gather(*(bench.inbox.accept(hook(f"m{n}")) for n in range(5)))
        assert await bench.inbox.read_waiting() == 5

    run(scene)

    assert len(bench.events()) == 1


def test_hooks_are_recorded_in_the_order_in_which_they_came(bench: Bench) -> None:
    times = [f"2026-05-04T09:{minute:02}:00Z" for minute in range(30)]

    async def scene() -> None:
        for number, at in enumerate(times):
            await bench.inbox.accept(hook(f"m{number}", body(text=f"Step {number}.", at=at)))
        await bench.inbox.read_waiting()

    run(scene)

    texts = [event.update.text for event in bench.events() if event.update]
    assert texts == [f"Step {number}." for number in range(30)]


def test_a_body_that_nobody_understands_is_kept_aside_with_the_reason_and_counted(bench: Bench) -> None:
    async def scene() -> None:
        await bench.inbox.accept(hook("odd", b'{"weather": "fine"}'))
        await bench.inbox.accept(hook("good"))
        await bench.inbox.read_waiting()

    run(scene)

    assert bench.counts() == {"waiting": 0, "read": 1, "quarantined": 1}
    reason = bench.store.read(lambda tx: tx.one("SELECT last_error FROM inbox WHERE message_id = 'odd'"))
    assert reason is not None
    assert "shape" in reason[0]
    assert b'statuswire_parse_failures_total{platform="statuspage",reason="shape"} 1.0' in bench.metrics.text()


def test_a_body_behind_a_secret_address_belongs_to_its_page_whatever_it_says(bench: Bench) -> None:
    bench.store.write(
        lambda tx: queries.upsert_page(
            tx,
            slug="acme",
            name="Acme Relay",
            url="https://status.acme.example",
            platform="statuspage",
            origin="config",
        )
    )
    own = b'{"event": "incident.update", "incident_title": "Slow", "components": ["GPTs"], "phase": "Investigating"}'

    async def scene() -> None:
        fields = {"source": "hooks", "platform": "", "page_slug": "acme"}
        await bench.inbox.accept(hook("m1", **fields))
        await bench.inbox.accept(hook("m2", own, **fields))
        await bench.inbox.read_waiting()

    run(scene)

    assert [page.slug for page, _ in bench.recorded] == ["acme", "acme"]
    assert [event.incident.title for event in bench.events() if event.incident] == ["Slow API", "Slow"]


def test_an_unread_body_behind_a_secret_address_counts_for_the_platform_of_its_page(bench: Bench) -> None:
    bench.store.write_anyway(
        lambda tx: queries.upsert_page(tx, slug="acme", name="Acme", url="", platform="instatus", origin="config")
    )

    async def scene() -> None:
        await bench.inbox.accept(hook("m1", b'{"nothing": "known"}', source="hooks", platform="", page_slug="acme"))
        await bench.inbox.read_waiting()

    run(scene)

    assert list(bench.metrics.documents()["parse_failures"]) == ["instatus"]


OPENSTATUS = b'{"type": "verification", "token": "canary", "verifyUrl": "https://acme.example/verify/canary"}'
SNS = b'{"Type": "SubscriptionConfirmation", "SubscribeURL": "https://sns.example/?Token=canary", "Token": "canary"}'


@pytest.mark.parametrize(("content", "sender"), [(OPENSTATUS, "OpenStatus"), (SNS, "Amazon SNS")])
@pytest.mark.parametrize("fields", [{"source": "hooks", "platform": "", "page_slug": "acme"}, {"source": "openstatus"}])
def test_w12_a_confirmation_that_is_asked_for_is_kept_for_the_operator_and_told_to_nobody_else(
    bench: Bench, content: bytes, sender: str, fields: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        await bench.inbox.accept(hook("m1", content, **fields))
        await bench.inbox.read_waiting()

    run(scene)

    (asked,) = bench.store.read(lambda tx: confirmations.confirmations(tx, bench.clock.now()))
    assert (asked.slug, asked.sender) == (fields.get("page_slug", "openstatus"), sender)
    assert asked.link.startswith("https://") and asked.link.endswith("canary")
    assert bench.counts() == {"waiting": 0, "read": 1, "quarantined": 0}
    assert (bench.recorded, bench.events(), bench.store.read(queries.pages)) == ([], [], [])
    assert "confirmation wanted" in caplog.text
    assert "canary" not in caplog.text


@pytest.mark.parametrize(
    "url", ['"http://acme.example/v"', '"https://"', '"javascript:1"', '"https://a.example/ b"', "7", '"https://[/"']
)
def test_w12_what_is_no_address_that_keeps_a_secret_is_not_shown(bench: Bench, url: str) -> None:
    content = b'{"type": "verification", "verifyUrl": ' + url.encode() + b"}"

    async def scene() -> None:
        await bench.inbox.accept(hook("m1", content, source="openstatus"))
        await bench.inbox.read_waiting()

    run(scene)

    (asked,) = bench.store.read(lambda tx: confirmations.confirmations(tx, bench.clock.now()))
    assert asked.link == ""


def test_an_incident_that_only_speaks_of_such_a_key_is_an_incident(bench: Bench) -> None:
    async def scene() -> None:
        await bench.inbox.accept(hook("m1", body(text='the "verifyUrl" of "type": "verification" is slow')))
        await bench.inbox.read_waiting()

    run(scene)

    assert len(bench.recorded) == 1


class Bug(Exception):
    """Something that nobody foresaw."""


def read_with_a_bug(document: Document, platform: str, page_platform: str) -> Snapshot:
    if document.body == b"poison":
        raise Bug("nobody foresaw this body")
    return read_body(document, platform, page_platform)


def test_a_bug_costs_two_attempts_and_then_the_hook_is_kept_aside(bench: Bench) -> None:
    inbox = Inbox(bench.store, bench.clock, on_recorded=bench.note, metrics=bench.metrics, read=read_with_a_bug)

    async def scene() -> None:
        await inbox.accept(hook("poison", b"poison"))
        await inbox.accept(hook("good"))
        await inbox.read_waiting()
        assert bench.counts() == {"waiting": 1, "read": 1, "quarantined": 0}
        await inbox.read_waiting()
        assert bench.counts() == {"waiting": 0, "read": 1, "quarantined": 1}

    run(scene)


def test_w15_a_store_that_fails_while_hooks_are_read_costs_no_attempt(bench: Bench) -> None:
    async def scene() -> None:
        await bench.inbox.accept(hook("m1"))
        bench.store.error = StoreError(StoreReason.FULL, "the disk is full")
        for _ in range(3):
            with pytest.raises(StoreError):
                await bench.inbox.read_waiting()
        bench.store.error = None
        assert await bench.inbox.read_waiting() == 1

    run(scene)

    assert bench.counts() == {"waiting": 0, "read": 1, "quarantined": 0}


def test_the_loop_reads_what_comes_and_survives_a_store_that_fails_for_a_while(bench: Bench) -> None:
    async def scene() -> None:
        running = asyncio.create_task(bench.inbox.run())
        await bench.inbox.accept(hook("m1"))
        await bench.until(lambda: len(bench.recorded) == 1)
        bench.store.error = StoreError(StoreReason.LOCKED, "locked")
        bench.store.write_anyway(lambda tx: queries.add_hooks(tx, [hook("m2", body("i2"))]))
        await bench.clock.advance(1.0)
        await bench.until(lambda: bench.store.refused > 0, advance_s=1.0)
        bench.store.error = None
        await bench.until(lambda: len(bench.recorded) == 2, advance_s=1.0)
        running.cancel()

    run(scene)


# --- a database that does not answer --------------------------------------------------------------------------------


def test_hooks_are_refused_in_time_where_the_database_does_not_answer(shared: Bench) -> None:
    async def scene() -> None:
        shared.store.close_gate()
        first = asyncio.ensure_future(shared.inbox.accept(hook("h1")))
        await shared.until(lambda: bool(shared.store.works))
        behind = asyncio.ensure_future(shared.inbox.accept(hook("h2")))
        await shared.until(lambda: first.done() and behind.done(), advance_s=0.1)
        with pytest.raises(StoreError, match="does not answer"):
            await first
        with pytest.raises(StoreError, match="does not answer"):
            await behind
        with pytest.raises(StoreError, match="does not answer"):
            await shared.inbox.accept(hook("h3"))

    run(scene)


def test_hooks_are_taken_again_once_the_database_has_answered_and_what_it_kept_is_not_kept_twice(shared: Bench) -> None:
    async def scene() -> None:
        shared.store.close_gate()
        first = asyncio.ensure_future(shared.inbox.accept(hook("h1")))
        await shared.until(first.done, advance_s=0.1)
        with pytest.raises(StoreError):
            await first
        shared.store.open_gate()
        await asyncio.sleep(0)
        assert await shared.inbox.accept(hook("h2"))
        assert not await shared.inbox.accept(hook("h1"))

    run(scene)


def test_two_readers_of_one_process_do_not_read_the_same_hooks(bench: Bench) -> None:
    async def scene() -> None:
        await bench.inbox.accept(hook("h1"))
        assert sorted(await asyncio.gather(bench.inbox.read_waiting(), bench.inbox.read_waiting())) == [0, 1]

    run(scene)
