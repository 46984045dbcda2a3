"""Which words of a document count as unknown, and that polls and hooks count them."""

from __future__ import annotations

import json

import pytest
from prometheus_client import CollectorRegistry

from statuswire.engine.counting import count_snapshot, unknown_words
from statuswire.metrics import Metrics
from statuswire.metrics.words import WORD_FIELDS
from statuswire.model import (
    Component,
    FeedSpec,
    Impact,
    Incident,
    IncidentUpdate,
    PageFacts,
    Phase,
    Problem,
    Snapshot,
    Status,
)
from tests.engine.polling import Site, World, run


def component(name: str, word: str, status: Status = Status.UNKNOWN) -> Component:
    return Component(name, name, status=status, raw_status=word)


def update(word: str, phase: Phase | None = Phase.UNKNOWN) -> IncidentUpdate:
    return IncidentUpdate(word, phase, "Something.", None, raw_phase=word)


def test_D16_a_word_that_became_unknown_is_counted_once_for_its_document() -> None:
    snapshot = Snapshot("test", components=(component("API", "Purple"), component("Web", "purple")))

    assert unknown_words(snapshot)["component_status"] == 1


@pytest.mark.parametrize("word", ["unknown", "Paused", "no_data", ""])
def test_a_word_that_means_unknown_or_no_word_at_all_is_not_counted(word: str) -> None:
    assert unknown_words(Snapshot("test", components=(component("API", word),)))["component_status"] == 0


def test_a_word_that_was_understood_is_not_counted() -> None:
    snapshot = Snapshot("test", components=(component("API", "purple", Status.DEGRADED),))

    assert unknown_words(snapshot)["component_status"] == 0


def test_the_phases_of_an_incident_and_of_its_updates_are_one_kind_of_word() -> None:
    updates = (update("pondering"), update("musing"), update("as before", None))
    incident = Incident("i1", "Slow API", phase=Phase.UNKNOWN, raw_phase="pondering", updates=updates)

    assert unknown_words(Snapshot("test", incidents=(incident,)))["phase"] == 2


def test_impacts_and_the_roll_up_of_the_page_are_counted_too() -> None:
    incident = Incident("i1", "Slow API", impact=Impact.UNKNOWN, raw_impact="terrible")
    words = unknown_words(Snapshot("test", PageFacts(status=Status.UNKNOWN), incidents=(incident,)))

    assert (words["impact"], words["page_status"]) == (1, 1)


def test_every_kind_of_word_has_its_label() -> None:
    assert set(unknown_words(Snapshot("test"))) == WORD_FIELDS


def test_a_snapshot_counts_its_problems_and_its_unknown_words() -> None:
    metrics = Metrics(CollectorRegistry(), version="1.2.3", platforms=("test",))
    problems = (Problem("components[0].status", "unknown word 'purple'"), Problem("components[1]", "no name"))

    count_snapshot(metrics, Snapshot("test", components=(component("API", "purple"),), problems=problems))

    assert b'statuswire_problems_total{platform="test"} 2.0' in metrics.text()
    assert b'statuswire_unknown_words_total{field="component_status",platform="test"} 1.0' in metrics.text()


def test_D16_a_polled_document_counts_when_it_is_recorded_and_not_with_each_poll() -> None:
    async def story(world: World) -> None:
        page = world.page("acme")
        told = {"incidents": [{"id": "i1", "phase": "pondering"}], "problems": ["unknown word 'pondering'"]}
        world.site(page).body = json.dumps(told).encode()
        world.add(page)
        async with world.running():
            await world.clock.advance(600)

        assert len(world.site(page).times) > 5
        assert b'statuswire_unknown_words_total{field="phase",platform="test"} 1.0' in world.metrics.text()
        assert b'statuswire_problems_total{platform="test"} 1.0' in world.metrics.text()

    run(story)


def test_polled_documents_that_cannot_be_read_are_counted_by_platform_and_reason() -> None:
    async def story(world: World) -> None:
        page = world.page("acme")
        world.site(page).body = b"<html>"
        world.add(page)
        async with world.running():
            await world.clock.advance(100)

        polls = len(world.site(page).times)
        counted = f'statuswire_parse_failures_total{{platform="test",reason="html"}} {polls:.1f}'
        assert polls > 1
        assert counted.encode() in world.metrics.text()

    run(story)


@pytest.mark.parametrize(("body", "reason"), [(b"<html>", "html"), (None, "not_found"), (b"!", "error")])
def test_polls_that_bring_no_document_are_counted_by_platform_and_reason(body: bytes | None, reason: str) -> None:
    async def story(world: World) -> None:
        page = world.page("acme")
        world.site(page).body = body
        world.add(page)
        async with world.running():
            await world.clock.advance(100)

        polls = len(world.site(page).times)
        counted = f'statuswire_poll_failures_total{{platform="test",reason="{reason}"}} {polls:.1f}'
        assert counted.encode() in world.metrics.text()

    run(story)


def test_documents_that_others_point_to_are_counted_as_all_are() -> None:
    async def story(world: World) -> None:
        index, broken, odd = (f"https://acme.example/{name}" for name in ("index", "broken", "odd"))
        page = world.page("acme", FeedSpec(index))
        world.sites[index].body = json.dumps({"more": [broken, odd]}).encode()
        world.sites[broken] = Site(b"<html>")
        world.sites[odd] = Site(json.dumps({"incidents": [{"id": "i1", "phase": "pondering"}]}).encode())
        world.add(page)
        async with world.running():
            await world.clock.advance(30)

        assert world.metrics.documents() == {
            "poll_failures": {"test": {"html": 1}},
            "parse_failures": {"test": {"html": 1}},
            "unknown_words": {"test": {"phase": 1}},
        }

    run(story)
