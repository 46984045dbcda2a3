"""Past the parser: what it read goes through the one door in, on a store in memory that forgets it again.

`check_texts` holds the promise that no text of a Snapshot needs repair before a database keeps it: PostgreSQL refuses
NUL, and no encoding can write a lone surrogate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import timedelta

from statuswire import wire
from statuswire.engine import ingest
from statuswire.model import Document, DocumentKind, Page, Snapshot, Source
from statuswire.store import Store, Tx, open_store, queries

_SLUG = "acme"
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


class Undo(Exception):
    """Raised inside a work to have all it wrote rolled back."""


class Pipeline:
    """One store in memory, to record one Snapshot after another in, each as if it were the first.

    Its page knows nothing of itself, so that address, name and zone are learnt from the Snapshot too.
    """

    def __init__(self, store: Store | None = None) -> None:
        self.store = store or open_store("sqlite://")
        self.store.write(_add_page)

    def record(self, snapshot: Snapshot, document: Document) -> None:
        """Record it twice and hold what must hold: all texts are storable, and the second time tells nothing."""
        check_texts(snapshot)
        try:
            self.store.write(lambda tx: _record_twice(tx, snapshot, document))
        except Undo:
            return

    def close(self) -> None:
        self.store.close()


def _add_page(tx: Tx) -> Page:
    return queries.upsert_page(tx, slug=_SLUG, name=_SLUG, url="", platform="generic", origin="config")


def _page(tx: Tx) -> Page:
    page = queries.page_by_slug(tx, _SLUG)
    assert page is not None
    return page


def _record_twice(tx: Tx, snapshot: Snapshot, document: Document) -> None:
    source = Source.HOOK if document.kind is DocumentKind.HOOK else Source.POLL
    now = document.received_at
    ingest.record(tx, _page(tx), snapshot, document=document, source=source, now=now)
    now += timedelta(seconds=30)
    again = ingest.record(tx, _page(tx), snapshot, document=document, source=source, now=now)
    assert not again.events, f"the same document twice tells {[event.type for event in again.events]}"
    ingest.settle(tx, _page(tx), now)
    for event in queries.events_after(tx, 0, 100):
        wire.encode_event(event)
    raise Undo


def check_texts(value: object) -> None:
    """Every text inside is one that each database keeps as it is."""
    for text in texts_in(value):
        found = _UNKEEPABLE.search(text)
        assert found is None, f"a text that no database keeps: {text[max(0, found.start() - 20) : found.end() + 20]!r}"


def texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list | frozenset):
        for item in value:
            yield from texts_in(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts_in(getattr(value, field.name))
