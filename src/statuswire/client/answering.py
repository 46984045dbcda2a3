"""An answer of HTTP/1.1 as it comes, without sockets. Loaded with the first question, for the time that its parser
takes to import."""

from __future__ import annotations

import httptools

from statuswire.client.errors import Unreachable, Unreadable
from statuswire.client.exchange import Reply

MAX_HEAD_BYTES = 64 * 1024
MAX_BODY_BYTES = 64 * 1024 * 1024


class Answer:
    """An answer as it comes. Raises Unreachable (`protocol`, `reset`) for bytes that are none."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.is_begun = False
        self.is_over = False
        self._body: list[bytes] = []
        self._size = 0
        self._head_size = 0
        self._parser = httptools.HttpResponseParser(self)

    @property
    def status(self) -> int:
        return int(self._parser.get_status_code())

    def feed(self, part: bytes) -> None:
        """Bytes of the connection; none at all are its end."""
        if not part:
            self._end()
            return
        if not self.is_begun:
            self._head_size += len(part)
        try:
            self._parser.feed_data(part)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            raise Unreachable("protocol", "the answer is not HTTP") from error
        if not self.is_begun and self._head_size > MAX_HEAD_BYTES:
            raise Unreachable("protocol", "the head of the answer has no end")
        if self._size > MAX_BODY_BYTES:
            raise Unreadable("the answer is too large")

    def take(self) -> bytes:
        """What has come of the body since the last time."""
        part = b"".join(self._body)
        self._body.clear()
        self._size = 0
        return part

    def reply(self) -> Reply:
        return Reply(self.status, self.headers, self.take())

    def _end(self) -> None:
        """Without a length the end of the connection is that of the body (RFC 9112, section 6.3)."""
        has_length = "content-length" in self.headers or "transfer-encoding" in self.headers
        if not self.is_over and (has_length or not self.is_begun):
            raise Unreachable("reset", "the connection was broken off in the middle of an answer")
        self.is_over = True

    # --- called by the parser ---------------------------------------------------------------------------------------

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self.is_begun = self.status >= 200
        if not self.is_begun:
            self.headers.clear()  # an interim answer (RFC 9110, section 15.2): the real one follows

    def on_body(self, part: bytes) -> None:
        self._body.append(part)
        self._size += len(part)

    def on_message_complete(self) -> None:
        self.is_over = self.is_begun
