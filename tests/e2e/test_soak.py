"""The whole service against providers that serve real histories step by step, compared with what those histories say.

Every page is a server of its own on loopback that honours ETags and moves on to its next document as soon as the
present one was taken. What must be printed is counted here from the documents themselves, by other means than the
adapters': an update of an incident is an object with an id.
"""

from __future__ import annotations

import asyncio
import json
import lzma
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.fake_provider import Seen, ThreadedProvider, document

from .running import Running
from .waiting import wait_until

pytestmark = pytest.mark.captures

WINDOWS: Mapping[str, slice] = {
    "atlassian-developer/summary-2022-08_2022-11": slice(76, 85),
    "bitbucket/summary-2021-02_2021-06": slice(106, 115),
    "github/summary-2026-01_03": slice(217, 226),
    "opsgenie/summary-2021-07_2022-07": slice(167, 176),
    "oracle-cloud/summary-2021-05_07": slice(12, 21),
    "statuspage-meta/summary-2022-04_2025-02": slice(18, 27),
    "trello/summary-2023-09_2023-12": slice(9, 18),
}
"""Nine documents each in which much happens; the whole series are for the night."""

PATH = "/api/v2/summary.json"
ENDS = ("incident.resolved", "maintenance.completed", "maintenance.cancelled")


class Showing:
    """One series on its way through the service: each request gets the next document, the last one stays.

    `is_over` once the last document was asked for with its own ETag, which a poller does only after recording it.
    """

    def __init__(self, slug: str, bodies: list[bytes]) -> None:
        self.slug = slug
        self.bodies = bodies
        self.is_over = False
        self._scripts = [document(body) for body in bodies]
        self._next = 0

    async def __call__(self, request: Seen, writer: asyncio.StreamWriter) -> bool:
        if self._next < len(self._scripts):
            self._next += 1
        elif "if-none-match" in request.headers:
            self.is_over = True
        return await self._scripts[self._next - 1](request, writer)

    def updates(self) -> set[tuple[str, str]]:
        """Every update that any document shows, as incident id and update id."""
        shown = (entry for body in self.bodies for entry in entries(body))
        return {(entry["id"], update["id"]) for entry in shown for update in entry["incident_updates"]}

    def ended(self) -> set[str]:
        """Incidents that the last document does not show any more."""
        seen = {entry["id"] for body in self.bodies for entry in entries(body)}
        return seen - {entry["id"] for entry in entries(self.bodies[-1])}


def entries(body: bytes) -> Iterator[dict[str, Any]]:
    if body.strip():
        page = json.loads(body)
        yield from page["incidents"]
        yield from page["scheduled_maintenances"]


def series(captures: Path, name: str, part: slice) -> Showing:
    path = captures / "statuspage" / f"{name}.series.jsonl.xz"
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        bodies = [json.loads(line)["body"].encode() for line in lines][part]
    return Showing(f"soak-{name.partition('/')[0]}", bodies)


def watched(showings: list[Showing], folder: Path, patience_s: float) -> dict[str, list[dict[str, Any]]]:
    """The events that the real service printed about each page while all of them played to their end."""
    with ExitStack() as stack:
        pages = [_on_stage(stack.enter_context(ThreadedProvider()), one) for one in showings]
        settings = {"poll": {"interval": "1s", "while_open": "1s"}, "pages": pages, "console": {"format": "json"}}
        config = folder / "soak.yaml"
        config.write_text(json.dumps(settings), encoding="utf-8")
        database = f"sqlite:///{folder / 'soak.db'}"
        service = Running("run", "-c", str(config), "--port", "0", "--database", database, cwd=folder)
        with service:
            wait_until(lambda: all(one.is_over for one in showings), "the end of every series", patience_s)
            assert service.stop() == 0
        events = [json.loads(line) for line in service.lines]
    return {one.slug: [event for event in events if event["page"]["slug"] == one.slug] for one in showings}


def _on_stage(provider: ThreadedProvider, showing: Showing) -> dict[str, Any]:
    provider.script(PATH, showing)
    return {
        "slug": showing.slug,
        "url": provider.url(""),
        "platform": "statuspage",
        "allow_private": True,
    }


def check(showing: Showing, events: list[dict[str, Any]]) -> None:
    """Every update is told once and every end once, and nothing else is told of incidents."""
    told = Counter((event["incident"]["id"], event["update"]["id"]) for event in events if is_telling(event))
    ends = Counter(event["incident"]["id"] for event in events if event["type"] in ENDS)
    assert {pair: count for pair, count in told.items() if pair in showing.updates()} == dict.fromkeys(
        showing.updates(), 1
    ), showing.slug
    assert {incident for incident, _ in told} <= {incident for incident, _ in showing.updates()}
    assert ends == dict.fromkeys(showing.ended(), 1), showing.slug


def is_telling(event: dict[str, Any]) -> bool:
    return "update" in event and event["type"] != "incident.edited"


def test_nine_documents_of_each_page_are_told_once(captures: Path, tmp_path: Path) -> None:
    showings = [series(captures, name, part) for name, part in WINDOWS.items()]

    events = watched(showings, tmp_path, patience_s=60)

    for showing in showings:
        check(showing, events[showing.slug])


@pytest.mark.nightly
def test_every_series_from_its_first_to_its_last_document_is_told_once(captures: Path, tmp_path: Path) -> None:
    showings = [series(captures, name, slice(None)) for name in WINDOWS]

    events = watched(showings, tmp_path, patience_s=1800)

    for showing in showings:
        check(showing, events[showing.slug])
