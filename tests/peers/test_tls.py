"""Redis behind TLS: only a server that the given authority vouches for is believed, and it may say goodbye slowly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import trustme

from statuswire.config.redis import RedisPlace
from statuswire.peers.line import Line
from tests.peers.scene import line_to, play, running, until
from tests.peers.tls_front import TlsFront, tls_front
from tests.servers import redis


@contextmanager
def behind_tls(authority: trustme.CA) -> Iterator[TlsFront]:
    with redis.running() as server, tls_front(authority, server.port) as front:
        yield front


def believing(authority: trustme.CA, port: int) -> Line:
    trusted = authority.cert_pem.bytes().decode()
    return line_to(RedisPlace("127.0.0.1", port, is_tls=True, certificates=trusted))


def test_a_server_is_believed_by_the_authority_that_is_named_and_no_other() -> None:
    authority, stranger = trustme.CA(), trustme.CA()

    async def scene(port: int) -> None:
        believed, refused = believing(authority, port), believing(stranger, port)
        async with running(believed.run(), refused.run()):
            await until(lambda: believed.is_there and refused.counts["error"] >= 1)
            assert await believed.ask(("PING",)) == [b"PONG"]
            assert not refused.is_there

    with behind_tls(authority) as front:
        play(lambda: scene(front.port))


def test_a_goodbye_that_takes_its_time_is_waited_for() -> None:
    """Else the connection would outlive the loop that it belongs to, which is a ResourceWarning and fails here."""
    authority = trustme.CA()

    async def scene(front: TlsFront) -> None:
        line = believing(authority, front.port)
        async with running(line.run()):
            await until(lambda: line.is_there)
            front.hold(0.1)

    with behind_tls(authority) as front:
        play(lambda: scene(front))
