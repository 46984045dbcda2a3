"""text/event-stream as it comes: bytes in, messages out (WHATWG HTML, section 9.2, checked 2026-11)."""

from __future__ import annotations

import re

import msgspec

from statuswire.client.errors import Unreadable

MAX_MESSAGE_BYTES = 16 * 1024 * 1024
_LINE_END = re.compile(rb"\r\n|\n|\r(?!\Z)")
"""A carriage return that comes last may be the first half of an end of line."""


class Message(msgspec.Struct, frozen=True):
    id: str
    type: str
    body: bytes


class Parser:
    """Of one connection. `retry_s`: how long the server wants to be left alone after its end; None: it did not say."""

    def __init__(self) -> None:
        self.retry_s: float | None = None
        self._rest = b""
        self._id = self._type = ""
        self._body: list[bytes] = []
        self._size = 0

    def feed(self, part: bytes) -> list[Message]:
        """The messages that are complete now. Raises Unreadable for one without an end."""
        *lines, self._rest = _LINE_END.split(self._rest + part)
        found = [message for line in lines if (message := self._line(line)) is not None]
        if self._size + len(self._rest) > MAX_MESSAGE_BYTES:
            raise Unreadable("a message of the stream is too large")
        return found

    def _line(self, line: bytes) -> Message | None:
        if not line:
            return self._dispatched()
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._body.append(value)
            self._size += len(value)
        elif name == b"event":
            self._type = value.decode(errors="replace")
        elif name == b"id" and b"\0" not in value:
            self._id = value.decode(errors="replace")
        elif name == b"retry" and value.isdigit() and len(value) < 10:
            self.retry_s = int(value) / 1_000
        return None

    def _dispatched(self) -> Message | None:
        message = Message(self._id, self._type or "message", b"\n".join(self._body)) if self._body else None
        self._body.clear()
        self._type, self._size = "", 0
        return message
