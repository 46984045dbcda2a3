"""Which loops and paths a process has, by its roles and by what its database allows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from typing import cast

import pytest

from statuswire import config
from statuswire.config import layers
from statuswire.engine.fence import EVERYTHING
from statuswire.engine.poller import Poller
from statuswire.engine.targets import Targets
from statuswire.errors import ConfigError, StoreError, StoreReason
from statuswire.metrics import Metrics
from statuswire.model import ReplicaRole
from statuswire.sharing import Sharing, follow_slugs, watch_schema
from statuswire.store import Store, open_store, queries
from tests.fakes import FakeClock
from tests.web.parts import Site

OF_ALL = ("tail", "console", "own", "streams", "store", "janitor")
OF_ROLES: dict[str, tuple[str, ...]] = {
    "hooks": ("inbox", "maildir", "imap"),
    "poll": ("poller", "targets", "healer", "calendar"),
    "deliver": ("planner", "dispatcher", "heartbeats"),
    "web": (),
}
LOOPS = (*OF_ALL, *(name for names in OF_ROLES.values() for name in names))


async def _nothing() -> None:
    """A loop that has nothing to do."""


def sharing(store: Store, *roles: str) -> Sharing:
    text = f"roles: [{', '.join(roles)}]" if roles else ""
    return Sharing.of(config.validate(layers.parse(text, "f.yaml"), {}), store, FakeClock())


def loops(share: Sharing) -> set[str]:
    return set(share.loops(dict.fromkeys(LOOPS, _nothing), lambda slug: None))


@pytest.fixture
def alone() -> Iterator[Store]:
    with closing(open_store("sqlite://")) as store:
        yield store


@pytest.fixture
def shared(postgres_database: str) -> Iterator[Store]:
    with closing(open_store(postgres_database)) as store:
        yield store


class Asked:
    """A poller that polls nothing here, and says so."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def poll_soon(self, page_id: int, *, has_open: bool | None = None) -> bool:
        self.asked.append(page_id)
        return False

    def restretch(self) -> None:
        """No hosts."""


def test_on_a_database_of_its_own_a_process_does_everything_and_shares_nothing(alone: Store) -> None:
    share = sharing(alone)

    assert share.shards is EVERYTHING
    assert (share.holdings, share.replica, share.facts()) == (None, None, None)
    assert loops(share) == set(LOOPS)
    assert set(share.duties.held) == {"planner", "calendar", "janitor", "mail", "heartbeats"}


@pytest.mark.parametrize("role", OF_ROLES)
def test_a_process_runs_the_loops_of_its_roles_and_those_of_all(alone: Store, role: str) -> None:
    assert loops(sharing(alone, role)) == {*OF_ALL, *OF_ROLES[role]}


def test_on_a_shared_database_a_process_begins_with_nothing_and_takes_part(shared: Store) -> None:
    share = sharing(shared)
    poller = cast(Poller, Asked())
    share.join(poller, cast(Targets, None), cast(Metrics, None), "1.2.3", lambda: None)
    share.note_address("http://10.0.0.7:8000")

    assert share.shards.fence(7) is None
    assert not share.shards.may_begin(0.0)
    assert share.duties.held == ()
    assert loops(share) == {*LOOPS, "replica", "addresses", "schema"}
    assert share.replica is not None
    assert share.replica.about.address == "http://10.0.0.7:8000"
    facts = share.facts()
    assert facts is not None
    assert (facts.shards, facts.duties, facts.live) == (0, (), ())


def test_a_page_that_another_process_polls_is_wished_for(shared: Store) -> None:
    page = shared.write(lambda tx: queries.upsert_page(tx, slug="a", name="A", url="", platform="", origin="config"))
    shared.write(lambda tx: queries.place_pages(tx, {page.id: 3}))
    poller = Asked()
    look_soon = sharing(shared).look_soon(cast(Poller, poller))

    assert look_soon(page.id, has_open=True)
    assert look_soon(page.id)
    shared.write(lambda tx: None)  # after the wish, on the same queue

    assert shared.read(lambda tx: queries.poll_wishes(tx, [3], 10)) == {page.id: False}
    assert poller.asked == [page.id, page.id]


def test_on_a_database_of_its_own_nothing_is_wished_for(alone: Store) -> None:
    poller = Asked()

    assert not sharing(alone).look_soon(cast(Poller, poller))(7)


def test_a_process_that_was_thought_dead_ends_once_what_it_uses_was_taken_away(shared: Store) -> None:
    class Watch(FakeClock):
        """Something is taken away while it is slept."""

        async def sleep(self, seconds: float) -> None:
            shared.write(lambda tx: tx.execute("UPDATE alembic_version SET version_num = '0902'"))
            shared.write(lambda tx: queries.set_setting(tx, "schema.compatible", "0902"))

    with pytest.raises(StoreError, match="it needs statuswire") as caught:
        asyncio.run(watch_schema(shared, Watch()))

    assert (caught.value.reason, caught.value.is_permanent) == (StoreReason.NEWER_SCHEMA, True)


def test_addresses_of_pages_that_others_have_made_are_learnt(alone: Store) -> None:
    known: list[str] = []

    def make(slug: str) -> None:
        alone.write(lambda tx: queries.upsert_page(tx, slug=slug, name=slug, url="", platform="", origin="hook"))

    async def story() -> None:
        clock = FakeClock()
        following = asyncio.create_task(follow_slugs(alone, clock, known.append))
        for slug in ("one", "two"):
            make(slug)
            while slug not in known:
                await clock.advance(5)
                await asyncio.sleep(0.001)
        following.cancel()

    asyncio.run(asyncio.wait_for(story(), 20))

    assert set(known) == {"one", "two"}


# --- the setting -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["'poll, hooks'", "[hooks, poll]", "[poll, hooks, poll]", "poll hooks"])
def test_roles_are_said_in_a_list_or_with_commas_and_come_in_one_order(said: str) -> None:
    read = config.validate(layers.parse(f"roles: {said}", "f.yaml"), {})

    assert read.roles == (ReplicaRole.HOOKS, ReplicaRole.POLL)


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ("[pol]", "`roles` has `pol`, which is no role; did you mean `poll`?"),
        ("[]", "`roles` is empty"),
        ("{poll: true}", "`roles` must be a list"),
        ("7", "`roles` must be a list"),
    ],
)
def test_roles_that_there_are_not_are_named_with_those_that_there_are(said: str, complaint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config.validate(layers.parse(f"roles: {said}", "f.yaml"), {})

    assert complaint in str(caught.value)
    assert "hooks" in str(caught.value)


# --- paths -------------------------------------------------------------------------------------------------------


def site_with(*roles: ReplicaRole) -> Site:
    site = Site()
    site.replace(roles=frozenset(roles))
    return site


def test_a_process_without_the_web_answers_for_its_health_and_its_metrics_alone() -> None:
    site = site_with(ReplicaRole.POLL)

    assert [site.get(path).status for path in ("/health/live", "/health", "/metrics")] == [200, 200, 200]
    assert [site.get(path).code for path in ("/", "/status", "/api/v1/pages", "/api/v1/stream")] == ["not_here"] * 4
    assert site.get("/nowhere").status == 404
    assert site.get("/status").headers["retry-after"] == "10"


def test_a_process_without_hooks_has_their_senders_come_again() -> None:
    site = site_with(ReplicaRole.WEB)
    with_hooks = site_with(ReplicaRole.HOOKS)

    assert site.post("/webhook", b"{}").code == "not_here"
    assert with_hooks.post("/webhook", b"{}").status != 503
