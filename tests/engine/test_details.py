"""Pages of several documents: those that are only pointed to, those asked less often, and those that name what
another levels."""

from __future__ import annotations

import json
from datetime import timedelta

from statuswire.engine.details import MOST, is_beside
from statuswire.engine.writes import without_validators
from statuswire.model import FeedSpec, Role, Status
from statuswire.store import queries
from tests.engine.polling import Site, World, history_body, page_body, run, state

INDEX = "https://acme.example/index.json"
FIRST = "https://acme.example/incidents/1"
SECOND = "https://acme.example/incidents/2"
SLOW = FeedSpec("https://acme.example/history.json", Role.ENTRIES, every=timedelta(minutes=15))


def index(world: World, *more: str, note: str = "") -> bytes:
    return json.dumps({"at": world.clock.now().isoformat(), "more": more, "note": note}).encode()


def test_what_a_document_points_to_is_read_once_after_each_change() -> None:
    async def story(world: World) -> None:
        page = world.page("acme", state(INDEX))
        world.sites[INDEX].body = index(world, FIRST, SECOND)
        world.sites[FIRST] = Site(page_body(world.clock.now(), "one"))
        world.sites[SECOND] = Site(page_body(world.clock.now(), "two"))
        world.add(page)
        async with world.running():
            await world.clock.advance(130)
            assert [len(world.sites[url].requests) for url in (FIRST, SECOND)] == [1, 1]
            world.sites[INDEX].body = index(world, FIRST, SECOND, note="new")
            await world.clock.advance(61)
        assert [len(world.sites[url].requests) for url in (FIRST, SECOND)] == [2, 2]
        assert world.sites[FIRST].requests[1][1].etag, "asked again with its validators"
        assert world.types("incident") == ["incident.created", "incident.created"]

    run(story)


def test_both_the_document_and_what_it_points_to_are_offered_as_evidence() -> None:
    offered: list[str] = []

    async def story(world: World) -> None:
        world.keep = lambda page, document, source: offered.append(f"{page.slug} {document.url} {source}")
        world.new_poller()
        page = world.page("acme", state(INDEX))
        world.sites[INDEX].body = index(world, FIRST)
        world.sites[FIRST] = Site(page_body(world.clock.now(), "one"))
        world.add(page)
        async with world.running():
            await world.clock.advance(59)

    run(story)
    assert offered == [f"acme {INDEX} poll", f"acme {FIRST} poll"]


def test_one_that_cannot_be_had_or_read_changes_nothing_of_the_feed() -> None:
    async def story(world: World) -> None:
        page = world.page("acme", state(INDEX))
        world.sites[INDEX].body = index(world, FIRST, SECOND)
        world.sites[FIRST] = Site(None)
        world.sites[SECOND] = Site(b"<html>")
        world.add(page)
        async with world.running():
            await world.clock.advance(130)
        feed = world.feed(page)
        assert (feed.health.failures, feed.health.state.value) == (0, "ok")
        assert world.types("feed") == []

    run(story)


def test_no_document_sends_us_to_another_host_or_to_many() -> None:
    async def story(world: World) -> None:
        many = [f"https://acme.example/incidents/{number}" for number in range(2 * MOST)]
        page = world.page("acme", state(INDEX))
        world.sites[INDEX].body = index(world, "https://evil.example/", "http://acme.example/incidents/0", *many)
        for url in many:
            world.sites[url] = Site(history_body(world.clock.now()))
        world.add(page)
        async with world.running():
            await world.clock.advance(59)
        assert sum(len(world.sites[url].requests) for url in many) == MOST

    run(story)
    assert not is_beside("https://acme.example:8443/x", "https://acme.example/")


def test_validators_are_kept_only_when_all_were_tried() -> None:
    async def story(world: World) -> None:
        page = world.page("acme", state(INDEX))
        world.sites[INDEX].body = index(world, FIRST)
        world.sites[FIRST] = Site(page_body(world.clock.now(), "one"), latency_s=5)
        world.add(page)
        async with world.running():
            await world.clock.advance(3)
            stored = world.feed(page)
            assert stored == without_validators(stored)
            await world.clock.advance(20)
        assert world.feed(page).etag

    run(story)


def test_a_slow_feed_is_asked_seldom_and_soon_after_another_has_told_something() -> None:
    async def story(world: World) -> None:
        page = world.page("acme", state(INDEX), SLOW)
        world.sites[INDEX].body = page_body(world.clock.now())
        world.sites[SLOW.url].body = history_body(world.clock.now())
        world.add(page)
        async with world.running():
            await world.clock.advance(800)
            assert len(world.sites[SLOW.url].requests) == 1
            world.sites[INDEX].body = page_body(world.clock.now(), "one")
            await world.clock.advance(90)
            assert len(world.sites[SLOW.url].requests) == 2
            await world.clock.advance(600)
        assert len(world.sites[SLOW.url].requests) == 2, "not faster because something is open"
        assert len(world.sites[INDEX].requests) > 40

    run(story)


def test_what_a_platform_wishes_of_a_feed_is_stored() -> None:
    async def story(world: World) -> None:
        posted = FeedSpec("https://api.example/status", every=timedelta(minutes=5), post='{"password":null}')
        page = world.page("acme", posted)
        assert world.feed(page).spec == posted
        world.store.write(lambda tx: queries.upsert_feed(tx, page.id, FeedSpec(posted.url)))
        assert world.feed(page).spec == FeedSpec(posted.url)

    run(story)


def test_a_posted_question_has_a_body_and_no_validators() -> None:
    async def story(world: World) -> None:
        page = world.page("acme", FeedSpec("https://api.example/status", post="{}"))
        world.sites["https://api.example/status"].body = history_body(world.clock.now())
        world.add(page)
        async with world.running():
            await world.clock.advance(61)
        asked = [request for _, request in world.sites["https://api.example/status"].requests]
        assert [(one.post, one.etag, bool(one.wire_digest)) for one in asked] == [("{}", "", False), ("{}", "", True)]

    run(story)


def test_levels_that_did_not_change_are_read_anew_when_names_come() -> None:
    async def story(world: World) -> None:
        names, levels = "https://acme.example/names.json", "https://acme.example/levels.json"
        page = world.page("acme", state(levels), state(names))
        at = world.clock.now().isoformat()
        world.sites[levels].body = json.dumps({"at": at, "components": [{"id": "a", "status": "degraded"}]}).encode()
        world.sites[names].body = json.dumps({"at": at, "components": []}).encode()
        world.add(page)
        async with world.running():
            await world.clock.advance(61)
            world.sites[names].body = json.dumps(
                {"at": at, "components": [{"id": "a", "name": "API"}, {"id": "b", "name": "Web"}]}
            ).encode()
            await world.clock.advance(75)
            asked = [request for _, request in world.sites[levels].requests]
            assert not (asked[-1].etag or asked[-1].wire_digest), "the whole body was wanted"
        known = world.store.read(lambda tx: queries.load_known(tx, page.id, feed_id=None, ids=frozenset()))
        named = {one.id: (one.name, one.status) for one in known.components}
        assert named["a"] == ("API", Status.DEGRADED)
        assert named["b"] == ("Web", Status.UNKNOWN)

    run(story)
