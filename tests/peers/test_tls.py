"""Redis behind TLS: only a server that the given authority vouches for is believed, and it may say goodbye slowly."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import trustme

from statuswire.config.redis import RedisPlace
from statuswire.peers.line import Line
from tests.peers.scene import line_to, play, running, until
from tests.servers import redis
from tests.servers.redis import RedisServer


@contextmanager
def behind_tls(authority: trustme.CA, folder: Path) -> Iterator[tuple[RedisServer, int]]:
    """A server and the port where it speaks TLS."""
    certificate = authority.issue_cert("127.0.0.1")
    key, chain, trusted = folder / "key.pem", folder / "chain.pem", folder / "ca.pem"
    certificate.private_key_pem.write_to_path(key)
    certificate.cert_chain_pems[0].write_to_path(chain)
    authority.cert_pem.write_to_path(trusted)
    port = redis.free_port()
    tls = ["--tls-port", str(port), "--tls-cert-file", str(chain), "--tls-key-file", str(key)]
    with redis.running(*tls, "--tls-ca-cert-file", str(trusted), "--tls-auth-clients", "no") as server:
        yield server, port


def believing(authority: trustme.CA, port: int) -> Line:
    trusted = authority.cert_pem.bytes().decode()
    return line_to(RedisPlace("127.0.0.1", port, is_tls=True, certificates=trusted))


def test_a_server_is_believed_by_the_authority_that_is_named_and_no_other(tmp_path: Path) -> None:
    authority, stranger = trustme.CA(), trustme.CA()

    async def scene(port: int) -> None:
        believed, refused = believing(authority, port), believing(stranger, port)
        async with running(believed.run(), refused.run()):
            await until(lambda: believed.is_there and refused.counts["error"] >= 1)
            assert await believed.ask(("PING",)) == [b"PONG"]
            assert not refused.is_there

    with behind_tls(authority, tmp_path) as (_, port):
        play(lambda: scene(port))


def test_a_goodbye_that_takes_its_time_is_waited_for(tmp_path: Path) -> None:
    """Else the connection would outlive the loop that it belongs to, which is a ResourceWarning and fails here."""
    authority = trustme.CA()

    async def scene(server: RedisServer, port: int) -> None:
        line = believing(authority, port)
        async with running(line.run()):
            await until(lambda: line.is_there)
            server.pause()
            threading.Timer(0.1, server.resume).start()

    with behind_tls(authority, tmp_path) as (server, port):
        play(lambda: scene(server, port))
