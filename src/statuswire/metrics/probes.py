"""What `/probe` says of one page, in our own words or in those of the exporters that people come from. Pure.

- `statuswire`: `probe_success` and `probe_duration_seconds` as Prometheus' blackbox exporter has them, and our own;
- `sergeyshevch`: sergeyshevch/statuspage-exporter, `pkg/prober/handler.go` and `pkg/engines/types/types.go`, and for
  those who still have the series of its first versions `pkg/metrics/metrics.go` and `pkg/utils/statusMapper.go`;
- `vladvasiliu`: vladvasiliu/statuspage-exporter, `src/scraper.rs`. All read 2026-11-29.

The names `statuspage_component` and `statuspage_overall` have other labels in each of the two, so that one answer
speaks like one of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from statuswire.metrics.words import STATE_CODES


@dataclass(frozen=True, slots=True)
class Part:
    """A component, or a group, in which case `state` is the worst of it. `changed_at` is in seconds since 1970."""

    name: str
    group: str
    state: str
    changed_at: float


@dataclass(frozen=True, slots=True)
class Probed:
    """What is known of one page. `target` is how it was asked for. `is_current`: it was read, and can be read now;
    moments are in seconds since 1970, None for one that there was not. `open` is by kind and impact."""

    target: str
    slug: str
    name: str
    state: str
    is_current: bool
    took_s: float = 0.0
    read_at: float | None = None
    changed_at: float | None = None
    open: Mapping[tuple[str, str], int] = field(default_factory=dict)
    components: tuple[Part, ...] = ()
    groups: tuple[Part, ...] = ()


Values = Iterable[tuple[Sequence[str], float]]
Dialect = Callable[[Sequence[Probed]], Iterator[Metric]]


def text_of(dialect: str, probed: Sequence[Probed]) -> bytes:
    """In the Prometheus text format. Raises KeyError for a dialect that there is not."""
    registry = CollectorRegistry()
    registry.register(_Once(DIALECTS[dialect], probed))
    return generate_latest(registry)


class _Once(Collector):
    def __init__(self, dialect: Dialect, probed: Sequence[Probed]) -> None:
        self._dialect, self._probed = dialect, probed

    def collect(self) -> Iterator[Metric]:
        return self._dialect(self._probed)


def _gauge(name: str, text: str, labels: Sequence[str], values: Values) -> Metric:
    family = GaugeMetricFamily(name, text, labels=labels)
    for label_values, value in values:
        family.add_metric(list(label_values), value)
    return family


# --- our own -----------------------------------------------------------------------------------------------------

_STATES: Final = "0 operational, 1 maintenance, 2 unknown, 3 degraded, 4 partial outage, 5 major outage."


def _ours(probed: Sequence[Probed]) -> Iterator[Metric]:
    yield _gauge(
        "probe_success", "Whether what is said of the page is current.", [], (((), one.is_current) for one in probed)
    )
    yield _gauge("probe_duration_seconds", "How long the answer took.", [], (((), one.took_s) for one in probed))
    yield _gauge(
        "probe_page_state", f"The page. {_STATES}", ["page"], (((one.slug,), _code(one.state)) for one in probed)
    )
    yield _gauge("probe_component_state", f"A component. {_STATES}", ["page", "component"], _component_codes(probed))
    yield _gauge("probe_incidents_open", "What is open.", ["page", "kind", "impact"], _open(probed))
    read = (((one.slug,), one.read_at) for one in probed if one.read_at is not None)
    yield _gauge("probe_page_read_timestamp_seconds", "When the page was last read.", ["page"], read)


def _component_codes(probed: Sequence[Probed]) -> Values:
    for one in probed:
        named = ((f"{part.group} / {part.name}" if part.group else part.name, part.state) for part in one.components)
        yield from (((one.slug, name), _code(state)) for name, state in _worst_by_name(named).items())


def _open(probed: Sequence[Probed]) -> Values:
    """Also where there is none, so that a rise is seen."""
    for one in probed:
        counts = {("incident", "major"): 0, ("incident", "critical"): 0, ("incident", "minor"): 0, **one.open}
        yield from (((one.slug, *key), count) for key, count in sorted(counts.items()))


def _code(state: str) -> int:
    return STATE_CODES.get(state, STATE_CODES["unknown"])


def _worst_by_name(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Of several with one name the worst counts: a series can have one value."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, state in named:
        found[name].append(state)
    return {name: max(states, key=_code) for name, states in found.items()}


def _parts(one: Probed) -> dict[str, str]:
    """Names as Statuspage's list has them: components without their groups, and groups as rows of their own."""
    return _worst_by_name((part.name, part.state) for part in (*one.components, *one.groups))


# --- sergeyshevch/statuspage-exporter ----------------------------------------------------------------------------

_LEVELS: Final[Mapping[str, int]] = MappingProxyType(
    {"operational": 1, "maintenance": 2, "degraded": 3, "partial_outage": 4, "major_outage": 5}
)
"""0 is what nobody knows; a 6 for security issues is something that no page says."""

_OLD_LEVELS: Final[Mapping[str, int]] = MappingProxyType(
    {"operational": 1, "degraded": 2, "partial_outage": 3, "major_outage": 4}
)
"""Of its first versions, which had no number for maintenance: it was 0, as what nobody knows."""

_SERVICE: Final = ("service", "status_page_url")


def _sergeyshevch(probed: Sequence[Probed]) -> Iterator[Metric]:
    """Its current version, whose own probe takes every component for unknown, and the one series of the first ones."""
    labels = [*_SERVICE, "component"]
    yield _gauge("statuspage_component", "Status of a service component, 0 to 6.", labels, _levels(probed, _LEVELS))
    overall = (((one.name, one.target), _LEVELS.get(one.state, 0)) for one in probed)
    yield _gauge("statuspage_overall", "Overall status of a service, 0 to 6.", _SERVICE, overall)
    yield _gauge("service_status", "Status of a service component, 0 to 4.", labels, _levels(probed, _OLD_LEVELS))
    took = (((one.target,), one.took_s) for one in probed)
    yield _gauge("service_status_fetch_duration_seconds", "How long the answer took.", ["status_page_url"], took)


def _levels(probed: Sequence[Probed], numbers: Mapping[str, int]) -> Values:
    for one in probed:
        yield from (((one.name, one.target, name), numbers.get(state, 0)) for name, state in _parts(one).items())


# --- vladvasiliu/statuspage-exporter -----------------------------------------------------------------------------

_INDICATORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "maintenance": "maintenance",
        "critical": "major_outage",
        "major": "partial_outage",
        "minor": "degraded",
        "none": "operational",
    }
)
_STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "operational": "operational",
        "degraded_performance": "degraded",
        "partial_outage": "partial_outage",
        "major_outage": "major_outage",
        "under_maintenance": "maintenance",
    }
)


def _vladvasiliu(probed: Sequence[Probed]) -> Iterator[Metric]:
    """One page: its labels name none. What nobody knows is none of its words, so that all of them are 0; a page that
    cannot be read says only that it was not, as there."""
    yield _gauge(
        "statuspage_probe_success", "Whether what is said of the page is current.", [],
        (((), one.is_current) for one in probed),
    )  # fmt: skip
    current = [one for one in probed if one.is_current]
    indicators = (((word,), one.state == state) for one in current for word, state in _INDICATORS.items())
    yield _gauge("statuspage_overall", "Overall status of this service.", ["indicator"], indicators)
    yield _gauge("statuspage_component", "Status of each component.", ["component", "status"], _one_hot(current))
    changes = (((), one.changed_at) for one in current if one.changed_at is not None)
    yield _gauge("statuspage_timestamp", "When the page last changed.", [], changes)
    yield _gauge("statuspage_component_timestamp", "When the component last changed.", ["component"], _changes(current))


def _one_hot(probed: Sequence[Probed]) -> Values:
    for one in probed:
        for name, state in _parts(one).items():
            yield from (((name, word), state == meant) for word, meant in _STATUSES.items())


def _changes(probed: Sequence[Probed]) -> Values:
    for one in probed:
        latest: dict[str, float] = {}
        for part in (*one.components, *one.groups):
            latest[part.name] = max(part.changed_at, latest.get(part.name, part.changed_at))
        yield from (((name,), at) for name, at in latest.items())


DIALECTS: Final[Mapping[str, Dialect]] = MappingProxyType(
    {"statuswire": _ours, "sergeyshevch": _sergeyshevch, "vladvasiliu": _vladvasiliu}
)
OF_MANY: Final = ("sergeyshevch",)
"""Those whose labels tell pages apart, so that all may stand in one answer."""
