"""Types of settings that YAML does not have: lengths of time, moments and time zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from statuswire.durations import Duration, parse_duration, spell_duration
from statuswire.errors import ConfigError

__all__ = ["Duration", "known_zone", "parse_duration", "parse_moment", "spell_duration", "zone"]


def parse_moment(value: object) -> object:
    """A day, which begins in UTC, or a moment, in UTC where it names no zone. Raises ValueError for other text."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError as error:
            raise ValueError("is neither a day nor a moment; right: 2026-12-01 or 2026-12-01T09:00Z") from error
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return value


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
