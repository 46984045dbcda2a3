"""What `dispatch.py` posts to, a process of its own: answers 200 to every POST and notes when it came.

The port is printed as the first line. Every line on standard input is answered by one with the moments, on the
machine's monotonic clock, at which each message's first byte had come since the line before, as JSON by `webhook-id`.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from typing import cast

import uvloop

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class _Conversation(asyncio.Protocol):
    """Knows just enough of HTTP to read posts with a length, one after the other."""

    def __init__(self, arrived: dict[str, float]) -> None:
        self._arrived = arrived
        self._buffer = b""
        self._began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are not instances of it

    def data_received(self, received: bytes) -> None:
        if not self._buffer:
            self._began = time.monotonic()
        self._buffer += received
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        fields = dict(line.split(b": ", 1) for line in self._buffer[:end].lower().split(b"\r\n")[1:])
        if len(self._buffer) >= end + 4 + int(fields[b"content-length"]):
            self._arrived[fields[b"webhook-id"].decode()] = self._began
            self._buffer = b""
            self._transport.write(ANSWER)


async def serve() -> None:
    arrived: dict[str, float] = {}
    server = await asyncio.get_running_loop().create_server(
        lambda: _Conversation(arrived), "127.0.0.1", 0, backlog=1_024
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    questions = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(questions), sys.stdin)
    while await questions.readline():
        print(json.dumps(arrived), flush=True)
        arrived.clear()


if __name__ == "__main__":
    if int(sys.argv[1]) >= 0:
        os.sched_setaffinity(0, {int(sys.argv[1])})
    uvloop.run(serve())
