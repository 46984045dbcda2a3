"""Redis behind TLS: only a server that the given authority vouches for is believed."""

from __future__ import annotations

from pathlib import Path

import trustme

from statuswire.config.redis import RedisPlace
from tests.peers.scene import line_to, play, running, until
from tests.servers import redis


def test_a_server_is_believed_by_the_authority_that_is_named_and_no_other(tmp_path: Path) -> None:
    authority, stranger = trustme.CA(), trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    key, chain, trusted = tmp_path / "key.pem", tmp_path / "chain.pem", tmp_path / "ca.pem"
    certificate.private_key_pem.write_to_path(key)
    certificate.cert_chain_pems[0].write_to_path(chain)
    authority.cert_pem.write_to_path(trusted)

    async def scene(port: int) -> None:
        believed, refused = (
            line_to(RedisPlace("127.0.0.1", port, is_tls=True, certificates=one.cert_pem.bytes().decode()))
            for one in (authority, stranger)
        )
        async with running(believed.run(), refused.run()):
            await until(lambda: believed.is_there and refused.counts["error"] >= 1)
            assert await believed.ask(("PING",)) == [b"PONG"]
            assert not refused.is_there

    port = redis.free_port()
    tls = ["--tls-port", str(port), "--tls-cert-file", str(chain), "--tls-key-file", str(key)]
    with redis.running(*tls, "--tls-ca-cert-file", str(trusted), "--tls-auth-clients", "no"):
        play(lambda: scene(port))
