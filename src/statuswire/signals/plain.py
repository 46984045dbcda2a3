"""Our own plain form, for scripts and for tools without one: `{"state": "firing", "title": "Checkout fails"}`.

Beside these two: `page` and `component`, `url`, `key` (what stays the same from the beginning to the end; otherwise
component and title), and `at`, a time (otherwise now). Nothing else: a name with a typo must not be passed over.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from statuswire.model import SignalSource, SignalState
from statuswire.platforms.reading import title
from statuswire.signals.base import (
    MAX_NAME,
    MAX_TITLE,
    MAX_URL,
    Body,
    Headers,
    Reading,
    Sender,
    address,
    key_of,
    time_of,
    wrong,
)

_KEYS: Final = {
    "page": MAX_NAME,
    "component": MAX_NAME,
    "state": MAX_NAME,
    "title": MAX_TITLE,
    "url": MAX_URL,
    "key": 1_000,
    "at": MAX_NAME,
}
"""With the longest text that each may have."""


def recognize(headers: Headers, body: Body) -> bool:
    return "state" in body


def read(headers: Headers, body: Body, now: datetime) -> tuple[Reading, ...]:
    given = _texts(body)
    if given.get("state") not in set(SignalState):
        raise wrong("state", "must be `firing` or `resolved`")
    name, component = given.get("title", ""), given.get("component", "")
    if not name:
        raise wrong("title", "is missing: a few words on what fires")
    at = time_of(given.get("at"), now) if given.get("at") else now
    if at is None:
        raise wrong("at", "must be a time like 2026-05-04T10:22:00Z")
    if given.get("url") and not address(given["url"]):
        raise wrong("url", "must begin with http:// or https://")
    key = key_of(given.get("key") or f"{component}/{name}")
    state, url = SignalState(given["state"]), given.get("url", "")
    return (Reading(key, state, at, name, url, page=given.get("page", ""), component=component),)


def _texts(body: Body) -> dict[str, str]:
    """Raises ParseError for what is no text, or too long, or has a name that is not known."""
    for name, value in body.items():
        if name not in _KEYS:
            raise wrong(title(name, 50), f"is not known here; known are {', '.join(_KEYS)}")
        if not isinstance(value, str | None):
            raise wrong(name, "must be a text")
        if value and len(value) > _KEYS[name]:
            raise wrong(name, f"may have {_KEYS[name]:,} characters at most")
    return {name: title(value, _KEYS[name]).strip() for name, value in body.items() if value}


SENDER = Sender(SignalSource.JSON, recognize, read)
