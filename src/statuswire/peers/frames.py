"""Recorded events as one message to the others: which are believed, and only from those who have our database.

A frame is a MAC over the rest, the identity of the sender and the events with their ids and keys. The key of the MAC
comes from the database's own secrets, so that neither another installation at the same Redis nor anybody else who can
write to it can make one; one kept back and sent again has ids that were told already.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from statuswire import wire
from statuswire.model import Event

MOST_EVENTS = 64
MOST_BYTES = 512 * 1024
_MAC = 16

UNREADABLE = (msgspec.DecodeError, msgspec.ValidationError, KeyError, TypeError, ValueError, RecursionError)


class _Item(msgspec.Struct, array_like=True, frozen=True):
    key: str
    body: msgspec.Raw


class _Frame(msgspec.Struct, array_like=True, frozen=True):
    sender: str
    items: list[_Item]


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Frame).decode


@dataclass(frozen=True, slots=True)
class Identity:
    """Which database this is, which process of it we are, and what its frames are signed with."""

    database: str
    sender: str
    key: bytes = field(repr=False)

    @classmethod
    def of(cls, database: str, secret: bytes, sender: str) -> Identity:
        """The key is of the database as it is since its last restore."""
        return cls(database, sender, hmac.digest(secret, b"statuswire frames " + database.encode(), "sha256"))


def pack(identity: Identity, events: Sequence[Event]) -> Iterator[bytes]:
    """The frames of events, in order; what is too large for one is left out, and the others read it from the log."""
    items = (_Item(event.key, msgspec.Raw(wire.encode_event(event))) for event in events)
    for some in _groups(item for item in items if _size(item) <= MOST_BYTES):
        body = _encode(_Frame(identity.sender, some))
        yield _mac(identity, body) + body


def _groups(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    some: list[_Item] = []
    size = 0
    for item in items:
        size += _size(item)
        if some and (len(some) >= MOST_EVENTS or size > MOST_BYTES):
            yield some
            some, size = [], _size(item)
        some.append(item)
    if some:
        yield some


def _size(item: _Item) -> int:
    return len(bytes(item.body))


def _mac(identity: Identity, body: bytes) -> bytes:
    return hmac.digest(identity.key, body, "sha256")[:_MAC]


def unpack(identity: Identity, frame: bytes) -> tuple[str, tuple[Event, ...]]:
    """Who sent it, and its events. Raises ValueError for what is not a frame of our database."""
    mac, body = frame[:_MAC], frame[_MAC:]
    if not hmac.compare_digest(mac, _mac(identity, body)):
        raise ValueError("not signed by this database")
    try:
        read = _decode(body)
        return read.sender, tuple(wire.decode_event(bytes(item.body), item.key) for item in read.items)
    except UNREADABLE as error:
        raise ValueError(f"cannot be read: {type(error).__name__}") from error
