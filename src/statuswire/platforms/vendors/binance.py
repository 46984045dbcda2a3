"""Binance, by the documented `/sapi/v1/system/status` of its API: `{"status": 0, "msg": "normal"}`.

<https://developers.binance.com> (checked 2026-11): 0 is normal, 1 a maintenance of the system (`system_maintenance`,
also spelt with a blank). It tells of no incident.
"""

from __future__ import annotations

from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, FeedSpec, Snapshot, Status
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.reading import as_mapping, fold_word, load_json, text
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin, path_of
from statuswire.platforms.vendors.sole import sole_component

__all__ = ["LEVELS", "NAME", "PLATFORM", "feeds", "parse", "recognize"]

NAME: Final = "binance"
HOME: Final = "https://www.binance.com"
ADDRESS: Final = "https://api.binance.com/sapi/v1/system/status"
_PATH: Final = "/sapi/v1/system/status"

LEVELS: Final[dict[str, Status]] = {"0": Status.OPERATIONAL, "1": Status.MAINTENANCE}
_MESSAGES: Final = frozenset({"normal", "systemmaintenance"})


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The state of the system, or that of the very address."""
    if not origin(page_url):
        return ()
    return (FeedSpec(page_url if path_of(page_url).endswith(_PATH) else ADDRESS),)


def parse(document: Document) -> Snapshot:
    """Read the state. Raises ParseError."""
    fields = as_mapping(load_json(document))
    word = text(fields.get("status"), 60)
    if not word or not isinstance(fields.get("msg"), str):
        raise ParseError(ParseReason.SHAPE, "not the state of Binance: no status and msg")
    return sole_component(NAME, "Binance", HOME, word, LEVELS, text(fields.get("msg"), 200))


def recognize(sight: Sight) -> bool:
    """Exactly the two fields, with one of the two messages."""
    fields = {} if sight.is_markup else sight.fields
    return fields.keys() == {"status", "msg"} and fold_word(text(fields["msg"], 60)) in _MESSAGES


PLATFORM: Final = Platform(
    name=NAME,
    title="Binance",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("api.binance.com",),
    coverage=Coverage(
        components=True,
        identity="there is one component",
        confidence=Confidence.HIGH,
    ),
)
