"""The one door in, on real stores: pages found or made, names learnt, history kept silent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from statuswire.engine import complaints, ingest
from statuswire.engine.complaints import Complaint
from statuswire.engine.ingest import Recorded
from statuswire.model import (
    Component,
    Cover,
    Document,
    Event,
    EventType,
    FeedSpec,
    Hook,
    Incident,
    IncidentUpdate,
    Page,
    PageFacts,
    Phase,
    Problem,
    Role,
    Snapshot,
    Source,
    Status,
)
from statuswire.store import Store, open_store, queries

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
EVERYTHING = frozenset(Cover) - {Cover.TROUBLED}


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    is_shared = request.param == "postgresql"
    with closing(request.getfixturevalue("postgres_process") if is_shared else open_store("sqlite://")) as opened:
        yield opened


def make_page(store: Store, *, slug: str = "acme", name: str = "acme", platform: str = "statuspage") -> Page:
    return store.write(
        lambda tx: queries.upsert_page(tx, slug=slug, name=name, url="", platform=platform, origin="config")
    )


def looking(minutes: int, phase: Phase = Phase.INVESTIGATING, id_: str = "i1") -> Incident:
    at = NOW + timedelta(minutes=minutes)
    update = IncidentUpdate(f"{id_}-{minutes}", phase, f"Words at {minutes}.", at)
    return Incident(id=id_, title="Slow API", phase=phase, updated_at=at, updates=(update,))


def record(
    store: Store,
    page: Page,
    snapshot: Snapshot,
    *,
    at: datetime = NOW,
    source: Source = Source.POLL,
    feed_id: int | None = None,
    trusts_id: bool = True,
) -> Recorded:
    return store.write(
        lambda tx: ingest.record(
            tx,
            page,
            snapshot,
            document=Document(b"", at),
            source=source,
            now=at,
            feed_id=feed_id,
            trusts_id=trusts_id,
        )
    )


def state(*incidents: Incident, at: datetime = NOW, facts: PageFacts | None = None) -> Snapshot:
    components = (Component("c1", "API", None, Status.OPERATIONAL),)
    return Snapshot("statuspage", facts or PageFacts(), at, EVERYTHING, components, incidents)


def types(events: tuple[Event, ...]) -> list[EventType]:
    return [event.type for event in events]


def test_events_are_numbered_and_stored_with_what_they_tell(store: Store) -> None:
    page = make_page(store)

    recorded = record(store, page, state(looking(0)))

    assert types(recorded.events) == [EventType.INCIDENT_CREATED]
    assert [event.id for event in store.read(lambda tx: queries.events_after(tx, 0))] == [1]
    assert recorded.has_open


def test_the_same_snapshot_again_tells_nothing(store: Store) -> None:
    page = make_page(store)
    record(store, page, state(looking(0)))

    assert record(store, page, state(looking(0)), at=NOW + timedelta(minutes=1)).events == ()


def test_what_is_missing_is_settled_after_its_history_was_read(store: Store) -> None:
    page = make_page(store)
    record(store, page, state(looking(0)))
    later = NOW + timedelta(minutes=10)

    missed = record(store, page, state(at=later), at=later)
    settled = store.write(lambda tx: ingest.settle(tx, page, later))

    assert missed.wants_history and types(missed.events) == [EventType.PAGE_STATUS_CHANGED]
    assert [(event.type, event.source) for event in settled.events] == [(EventType.INCIDENT_RESOLVED, Source.INFER)]
    assert store.write(lambda tx: ingest.settle(tx, page, later)).events == ()


def test_a_history_that_tells_the_end_leaves_nothing_to_settle(store: Store) -> None:
    page = make_page(store)
    record(store, page, state(looking(0)))
    later = NOW + timedelta(minutes=10)
    record(store, page, state(at=later), at=later)
    ended = replace(looking(8, Phase.RESOLVED), updates=(*looking(0).updates, *looking(8, Phase.RESOLVED).updates))

    told = record(store, page, Snapshot("statuspage", as_of=later, incidents=(ended,)), at=later)

    assert types(told.events) == [EventType.INCIDENT_RESOLVED]
    assert store.write(lambda tx: ingest.settle(tx, page, later)).events == ()


def test_a_history_feed_read_after_weeks_tells_nothing_of_other_incidents(store: Store) -> None:
    page = make_page(store)
    feed = store.write(
        lambda tx: queries.upsert_feed(tx, page.id, FeedSpec("https://s.example/incidents.json", Role.HISTORY))
    )
    record(store, page, state())
    store.write(lambda tx: queries.save_feed(tx, replace(feed, read_at=NOW)))
    old = looking(60 * 24 * 5, Phase.RESOLVED, "i7")

    recorded = record(
        store,
        page,
        Snapshot("statuspage", incidents=(old,)),
        at=NOW + timedelta(days=20),
        feed_id=feed.id,
    )

    assert (recorded.events, recorded.silent) == ((), 1)


def test_a_page_learns_its_name_once_and_keeps_it(store: Store) -> None:
    page = make_page(store)

    first = record(store, page, state(looking(0), facts=PageFacts(id="q7", name="Acme Relay")))
    second = record(store, page, state(looking(0), looking(5, id_="i2"), at=NOW + timedelta(minutes=5)))

    assert [event.page.name for event in (*first.events, *second.events)] == ["Acme Relay", "Acme Relay"]
    learnt = store.read(lambda tx: queries.page_by_slug(tx, "acme"))
    assert learnt is not None and (learnt.name, learnt.provider_id) == ("Acme Relay", "q7")


def test_a_name_that_the_operator_gave_stays(store: Store) -> None:
    page = make_page(store, name="Payments")

    recorded = record(store, page, state(looking(0), facts=PageFacts(name="Acme Relay")))

    assert recorded.events[0].page.name == "Payments"


def hook(**fields: str) -> Hook:
    return Hook("statuspage", "m1", "statuspage", b"{}", NOW, **fields)


def find(store: Store, hook: Hook, facts: PageFacts, platform: str = "statuspage") -> Page:
    return store.write(lambda tx: ingest.page_for_hook(tx, hook, Snapshot(platform, facts)))


def test_a_hook_at_a_secret_address_is_about_that_page(store: Store) -> None:
    page = make_page(store)

    assert find(store, hook(page_slug="acme"), PageFacts(name="Something else")).id == page.id


def test_a_hook_is_about_the_page_with_its_providers_id_or_name(store: Store) -> None:
    page = make_page(store, name="Acme Relay")

    by_name = find(store, hook(), PageFacts(id="q7", name="acme relay"))
    record(store, page, state(facts=PageFacts(id="q7")))
    by_id = find(store, hook(), PageFacts(id="q7", name="Renamed"))

    assert (by_name.id, by_id.id) == (page.id, page.id)


def provider_id_of(store: Store, slug: str = "acme") -> str | None:
    page = store.read(lambda tx: queries.page_by_slug(tx, slug))
    assert page is not None
    return page.provider_id


def test_a_hook_of_another_page_does_not_make_this_one_the_other(store: Store) -> None:
    """Its secret address was pasted at the wrong page: the next poll must not take that for a move."""
    page = make_page(store)
    record(store, page, state(facts=PageFacts(id="q7")))

    pushed = record(store, page, state(looking(0), facts=PageFacts(id="zz")), source=Source.HOOK)
    polled = record(store, page, state(looking(0), facts=PageFacts(id="q7")), trusts_id=False)

    assert EventType.INCIDENT_CREATED in types(pushed.events)
    assert provider_id_of(store) == "q7"
    assert not polled.is_of_other_page


def test_the_id_of_a_page_elsewhere_is_none_of_this_platform(store: Store) -> None:
    page = make_page(store)
    elsewhere = replace(state(looking(0), facts=PageFacts(id="zz")), platform="incidentio")

    record(store, page, elsewhere, source=Source.HOOK)

    assert provider_id_of(store) is None


def test_a_hook_teaches_the_id_of_a_page_that_nobody_has_read_yet(store: Store) -> None:
    record(store, make_page(store), state(looking(0), facts=PageFacts(id="q7")), source=Source.HOOK)

    assert provider_id_of(store) == "q7"


def test_a_hook_about_an_unknown_page_makes_one(store: Store) -> None:
    made = find(store, hook(), PageFacts(name="OpenAI API"))
    again = find(store, hook(), PageFacts(name="OpenAI API"))

    assert (made.slug, made.name, made.origin) == ("openai-api", "OpenAI API", "hook")
    assert again.id == made.id


def test_a_page_of_another_platform_keeps_its_slug(store: Store) -> None:
    make_page(store, slug="openai", name="OpenAI", platform="incidentio")

    made = find(store, hook(), PageFacts(name="OpenAI"))

    assert made.slug == "openai-statuspage"


def test_the_path_of_a_generic_hook_names_the_page(store: Store) -> None:
    made = find(store, hook(provider="My Vendor"), PageFacts(name="Whatever"), platform="generic")

    assert (made.slug, made.name) == ("my-vendor", "Whatever")


def test_a_hook_without_any_name_is_the_platforms(store: Store) -> None:
    assert find(store, hook(), PageFacts(), platform="incidentio").name == "incident.io"


@pytest.mark.parametrize(
    ("name", "slug"),
    [("OpenAI API", "openai-api"), ("Ünïcode & Co.", "unicode-co"), ("漢字", "page"), ("a" * 99, "a" * 60)],
)
def test_a_slug_is_plain_and_short(name: str, slug: str) -> None:
    assert ingest.slug_of(name) == slug


def test_how_a_feed_goes_is_an_event_too(store: Store) -> None:
    page = make_page(store)

    (event,) = store.write(
        lambda tx: ingest.record_feed(tx, page, "https://s.example/feed", EventType.FEED_FAILING, "timeout", NOW)
    )

    assert event.feed is not None and event.feed.reason == "timeout"


# --- what a feed's last document left unread -------------------------------------------------------------------------


def unread(*reasons: str) -> Snapshot:
    return replace(state(), problems=tuple(Problem(f"components[{n}]", reason) for n, reason in enumerate(reasons)))


def test_the_problems_of_a_feeds_last_document_are_kept_until_one_is_whole(store: Store) -> None:
    page = make_page(store)
    feed = store.write(lambda tx: queries.upsert_feed(tx, page.id, FeedSpec("https://a.example/summary.json")))

    record(store, page, unread("no id", "no id", "unknown word 'wobbly'"), feed_id=feed.id)
    kept = store.read(complaints.complaints)
    record(store, page, state(), at=NOW + timedelta(minutes=1), feed_id=feed.id)

    first = ("components[2]: unknown word 'wobbly'", "components[0]: no id")
    assert kept == {feed.id: Complaint(3, first)}
    assert store.read(complaints.complaints) == {}


def test_of_many_problems_the_first_few_are_kept_and_of_a_hook_none(store: Store) -> None:
    page = make_page(store)
    feed = store.write(lambda tx: queries.upsert_feed(tx, page.id, FeedSpec("https://a.example/summary.json")))

    record(store, page, unread(*(f"reason {n} {'x' * 999}" for n in range(40))), feed_id=feed.id)
    record(store, page, unread("another"), source=Source.HOOK)

    (kept,) = store.read(complaints.complaints).values()
    assert (kept.count, len(kept.first)) == (40, complaints.MOST)
    assert max(map(len, kept.first)) < 400
