"""Metrics that are not counted but looked up when somebody asks: one value, composed from one read of the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from statuswire.metrics.words import IMPACTS, KINDS, STATE_CODES, closed


@dataclass(frozen=True, slots=True)
class Levels:
    """What the store says now.

    `pages` counts pages by state, `incidents` those under way by kind and impact, `unread` hooks that wait to be read
    and how old the oldest is. By kind of channel: `waiting` deliveries, the age of the oldest, `disabled` channels.
    `page_states` and `component_states` (by page and component) are those that the operator asked for by name, as
    states; `left_out` is how many of them the cap cut off.
    """

    pages: Mapping[str, int] = field(default_factory=dict)
    incidents: Mapping[tuple[str, str], int] = field(default_factory=dict)
    unread: int = 0
    unread_oldest_s: float = 0.0
    waiting: Mapping[str, int] = field(default_factory=dict)
    waiting_oldest_s: Mapping[str, float] = field(default_factory=dict)
    disabled: Mapping[str, int] = field(default_factory=dict)
    page_states: Mapping[str, str] = field(default_factory=dict)
    component_states: Mapping[tuple[str, str], str] = field(default_factory=dict)
    left_out: int = 0


class TotalCollector(Collector):
    """A counter whose totals somebody else keeps: counting each twice would only make it dearer."""

    def __init__(self, name: str, text: str, label: str, words: Collection[str]) -> None:
        self._name, self._text, self._label, self._words = name, text, label, words
        self._totals: dict[str, int] = {}

    def show(self, totals: Mapping[str, int]) -> None:
        shown = dict.fromkeys(self._totals, 0)
        for word, count in totals.items():
            label = closed(word, self._words)
            shown[label] = shown.get(label, 0) + count
        self._totals = shown

    def collect(self) -> Iterable[Metric]:
        family = CounterMetricFamily(self._name, self._text, labels=[self._label])
        for word, total in sorted(self._totals.items()):
            family.add_metric([word], total)
        yield family


class LevelCollector(Collector):
    """The last Levels as metrics; nothing where there are none."""

    def __init__(self, channel_kinds: Collection[str]) -> None:
        self._kinds = channel_kinds
        self.levels: Levels | None = None

    def collect(self) -> Iterator[Metric]:
        shown = self.levels
        if shown is None:
            return
        yield _family("pages", "Pages by state.", ["state"], _all(STATE_CODES, shown.pages))
        yield _family("incidents_open", "Incidents and maintenances under way.", ["kind", "impact"], _open(shown))
        yield _family("inbox_unread", "Hooks that wait to be read.", [], {(): shown.unread})
        yield _family("inbox_oldest_seconds", "Age of the oldest of them.", [], {(): shown.unread_oldest_s})
        yield self._by_channel("deliveries_waiting", "Deliveries that wait to be sent.", shown.waiting)
        yield self._by_channel("delivery_oldest_seconds", "Age of the oldest of them.", shown.waiting_oldest_s)
        yield self._by_channel("channels_disabled", "Channels that are disabled.", shown.disabled)
        yield _family("page_state", _STATE_TEXT, ["page"], {(page,): _code(one) for page, one in _states(shown)})
        parts: dict[tuple[str, ...], float] = {
            key: _code(state) for key, state in sorted(shown.component_states.items())
        }
        yield _family("component_state", _STATE_TEXT, ["page", "component"], parts)
        yield _family("states_left_out", "States asked for that the cap cut off.", [], {(): shown.left_out})

    def _by_channel(self, name: str, text: str, values: Mapping[str, float]) -> Metric:
        return _family(name, text, ["channel"], {(closed(kind, self._kinds),): value for kind, value in values.items()})


_STATE_TEXT = "0 operational, 1 maintenance, 2 unknown, 3 degraded, 4 partial outage, 5 major outage."


def _family(name: str, text: str, labels: list[str], values: Mapping[tuple[str, ...], float]) -> Metric:
    family = GaugeMetricFamily(f"statuswire_{name}", text, labels=labels)
    for label_values, value in values.items():
        family.add_metric(label_values, value)
    return family


def _all(words: Iterable[str], counts: Mapping[str, int]) -> dict[tuple[str, ...], float]:
    return {(word,): counts.get(word, 0) for word in words}


def _open(shown: Levels) -> dict[tuple[str, ...], float]:
    """Every impact of incidents, also where there is none: no series is no answer to how many there are."""
    counts: Counter[tuple[str, ...]] = Counter({("incident", impact): 0 for impact in IMPACTS - {"maintenance"}})
    counts["maintenance", "maintenance"] = 0
    for (kind, impact), count in shown.incidents.items():
        counts[closed(kind, KINDS), closed(impact, IMPACTS)] += count
    return dict(sorted(counts.items()))


def _states(shown: Levels) -> list[tuple[str, str]]:
    return sorted(shown.page_states.items())


def _code(state: str) -> int:
    return STATE_CODES.get(state, STATE_CODES["unknown"])
