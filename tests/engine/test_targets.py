"""What the operator wants watched, over restarts, moves that were followed, and changes of the configuration."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import cast

import pytest

from statuswire.catalog import Target
from statuswire.engine import ingest
from statuswire.engine.fence import Fence
from statuswire.engine.healing import Move, follow, suggest
from statuswire.engine.overview import load_overview
from statuswire.engine.places import Found
from statuswire.engine.poller import Poller
from statuswire.engine.targets import Targets
from statuswire.model import (
    Cover,
    Document,
    Feed,
    FeedHealth,
    FeedSpec,
    FeedState,
    Incident,
    Kind,
    Page,
    Phase,
    Snapshot,
    Source,
    Status,
)
from statuswire.store import Store, open_store, queries
from tests.fakes import FakeClock

OLD = "https://status.acme.example"
NEW = "https://acme.statuspage.example"
TARGET = Target("acme", "Acme", OLD)
LISTED = replace(TARGET, platform="statuspage")
NEW_FEED = FeedSpec(f"{NEW}/proxy/acme")


class Setting:
    """A store, what was given to the poller last, and what looking at a page comes to."""

    def __init__(self) -> None:
        self.store: Store = open_store("sqlite://")
        self.clock = FakeClock()
        self.polled: dict[str, list[str]] = {}
        self.found: Found | None = None
        self.looks: list[Target] = []

    def add_page(self, page: Page, feeds: Sequence[Feed], fence: Fence, *, has_open: bool) -> None:
        self.polled[page.slug] = [feed.spec.url for feed in feeds]

    def remove_page(self, page_id: int) -> None:
        """Nothing was polled yet."""

    async def find(self, target: Target) -> Found | None:
        self.looks.append(target)
        return self.found

    def start(self, *targets: Target, rounds: int = 1) -> Page:
        """The service starts with this configuration and looks so often at what is not recognised."""
        self.polled.clear()

        async def main() -> None:
            wanted = Targets(self.store, cast(Poller, self), self.clock, self.find)
            await wanted.add(targets)
            for _ in range(rounds):
                await wanted.look()

        asyncio.run(main())
        return self.page()

    def page(self) -> Page:
        page = self.store.read(lambda tx: queries.page_by_slug(tx, "acme"))
        assert page is not None
        return page

    def feeds(self) -> list[str]:
        return [feed.spec.url for feed in self.store.read(lambda tx: queries.feeds(tx, self.page().id))]

    def suggestion(self) -> str | None:
        return self.store.read(lambda tx: queries.setting(tx, f"page.{self.page().id}.suggestion"))

    def follow(self) -> None:
        found = Found("incidentio", (NEW_FEED,), "01J9ZK", NEW, "Acme")
        move = Move(found, "it answers 404", "the catalog names the new address")
        self.store.write(lambda tx: follow(tx, self.page(), move, self.clock.now()))

    def suggest(self) -> None:
        move = Move(Found("incidentio", (NEW_FEED,), None, NEW), "a redirect for good")
        self.store.write(lambda tx: suggest(tx, self.page(), move, self.clock.now()))

    def read(self) -> None:
        """Every feed was read well, and the page is fine but for one incident."""
        self.store.write(self._read)

    def _read(self, tx: queries.Tx) -> None:
        page, now = self.page(), self.clock.now()
        for feed in queries.feeds(tx, page.id):
            queries.save_feed(tx, replace(feed, health=FeedHealth(FeedState.OK, last_ok_at=now)))
        snapshot = Snapshot("statuspage", incidents=(incident("s1"),), covers=frozenset({Cover.OPEN_INCIDENTS}))
        ingest.record(tx, page, snapshot, document=Document(b"", now), source=Source.POLL, now=now)

    def events(self) -> list[str]:
        return [event.type.value for event in self.store.read(lambda tx: queries.events_after(tx, 0))]


def incident(id_: str) -> Incident:
    return Incident(id_, "Slow API", Kind.INCIDENT, Phase.INVESTIGATING, started_at=FakeClock().now())


@pytest.fixture
def setting() -> Iterator[Setting]:
    made = Setting()
    yield made
    made.store.close()


@pytest.mark.parametrize("target", [TARGET, LISTED])
def test_a_move_that_was_followed_is_still_followed_after_a_restart(setting: Setting, target: Target) -> None:
    setting.found = Found("statuspage", (FeedSpec(f"{OLD}/api/v2/summary.json"),))
    setting.start(target)
    setting.follow()

    page = setting.start(target)

    assert (page.url, page.platform, page.provider_id) == (NEW, "incidentio", "01J9ZK")
    assert setting.polled == {"acme": [NEW_FEED.url]}


def test_the_operators_new_address_is_read_and_the_old_one_is_not(setting: Setting) -> None:
    setting.found = Found("statuspage", (FeedSpec(f"{OLD}/api/v2/summary.json"),), "p1")
    setting.start(TARGET)
    setting.found = Found("incidentio", (NEW_FEED,), "01J9ZK")

    page = setting.start(replace(TARGET, url=NEW))

    assert (page.url, page.platform, page.provider_id) == (NEW, "incidentio", "01J9ZK")
    assert setting.polled == {"acme": [NEW_FEED.url]}
    assert setting.feeds() == [NEW_FEED.url]


def test_the_operators_word_ends_a_move_that_was_followed(setting: Setting) -> None:
    setting.start(LISTED)
    setting.follow()
    back = FeedSpec(f"{OLD}/summary.json")
    setting.found = Found("statuspage", (back,), "p1")

    page = setting.start(replace(LISTED, url=f"{OLD}/en"))

    assert (page.url, page.platform) == (f"{OLD}/en", "statuspage")
    assert setting.feeds() == [back.url]


def test_the_suggestion_of_a_move_is_cleared_when_the_operator_changes_the_address(setting: Setting) -> None:
    setting.start(LISTED)
    setting.suggest()
    setting.start(LISTED)
    assert setting.suggestion()

    setting.start(replace(LISTED, url="https://third.example"))

    assert not setting.suggestion()


def test_the_operators_move_ends_nothing_and_announces_nothing_twice(setting: Setting) -> None:
    setting.start(LISTED)
    setting.read()
    setting.found = Found(
        "incidentio", (NEW_FEED,), "01J9ZK", snapshots=(Snapshot("incidentio", incidents=(incident("i9"),)),)
    )

    page = setting.start(replace(LISTED, url=NEW, platform=None))
    known = setting.store.read(lambda tx: queries.load_known(tx, page.id, feed_id=None, ids=frozenset()))

    assert [(one.id, one.aliases) for one in known.incidents] == [("i9", ("s1",))]
    assert setting.events() == ["incident.created"]


def test_a_new_address_that_is_not_recognised_yet_is_unknown_and_never_green(setting: Setting) -> None:
    setting.start(LISTED)
    setting.read()

    setting.start(replace(LISTED, url=NEW, platform=None))
    (look,) = setting.store.read(partial(load_overview, now=setting.clock.now())).pages

    assert setting.polled == {}
    assert (look.level, look.is_stale) == (Status.UNKNOWN, True)


def test_a_new_address_is_looked_at_until_it_is_recognised_also_after_a_restart(setting: Setting) -> None:
    setting.start(LISTED)
    moved = replace(LISTED, url=NEW, platform="incidentio")
    setting.start(moved)
    assert setting.polled == {}
    setting.found = Found("incidentio", (NEW_FEED,), "01J9ZK")

    page = setting.start(moved)

    assert (page.platform, setting.polled) == ("incidentio", {"acme": [NEW_FEED.url]})


def test_where_looking_finds_nothing_twice_the_operators_platform_is_polled(setting: Setting) -> None:
    setting.start(LISTED)

    page = setting.start(replace(LISTED, url=NEW), rounds=2)

    assert page.platform == "statuspage"
    assert setting.polled["acme"][0].startswith(NEW)


def test_an_unchanged_configuration_goes_on_where_it_was(setting: Setting) -> None:
    setting.found = Found("statuspage", (FeedSpec(f"{OLD}/api/v2/summary.json"),), "p1")
    setting.start(TARGET)
    setting.read()

    page = setting.start(TARGET)

    assert len(setting.looks) == 1
    assert (page.platform, page.provider_id) == ("statuspage", "p1")
    assert setting.polled == {"acme": [f"{OLD}/api/v2/summary.json"]}


def test_an_address_that_was_never_recognised_may_be_changed_too(setting: Setting) -> None:
    setting.start(TARGET)
    moved = replace(TARGET, feed_url=f"{OLD}/feed.rss")
    setting.start(moved)
    setting.read()
    before = setting.store.read(queries.feeds)

    setting.start(moved)

    assert setting.store.read(queries.feeds) == before


def test_another_address_of_the_same_page_on_the_same_platform_keeps_every_id(setting: Setting) -> None:
    setting.start(LISTED)
    setting.read()
    shown = Snapshot("statuspage", incidents=())
    setting.found = Found("statuspage", (NEW_FEED,), "p1", snapshots=(shown,))

    page = setting.start(replace(LISTED, url=NEW))
    known = setting.store.read(lambda tx: queries.load_known(tx, page.id, feed_id=None, ids=frozenset()))

    assert [one.id for one in known.incidents] == ["s1"]
