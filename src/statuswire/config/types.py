"""Types of settings that YAML does not have: lengths of time and time zones."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, tzinfo
from difflib import get_close_matches
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from statuswire.errors import ConfigError

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)", re.IGNORECASE)
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
_DURATION_SCHEMA = {"type": ["string", "number"], "pattern": r"^(\d+(\.\d+)?\s*(ms|s|m|h|d)?\s*)+$"}


def parse_duration(value: object) -> object:
    """`90s`, `3m`, `1h30m`, `24h`, `250ms`, or a number of seconds. Raises ValueError for other text."""
    if isinstance(value, bool):
        raise ValueError("is not a length of time")
    if not isinstance(value, str | int | float):
        return value
    if not isinstance(value, str):
        return _span(float(value))
    text = value.strip()
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return _span(float(text))
    if not text or _DURATION.sub("", text).strip():
        raise ValueError("is not a length of time")
    return _span(sum(float(count) * _UNITS[unit.lower()] for count, unit in _DURATION.findall(text)))


def _span(seconds: float) -> timedelta:
    try:
        return timedelta(seconds=seconds)
    except (OverflowError, ValueError) as error:
        raise ValueError("is too long a time") from error


def spell_duration(span: timedelta) -> str:
    """The shortest form that `parse_duration` reads back."""
    seconds = span.total_seconds()
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{int(seconds // size)}{unit}"
    return f"{seconds:f}".rstrip("0").rstrip(".") + "s"


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(spell_duration, return_type=str),
    WithJsonSchema(_DURATION_SCHEMA),
]


def zone(name: str) -> tzinfo:
    """The time zone of this name. Raises ConfigError for one that the machine does not know."""
    if name.upper() == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(f"`{name}` is not a time zone this machine knows; {_near_zone(name)}") from error


def known_zone(name: str) -> str:
    """The name as the database of zones has it. Raises ValueError for one that the machine does not know."""
    try:
        zone(name)
    except ConfigError as error:
        raise ValueError(str(error)) from error
    return "UTC" if name.upper() == "UTC" else name


def _near_zone(name: str) -> str:
    """The zone that was probably meant, by its whole name or by its place alone (`Berlin`)."""
    zones = sorted(one for one in available_timezones() if "/" in one)
    folded = {one.lower(): one for one in zones} | {one.rpartition("/")[2].lower(): one for one in zones}
    near = get_close_matches(name.lower().replace(" ", "_"), folded, n=1, cutoff=0.8)
    return f"did you mean `{folded[near[0]]}`?" if near else "right: Europe/Vienna"
