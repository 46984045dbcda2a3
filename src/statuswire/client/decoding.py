"""JSON as typed values."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from statuswire.client.errors import Unreadable

T = TypeVar("T")


def decoded(body: bytes | str, shape: type[T]) -> T:
    """Raises Unreadable, which says where it is wrong and not what stood there."""
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(f"not a {shape.__name__}: {error}") from error
