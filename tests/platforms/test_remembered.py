"""What a process remembers of earlier documents never shows: each document reads as it does in a fresh process."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from statuswire.errors import ParseError
from statuswire.model import Document, Snapshot
from statuswire.platforms import PLATFORMS
from tests.platforms.golden import cases, document_of, snapshot_of
from tests.platforms.memories import Memory, memories_of_ours

SHIFTS = (timedelta(0), timedelta(days=-2000), timedelta(days=400), timedelta(hours=1))
"""Received at its time; before and after all that the document tells of; soon after."""
ZONES = (None, "Asia/Tokyo")


@pytest.mark.parametrize("platform", list(PLATFORMS))
def test_a_document_reads_the_same_whatever_was_read_before(platform: str) -> None:
    documents = _documents(platform)
    memories = memories_of_ours()
    fresh = [_read_afresh(platform, document, memories) for document in documents]
    order = list(range(len(documents)))
    shuffled = random.Random(platform).sample(order, len(order))

    for place in (*order, *order, *reversed(order), *shuffled):
        assert _read(platform, documents[place]) == fresh[place], documents[place].url


def _documents(platform: str) -> list[Document]:
    """Every golden document of the platform, received at several times and in several zones."""
    return [
        replace(document, received_at=document.received_at + shift, headers=_undated(document), time_zone=zone)
        for case in cases()
        if case.platform == platform
        for document in [document_of(case)]
        for shift in SHIFTS
        for zone in {*ZONES, document.time_zone}
    ]


def _undated(document: Document) -> dict[str, str]:
    """The headers without those that would say when it was served, whenever it is received."""
    return {name: value for name, value in document.headers.items() if name.lower() not in ("date", "age")}


def _read_afresh(platform: str, document: Document, memories: list[Memory]) -> Snapshot | str:
    for memory in memories:
        memory.cache_clear()
    return _read(platform, document)


def _read(platform: str, document: Document) -> Snapshot | str:
    try:
        return snapshot_of(platform, document)
    except ParseError as error:
        return str(error)
