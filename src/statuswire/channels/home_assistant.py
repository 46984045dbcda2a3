"""Pages as devices of Home Assistant, by its discovery over MQTT: the state, and whether there is a problem.

Everything is retained, and published again with every heartbeat, so that it is there whichever of broker, Home
Assistant and statuswire begins last. A page that cannot be read is not available, and so is one that nobody speaks of
any more (`expire_after`). Source: home-assistant.io/integrations/mqtt, "Device discovery payload", which Home Assistant
knows since 2024.11; sensor.mqtt and binary_sensor.mqtt for the parts; checked 2026-11-29.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Final

import msgspec

from statuswire.channels.phrasing import shortened
from statuswire.channels.terminal import one_line, safe_url
from statuswire.fingerprint import digest
from statuswire.model import PageStanding, Post, Status

MOST: Final = 500
"""Pages, the first by name: each is a device with two entities."""

TITLES: Final = 10
TEXT: Final = 200
USUAL_BEAT: Final = timedelta(minutes=1)
MISSED: Final = 3
"""After so many heartbeats that do not come nothing is available any more."""

_PROBLEMS: Final = frozenset({Status.DEGRADED, Status.PARTIAL_OUTAGE, Status.MAJOR_OUTAGE})
_PLAIN: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_ORIGIN: Final = {"name": "statuswire"}
_encode = msgspec.json.Encoder().encode


def chosen(pages: Iterable[PageStanding], patterns: bool | tuple[str, ...]) -> list[PageStanding]:
    """Those whose slug one of the patterns means, with `*` and `?`; True means all."""
    wanted = (patterns and ("*",)) if isinstance(patterns, bool) else patterns
    meant = [page for page in pages if any(fnmatchcase(page.slug, one) for one in wanted or ())]
    return sorted(meant, key=lambda page: page.slug)[:MOST]


def posts(pages: Iterable[PageStanding], before: Iterable[str], prefix: str, every: timedelta) -> Iterator[Post]:
    """What there is to say of each page: what it is, its state, whether that is known. `before` are the slugs of pages
    that were there the last time; those that are gone are taken back."""
    shown = set()
    for page in pages:
        shown.add(page.slug)
        yield Post(_config_topic(page.slug, prefix), _encode(_device(page, every)), is_retained=True)
        yield Post(_topic(page.slug, "state"), _encode(_state(page)), is_retained=True)
        availability = b"online" if page.is_current else b"offline"
        yield Post(_topic(page.slug, "availability"), availability, is_retained=True)
    for slug in before:
        if slug not in shown:
            yield Post(_config_topic(slug, prefix), b"", is_retained=True)
            yield Post(_topic(slug, "state"), b"", is_retained=True)
            yield Post(_topic(slug, "availability"), b"", is_retained=True)


def _name(slug: str) -> str:
    """As it may stand in topics and ids: letters, digits, `_` and `-`."""
    return f"statuswire_{slug}" if _PLAIN.fullmatch(slug) else f"statuswire_{digest('page', slug)[:16]}"


def _config_topic(slug: str, prefix: str) -> str:
    return f"{prefix}/device/{_name(slug)}/config"


def _topic(slug: str, what: str) -> str:
    return f"statuswire/home-assistant/{_name(slug)}/{what}"


def _device(page: PageStanding, every: timedelta) -> dict[str, object]:
    name, state = _name(page.slug), _topic(page.slug, "state")
    expires = {"expire_after": int(every.total_seconds() * MISSED)}
    link = safe_url(page.url)
    return {
        "device": {
            "identifiers": [name],
            "name": shortened(one_line(page.name) or page.slug, TEXT),
            "manufacturer": "statuswire",
            "model": "Status page",
            **({"configuration_url": link} if link else {}),
        },
        "origin": _ORIGIN,
        "state_topic": state,
        "availability": [{"topic": _topic(page.slug, "availability")}],
        "qos": 1,
        "components": {
            "status": {
                "platform": "sensor",
                "unique_id": f"{name}_status",
                "name": "Status",
                "device_class": "enum",
                "options": [one.value for one in Status],
                "value_template": "{{ value_json.state }}",
                "json_attributes_topic": state,
                "json_attributes_template": "{{ {'open': value_json.open, 'page': value_json.page} | tojson }}",
                **expires,
            },
            "problem": {
                "platform": "binary_sensor",
                "unique_id": f"{name}_problem",
                "name": "Problem",
                "device_class": "problem",
                "value_template": "{{ value_json.problem }}",
                **expires,
            },
        },
    }


def _state(page: PageStanding) -> dict[str, object]:
    """`problem` is `None` where nobody knows, which Home Assistant takes for unknown."""
    level = Status(page.state)
    problem = "None" if level is Status.UNKNOWN else "ON" if level in _PROBLEMS else "OFF"
    titles = [shortened(one_line(title), TEXT) for title in page.open[:TITLES]]
    return {"page": page.slug, "state": level.value, "problem": problem, "open": titles}
