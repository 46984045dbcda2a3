"""Real documents of Statuspage give what an independent count found in them."""

from __future__ import annotations

import csv
import json
import lzma
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError
from statuswire.fingerprint import fold_text, minute
from statuswire.model import Document, Incident, Kind, Snapshot
from statuswire.platforms.sight import Sight
from statuswire.platforms.statuspage import PLATFORM, parse

pytestmark = pytest.mark.captures

SUMMARY_SERIES = [
    "trello/summary-2023-09_2023-12",
    "jira-align/summary-2022-05_2023-09",
    "github/summary-2020-11_2021-01",
    "github/summary-2026-01_03",
    "bitbucket/summary-2021-02_2021-06",
]
READ_AT = datetime.fromisoformat("2026-11-20T00:00:00+00:00")


def snapshots(captures: Path, name: str, url: str) -> Iterator[Snapshot | ParseError]:
    with lzma.open(captures / "statuspage" / f"{name}.series.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            document = Document(row["body"].encode(), datetime.fromisoformat(row["captured_at"]), url=url)
            try:
                yield parse(document)
            except ParseError as error:
                yield error


def truth(captures: Path, name: str) -> dict[str, object]:
    loaded: dict[str, object] = json.loads((captures / "statuspage" / f"{name}.truth.json").read_text())
    return loaded


@pytest.mark.parametrize("name", SUMMARY_SERIES)
def test_a_series_of_summaries_holds_what_was_counted(captures: Path, name: str) -> None:
    expected = truth(captures, name)

    ids: dict[Kind, set[str]] = {Kind.INCIDENT: set(), Kind.MAINTENANCE: set()}
    updates: set[tuple[str, str]] = set()
    empty: list[int] = []
    for seq, read in enumerate(snapshots(captures, name, "https://page.example/api/v2/summary.json")):
        if isinstance(read, ParseError):
            empty.append(seq)
            continue
        assert (len(read.covers), read.problems) == (3, ())
        for incident in read.incidents:
            ids[incident.kind].add(incident.id)
            updates |= {(incident.id, update.id) for update in incident.updates}

    assert {
        "incidents_total": len(ids[Kind.INCIDENT]),
        "maintenances_total": len(ids[Kind.MAINTENANCE]),
        "updates_total": len(updates),
        "empty_snapshots": empty,
    }.items() <= expected.items()


def test_a_series_of_feeds_holds_the_labels_that_were_counted(captures: Path) -> None:
    name = "github/history-atom-2026-01_03"
    entries = next(
        value
        for value in truth(captures, name).values()
        if isinstance(value, dict) and any("Incident/" in key for key in value)
    )

    last: dict[str, Incident] = {}
    for read in snapshots(captures, name, "https://page.example/history.atom"):
        assert isinstance(read, Snapshot)
        last |= {alias: incident for incident in read.incidents for alias in incident.aliases}

    for atom_id, entry in entries.items():
        labels = [update.raw_phase for update in reversed(last[atom_id].updates)]
        assert labels == entry["update_labels_newest_first"]


def test_json_and_feed_of_the_same_weeks_agree_on_every_update(captures: Path) -> None:
    told: dict[str, set[tuple[str, str, object]]] = {}
    for read in snapshots(captures, "github/summary-2026-01_03", "https://page.example/api/v2/summary.json"):
        assert isinstance(read, Snapshot)
        for incident in read.incidents:
            told.setdefault(incident.id, set()).update(_facts(incident))

    shown: dict[str, set[tuple[str, str, object]]] = {}
    for read in snapshots(captures, "github/history-atom-2026-01_03", "https://page.example/history.atom"):
        assert isinstance(read, Snapshot)
        for incident in read.incidents:
            shown.setdefault(incident.id, set()).update(_facts(incident))

    assert all(told[code] <= shown[code] for code in told)


def _facts(incident: Incident) -> set[tuple[str, str, object]]:
    return {(minute(update.at), fold_text(update.text), update.phase) for update in incident.updates}


def test_every_single_document_is_read_or_known_to_be_odd(captures: Path) -> None:
    with (captures / "MANIFEST.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["platform"] == "statuspage"]

    for row in rows:
        if row["kind"] in ("truth", "third-party reconstruction") or row["kind"].startswith("series"):
            continue
        document = Document((captures / row["path"]).read_bytes(), READ_AT)
        is_odd = "not a status page" in row["kind"]
        assert PLATFORM.recognize(Sight(document)) is not is_odd, row["path"]
        if is_odd:
            with pytest.raises(ParseError):
                parse(document)
        else:
            assert parse(document).problems == (), row["path"]
