"""The captured time series put through `statuswire replay`, and where what it told differs from the truth beside them.

The truths were counted by a program that knows nothing of this project (see the captures' own README): each kind of
document has another shape of truth, and its own comparison here.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from statuswire.options import ReplayOptions
from statuswire.replay import replay

SUFFIX = ".series.jsonl.xz"
LEVELS = {"degraded_performance": "degraded", "under_maintenance": "maintenance"}
INDICATORS = {"none": "operational", "minor": "degraded", "major": "partial_outage", "critical": "major_outage"}
CLOSING_LABELS = ("Resolved", "Completed", "Postmortem", "Canceled", "Cancelled")
CLOSED = ("resolved", "completed", "postmortem", "cancelled")

Truth = dict[str, Any]


@dataclass
class Replayed:
    """What a replay printed: events with what was kept silently at their end, and the count of everything."""

    events: list[dict[str, Any]]
    summary: str

    @property
    def told(self) -> Counter[tuple[str, str]]:
        """How often each update was told or kept, edits left out."""
        return Counter(
            (event["incident"]["id"], event["update"]["id"])
            for event in self.events
            if "update" in event and event["type"] != "incident.edited"
        )

    @cached_property
    def updates(self) -> Counter[str]:
        """How many updates each incident has."""
        return Counter(incident for incident, _ in self.told)

    @cached_property
    def incidents(self) -> dict[str, dict[str, Any]]:
        """Each incident as its last event has it."""
        return {event["incident"]["id"]: event["incident"] for event in self.events if "incident" in event}

    @cached_property
    def last_said(self) -> dict[str, str]:
        """The phase of each incident by the provider's last word, and not by its silence."""
        said = (event for event in self.events if "update" in event and event["source"] != "infer")
        by_time = sorted(said, key=lambda event: str(event["update"]["at"]))
        return {event["incident"]["id"]: event["update"]["phase"] for event in by_time}

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]


def replayed(*paths: Path, one_page: bool = False, history: bool = False) -> Replayed:
    out, err = io.StringIO(), io.StringIO()
    assert replay(ReplayOptions(paths, one_page=one_page, history=history), out, err) == 0
    return Replayed([json.loads(line) for line in out.getvalue().splitlines()], err.getvalue())


def truth(path: Path) -> Truth:
    read: Truth = json.loads(path.with_name(path.name.replace(SUFFIX, ".truth.json")).read_text(encoding="utf-8"))
    return read


def series_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob(f"*{SUFFIX}"))


def differences(path: Path, result: Replayed) -> list[str]:
    """Where a replay with its history differs from the truth, as sentences; none where they agree."""
    compare = next(compare for part, compare in COMPARISONS if part in str(path))
    twice = [f"{update} of {incident} is told twice" for (incident, update), n in result.told.items() if n > 1]
    return [*twice, *compare(truth(path), result)]


# --- one comparison for each shape of truth ---------------------------------------------------------------------------


def _summary(known: Truth, result: Replayed) -> Iterator[str]:
    """The truth counts group rows as components; we do not, and the rest must agree one by one."""
    cases = {**known["incidents"], **known["maintenances"]}
    yield from _differs("updates", known["updates_total"], len(result.told))
    yield from _differs("incidents", sorted(cases), sorted(result.incidents))
    yield from _differs("edits", len(known["updates_edited_in_place"]), len(result.of("incident.edited")))
    changes = Counter(
        (event["component"]["id"], event["seen_at"], event["component"]["to"])
        for event in result.of("component.status_changed")
    )
    ours = {component for component, _, _ in changes}
    expected = Counter(
        (component, seen, LEVELS.get(after, after))
        for seen, component, _, _, after in known["component_status_changes"]
        if component in ours
    )
    yield from _differs("changes of components", sorted(expected.elements()), sorted(changes.elements()))
    for incident, case in cases.items():
        yield from _differs(f"phase of {incident}", case["final_status_seen"], result.last_said.get(incident))


def _levels(known: Truth, result: Replayed) -> Iterator[str]:
    """`status.json`, which has nothing but the page's own level."""
    expected = [INDICATORS[indicator] for _, indicator, _ in known["indicator_changes"]]
    told = [event["page"]["to"] for event in result.of("page.status_changed")]
    merged = [one for one, before in zip(expected[1:], expected, strict=False) if one != before]
    yield from _differs("levels of the page", merged, told)


def _statuspage_feed(known: Truth, result: Replayed) -> Iterator[str]:
    """A label `Update` says of an incident that it stands where it stood."""
    yield from _differs("incidents", known["incidents_total"], len(result.incidents))
    retimed = sum(count for name, (whole, count) in RETIMED.items() if result.updates[name] == whole)
    yield from _differs("updates", known["updates_total"], len(result.told) - retimed)
    labels = [one["update_labels_newest_first"] for one in known["entries"].values()]
    standing = [next((word for word in one if word != "Update"), "") for one in labels]
    open_at_last = [word for word in standing if word not in CLOSING_LABELS]
    told_open = [phase for phase in result.last_said.values() if phase not in CLOSED]
    yield from _differs("incidents that go on", len(open_at_last), len(told_open))


RETIMED = {"x696x0g4t85l": (6, 2)}
"""Incidents with updates whose times the provider moved by more than a feed without ids can be followed through: how
many updates there are then, and how many of them twice. 16:43 and 16:45 became 16:33 and 16:35 a day later, with the
same words."""


def _apple_feed(known: Truth, result: Replayed) -> Iterator[str]:
    """A third party's feed, most of whose items only say that a service is well: those are no incidents."""
    trouble = [entry for entry in known["entries"].values() if not entry["title"].endswith(": Operational")]
    yield from _differs("incidents", len(trouble), len(result.incidents))


def _edited_feed(known: Truth, result: Replayed) -> Iterator[str]:
    yield from _differs("incidents", known["incidents_total"], len(result.incidents))


def _google(known: Truth, result: Replayed) -> Iterator[str]:
    """Incidents that hit nearly every product in nearly every place name none: they concern everybody."""
    yield from _differs("updates", known["updates_total"], len(result.told))
    for case in known["incidents"].values():
        name = case["id"]
        incident = result.incidents.get(name)
        if incident is None:
            yield f"incident {name} is lost"
            continue
        yield from _differs(f"updates of {name}", case["updates"], result.updates[name])
        yield from _differs(f"phase of {name}", True, incident["phase"] in CLOSED)
        told = sorted({component["name"] for component in incident["components"]})
        if told:
            yield from _differs(f"products of {name}", sorted(set(case["affected_products"])), told)
    yield from _differs("incidents that go on", known["open_in_last_snapshot"], _still_open(result))


def _amazon(known: Truth, result: Replayed) -> Iterator[str]:
    """The truth counts the time marks of the last text; one that was put into another afterwards was told before."""
    yield from _differs("incidents", known["incidents_total"], len(result.incidents))
    yield from _differs("news", known["seen_in_current"], len(result.of("incident.created")))
    for key, case in known["events_seen_in_current"].items():
        name = key.replace("|", "_")
        lost = case["update_blocks"] - result.updates[name]
        if lost > 0:
            yield f"{lost} updates of {name} are lost"
        if lost < -AMAZON_MERGED.get(name, 0):
            yield f"{-lost} updates of {name} are none"


AMAZON_MERGED = {"elasticbeanstalk-us-east-1_1640158400": 1}
"""Events whose provider made two updates one, hours later; seen with one's own eyes."""


def _still_open(result: Replayed) -> list[str]:
    return sorted(name for name, incident in result.incidents.items() if incident["phase"] not in CLOSED)


def _differs(what: str, expected: object, told: object) -> Iterator[str]:
    if expected != told:
        yield f"{what}: {str(expected)[:200]} in truth, {str(told)[:200]} told"


COMPARISONS: tuple[tuple[str, Callable[[Truth, Replayed], Iterator[str]]], ...] = (
    ("/status-2026", _levels),
    ("/history-atom", _statuspage_feed),
    ("/meraki-test-rss/", _edited_feed),
    ("/third-party-rss/", _apple_feed),
    ("/status-cloud-google", _google),
    ("/status-dashboard/", _amazon),
    ("/summary-", _summary),
)
"""By a part of the path; the first that fits."""
