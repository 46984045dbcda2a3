"""Metrics: closed label sets, one registry per service, and numbers that can be read back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

import statuswire.metrics
from statuswire.metrics import Levels, Metrics, PeerCounts

PLATFORMS = ("statuspage", "incident-io")
TYPES = ("incident.created", "heartbeat")


@pytest.fixture
def metrics() -> Metrics:
    return make()


def make() -> Metrics:
    return Metrics(CollectorRegistry(), version="1.2.3", platforms=PLATFORMS, event_types=TYPES)


def series(metrics: Metrics) -> set[tuple[str, tuple[tuple[str, str], ...]]]:
    families = text_string_to_metric_families(metrics.text().decode())
    return {(s.name, tuple(sorted(s.labels.items()))) for family in families for s in family.samples}


def levels(word: str, name: str = "acme") -> Levels:
    """Everything that could be said with that word; pages and components are those that the operator named."""
    return Levels(
        pages={word: 1},
        incidents={(word, word): 1},
        waiting={word: 1},
        waiting_oldest_s={word: 1},
        disabled={word: 1},
        page_states={name: word},
        component_states={(name, "API"): word},
    )


def use_all(metrics: Metrics, word: str) -> None:
    metrics.show_polls({word: 1})
    metrics.answered(word, word, 0.1)
    metrics.recorded(word, word, 1.0)
    metrics.signalled(word, word)
    metrics.delivered(word, word, 0.1)
    metrics.beat(word, word)
    metrics.unreadable(word, word)
    metrics.poll_failed(word, word)
    metrics.met_problems(word, 1)
    metrics.met_unknown_words(word, word, 1)
    metrics.set_feeds({word: 1})
    metrics.leased(word)
    metrics.shared(word, word)
    metrics.dropped_stale()
    metrics.set_share(128, 2)
    metrics.requested(word, 200, 0.1)
    metrics.show_streams(1, {word: 1})
    metrics.set_standing(is_writable=True, stopped_loops=0)
    metrics.show_levels(levels(word))
    some = {word: 1}
    metrics.show_peers(PeerCounts(word or "open", some, some, some, some))


def test_polls_are_counted_by_outcome(metrics: Metrics) -> None:
    metrics.show_polls({"not_modified": 2, "timeout": 1})
    metrics.show_polls({"not_modified": 3, "timeout": 1})

    assert b'statuswire_polls_total{outcome="not_modified"} 3.0' in metrics.text()
    assert b'statuswire_polls_total{outcome="timeout"} 1.0' in metrics.text()


def test_hooks_are_counted_by_source_and_answer(metrics: Metrics) -> None:
    metrics.answered("statuspage", "accepted", 0.002)
    metrics.answered("webhook", "bad_json")

    assert metrics.hooks() == {("statuspage", "accepted"): 1, ("webhook", "bad_json"): 1}


def test_events_are_counted_by_type(metrics: Metrics) -> None:
    metrics.recorded("incident.created", "hook", 2.1)

    assert metrics.events() == {"incident.created": 1}


@given(words=st.lists(st.text(max_size=30), min_size=1, max_size=30))
def test_u12_no_outside_word_ever_adds_a_series(words: list[str]) -> None:
    metrics = make()
    use_all(metrics, "surely unknown")
    before = series(metrics)

    for word in words:
        use_all(metrics, "x" + word)

    assert series(metrics) == before


def test_two_services_in_one_process_do_not_count_together() -> None:
    first, second = make(), make()

    first.answered("test", "accepted")

    assert second.hooks() == {}


def test_a_document_without_problems_adds_nothing(metrics: Metrics) -> None:
    metrics.met_problems("statuspage", 0)
    metrics.met_unknown_words("statuspage", "phase", 0)

    assert b'platform="statuspage"' not in metrics.text()


def test_unknown_words_are_counted_by_platform_and_field(metrics: Metrics) -> None:
    metrics.met_unknown_words("statuspage", "phase", 2)
    metrics.met_unknown_words("statuspage", "phase", 1)

    assert b'statuswire_unknown_words_total{field="phase",platform="statuspage"} 3.0' in metrics.text()


def test_what_could_not_be_had_or_understood_can_be_read_back(metrics: Metrics) -> None:
    metrics.poll_failed("statuspage", "timeout")
    metrics.poll_failed("statuspage", "html")
    metrics.unreadable("statuspage", "html")
    metrics.met_unknown_words("incident-io", "phase", 2)
    metrics.met_problems("incident-io", 3)

    assert metrics.documents() == {
        "poll_failures": {"statuspage": {"timeout": 1, "html": 1}},
        "parse_failures": {"statuspage": {"html": 1}},
        "unknown_words": {"incident-io": {"phase": 2}},
    }
    assert metrics.problems() == {"incident-io": 3}


def test_feeds_that_left_a_state_are_no_longer_counted_in_it(metrics: Metrics) -> None:
    metrics.set_feeds({"ok": 2, "failing": 1})
    metrics.set_feeds({"ok": 3})

    assert b'statuswire_feeds{state="ok"} 3.0' in metrics.text()
    assert b'statuswire_feeds{state="failing"} 0.0' in metrics.text()


def test_levels_and_the_version_are_shown(metrics: Metrics) -> None:
    metrics.set_inbox_waiting(7)
    metrics.set_offline(True)
    metrics.wrote(0.003)

    text = metrics.text().decode()

    assert "statuswire_inbox_waiting 7.0" in text
    assert "statuswire_offline 1.0" in text
    assert 'statuswire_build_info{version="1.2.3"} 1.0' in text
    assert "statuswire_store_write_seconds_count 1.0" in text


def test_the_module_docstring_lists_every_metric_with_its_labels() -> None:
    source = Path(statuswire.metrics.__file__).read_text()
    rows = [line.split("|") for line in source.splitlines() if line.startswith("| statuswire_")]
    documented = {row[1].strip().removesuffix("_total"): set(row[3].replace(",", " ").split()) for row in rows}
    metrics = make()
    use_all(metrics, "timeout")
    families = {
        family.name: {label for sample in family.samples for label in sample.labels} - {"le"}
        for family in metrics.registry.collect()
    }

    assert documented == families


def test_what_must_not_happen_stands_at_zero_before_it_does(metrics: Metrics) -> None:
    metrics.answered("test", "accepted")
    metrics.delivered("other", "delivered", 0.1)

    text = metrics.text().decode()

    assert 'statuswire_hooks_total{answer="store_unavailable",source="test"} 0.0' in text
    assert 'statuswire_deliveries_total{channel="other",outcome="given_up"} 0.0' in text
    assert metrics.hooks() == {("test", "accepted"): 1}
