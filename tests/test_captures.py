"""Real documents and time series, where a folder of them is at hand: everything is read, everything is told once."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from statuswire.errors import ParseError
from statuswire.model import Document
from statuswire.options import ReplayOptions
from statuswire.platforms import parse
from statuswire.replay import replay

pytestmark = pytest.mark.captures

SUMMARIES = (
    "atlassian-developer/summary-2022-08_2022-11",
    "bitbucket/summary-2021-02_2021-06",
    "github/summary-2020-11_2021-01",
    "github/summary-2026-01_03",
    "jira-align/summary-2022-05_2023-09",
    "opsgenie/summary-2021-07_2022-07",
    "oracle-cloud/summary-2021-05_07",
    "statuspage-meta/summary-2022-04_2025-02",
    "trello/summary-2023-09_2023-12",
)
NO_STATUS_PAGES = ("odd-",)
FEED_KINDS = ("rss", "atom")
NOT_DOCUMENTS = ("embedded page data", "truth", "series:", "third-party reconstruction")


@dataclass(frozen=True)
class Replayed:
    """What a replay printed."""

    events: list[dict[str, Any]]
    summary: str

    @property
    def told(self) -> Counter[tuple[str, str]]:
        """How often each update was told, edits left out."""
        return Counter(
            (event["incident"]["id"], event["update"]["id"])
            for event in self.events
            if "update" in event and event["type"] != "incident.edited"
        )

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]


def replayed(*paths: Path, one_page: bool = False, history: bool = False) -> Replayed:
    out, err = io.StringIO(), io.StringIO()
    assert replay(ReplayOptions(paths, one_page=one_page, history=history), out, err) == 0
    return Replayed([json.loads(line) for line in out.getvalue().splitlines()], err.getvalue())


def truth(path: Path) -> dict[str, Any]:
    name = path.name.replace(".series.jsonl.xz", ".truth.json")
    return json.loads(path.with_name(name).read_text(encoding="utf-8"))


def documents(captures: Path) -> Iterator[tuple[str, str, Path]]:
    """Path, kind and file of every single document in the formats that we read."""
    with (captures / "MANIFEST.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            is_ours = row["platform"] in ("statuspage", "incidentio") or row["kind"].startswith(FEED_KINDS)
            if is_ours and not row["kind"].startswith(NOT_DOCUMENTS):
                yield row["path"], row["kind"], captures / row["path"]


def test_every_document_is_read_and_only_what_is_no_status_page_is_refused(captures: Path) -> None:
    refused = []
    count = 0
    for name, kind, path in documents(captures):
        count += 1
        try:
            parse(Document(path.read_bytes(), datetime(2026, 11, 1, tzinfo=UTC)))
        except ParseError as error:
            refused.append((name, kind, str(error)))

    assert count > 40
    assert [one for one in refused if not any(word in one[0] for word in NO_STATUS_PAGES)] == []


def test_every_damaged_document_is_read_or_refused_with_a_reason(captures: Path) -> None:
    for path in sorted((captures / "weird").rglob("*.*")):
        try:
            parse(Document(path.read_bytes(), datetime(2026, 11, 1, tzinfo=UTC)))
        except ParseError as error:
            assert error.reason and str(error), path


@pytest.mark.parametrize("name", SUMMARIES)
def test_a_summary_series_tells_each_incident_and_update_once(captures: Path, name: str) -> None:
    path = captures / "statuspage" / f"{name}.series.jsonl.xz"
    known = truth(path)

    result = replayed(path, history=True)

    assert set(result.told.values()) <= {1}
    assert len(result.told) == known["updates_total"]
    assert {event["incident"]["id"] for event in result.events if "incident" in event} == {
        *known["incidents"],
        *known["maintenances"],
    }
    assert len(result.of("incident.edited")) == len(known["updates_edited_in_place"])


@pytest.mark.parametrize("name", SUMMARIES)
def test_a_summary_series_tells_the_component_changes_of_the_truth(captures: Path, name: str) -> None:
    """The truth counts group rows as components; we do not, and the rest must agree one by one."""
    path = captures / "statuspage" / f"{name}.series.jsonl.xz"

    result = replayed(path)

    changes = Counter(
        (event["component"]["id"], event["seen_at"], event["component"]["to"])
        for event in result.of("component.status_changed")
    )
    ours = {component for component, _, _ in changes}
    words = {"degraded_performance": "degraded", "under_maintenance": "maintenance"}
    expected = Counter(
        (component, seen, words.get(after, after))
        for seen, component, _, _, after in truth(path)["component_status_changes"]
        if component in ours
    )
    assert changes == expected


def test_a_feed_series_tells_or_keeps_each_update_once(captures: Path) -> None:
    path = captures / "statuspage" / "github" / "history-atom-2026-01_03.series.jsonl.xz"

    result = replayed(path, history=True)

    assert set(result.told.values()) == {1}
    assert len(result.told) == truth(path)["updates_total"]


def test_a_summary_and_a_feed_of_one_page_tell_the_union_of_their_updates_once(captures: Path) -> None:
    github = captures / "statuspage" / "github"
    feed = github / "history-atom-2026-01_03.series.jsonl.xz"

    alone = replayed(feed, history=True)
    together = replayed(github / "summary-2026-01_03.series.jsonl.xz", feed, one_page=True, history=True)

    assert set(together.told.values()) == {1}
    assert {id_ for id_, _ in together.told} == {id_ for id_, _ in alone.told}
    assert len(together.told) == len(alone.told)


def test_gaps_in_a_series_close_nothing(captures: Path) -> None:
    """`jira-align` has 64 empty bodies; one incident is still open when the series ends."""
    result = replayed(captures / "statuspage" / "jira-align" / "summary-2022-05_2023-09.series.jsonl.xz")

    assert "64 unreadable (64 empty)" in result.summary
    assert result.of("incident.reopened") == []
