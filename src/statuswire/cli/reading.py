"""`statuswire read`: one stored document as a snapshot in JSON."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from statuswire.channels.console import escape
from statuswire.engine.clock import Clock
from statuswire.errors import ConfigError
from statuswire.model import Document, DocumentKind, Snapshot
from statuswire.platforms import PLATFORMS, parsing

MAX_BYTES = 64 * 1024 * 1024


def document(file: str, url: str, is_hook: bool) -> Document:
    """The stored bytes as a document received now; `-` is standard input. Raises ConfigError."""
    kind = DocumentKind.HOOK if is_hook else DocumentKind.POLL
    return Document(_body(file), Clock().now(), url=url, kind=kind)


def snapshot_json(document: Document, platform: str | None) -> str:
    """The snapshot, every field of it, in a stable order. Raises ParseError, ConfigError for an unknown platform."""
    if platform is not None and platform not in PLATFORMS:
        raise ConfigError(f"`{platform}` is not a platform; right: {', '.join(sorted(PLATFORMS))}")
    return encode(parsing.parse(document, platform))


def encode(snapshot: Snapshot) -> str:
    body = msgspec.to_builtins(snapshot)
    body["covers"] = sorted(body["covers"])
    return escape(msgspec.json.format(msgspec.json.encode(body), indent=2).decode())


def _body(file: str) -> bytes:
    try:
        if file == "-":
            return sys.stdin.buffer.read(MAX_BYTES)
        with Path(file).open("rb") as stream:
            return stream.read(MAX_BYTES)
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror or error}", where=file) from error
