"""Stored documents through the real pipeline: what a series may look like, and what is printed."""

from __future__ import annotations

import gzip
import io
import json
import lzma
from pathlib import Path
from typing import Any

import pytest
import zstandard

from statuswire.errors import ConfigError
from statuswire.options import ReplayOptions
from statuswire.replay import replay


def summary(minute: int, *incidents: dict[str, Any], status: str = "operational") -> str:
    stamp = f"2026-05-04T10:{minute:02}:00.000Z"
    return json.dumps(
        {
            "page": {"id": "q7h2m0x9c4vd", "name": "Acme Relay", "url": "https://s.example", "updated_at": stamp},
            "status": {"indicator": "minor" if incidents else "none", "description": ""},
            "components": [
                {"id": "k3m9s8d1f2gh", "name": "API", "status": status, "updated_at": stamp, "group": False}
            ],
            "incidents": list(incidents),
            "scheduled_maintenances": [],
        }
    )


def slow_api(*updates: tuple[int, str, str]) -> dict[str, Any]:
    rows = [
        {
            "id": f"u{minute}",
            "status": status,
            "body": body,
            "display_at": f"2026-05-04T10:{minute:02}:00.000Z",
            "created_at": f"2026-05-04T10:{minute:02}:00.000Z",
            "updated_at": f"2026-05-04T10:{minute:02}:00.000Z",
        }
        for minute, status, body in updates
    ]
    return {
        "id": "w2x4y6z8b1c3",
        "name": "Slow API",
        "status": updates[-1][1],
        "impact": "minor",
        "created_at": rows[0]["created_at"],
        "updated_at": rows[-1]["created_at"],
        "incident_updates": rows[::-1],
        "components": [],
    }


STEPS = [
    (0, summary(0)),
    (5, summary(5, slow_api((4, "investigating", "Looking.")), status="degraded_performance")),
    (9, ""),
    (10, summary(10, slow_api((4, "investigating", "Looking."), (9, "identified", "A bad deploy.")))),
    (20, summary(20)),
]
LINES = "".join(json.dumps({"captured_at": f"2026-05-04T10:{at:02}:30Z", "body": body}) + "\n" for at, body in STEPS)


def run(*paths: Path, **options: Any) -> tuple[list[dict[str, Any]], str]:
    out, err = io.StringIO(), io.StringIO()
    assert replay(ReplayOptions(paths, **options), out, err) == 0
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


@pytest.fixture
def series(tmp_path: Path) -> Path:
    path = tmp_path / "acme.jsonl"
    path.write_text(LINES, encoding="utf-8")
    return path


def test_a_series_gives_the_events_that_a_monitor_would_have_told(series: Path) -> None:
    events, _ = run(series)

    assert [(event["type"], event["source"]) for event in events] == [
        ("incident.created", "poll"),
        ("component.status_changed", "poll"),
        ("page.status_changed", "poll"),
        ("incident.updated", "poll"),
        ("component.status_changed", "poll"),
        ("page.status_changed", "poll"),
        ("incident.resolved", "infer"),
    ]
    assert [event["id"] for event in events] == [1, 2, 3, 4, 5, 6, 7]
    assert events[0]["page"]["name"] == "Acme Relay"


def test_the_count_of_everything_comes_last_on_standard_error(series: Path) -> None:
    _, summary_text = run(series)

    assert "5 documents, 1 unreadable (1 empty)" in summary_text
    assert "1 incidents and maintenances with 2 updates: 2 told, 0 kept silently" in summary_text


@pytest.mark.parametrize("ending", ["gz", "xz", "zst"])
def test_a_series_may_be_compressed(tmp_path: Path, series: Path, ending: str) -> None:
    squeeze = {"gz": gzip.compress, "xz": lzma.compress, "zst": zstandard.ZstdCompressor().compress}[ending]
    packed = tmp_path / f"acme.jsonl.{ending}"
    packed.write_bytes(squeeze(LINES.encode()))

    assert [event["type"] for event in run(packed)[0]] == [event["type"] for event in run(series)[0]]


def test_series_of_one_page_are_merged_by_time(tmp_path: Path, series: Path) -> None:
    hook = {"page": {"id": "q7h2m0x9c4vd"}, "incident": slow_api((4, "investigating", "Looking."))}
    hooks = tmp_path / "hooks.jsonl"
    line = {"captured_at": "2026-05-04T10:04:10Z", "body": json.dumps(hook), "kind": "hook"}
    hooks.write_text(json.dumps(line) + "\n", encoding="utf-8")

    events, _ = run(series, hooks, one_page=True)

    assert [(event["type"], event["source"]) for event in events if "incident" in event] == [
        ("incident.created", "hook"),
        ("incident.updated", "poll"),
        ("incident.resolved", "infer"),
    ]


def test_two_series_are_two_pages(tmp_path: Path, series: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text(LINES, encoding="utf-8")

    events, _ = run(series, other)

    assert {event["page"]["slug"] for event in events} == {"acme", "other-1"}
    assert len(events) == 14


def test_a_missing_end_of_an_incident_is_told_by_the_history(tmp_path: Path) -> None:
    done = slow_api((4, "investigating", "Looking."), (15, "resolved", "Fixed."))
    steps = [*STEPS[:2], (20, json.dumps({"page": json.loads(summary(20))["page"], "incidents": [done]}))]
    path = tmp_path / "acme.jsonl"
    path.write_text(
        "".join(json.dumps({"captured_at": f"2026-05-04T10:{at:02}:30Z", "body": body}) + "\n" for at, body in steps),
        encoding="utf-8",
    )

    events, _ = run(path)

    assert events[-1]["type"] == "incident.resolved"
    assert events[-1]["update"]["text"] == "Fixed."


def test_silent_history_is_printed_when_asked_for(tmp_path: Path) -> None:
    old = slow_api((4, "investigating", "Looking."), (15, "resolved", "Fixed."))
    body = json.dumps({"page": json.loads(summary(20))["page"], "incidents": [old]})
    path = tmp_path / "acme.jsonl"
    path.write_text(json.dumps({"captured_at": "2026-05-09T10:00:00Z", "body": body}) + "\n", encoding="utf-8")

    silent, _ = run(path)
    shown, _ = run(path, history=True)

    assert silent == []
    assert [event["update"]["text"] for event in shown] == ["Looking.", "Fixed."]


@pytest.mark.parametrize(
    "line", ["not json", '{"body": "x"}', '{"captured_at": "yesterday", "body": ""}', '{"captured_at": 5}']
)
def test_a_line_that_is_none_is_named_with_its_place(tmp_path: Path, line: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(LINES + line + "\n", encoding="utf-8")

    with pytest.raises(ConfigError, match=r"bad\.jsonl:6: one JSON object a line"):
        run(path)


def test_a_missing_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.jsonl: cannot be read as a series"):
        run(tmp_path / "nowhere.jsonl")


def test_an_unknown_platform_names_the_known_ones(series: Path) -> None:
    with pytest.raises(ConfigError, match="statuspage"):
        run(series, platform="statuspag")
