"""Streams of the real service: an event is on them as soon as its hook is answered, and they end with the service."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path

import aiohttp

from tests.e2e.running import PATIENCE_S, Running

HOOK = {"event_type": "incident", "data": {"id": "1", "incident": {"name": "Slow API", "status": {"label": "down"}}}}


async def _streamed(base: str, service: Running) -> tuple[str, dict[str, object], str]:
    """What a stream and a WebSocket bring of one hook, and how the stream ends when the service is told to stop."""
    async with (
        asyncio.timeout(PATIENCE_S),
        aiohttp.ClientSession(base) as session,
        session.get("/api/v1/stream") as stream,
        session.ws_connect("/api/v1/ws") as socket,
    ):
        assert (await stream.content.readuntil(b"\n\n")).startswith(b"retry:")
        async with session.post("/webhook/generic/acme", json=HOOK) as answer:
            assert answer.status == 202
        streamed = (await stream.content.readuntil(b"\n\n")).decode()
        message = json.loads((await socket.receive()).data)
        service.process.send_signal(signal.SIGTERM)
        rest = (await stream.content.read()).decode()
    return streamed, message, rest


def test_a_hook_is_on_every_stream_and_streams_end_with_the_service(tmp_path: Path) -> None:
    config = tmp_path / "statuswire.yaml"
    config.write_text("pages: []\n", "utf-8")

    with Running("run", "--config", str(config), "--port", "0", cwd=tmp_path) as service:
        streamed, message, rest = asyncio.run(_streamed(service.base_url, service))
        code = service.process.wait(PATIENCE_S)

    lines = streamed.splitlines()
    assert lines[1] == "event: incident.created"
    assert json.loads(lines[2].removeprefix("data: ")) == message
    assert rest == ""
    assert code == 0
