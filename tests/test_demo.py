"""The demo: providers in their true shapes, a script with every kind of line, and the whole of it with the service."""

from __future__ import annotations

import asyncio
import io
import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from statuswire import lookup
from statuswire.catalog import Target
from statuswire.demo import performance
from statuswire.demo.playing import demo_config
from statuswire.demo.script import LENGTH_S, SCRIPT, SECRET, HookPost, opening
from statuswire.demo.stage import CAST, Cast, Stage
from statuswire.demo.world import code, ulid
from statuswire.engine.clock import Clock
from statuswire.model import Document, DocumentKind, Phase, Snapshot, Status
from statuswire.net.fetch import Fetched, FetchRequest, NotModified, fetch
from statuswire.net.http import HttpClient
from statuswire.options import DemoOptions
from statuswire.platforms import parsing
from statuswire.signing import verify
from statuswire.verdict import Verdict

START = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
BASES = {one.slug: f"http://127.0.0.1:{place}" for place, one in enumerate(CAST, 4000)}


def played(until: float = LENGTH_S) -> tuple[Stage, list[HookPost]]:
    """The stage as it stands so many seconds into the script, without servers, and the hooks sent so far."""
    now = [START]
    stage = Stage(lambda: now[0], bases=dict(BASES))
    for one in CAST:
        stage.add(one)
    opening(stage, START, 1.0)
    posts = [step.act(stage, START + timedelta(seconds=step.at_s)) for step in SCRIPT if step.at_s <= until]
    return stage, [post for post in posts if post is not None]


def read(stage: Stage, one: Cast, path: str) -> Snapshot:
    content_type, body = one.documents(stage.providers[one.slug], stage.bases[one.slug])[path]
    document = Document(body, START, stage.bases[one.slug] + path, headers={"content-type": content_type})
    return parsing.parse(document)


@pytest.mark.parametrize("one", CAST, ids=lambda one: one.slug)
def test_every_document_is_recognised_as_its_platforms_and_read_without_a_problem(one: Cast) -> None:
    for until in (0.0, 8.0, 16.0, LENGTH_S):
        stage, _ = played(until)
        for path in one.documents(stage.providers[one.slug], stage.bases[one.slug]):
            snapshot = read(stage, one, path)

            assert snapshot.platform == one.platform, path
            assert snapshot.problems == (), path


def test_the_providers_have_a_past_that_is_over() -> None:
    stage, _ = played(0.0)

    history = read(stage, CAST[0], "/api/v2/incidents.json")

    assert [incident.phase for incident in history.incidents] == [Phase.RESOLVED]


def test_a_provider_tells_one_incident_alike_in_all_its_formats() -> None:
    stage, _ = played(10.0)
    acme = CAST[0]

    told = [
        read(stage, acme, path).incidents[0] for path in ("/api/v2/incidents.json", "/history.atom", "/history.rss")
    ]

    assert len({incident.id for incident in told}) == 1
    assert len({tuple(update.text for update in incident.updates) for incident in told}) == 1


def test_hooks_are_read_by_their_platforms_and_signed_where_the_platform_signs() -> None:
    _, posts = played()

    assert {post.path.split("/")[2] for post in posts} == {"statuspage", "incident-io", "generic"}
    for post in posts:
        name = {"statuspage": "statuspage", "incident-io": "incidentio"}.get(post.path.split("/")[2], "generic")
        snapshot = parsing.parse_hook(Document(post.body, START, kind=DocumentKind.HOOK), name)
        assert snapshot.incidents
        if name == "incidentio":
            at = datetime.fromtimestamp(int(post.headers["webhook-timestamp"]), UTC)
            assert verify(post.body, post.headers, [SECRET], at).message_id


def test_at_the_end_everything_is_well() -> None:
    stage, _ = played()

    for provider in stage.providers.values():
        assert all(case.phase.is_closed for case in provider.cases)
        assert not provider.is_dark
        assert all(part.status.value == "operational" for part in provider.parts)


def test_the_script_is_in_order_and_short_enough() -> None:
    moments = [step.at_s for step in SCRIPT]

    assert moments == sorted(moments)
    assert moments[-1] == LENGTH_S <= 26


def test_ids_look_like_the_platforms_own_and_are_stable() -> None:
    assert code("acme") == code("acme") != code("acme2")
    assert len(code("acme")) == 12
    assert len(ulid("acme", START)) == 26
    assert ulid("acme", START) < ulid("acme", START + timedelta(seconds=1))


async def _asked_twice() -> tuple[object, object, object]:
    clock = Clock()
    async with Stage(clock.now) as stage, HttpClient(user_agent="test") as client:
        url = stage.bases["acme-relay"] + "/api/v2/summary.json"
        first = await fetch(client, FetchRequest(url, allow_private=True), clock.now())
        assert isinstance(first, Fetched)
        known = FetchRequest(url, etag=first.etag, allow_private=True)
        second = await fetch(client, known, clock.now())
        stage.providers["acme-relay"].post("acme-relay-past", Phase.POSTMORTEM, "What we learnt.", clock.now())
        return first, second, await fetch(client, known, clock.now())


def test_documents_carry_validators_that_move_only_with_the_page() -> None:
    first, second, third = asyncio.run(_asked_twice())

    assert isinstance(first, Fetched) and first.max_age == timedelta(seconds=1)
    assert isinstance(second, NotModified)
    assert isinstance(third, Fetched)


async def _found(one: Cast) -> Verdict:
    clock = Clock()
    async with Stage(clock.now) as stage, HttpClient(user_agent="test") as client:
        page = Target(one.slug, one.name, stage.bases[one.slug], allow_private=True)
        return await lookup.find(page, client, clock)


@pytest.mark.parametrize("one", CAST, ids=lambda one: one.slug)
def test_detection_finds_out_what_serves_each_page(one: Cast) -> None:
    verdict = asyncio.run(_found(one))

    assert verdict.platform == one.platform
    assert verdict.status is Status.OPERATIONAL
    assert verdict.doubts == ()


def test_the_service_watches_every_provider_each_second_and_trusts_the_signer() -> None:
    stage, _ = played(0.0)

    settings = demo_config(stage, DemoOptions(format="provider"))

    assert [target.slug for target in settings.targets] == [one.slug for one in CAST]
    assert all(target.allow_private for target in settings.targets)
    assert settings.targets[2].feed_url == BASES["brook-pay"] + "/history.atom"
    assert settings.poll.interval == timedelta(seconds=1)
    assert settings.hooks.revealed() == {"incident-io": (SECRET,)}


def test_the_whole_demo_tells_every_update_once() -> None:
    out = io.StringIO()

    code_ = performance.run(DemoOptions(speed=6, format="json"), out)

    events = [json.loads(line) for line in out.getvalue().splitlines() if line.startswith("{")]
    told = Counter((one["incident"]["title"], one["update"]["text"]) for one in events if "update" in one)
    assert code_ == 0
    assert max(told.values()) == 1
    assert ("Slow payments", "Card payments take longer.") in told
    assert {title for title, _ in told} == {
        "Database upgrade",
        "Elevated error rates",
        "Mail was not delivered",
        "Orders are delayed",
        "Packet loss",
        "Slow chat answers",
        "Slow payments",
        "Tickets are late",
    }
    assert {"hook", "poll"} <= {one["source"] for one in events}
    assert not any("last week" in title for title, _ in told)
