"""Every metric of statuswire, its labels, and its text form.

Labels come from closed sets (`words.py`): never an id, a URL or a word that a provider chose, so that no outside party
can make the number of series grow. A word that is not in its set is counted as `other`. The one exception is asked for:
the state of pages and components, by name, which the operator picks in `metrics.pages` and `metrics.components`, and
which has a cap.

| metric | kind | labels |
| --- | --- | --- |
| statuswire_build_info | gauge, always 1 | version |
| statuswire_polls_total | counter | outcome |
| statuswire_hooks_total | counter | source, answer |
| statuswire_hook_seconds | histogram | |
| statuswire_signals_total | counter | source, outcome |
| statuswire_events_total | counter | type |
| statuswire_event_lag_seconds | histogram | source |
| statuswire_poll_failures_total | counter | platform, reason |
| statuswire_parse_failures_total | counter | platform, reason |
| statuswire_problems_total | counter | platform |
| statuswire_unknown_words_total | counter | platform, field |
| statuswire_deliveries_total | counter | channel, outcome |
| statuswire_delivery_seconds | histogram | channel |
| statuswire_heartbeats_total | counter | channel, outcome |
| statuswire_leases_total | counter | change |
| statuswire_claims_lost_total | counter | |
| statuswire_share_leases_total | counter | lease, fate |
| statuswire_stale_writes_total | counter | |
| statuswire_shards_held | gauge | |
| statuswire_replicas_live | gauge | |
| statuswire_requests_total | counter | route, status |
| statuswire_request_seconds | histogram | |
| statuswire_streams | gauge | |
| statuswire_streams_dropped_total | counter | reason |
| statuswire_store_write_seconds | histogram | |
| statuswire_store_writable | gauge | |
| statuswire_store_readable | gauge | |
| statuswire_loops_stopped | gauge | |
| statuswire_inbox_waiting | gauge | |
| statuswire_feeds | gauge | state |
| statuswire_offline | gauge | |
| statuswire_pages | gauge | state |
| statuswire_incidents_open | gauge | kind, impact |
| statuswire_inbox_unread | gauge | |
| statuswire_inbox_oldest_seconds | gauge | |
| statuswire_deliveries_waiting | gauge | channel |
| statuswire_delivery_oldest_seconds | gauge | channel |
| statuswire_channels_disabled | gauge | channel |
| statuswire_page_state | gauge | page |
| statuswire_component_state | gauge | page, component |
| statuswire_states_left_out | gauge | |
| statuswire_hints_total | counter | way |
| statuswire_redis_circuit | gauge | state |
| statuswire_redis_questions_total | counter | outcome |
| statuswire_redis_opened_total | counter | |
| statuswire_frames_total | counter | outcome |
| statuswire_token_bursts_total | counter | by |

The registry is passed in: nothing here is global, and two servers in one process do not count together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.exposition import generate_latest

from statuswire.metrics.levels import LevelCollector, Levels, TotalCollector
from statuswire.metrics.peers import PeerCollector, PeerCounts
from statuswire.metrics.words import (
    DELIVERY_OUTCOMES,
    DROP_REASONS,
    EVENT_SOURCES,
    FEED_STATES,
    HEARTBEAT_OUTCOMES,
    HOOK_ANSWERS,
    HOOK_SOURCES,
    LEASE_CHANGES,
    LOST_HOOKS,
    PARSE_REASONS,
    POLL_OUTCOMES,
    POLL_REASONS,
    SHARE_FATES,
    SHARED_LEASES,
    SIGNAL_OUTCOMES,
    SIGNAL_SOURCES,
    STATUS_CLASSES,
    WORD_FIELDS,
    closed,
)

__all__ = ["CONTENT_TYPE", "Levels", "Metrics", "PeerCounts"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Of `Metrics.text`: the Prometheus text format, which every scraper reads."""

_FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
_LAG = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 21600)


class Metrics:
    """The counters of one running service.

    `platforms`, `event_types`, `channel_kinds` and `routes` close the label sets that the registries decide. Methods
    are safe in every thread and raise nothing for unknown words.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        *,
        version: str,
        platforms: Collection[str] = (),
        event_types: Collection[str] = (),
        channel_kinds: Collection[str] = (),
        routes: Collection[str] = (),
    ) -> None:
        # Else every counter doubles its series with the time of its making.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library leaves this one untyped
        self.registry = registry
        self._platforms = frozenset(platforms)
        self._sources = HOOK_SOURCES | self._platforms
        self._types = frozenset(event_types)
        self._kinds = frozenset(channel_kinds)
        self._hook_series: dict[tuple[str, str], Counter] = {}
        self._routes = frozenset(routes)
        self._polls = TotalCollector("statuswire_polls", "Polls by how they ended.", "outcome", POLL_OUTCOMES)
        self._dropped = TotalCollector(
            "statuswire_streams_dropped", "Streams ended or refused by us.", "reason", DROP_REASONS
        )
        self._levels = LevelCollector(self._kinds)
        self._peers = PeerCollector()
        for collector in (self._polls, self._dropped, self._levels, self._peers):
            registry.register(collector)
        self._add_counters(registry)
        self._add_timings(registry)
        self._add_gauges(registry, version)

    def _add_counters(self, registry: CollectorRegistry) -> None:
        self._hooks = Counter(
            "statuswire_hooks", "Webhook requests by door and answer.", ["source", "answer"], registry=registry
        )
        self._signals = Counter(
            "statuswire_signals",
            "What our own monitoring said, by sender and what became of it.",
            ["source", "outcome"],
            registry=registry,
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

        self._leases = Counter(
            "statuswire_leases", "Lanes of deliveries by what became of their leases.", ["change"], registry=registry
        )
        self._claims_lost = Counter(
            "statuswire_claims_lost", "Hooks whose reading another process took over.", registry=registry
        )
        self._share_leases = Counter(
            "statuswire_share_leases",
            "Shards and duties of this process by what became of their leases.",
            ["lease", "fate"],
            registry=registry,
        )
        self._stale_writes = Counter(
            "statuswire_stale_writes", "Results dropped because another process polls the page.", registry=registry
        )
        self._requests = Counter(
            "statuswire_requests", "Requests by route and class of status.", ["route", "status"], registry=registry
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
        self._request_seconds = Histogram(
            "statuswire_request_seconds", "One request, hooks and streams left out.", registry=registry, buckets=_FAST
        )
        self._write_seconds = Histogram(
            "statuswire_store_write_seconds", "From asking to commit.", registry=registry, buckets=_FAST
        )

    def _add_gauges(self, registry: CollectorRegistry, version: str) -> None:
        self._inbox_waiting = Gauge("statuswire_inbox_waiting", "Requests waiting for their commit.", registry=registry)
        self._feeds = Gauge("statuswire_feeds", "Feeds by state.", ["state"], registry=registry)
        self._offline = Gauge("statuswire_offline", "1 while this machine seems to be offline.", registry=registry)
        self._shards_held = Gauge("statuswire_shards_held", "Shards that this process polls.", registry=registry)
        self._replicas_live = Gauge(
            "statuswire_replicas_live",
            "Processes that share the database.",
            registry=registry,
        )
        self._streams = Gauge("statuswire_streams", "Streams that are open.", registry=registry)
        self._loops_stopped = Gauge("statuswire_loops_stopped", "Loops that should run and do not.", registry=registry)
        self._writable = Gauge("statuswire_store_writable", "1 while new facts can be stored.", registry=registry)
        self._readable = Gauge("statuswire_store_readable", "1 while facts can be read.", registry=registry)
        Gauge("statuswire_build_info", "Version that runs.", ["version"], registry=registry).labels(version).set(1)

    # --- counting ----------------------------------------------------------------------------------------------

    def answered(self, source: str, answer: str, seconds: float | None = None) -> None:
        """A hook request was answered; `seconds` for accepted ones."""
        labels = closed(source, self._sources), closed(answer, HOOK_ANSWERS)
        series = self._hook_series.get(labels)
        if series is None:
            for lost in LOST_HOOKS:
                self._hooks.labels(labels[0], lost)
            series = self._hook_series[labels] = self._hooks.labels(*labels)
        series.inc()
        if seconds is not None:
            self._hook_seconds.observe(seconds)

    def signalled(self, source: str, outcome: str, count: int = 1) -> None:
        """So many words of a sender of signals, or one request of it, ended so."""
        if count:
            labels = closed(source, SIGNAL_SOURCES), closed(outcome, SIGNAL_OUTCOMES)
            self._signals.labels(*labels).inc(count)

    def recorded(self, type_: str, source: str, lag_s: float) -> None:
        """An event was recorded, so many seconds after the provider's moment."""
        self._events.labels(closed(type_, self._types)).inc()
        self._lag_seconds.labels(closed(source, EVENT_SOURCES)).observe(lag_s)

    def delivered(self, kind: str, outcome: str, took_s: float) -> None:
        """One attempt to deliver to a channel of that kind ended so."""
        channel = closed(kind, self._kinds)
        for one in DELIVERY_OUTCOMES:  # so that the first one that is given up is a rise and not a beginning
            self._deliveries.labels(channel, one)
        self._deliveries.labels(channel, closed(outcome, DELIVERY_OUTCOMES)).inc()
        self._delivery_seconds.labels(channel).observe(took_s)

    def beat(self, kind: str, outcome: str) -> None:
        """One heartbeat to a channel of that kind ended so."""
        self._heartbeats.labels(closed(kind, self._kinds), closed(outcome, HEARTBEAT_OUTCOMES)).inc()

    def leased(self, change: str) -> None:
        """A lane of deliveries was claimed, taken over or lost."""
        self._leases.labels(closed(change, LEASE_CHANGES)).inc()

    def claim_lost(self) -> None:
        """A hook that was read here is another process's: what came of it was dropped."""
        self._claims_lost.inc()

    def shared(self, lease: str, fate: str, count: int = 1) -> None:
        """So many shards or duties were claimed, taken over, given up or lost by this process."""
        if count:
            self._share_leases.labels(closed(lease, SHARED_LEASES), closed(fate, SHARE_FATES)).inc(count)

    def dropped_stale(self) -> None:
        """What polling found was dropped, because another process polls the page now."""
        self._stale_writes.inc()

    def requested(self, route: str, status: int, seconds: float | None) -> None:
        """A request was answered; `route` is the pattern of its row, `seconds` None for what goes on like a stream."""
        of_class = closed(f"{status // 100}xx", STATUS_CLASSES)
        self._requests.labels(closed(route, self._routes), of_class).inc()
        if seconds is not None:
            self._request_seconds.observe(seconds)

    def unreadable(self, platform: str, reason: str) -> None:
        """A document, polled or pushed, could not be read; `error` where the reason is a bug of ours."""
        self._parse_failures.labels(closed(platform, self._platforms), closed(reason, PARSE_REASONS)).inc()

    def poll_failed(self, platform: str, reason: str) -> None:
        """A poll brought no document that could be read and kept; `error` where the reason is a bug of ours."""
        self._poll_failures.labels(closed(platform, self._platforms), closed(reason, POLL_REASONS)).inc()

    def met_problems(self, platform: str, count: int) -> None:
        """So many items were skipped, or words not understood, in one document."""
        if count:
            self._problems.labels(closed(platform, self._platforms)).inc(count)

    def met_unknown_words(self, platform: str, field: str, count: int) -> None:
        """So many different words of one document stand in no table; `field` says what they should have told."""
        if count:
            self._unknown_words.labels(closed(platform, self._platforms), closed(field, WORD_FIELDS)).inc(count)

    def wrote(self, seconds: float) -> None:
        self._write_seconds.observe(seconds)

    # --- levels ------------------------------------------------------------------------------------------------

    def show_polls(self, polls: Mapping[str, int]) -> None:
        """How many polls have ended each way so far; the poller keeps this count itself."""
        self._polls.show(polls)

    def set_inbox_waiting(self, count: int) -> None:
        self._inbox_waiting.set(count)

    def set_share(self, shards: int, replicas: int) -> None:
        """How many shards this process holds, and how many processes there are."""
        self._shards_held.set(shards)
        self._replicas_live.set(replicas)

    def set_feeds(self, states: Mapping[str, int]) -> None:
        """How many feeds stand in each state; a state not named has none."""
        for state in FEED_STATES:
            self._feeds.labels(state).set(states.get(state, 0))

    def set_offline(self, is_offline: bool) -> None:
        self._offline.set(1 if is_offline else 0)

    def show_streams(self, count: int, dropped: Mapping[str, int]) -> None:
        """How many streams are open, and how many were ended or refused so far, by reason."""
        self._streams.set(count)
        self._dropped.show(dropped)

    def set_standing(self, *, is_writable: bool, stopped_loops: int) -> None:
        self._writable.set(1 if is_writable else 0)
        self._loops_stopped.set(stopped_loops)

    def show_levels(self, levels: Levels | None) -> None:
        """What the store says now; None where it cannot be read, and then nothing is claimed."""
        self._readable.set(0 if levels is None else 1)
        self._levels.levels = levels

    def show_peers(self, counts: PeerCounts | None) -> None:
        """What was said to other replicas so far; None where there are none."""
        self._peers.counts = counts

    # --- reading -----------------------------------------------------------------------------------------------

    def hooks(self) -> dict[tuple[str, str], int]:
        """How many hook requests, by source and answer, since the start."""
        return {(labels[0], labels[1]): count for labels, count in _totals(self._hooks, "source", "answer") if count}

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
