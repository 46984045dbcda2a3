"""Every metric of statuswire, its labels, and its text form.

Labels come from closed sets (`platform`, `outcome`, `reason`, `field`, `source`, `answer`, `type`, `state`, `channel`):
never a page, an id, a URL or a word that a provider chose, so that no outside party can make the number of series grow.
A word that is not in its set is counted as `other`.

| metric | kind | labels |
| --- | --- | --- |
| statuswire_build_info | gauge, always 1 | version |
| statuswire_polls_total | counter | outcome |
| statuswire_hooks_total | counter | source, answer |
| statuswire_hook_seconds | histogram | |
| statuswire_events_total | counter | type |
| statuswire_event_lag_seconds | histogram | source |
| statuswire_poll_failures_total | counter | platform, reason |
| statuswire_parse_failures_total | counter | platform, reason |
| statuswire_problems_total | counter | platform |
| statuswire_unknown_words_total | counter | platform, field |
| statuswire_deliveries_total | counter | channel, outcome |
| statuswire_delivery_seconds | histogram | channel |
| statuswire_heartbeats_total | counter | channel, outcome |
| statuswire_store_write_seconds | histogram | |
| statuswire_inbox_waiting | gauge | |
| statuswire_feeds | gauge | state |
| statuswire_offline | gauge | |

The registry is passed in: nothing here is global, and two servers in one process do not count together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from statuswire.errors import FetchReason, ParseReason

OTHER = "other"

POLL_OUTCOMES = (
    frozenset({"not_modified", "unchanged", "changed"})
    | {reason.value for reason in FetchReason}
    | {reason.value for reason in ParseReason}
    | {"store", "error"}
)
"""How a poll can end: well in three ways, with the reason of a FetchError or ParseError, not recorded by the store, or
by a bug of ours."""

HOOK_SOURCES = frozenset({"statuspage", "incident-io", "generic", "webhook", "hooks", "test"})
"""Doors that hooks come in by; every other platform's is `other` until it registers its name with `Metrics`."""

HOOK_ANSWERS = frozenset(
    {
        "accepted",
        "duplicate",
        "bad_json",
        "not_an_object",
        "wrong_type",
        "encoded_body",
        "too_large",
        "slow_body",
        "bad_length",
        "incomplete",
        "missing_signature",
        "malformed_signature",
        "expired_signature",
        "bad_signature",
        "untrusted",
        "cross_site",
        "unknown_address",
        "method_not_allowed",
        "too_many_refusals",
        "overloaded",
        "store_unavailable",
    }
)
EVENT_SOURCES = frozenset({"poll", "hook", "import", "infer"})
PARSE_REASONS = frozenset(reason.value for reason in ParseReason) | {"error"}
POLL_REASONS = PARSE_REASONS | {reason.value for reason in FetchReason} | {"store"}
WORD_FIELDS = frozenset({"page_status", "component_status", "phase", "impact"})
DELIVERY_OUTCOMES = frozenset({"delivered", "later", "refused", "given_up", "disabled"})
HEARTBEAT_OUTCOMES = frozenset({"delivered", "later", "refused", "not_sent", "disabled", "error"})
"""How a sign of life can end: taken, put off or refused by the receiver, not sent at all, none because its channel is
disabled, or by a bug of ours."""

FEED_STATES = frozenset({"new", "ok", "failing", "unreadable", "blocked"})

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Of `Metrics.text`: the Prometheus text format, which every scraper reads."""

_FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
_LAG = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 21600)


class _Polls(Collector):
    """A counter whose totals somebody else keeps: counting each poll twice would only make it dearer."""

    def __init__(self) -> None:
        self.totals: dict[str, int] = {}

    def collect(self) -> Iterable[Metric]:
        family = CounterMetricFamily("statuswire_polls", "Polls by how they ended.", labels=["outcome"])
        for outcome, total in sorted(self.totals.items()):
            family.add_metric([outcome], total)
        yield family


class Metrics:
    """The counters of one running service.

    `platforms`, `event_types` and `channel_kinds` close the label sets that the registries decide. Methods are safe in
    every thread and raise nothing for unknown words.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        *,
        version: str,
        platforms: Collection[str] = (),
        event_types: Collection[str] = (),
        channel_kinds: Collection[str] = (),
    ) -> None:
        # Else every counter doubles its series with the time of its making.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library leaves this one untyped
        self.registry = registry
        self._platforms = frozenset(platforms)
        self._sources = HOOK_SOURCES | self._platforms
        self._types = frozenset(event_types)
        self._kinds = frozenset(channel_kinds)
        self._hook_series: dict[tuple[str, str], Counter] = {}
        self._polls = _Polls()
        registry.register(self._polls)
        self._add_counters(registry)
        self._add_timings(registry)
        self._add_gauges(registry, version)

    def _add_counters(self, registry: CollectorRegistry) -> None:
        self._hooks = Counter(
            "statuswire_hooks", "Webhook requests by door and answer.", ["source", "answer"], registry=registry
        )
        self._events = Counter("statuswire_events", "Events recorded.", ["type"], registry=registry)
        self._poll_failures = Counter(
            "statuswire_poll_failures", "Polls that brought no document.", ["platform", "reason"], registry=registry
        )
        self._parse_failures = Counter(
            "statuswire_parse_failures", "Documents that could not be read.", ["platform", "reason"], registry=registry
        )
        self._problems = Counter(
            "statuswire_problems", "Items skipped and words not understood.", ["platform"], registry=registry
        )
        self._unknown_words = Counter(
            "statuswire_unknown_words", "Words that no table knows.", ["platform", "field"], registry=registry
        )

        self._deliveries = Counter(
            "statuswire_deliveries",
            "Attempts to deliver, by kind of channel and how they ended.",
            ["channel", "outcome"],
            registry=registry,
        )
        self._heartbeats = Counter(
            "statuswire_heartbeats",
            "Heartbeats to channels, by kind of channel and how they ended.",
            ["channel", "outcome"],
            registry=registry,
        )

    def _add_timings(self, registry: CollectorRegistry) -> None:
        self._delivery_seconds = Histogram(
            "statuswire_delivery_seconds", "One attempt to deliver.", ["channel"], registry=registry, buckets=_FAST
        )
        self._hook_seconds = Histogram(
            "statuswire_hook_seconds", "From headers to commit, accepted hooks.", registry=registry, buckets=_FAST
        )
        self._lag_seconds = Histogram(
            "statuswire_event_lag_seconds",
            "From the provider's moment to ours.",
            ["source"],
            registry=registry,
            buckets=_LAG,
        )
        self._write_seconds = Histogram(
            "statuswire_store_write_seconds", "From asking to commit.", registry=registry, buckets=_FAST
        )

    def _add_gauges(self, registry: CollectorRegistry, version: str) -> None:
        self._inbox_waiting = Gauge("statuswire_inbox_waiting", "Requests waiting for their commit.", registry=registry)
        self._feeds = Gauge("statuswire_feeds", "Feeds by state.", ["state"], registry=registry)
        self._offline = Gauge("statuswire_offline", "1 while this machine seems to be offline.", registry=registry)
        Gauge("statuswire_build_info", "Version that runs.", ["version"], registry=registry).labels(version).set(1)

    # --- counting ----------------------------------------------------------------------------------------------

    def answered(self, source: str, answer: str, seconds: float | None = None) -> None:
        """A hook request was answered; `seconds` for accepted ones."""
        labels = _closed(source, self._sources), _closed(answer, HOOK_ANSWERS)
        series = self._hook_series.get(labels)
        if series is None:
            series = self._hook_series[labels] = self._hooks.labels(*labels)
        series.inc()
        if seconds is not None:
            self._hook_seconds.observe(seconds)

    def recorded(self, type_: str, source: str, lag_s: float) -> None:
        """An event was recorded, so many seconds after the provider's moment."""
        self._events.labels(_closed(type_, self._types)).inc()
        self._lag_seconds.labels(_closed(source, EVENT_SOURCES)).observe(lag_s)

    def delivered(self, kind: str, outcome: str, took_s: float) -> None:
        """One attempt to deliver to a channel of that kind ended so."""
        channel = _closed(kind, self._kinds)
        self._deliveries.labels(channel, _closed(outcome, DELIVERY_OUTCOMES)).inc()
        self._delivery_seconds.labels(channel).observe(took_s)

    def beat(self, kind: str, outcome: str) -> None:
        """One heartbeat to a channel of that kind ended so."""
        self._heartbeats.labels(_closed(kind, self._kinds), _closed(outcome, HEARTBEAT_OUTCOMES)).inc()

    def unreadable(self, platform: str, reason: str) -> None:
        """A document, polled or pushed, could not be read; `error` where the reason is a bug of ours."""
        self._parse_failures.labels(_closed(platform, self._platforms), _closed(reason, PARSE_REASONS)).inc()

    def poll_failed(self, platform: str, reason: str) -> None:
        """A poll brought no document that could be read and kept; `error` where the reason is a bug of ours."""
        self._poll_failures.labels(_closed(platform, self._platforms), _closed(reason, POLL_REASONS)).inc()

    def met_problems(self, platform: str, count: int) -> None:
        """So many items were skipped, or words not understood, in one document."""
        if count:
            self._problems.labels(_closed(platform, self._platforms)).inc(count)

    def met_unknown_words(self, platform: str, field: str, count: int) -> None:
        """So many different words of one document stand in no table; `field` says what they should have told."""
        if count:
            self._unknown_words.labels(_closed(platform, self._platforms), _closed(field, WORD_FIELDS)).inc(count)

    def wrote(self, seconds: float) -> None:
        self._write_seconds.observe(seconds)

    # --- levels ------------------------------------------------------------------------------------------------

    def show_polls(self, polls: Mapping[str, int]) -> None:
        """How many polls have ended each way so far; the poller keeps this count itself."""
        self._polls.totals = dict.fromkeys(self._polls.totals, 0)
        for outcome, count in polls.items():
            label = _closed(outcome, POLL_OUTCOMES)
            self._polls.totals[label] = self._polls.totals.get(label, 0) + count

    def set_inbox_waiting(self, count: int) -> None:
        self._inbox_waiting.set(count)

    def set_feeds(self, states: Mapping[str, int]) -> None:
        """How many feeds stand in each state; a state not named has none."""
        for state in FEED_STATES:
            self._feeds.labels(state).set(states.get(state, 0))

    def set_offline(self, is_offline: bool) -> None:
        self._offline.set(1 if is_offline else 0)

    # --- reading -----------------------------------------------------------------------------------------------

    def hooks(self) -> dict[tuple[str, str], int]:
        """How many hook requests, by source and answer, since the start."""
        return {(labels[0], labels[1]): count for labels, count in _totals(self._hooks, "source", "answer")}

    def events(self) -> dict[str, int]:
        """How many events of each type were recorded since the start."""
        return {labels[0]: count for labels, count in _totals(self._events, "type")}

    def documents(self) -> dict[str, dict[str, dict[str, int]]]:
        """What could not be had, read or understood since the start: by kind, platform, and reason or field."""
        return {
            "poll_failures": _nested(self._poll_failures, "reason"),
            "parse_failures": _nested(self._parse_failures, "reason"),
            "unknown_words": _nested(self._unknown_words, "field"),
        }

    def problems(self) -> dict[str, int]:
        """How many items were skipped, or words not understood, by platform, since the start."""
        return {labels[0]: count for labels, count in _totals(self._problems, "platform")}

    def text(self) -> bytes:
        """All series in the Prometheus text format."""
        return generate_latest(self.registry)


def _closed(word: str, words: Collection[str]) -> str:
    return word if word in words else OTHER


def _nested(counter: Counter, name: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for (platform, word), count in _totals(counter, "platform", name):
        found.setdefault(platform, {})[word] = count
    return found


def _totals(counter: Counter, *names: str) -> Iterable[tuple[tuple[str, ...], int]]:
    for family in counter.collect():
        for sample in family.samples:
            if sample.name.endswith("_total"):
                yield tuple(sample.labels[name] for name in names), int(sample.value)
