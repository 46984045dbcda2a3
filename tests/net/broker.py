"""A real MQTT broker on loopback (amqtt) with a subscriber to everything, and brokers that are none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import trustme
from amqtt.broker import Broker
from amqtt.client import MQTTClient
from amqtt.plugins.base import BaseAuthPlugin
from amqtt.session import Session

USER, PASSWORD = "statuswire", "let me in"


class Login(BaseAuthPlugin):
    """Lets in nobody but USER, and those who say no name at all."""

    async def authenticate(self, *, session: Session) -> bool:
        return session.username is None or (session.username, session.password) == (USER, PASSWORD)


@asynccontextmanager
async def broker(folder: Path, authority: trustme.CA | None = None, *names: str) -> AsyncIterator[int]:
    """The port of a broker; with an authority it speaks TLS with a certificate for the names."""
    listener: dict[str, Any] = {"type": "tcp", "bind": "127.0.0.1:0"}
    if authority is not None:
        file = folder / "broker.pem"
        authority.issue_cert(*(names or ("127.0.0.1",))).private_key_and_cert_chain_pem.write_to_path(file)
        listener |= {"ssl": True, "certfile": file, "keyfile": file}
    running = Broker({"listeners": {"default": listener}, "plugins": {f"{__name__}.Login": {}}})
    await running.start()
    try:
        yield running._servers["default"].instance.sockets[0].getsockname()[1]
    finally:
        await running.shutdown()


class Subscriber:
    def __init__(self, client: MQTTClient) -> None:
        self._client = client

    async def next(self) -> tuple[str, bytes, bool]:
        """Topic, payload, and whether it had been retained; waits for at most ten seconds."""
        message = await self._client.deliver_message(timeout_duration=10)
        assert message is not None and message.publish_packet is not None
        return message.topic, bytes(message.data), message.publish_packet.retain_flag


@asynccontextmanager
async def subscriber(port: int, topic: str = "#") -> AsyncIterator[Subscriber]:
    client = MQTTClient(config={"auto_reconnect": False, "plugins": {}})
    await client.connect(f"mqtt://127.0.0.1:{port}/")
    await client.subscribe([(topic, 1)])
    try:
        yield Subscriber(client)
    finally:
        await client.disconnect()


@asynccontextmanager
async def answering(*answers: bytes, hangs_up: bool = True) -> AsyncIterator[tuple[int, asyncio.Event]]:
    """A port where each packet is answered by these bytes, one after the other; then it hangs up or is silent. The
    event is set when all is said."""
    is_said = asyncio.Event()
    writers: list[asyncio.StreamWriter] = []

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        for answer in answers:
            await reader.read(65_536)
            writer.write(answer)
        await reader.read(65_536)
        is_said.set()
        if hangs_up:
            writer.close()

    server = await asyncio.start_server(play, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], is_said
        for writer in writers:
            writer.transport.abort()
