"""A page's own zone: what the operator says goes first, for polls and for hooks by whatever address."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from prometheus_client import CollectorRegistry

from statuswire.engine.inbox import Inbox
from statuswire.engine.zones import Zones
from statuswire.metrics import Metrics
from statuswire.model import Document, FeedSpec, Hook, Incident, Kind, Page, PageFacts, Phase, Snapshot
from statuswire.platforms import PLATFORMS
from statuswire.platforms.moments import moment
from statuswire.store import Store, open_store, queries
from tests.engine.polling import World
from tests.engine.polling import run as run_world
from tests.fakes import FakeClock

NAIVE = "2026-05-04 12:00:00"
IN_BERLIN = datetime(2026, 5, 4, 10, tzinfo=UTC)
IN_TOKYO = datetime(2026, 5, 4, 3, tzinfo=UTC)
BERLIN = Zones({"acme": "Europe/Berlin"})
PAGE = Page(1, "acme", "Acme", "https://status.acme.example", "statuspal", time_zone="Asia/Tokyo")


def test_the_operators_word_goes_before_what_a_document_taught() -> None:
    document = Document(b"", IN_BERLIN, time_zone="Asia/Tokyo")

    assert (Zones().of(PAGE), BERLIN.of(PAGE)) == ("Asia/Tokyo", "Europe/Berlin")
    assert Zones().placed(Document(b"", IN_BERLIN), PAGE).time_zone == "Asia/Tokyo"
    assert BERLIN.placed(document, PAGE).time_zone == "Europe/Berlin"
    assert Zones().placed(document, PAGE) is document


def test_a_poll_is_read_in_the_zone_of_its_page() -> None:
    seen: list[str | None] = []

    async def story(world: World) -> None:
        page = world.page("acme", FeedSpec("https://acme.example/summary.json"), body=b'{"incidents": []}')
        world.zones = BERLIN
        world.on_parse = lambda document: seen.append(document.time_zone)
        world.new_poller()
        world.add(page)
        async with world.running():
            await world.clock.advance(5)

    run_world(story)

    assert seen and set(seen) == {"Europe/Berlin"}


# --- hooks ---------------------------------------------------------------------------------------------------------


def read(document: Document, platform: str, page_platform: str) -> Snapshot:
    """A body of ours: an incident that began at a naive time, on the page of an id."""
    incident = Incident("i1", "Slow", Kind.INCIDENT, Phase.INVESTIGATING, started_at=moment(NAIVE, document.time_zone))
    return Snapshot("statuspal", page=PageFacts(id="p1"), incidents=(incident,))


@pytest.fixture
def store() -> Iterator[Store]:
    made = open_store("sqlite://")
    yield made
    made.close()


def began(store: Store, zones: Zones, *, page_slug: str = "", learnt: str | None = None) -> datetime | None:
    """When the incident began that a hook tells of, on a page with the provider's id `p1`."""
    clock = FakeClock()
    metrics = Metrics(CollectorRegistry(), version="1", platforms=PLATFORMS)
    page = store.write(
        lambda tx: queries.upsert_page(
            tx,
            slug="acme",
            name="Acme",
            url="",
            platform="statuspal",
            origin="config",
            provider_id="p1",
            time_zone=learnt,
        )
    )

    async def scene() -> None:
        inbox = Inbox(store, clock, on_recorded=lambda *_: None, metrics=metrics, read=read, zones=zones)
        await inbox.accept(Hook("hooks", "m1", "statuspal", b"{}", clock.now(), page_slug=page_slug))
        await inbox.read_waiting()

    asyncio.run(scene())
    known = store.read(lambda tx: queries.load_known(tx, page.id, feed_id=None, ids=frozenset({"i1"})))
    return known.incidents[0].started_at


def test_a_hook_by_the_pages_secret_address_is_read_in_its_zone(store: Store) -> None:
    assert began(store, BERLIN, page_slug="acme", learnt="Asia/Tokyo") == IN_BERLIN


def test_without_a_configured_zone_the_one_that_the_page_told_counts(store: Store) -> None:
    assert began(store, Zones(), page_slug="acme", learnt="Asia/Tokyo") == IN_TOKYO


def test_a_hook_by_the_path_of_its_platform_is_read_in_the_zone_of_the_page_that_it_names(store: Store) -> None:
    assert began(store, BERLIN) == IN_BERLIN


def test_a_zone_that_the_page_told_counts_by_the_path_of_its_platform_too(store: Store) -> None:
    assert began(store, Zones(), learnt="Asia/Tokyo") == IN_TOKYO


def test_zones_of_other_pages_change_nothing(store: Store) -> None:
    assert began(store, Zones({"other": "Europe/Berlin"})) == datetime(2026, 5, 4, 12, tzinfo=UTC)
