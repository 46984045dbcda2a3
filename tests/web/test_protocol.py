"""Connections that never finish what they begin, over real sockets on loopback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import uvicorn

from statuswire.web.asgi import Answer, Receive, Scope, Send, send_answer
from statuswire.web.protocol import MAX_HEADER_BYTES, Room, room, server_config

DEADLINE_S = 0.15
PATIENCE_S = 5.0
REQUEST = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Talk = Callable[[Streams], Awaitable[bytes]]


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers at once; only `/read` waits for the body first."""
    if scope["path"] == "/read":
        while (await receive()).get("more_body"):
            pass
    await send_answer(send, Answer(200, b"ok", b"text/plain"))


@asynccontextmanager
async def serving(config: uvicorn.Config) -> AsyncIterator[int]:
    """A server with this configuration; its port."""
    server = uvicorn.Server(config)
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup()
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        await server.shutdown()


@asynccontextmanager
async def connection() -> AsyncIterator[Streams]:
    config = server_config(app, host="127.0.0.1", port=0, header_s=DEADLINE_S, loop="asyncio")
    async with serving(config) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            yield reader, writer
        finally:
            writer.close()


async def until_closed(reader: asyncio.StreamReader) -> bytes:
    """What the server still says before it closes; fails if it does not close."""
    async with asyncio.timeout(PATIENCE_S):
        return await reader.read()


async def answer(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(PATIENCE_S):
        head = await reader.readuntil(b"\r\n\r\n")
        return head + await reader.readexactly(2)


def run(talk: Talk) -> bytes:
    async def main() -> bytes:
        async with connection() as streams:
            return await talk(streams)

    return asyncio.run(main())


@pytest.mark.parametrize(
    "sent",
    [
        b"FOO / HTTP/1.1\r\nhost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: many\r\n\r\n",
        b"\x16\x03\x01\r\n\r\n",
    ],
)
def test_what_is_no_http_gets_a_problem_document_and_the_end_of_the_connection(sent: bytes) -> None:
    async def talk(streams: Streams) -> bytes:
        reader, writer = streams
        writer.write(sent)
        return await until_closed(reader)

    head, _, body = run(talk).partition(b"\r\n\r\n")

    status, *headers = head.split(b"\r\n")
    assert status == b"HTTP/1.1 400 Bad Request"
    assert headers == [
        b"content-type: application/problem+json",
        b"content-length: %d" % len(body),
        b"connection: close",
    ]
    assert json.loads(body)["code"] == "unreadable"


def test_w8_a_connection_that_sends_nothing_is_closed() -> None:
    async def talk(streams: Streams) -> bytes:
        return await until_closed(streams[0])

    assert run(talk) == b""


@pytest.mark.parametrize("half", [b"G", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nhost: x\r\nx-half"])
def test_w8_half_a_head_is_answered_408_and_closed(half: bytes) -> None:
    async def talk(streams: Streams) -> bytes:
        reader, writer = streams
        writer.write(half)
        return await until_closed(reader)

    assert run(talk).startswith(b"HTTP/1.1 408 ")


def test_w8_one_byte_at_a_time_does_not_move_the_deadline() -> None:
    async def talk(streams: Streams) -> bytes:
        reader, writer = streams

        async def trickle() -> None:
            while True:
                writer.write(b"a")
                await asyncio.sleep(DEADLINE_S / 5)

        writer.write(b"GET / HTTP/1.1\r\nx-slow: ")
        trickling = asyncio.create_task(trickle())
        try:
            return await until_closed(reader)
        finally:
            trickling.cancel()

    assert run(talk).startswith(b"HTTP/1.1 408 ")


def test_w8_line_ends_between_two_requests_do_not_keep_a_connection_alive() -> None:
    async def talk(streams: Streams) -> bytes:
        reader, writer = streams
        writer.write(REQUEST)
        await answer(reader)
        writer.write(b"\r\n")
        return await until_closed(reader)

    assert run(talk) == b""


def test_w8_a_body_that_stalls_after_the_answer_is_not_waited_for() -> None:
    async def talk(streams: Streams) -> bytes:
        reader, writer = streams
        writer.write(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf")
        first = await answer(reader)
        assert first.startswith(b"HTTP/1.1 200 ")
        writer.write(b"more")
        return await until_closed(reader)

    assert run(talk) == b""


def test_endless_headers_are_refused_by_their_size() -> None:
    async def talk(streams: Streams) -> bytes:
        reader, writer = streams
        writer.write(b"GET / HTTP/1.1\r\nx-long: " + b"a" * (MAX_HEADER_BYTES + 1))
        return await until_closed(reader)

    assert run(talk).startswith(b"HTTP/1.1 431 ")


def test_a_whole_request_is_answered_and_the_connection_kept() -> None:
    async def talk(streams: Streams) -> bytes:
        reader, writer = streams
        writer.write(REQUEST)
        await answer(reader)
        await asyncio.sleep(DEADLINE_S * 2)
        writer.write(b"POST /read HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}")
        return await answer(reader)

    assert run(talk).startswith(b"HTTP/1.1 200 ")


def test_two_requests_in_one_packet_are_both_answered() -> None:
    async def talk(streams: Streams) -> bytes:
        reader, writer = streams
        writer.write(REQUEST * 2)
        return await answer(reader) + await answer(reader)

    assert run(talk).count(b"HTTP/1.1 200 ") == 2


def test_no_banner_names_the_server_software() -> None:
    async def talk(streams: Streams) -> bytes:
        reader, writer = streams
        writer.write(REQUEST)
        return await answer(reader)

    assert b"server:" not in run(talk).lower()


def test_one_connection_too_many_is_told_when_to_come_back_as_everywhere() -> None:
    async def talk() -> bytes:
        config = server_config(app, host="127.0.0.1", port=0, max_connections=1, loop="asyncio")
        async with serving(config) as port:
            _, first = await asyncio.open_connection("127.0.0.1", port)
            reader, second = await asyncio.open_connection("127.0.0.1", port)
            second.write(REQUEST.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"))
            said = await until_closed(reader)
            first.close()
            second.close()
            return said

    said = asyncio.run(talk())

    assert said.startswith(b"HTTP/1.1 503")
    assert b"retry-after: 10" in said
    assert b'"code":"overloaded"' in said


@pytest.mark.parametrize(
    ("descriptors", "connections", "streams"), [(1024, 614, 491), (20_000, 2500, 2000), (-1, 2500, 2000)]
)
def test_P12_connections_leave_descriptors_for_the_rest_and_streams_leave_connections_for_hooks(
    descriptors: int, connections: int, streams: int
) -> None:
    assert room(descriptors) == Room(connections, streams)


async def whence(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with who asks and how, as the application sees it."""
    host = scope["client"][0] if scope["client"] else ""
    await send_answer(send, Answer(200, f"{host} {scope['scheme']} {scope['path']}".encode(), b"text/plain"))


def asked(request: bytes) -> bytes:
    """Everything that comes back for these bytes until the server closes."""

    async def talk() -> bytes:
        config = server_config(whence, host="127.0.0.1", port=0, header_s=DEADLINE_S, loop="asyncio")
        async with serving(config) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            said = await until_closed(reader)
            writer.close()
            return said

    return asyncio.run(talk())


def test_U11_the_server_itself_believes_no_proxy() -> None:
    told = b"x-forwarded-for: 203.0.113.9\r\nx-forwarded-proto: https\r\n"

    said = asked(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n" + told + b"\r\n")

    assert said.endswith(b"127.0.0.1 http /")


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n"


@pytest.mark.parametrize(
    "head",
    [
        b"content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n",
        b"content-length: 0\r\ncontent-length: 37\r\n\r\n",
        b"content-length: +37\r\n\r\n",
        b"transfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"transfer-encoding : chunked\r\n\r\n0\r\n\r\n",
        b"x: 1\r\n transfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)
def test_U11_a_request_whose_length_is_doubtful_hides_no_other_one(head: bytes) -> None:
    said = asked(b"POST / HTTP/1.1\r\nhost: x\r\n" + head + SMUGGLED)

    assert b"/smuggled" not in said
