"""The formats, and which of them a file is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from statuswire.config import layers
from statuswire.discovery.readers.loading import mapping
from statuswire.elsewhere import addresses, aggregators, exporters, kuma, outlines
from statuswire.elsewhere.listed import Listed
from statuswire.errors import ConfigError

OWN = "statuswire"


@dataclass(frozen=True, slots=True)
class Format:
    """What the format is called, and how its text is read."""

    title: str
    read: Callable[[str], list[Listed]]


def _json(text: str) -> object:
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        raise ConfigError("is not JSON that can be read") from None


FORMATS: dict[str, Format] = {
    "uptime-kuma": Format("a backup of Uptime Kuma", kuma.read),
    "statuspage-exporter": Format("the configuration of statuspage-exporter", exporters.statuspages),
    "services-json": Format("the services.json of statuspage-prometheus-exporter", exporters.services),
    "prometheus": Format("a configuration of Prometheus", exporters.scrape_jobs),
    "opml": Format("OPML", outlines.read),
    "csv": Format("a list of addresses", addresses.read),
    "statusgator": Format("answers of StatusGator's API", lambda text: aggregators.statusgator(_json(text))),
    "isdown": Format("answers of IsDown's API", lambda text: aggregators.isdown(_json(text))),
}

_KEYS = {"monitorList": "uptime-kuma", "statuspages": "statuspage-exporter", "scrape_configs": "prometheus"}
"""Keys at the top that only one format has."""

_OWN_KEYS = {"pages", "routes"}


def format_of(path: Path, text: str) -> str:
    """The name of the format, `OWN` for our own; what is YAML of no other kind is taken for ours, which names every
    mistake."""
    begin = text.lstrip("\ufeff \t\r\n")[:1]
    if begin == "<":
        return "opml"
    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        return "csv"
    if begin in ("{", "["):
        return _of_json(text)
    try:
        values = layers.parse(text, str(path)).values
    except ConfigError:
        return OWN if path.suffix.lower() in (".yaml", ".yml") else "csv"
    return _of_keys(values) or OWN


def _of_json(text: str) -> str:
    try:
        body = _json(text)
    except ConfigError:
        return OWN
    named = _of_keys(mapping(body))
    if named or _OWN_KEYS & mapping(body).keys():
        return named or OWN
    entries = aggregators.entries(body)
    if any("attributes" in one for one in entries):
        return "isdown"
    if isinstance(body, list) or "data" in mapping(body):
        return "statusgator"
    return "services-json" if any("url" in mapping(one) for one in mapping(body).values()) else OWN


def _of_keys(values: dict[str, object]) -> str:
    return next((name for key, name in _KEYS.items() if key in values), "")
