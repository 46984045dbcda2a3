"""One page's documents put through the real pipeline on a store in memory: what is told of each, and what is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from statuswire.channels.console import render
from statuswire.engine.series import Stored
from statuswire.model import Document, DocumentKind, Event, Known, KnownIncident
from statuswire.options import ReplayOptions
from statuswire.replay import Player
from statuswire.store import Store, queries

START = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
PAGE_ID = 1


class Told:
    """Each document arrives a minute after the one before, unless the test moves `now` on."""

    def __init__(self, store: Store, platform: str | None = None, time_zone: str | None = None) -> None:
        self.store = store
        self.now = START
        self.events: list[Event] = []
        self._time_zone = time_zone
        self._player = Player(store, ReplayOptions((Path("acme.jsonl"),), platform=platform, one_page=True))

    def poll(self, body: object, url: str = "https://status.acme-relay.example/") -> list[Event]:
        """What is told of a polled document: bytes as they are, anything else as JSON."""
        return self._take(Document(_bytes(body), self.now, url, time_zone=self._time_zone))

    def hook(self, body: object) -> list[Event]:
        return self._take(Document(_bytes(body), self.now, kind=DocumentKind.HOOK))

    @property
    def known(self) -> Known:
        return self.store.read(lambda tx: queries.load_known(tx, PAGE_ID, feed_id=None, ids=()))

    @property
    def incidents(self) -> list[KnownIncident]:
        """All that are known, whether they go on or not, the latest begun first."""
        listed, _ = self.store.read(lambda tx: queries.incident_list(tx, limit=1000))
        return [incident for _, incident in listed]

    @property
    def levels(self) -> dict[str, str]:
        """The level of each known component, by name."""
        return {one.name: one.status.value for one in self.known.components}

    def _take(self, document: Document) -> list[Event]:
        self.now += timedelta(minutes=1)
        told = list(self._player.play(Stored(0, replace(document, received_at=self.now))))
        self.events += told
        return told


def types(events: Iterable[Event]) -> list[str]:
    return [event.type.value for event in events]


def lines(events: Iterable[Event], format_: str = "default") -> str:
    """What the console would print."""
    return "\n".join(render(event, format_) for event in events)


def _bytes(body: object) -> bytes:
    return body if isinstance(body, bytes) else msgspec.json.encode(body)
