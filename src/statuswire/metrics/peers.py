"""Metrics of what replicas say to each other: totals that `peers` keeps itself, shown when somebody asks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

CIRCUIT_STATES = ("closed", "half_open", "open")
QUESTIONS = ("answered", "error", "late", "skipped")
FRAMES = ("sent", "taken", "known", "gap", "refused")
WAYS = ("redis", "postgres", "none")
BURSTS = ("shared", "local")

OPENED = "opened"


@dataclass(frozen=True, slots=True)
class PeerCounts:
    """Totals since the start.

    `circuit` is the state of the circuit to Redis, empty without one. `questions` to it by how they ended, with how
    often the circuit `opened`; `frames` of events; `hints` by the way they went; `bursts` of polls by whose buckets
    they were judged.
    """

    circuit: str = ""
    questions: Mapping[str, int] = field(default_factory=dict)
    frames: Mapping[str, int] = field(default_factory=dict)
    hints: Mapping[str, int] = field(default_factory=dict)
    bursts: Mapping[str, int] = field(default_factory=dict)


class PeerCollector(Collector):
    """The last PeerCounts as metrics; nothing where a process has no peers."""

    def __init__(self) -> None:
        self.counts: PeerCounts | None = None

    def collect(self) -> Iterator[Metric]:
        shown = self.counts
        if shown is None:
            return
        yield _totals("hints", "Hints to other replicas.", "way", WAYS, shown.hints)
        if not shown.circuit:
            return
        circuit = GaugeMetricFamily("statuswire_redis_circuit", "1 for the state it is in.", labels=["state"])
        for state in CIRCUIT_STATES:
            circuit.add_metric([state], float(state == shown.circuit))
        yield circuit
        yield _totals("redis_questions", "Questions to Redis.", "outcome", QUESTIONS, shown.questions)
        opened = CounterMetricFamily("statuswire_redis_opened", "How often Redis was left alone.")
        opened.add_metric([], shown.questions.get(OPENED, 0))
        yield opened
        yield _totals("frames", "Messages with events.", "outcome", FRAMES, shown.frames)
        yield _totals("token_bursts", "Bursts of polls judged.", "by", BURSTS, shown.bursts)


def _totals(name: str, text: str, label: str, words: Collection[str], totals: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(f"statuswire_{name}", text, labels=[label])
    for word in words:
        family.add_metric([word], totals.get(word, 0))
    return family
