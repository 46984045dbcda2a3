"""A plain and quick HTTP(S) server in a process of its own, for benchmarks of the client: its CPU is not counted.

    with serving(tls=True) as server:
        server.url("/304"), server.context()

`/304` answers 304 to everything, `/200` a feed of 100 KB as gzip, `/100k` 100 KB that do not compress, `/plain`
the feed unencoded. It listens on all loopback addresses: every 127.x.y.z is another host.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import random
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import trustme
import uvloop

HOSTS = 5_000
_ETAG = 'W/"5f1c8a9be2"'
_HEADERS = (
    "Date: Mon, 04 May 2026 10:00:00 GMT\r\nServer: nginx\r\nVary: Accept-Encoding\r\n"
    f"ETag: {_ETAG}\r\nLast-Modified: Mon, 04 May 2026 09:58:11 GMT\r\n"
    "Cache-Control: max-age=0, private, must-revalidate\r\nAge: 3\r\nX-Cache: Hit from edge\r\n"
    "Strict-Transport-Security: max-age=259200\r\nX-Frame-Options: SAMEORIGIN\r\n"
)


def feed_100k() -> bytes:
    """About 100 KB of incident history as RSS, always the same; gzip brings it to about a fifth."""
    dice = random.Random(7)
    letters = "etaoinshrdlucmfwypvbgk"
    words = ["".join(dice.choices(letters, k=dice.randint(3, 10))) for _ in range(900)]
    items: list[str] = []
    while sum(len(item) for item in items) < 100_000:
        text = " ".join(dice.choices(words, k=120))
        items.append(
            f"<item><title>{' '.join(dice.choices(words, k=6))}</title><guid>https://status.example/i/"
            f"{dice.getrandbits(48):x}</guid><pubDate>Mon, 04 May 2026 10:{dice.randint(10, 59)}:00 +0000</pubDate>"
            f"<description>&lt;p&gt;&lt;strong&gt;Resolved&lt;/strong&gt; - {text}&lt;/p&gt;</description></item>"
        )
    return f"<rss version='2.0'><channel><title>History</title>{''.join(items)}</channel></rss>".encode()


def _answer(status: str, body: bytes, extra: str = "") -> bytes:
    length = "" if status.startswith("304") else f"Content-Length: {len(body)}\r\n"
    return f"HTTP/1.1 {status}\r\n{_HEADERS}{extra}{length}\r\n".encode() + body


def _answers() -> dict[bytes, bytes]:
    feed = feed_100k()
    kind = "Content-Type: application/rss+xml\r\n"
    return {
        b"/304": _answer("304 Not Modified", b""),
        b"/200": _answer("200 OK", gzip.compress(feed, 6), f"{kind}Content-Encoding: gzip\r\n"),
        b"/100k": _answer("200 OK", random.Random(7).randbytes(100_000), "Content-Type: application/json\r\n"),
        b"/plain": _answer("200 OK", feed, kind),
    }


class _Conversation(asyncio.Protocol):
    """Knows just enough of HTTP to answer requests without a body."""

    def __init__(self, answers: dict[bytes, bytes]) -> None:
        self._answers = answers
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are not instances of it

    def data_received(self, received: bytes) -> None:
        self._buffer += received
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            request, self._buffer = self._buffer[:end], self._buffer[end + 4 :]
            self._transport.write(self._answers[request.split(b" ", 2)[1]])
            if b"connection: close" in request.lower():
                self._transport.close()


async def _serve(context: ssl.SSLContext | None) -> None:
    answers = _answers()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Conversation(answers), "0.0.0.0", 0, ssl=context, backlog=4_096)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    authority: Path | None

    def url(self, path: str, host: int = 0) -> str:
        """`host` is a number below 5,000; each has an address of its own."""
        address = f"127.0.{1 + host // 250}.{1 + host % 250}" if host else "127.0.0.1"
        return f"{'https' if self.authority else 'http'}://{address}:{self.port}{path}"

    def trust(self, context: ssl.SSLContext) -> None:
        if self.authority:
            context.load_verify_locations(self.authority)


@contextmanager
def serving(*, tls: bool = False) -> Iterator[Server]:
    """Start the server and stop it at the end."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, *(["--tls", folder] if tls else [])]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        try:
            assert process.stdout is not None
            port = json.loads(process.stdout.readline())["port"]
            yield Server(port, Path(folder, "authority.pem") if tls else None)
        finally:
            process.terminate()
            process.wait()


def _context(folder: Path) -> ssl.SSLContext:
    """A certificate with one intermediate, elliptic curves throughout: what most status pages present."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.create_child_ca().issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tls", type=Path, help="folder to write the authority's certificate to")
    folder = parser.parse_args().tls
    uvloop.run(_serve(_context(folder) if folder else None))


if __name__ == "__main__":
    main()
