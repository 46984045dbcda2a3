"""What response headers say of time: how long a body is good, and when to ask again (RFC 9111, RFC 9110)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

from aiohttp import hdrs

_LONGEST_S = 366 * 86_400
_RETRY_MIN = timedelta(seconds=1)
_RETRY_MAX = timedelta(hours=6)
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d*)?", re.ASCII)
_MAX_VALIDATOR_LENGTH = 1_024


def max_age(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the body stays fresh from now on; zero for `no-cache`, None where nothing is said.

    `Cache-Control: max-age` minus `Age`, else `Expires` minus `Date`. `s-maxage` speaks to shared caches, which we
    are not.
    """
    control = headers.get(hdrs.CACHE_CONTROL)
    stated = _stated_age(control) if control else None
    if stated is None:
        expires = headers.get(hdrs.EXPIRES)
        stated = _until(expires, headers.get(hdrs.DATE), now) if expires else None
    if not stated:
        return None if stated is None else timedelta(0)
    return timedelta(seconds=max(stated - _seconds(headers.get(hdrs.AGE, "0"), default=0), 0))


@lru_cache(maxsize=1_024)
def _stated_age(control: str) -> int | None:
    """Cached by text: a host sends the same words with every answer."""
    age = None
    for part in control.split(","):
        name, _, value = part.partition("=")
        word = name.strip().lower()
        if word in ("no-cache", "no-store"):
            return 0
        if word == "max-age" and age is None:
            seconds = _seconds(value.strip().strip('"'), default=-1)
            age = seconds if seconds >= 0 else None
    return age


def _seconds(text: str, *, default: int) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdecimal()):
        return default
    return min(int(digits[:12]), _LONGEST_S)


def _until(expires: str, date: str | None, now: datetime) -> int:
    """`Expires` that is no date (`0`, `-1`) means "already" (RFC 9111 section 5.3)."""
    end = http_date(expires)
    if end is None:
        return 0
    start = http_date(date or "") or now
    return max(0, min(int((end - start).total_seconds()), _LONGEST_S))


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """`Retry-After` in both forms, between one second and six hours; None where it is absent or says nothing."""
    text = headers.get(hdrs.RETRY_AFTER, "").strip()
    if not text:
        return None
    if _NUMBER.fullmatch(text):
        wait = timedelta(seconds=max(-1.0, min(float(text[:20]), float(_LONGEST_S))))
    else:
        until = http_date(text)
        if until is None:
            return None
        wait = until - now
    return max(_RETRY_MIN, min(wait, _RETRY_MAX))


def http_date(text: str) -> datetime | None:
    """Aware and in UTC; None for what is no date."""
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def validator(value: str | None) -> str:
    """An ETag or Last-Modified that can be sent back as it came; empty where it cannot."""
    if not value or len(value) > _MAX_VALIDATOR_LENGTH or not value.isascii() or not value.isprintable():
        return ""
    return value
