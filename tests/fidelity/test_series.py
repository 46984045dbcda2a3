"""Real histories, replayed: no update lost, none told twice, the right component, the right phase."""

from __future__ import annotations

from pathlib import Path

import pytest

from .replays import SUFFIX, differences, replayed

pytestmark = pytest.mark.captures

GITHUB = "statuspage/github"
QUICK = (
    "apple/third-party-rss/all-apple-services-stable",
    "apple/third-party-rss/all-apple-services-unstable-guids",
    "other/meraki-test-rss/history-2026-03",
    "statuspage/atlassian-developer/summary-2022-08_2022-11",
    "statuspage/bitbucket/summary-2021-02_2021-06",
    f"{GITHUB}/history-atom-2026-01_03",
    f"{GITHUB}/status-2026-01_03",
    f"{GITHUB}/summary-2020-11_2021-01",
    f"{GITHUB}/summary-2026-01_03",
    "statuspage/jira-align/summary-2022-05_2023-09",
    "statuspage/opsgenie/summary-2021-07_2022-07",
    "statuspage/oracle-cloud/summary-2021-05_07",
    "statuspage/statuspage-meta/summary-2022-04_2025-02",
    "statuspage/trello/summary-2023-09_2023-12",
)
LONG = (
    "aws/status-dashboard/data-2021-11_12",
    "gcp/status-cloud-google-2025/incidents-2025-06_2026-08",
    f"{GITHUB}/history-atom-full-2022_2026",
    f"{GITHUB}/summary-full-2020_2026",
)


@pytest.mark.parametrize("name", [*QUICK, *(pytest.param(name, marks=pytest.mark.nightly) for name in LONG)])
def test_a_replay_agrees_with_the_truth(captures: Path, name: str) -> None:
    path = captures / f"{name}{SUFFIX}"

    result = replayed(path, history=True)

    assert differences(path, result) == []


def test_a_summary_and_a_feed_of_one_page_tell_the_union_of_their_updates_once(captures: Path) -> None:
    feed = captures / GITHUB / f"history-atom-2026-01_03{SUFFIX}"

    alone = replayed(feed, history=True)
    together = replayed(captures / GITHUB / f"summary-2026-01_03{SUFFIX}", feed, one_page=True, history=True)

    assert set(together.told.values()) == {1}
    assert {id_ for id_, _ in together.told} == {id_ for id_, _ in alone.told}
    assert len(together.told) == len(alone.told)


def test_gaps_in_a_series_close_nothing(captures: Path) -> None:
    """`jira-align` has 64 empty bodies; one incident is still open when the series ends."""
    result = replayed(captures / "statuspage" / "jira-align" / f"summary-2022-05_2023-09{SUFFIX}")

    assert "64 unreadable (64 empty)" in result.summary
    assert result.of("incident.reopened") == []


def test_every_series_is_compared(captures: Path) -> None:
    there = {str(path.relative_to(captures)).removesuffix(SUFFIX) for path in captures.rglob(f"*{SUFFIX}")}

    assert there == {*QUICK, *LONG}
