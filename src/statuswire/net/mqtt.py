"""MQTT publications over a guarded socket: connect, publish, wait until the broker has each, leave.

The five packets that it takes are written here, by MQTT 3.1.1 (http://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/,
sections 2.2 and 3.1 to 3.14, checked 2026-11); docs/decisions/mqtt-by-hand.md says why no library does it.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from typing import Final

from aiohttp.abc import AbstractResolver

from statuswire.errors import DeliveryError, DeliveryReason
from statuswire.model import Post, Publication, Reply
from statuswire.net.sockets import connect

_CONNECT, _CONNACK, _PUBLISH, _PUBACK = 0x10, 0x20, 0x30, 0x40
_DISCONNECT: Final = b"\xe0\x00"
_CLEAN_SESSION, _PASSWORD, _USERNAME = 0x02, 0x40, 0x80
_KEEP_ALIVE_S: Final = 60
_PACKET_IDS: Final = 0xFFFF
_LONGEST: Final = 1 << 20
"""Of a packet that is passed over, in bytes."""

_UNDER_WAY: Final = 32
"""Publications that are sent before the first of them is acknowledged: brokers take some dozens."""

_REFUSALS: Final = {
    1: (DeliveryReason.PROTOCOL, "the broker does not speak MQTT 3.1.1", True),
    2: (DeliveryReason.REFUSED, "the broker refuses the client id", True),
    4: (DeliveryReason.CREDENTIALS, "the broker refuses the user name or password", False),
    5: (DeliveryReason.CREDENTIALS, "the broker says that we are not authorised", False),
}
_UNAVAILABLE: Final = (DeliveryReason.REFUSED, "the broker is not available", False)


async def publish(wanted: Publication, resolver: AbstractResolver, tls: ssl.SSLContext) -> Reply:
    """A Reply of 0 when the broker has acknowledged it (QoS 1) or all is written (QoS 0).

    The caller sets the deadline. Raises DeliveryError, and TimeoutError from the caller's deadline.
    """
    packets = (connect_packet(wanted), *publish_packets(wanted))
    connection = await connect(wanted.host, wanted.port, resolver, is_private_ok=wanted.is_private_ok)
    try:
        reader, writer = await asyncio.open_connection(
            sock=connection,
            ssl=tls if wanted.is_tls else None,
            server_hostname=wanted.host if wanted.is_tls else None,
        )
    except BaseException as error:
        connection.close()
        if isinstance(error, OSError):
            raise _explain(error, wanted.host) from error
        raise
    try:
        await _converse(reader, writer, packets, wanted)
    except (OSError, asyncio.IncompleteReadError) as error:
        raise _explain(error, wanted.host) from error
    finally:
        writer.transport.abort()
    return Reply(0)


async def _converse(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, packets: tuple[bytes, ...], wanted: Publication
) -> None:
    writer.write(packets[0])
    answer = await _expect(_CONNACK, reader, wanted.host)
    if answer[1]:
        reason, message, is_permanent = _REFUSALS.get(answer[1], _UNAVAILABLE)
        raise DeliveryError(reason, f"{wanted.host}: {message}", is_permanent=is_permanent)
    for start in range(1, len(packets), _UNDER_WAY):
        some = packets[start : start + _UNDER_WAY]
        writer.writelines(some)
        await writer.drain()
        waiting = {_packet_id(start + place) for place in range(len(some))} if wanted.qos else set()
        while waiting:
            acknowledged = await _expect(_PUBACK, reader, wanted.host)
            if acknowledged not in waiting:
                raise _nonsense(wanted.host)
            waiting.remove(acknowledged)
    writer.write(_DISCONNECT)
    writer.close()
    with suppress(OSError):  # what counts is acknowledged, and at QoS 0 nothing is promised
        await writer.wait_closed()


async def _expect(kind: int, reader: asyncio.StreamReader, host: str) -> bytes:
    """The two bytes that both answers carry. Nothing else should come to one who has subscribed to nothing; but amqtt
    0.11 sends what is retained to whoever connects, which is passed over."""
    while True:
        head = (await reader.readexactly(1))[0]
        if head != kind and head & 0xF0 != _PUBLISH:
            raise _nonsense(host)
        length = await _length(reader, host)
        if head == kind and length != 2:
            raise _nonsense(host)
        content = await reader.readexactly(length)
        if head == kind:
            return content


async def _length(reader: asyncio.StreamReader, host: str) -> int:
    """Section 2.2.3: seven bits a byte, the lowest first, while the highest bit is set."""
    length = 0
    for place in range(4):
        byte = (await reader.readexactly(1))[0]
        length |= (byte & 0x7F) << 7 * place
        if byte <= 0x7F and length <= _LONGEST:
            return length
    raise _nonsense(host)


def connect_packet(wanted: Publication) -> bytes:
    """Section 3.1: protocol name and level 4, flags, keep-alive, then client id, user name, password."""
    flags, texts = _CLEAN_SESSION, [wanted.client_id]
    if wanted.username:
        flags, texts = flags | _USERNAME, [*texts, wanted.username]
    if wanted.username and wanted.password:
        flags, texts = flags | _PASSWORD, [*texts, wanted.password]
    head = _text("MQTT", wanted.host) + bytes((4, flags)) + _KEEP_ALIVE_S.to_bytes(2)
    return _packet(_CONNECT, head + b"".join(_text(text, wanted.host) for text in texts), wanted.host)


def publish_packets(wanted: Publication) -> tuple[bytes, ...]:
    """All that is to be published, numbered from 1."""
    posts = (Post(wanted.topic, wanted.payload, wanted.is_retained), *wanted.further)
    return tuple(_publish_packet(post, number, wanted) for number, post in enumerate(posts, 1))


def _publish_packet(post: Post, number: int, wanted: Publication) -> bytes:
    """Section 3.3: topic, at QoS 1 a packet id, payload."""
    kind = _PUBLISH | wanted.qos << 1 | int(post.is_retained)
    numbered = _packet_id(number) if wanted.qos else b""
    return _packet(kind, _text(post.topic, wanted.host) + numbered + post.payload, wanted.host)


def _packet_id(number: int) -> bytes:
    """Never 0 (section 2.3.1); those of long ago are free again."""
    return ((number - 1) % _PACKET_IDS + 1).to_bytes(2)


def _packet(kind: int, content: bytes, host: str) -> bytes:
    """Section 2.2.3: the length goes seven bits a byte, the lowest first, and at most four of them."""
    if len(content) >= 1 << 28:
        raise DeliveryError(DeliveryReason.ENCODING, f"{host}: too large for MQTT", is_permanent=True)
    length, left = bytearray(), len(content)
    while left > 0x7F:
        length.append(left & 0x7F | 0x80)
        left >>= 7
    length.append(left)
    return bytes((kind,)) + length + content


def _text(text: str, host: str) -> bytes:
    """Section 1.5.3: UTF-8 after its length in two bytes; no NUL."""
    encoded = text.encode("utf-8", "replace")
    if len(encoded) > 0xFFFF or b"\0" in encoded:
        raise DeliveryError(DeliveryReason.ENCODING, f"{host}: a text that MQTT cannot carry", is_permanent=True)
    return len(encoded).to_bytes(2) + encoded


def _nonsense(host: str) -> DeliveryError:
    return DeliveryError(DeliveryReason.PROTOCOL, f"{host}: what answers is no MQTT broker")


def _explain(error: OSError | EOFError, host: str) -> DeliveryError:
    if isinstance(error, ssl.SSLCertVerificationError):
        message = f"{host}: its certificate is not accepted: {error.verify_message}"
        return DeliveryError(DeliveryReason.TLS, message)
    if isinstance(error, ssl.SSLError):
        return DeliveryError(DeliveryReason.TLS, f"{host}: TLS failed")
    if isinstance(error, TimeoutError):
        return DeliveryError(DeliveryReason.TIMEOUT, f"{host}: no answer in time")
    return DeliveryError(DeliveryReason.RESET, f"{host}: the connection was closed")
