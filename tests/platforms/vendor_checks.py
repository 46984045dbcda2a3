"""What the tests of small vendor adapters share: documents, and the checks that hold for each of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from statuswire.errors import ParseError
from statuswire.model import Document, Snapshot
from statuswire.platforms.sight import Sight

FOLDER = Path(__file__).parent
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def document(value: object, url: str = "") -> Document:
    """`value` as bytes, else as JSON, arrived at a fixed time."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Document(body, NOW, url=url)


def fixture(name: str) -> bytes:
    """A golden document, by `platform/file`."""
    return (FOLDER / name).read_bytes()


def sight(value: object) -> Sight:
    return Sight(document(value))


def refused(parse: Callable[[Document], Snapshot], value: object, url: str = "") -> ParseError:
    """The error of a document that must not be read."""
    try:
        snapshot = parse(document(value, url))
    except ParseError as error:
        return error
    raise AssertionError(f"read as {snapshot}")


NOT_OURS: tuple[object, ...] = (
    b"",
    b"null",
    b"[1, 2]",
    b"{}",
    b'{"error": "gone"}',
    b"<!DOCTYPE html><html><head><title>Shop</title></head></html>",
    {"page": {"id": "k3m9s8d1f2gh"}, "status": {"indicator": "none"}, "components": []},
)
"""What may stand at any address instead of the document."""
