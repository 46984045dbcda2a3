"""Bodies that the simulated providers serve: by path, a content type and bytes."""

from __future__ import annotations

import msgspec

Body = tuple[str, bytes]
Bodies = dict[str, Body]


def json_body(value: object) -> Body:
    return "application/json; charset=utf-8", msgspec.json.encode(value)
