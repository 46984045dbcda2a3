"""Lengths of time as people write them in settings: `90s`, `3m`, `1h30m`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

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
