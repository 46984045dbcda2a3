"""Moments as providers write them: ISO 8601, RFC 822, Go, JavaScript, ctime, epochs, and dates without a year.

Every function returns a moment in UTC or None and never raises: a date that cannot be read is dropped, never the item
that carries it. Checked against the feeds of some thirty platforms, 2026-11.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_LONGEST: Final = 100
_OFFSET_LIMIT: Final = timedelta(hours=14)
_HALF_YEAR: Final = timedelta(days=182)
"""No other year puts a date nearer than this does."""

# --- zones -------------------------------------------------------------------------------------------------------

_ZONES: Final[dict[str, float]] = {
    **dict.fromkeys(("UTC", "GMT", "UT", "Z", "WET"), 0),
    **dict.fromkeys(("CET", "WEST", "BST", "MEZ", "WAT"), 1),
    **dict.fromkeys(("EET", "CEST", "SAST", "CAT", "MESZ"), 2),
    **dict.fromkeys(("MSK", "EEST", "TRT", "EAT", "IDT"), 3),
    **dict.fromkeys(("JST", "KST"), 9),
    **dict.fromkeys(("SGT", "HKT", "AWST", "PHT", "MYT"), 8),
    **dict.fromkeys(("ICT", "WIB"), 7),
    **dict.fromkeys(("HST",), -10),
    **dict.fromkeys(("AKST",), -9),
    **dict.fromkeys(("PST", "AKDT"), -8),
    **dict.fromkeys(("MST", "PDT"), -7),
    **dict.fromkeys(("CST", "MDT"), -6),
    **dict.fromkeys(("EST", "CDT", "COT", "PET"), -5),
    **dict.fromkeys(("EDT", "AST"), -4),
    **dict.fromkeys(("BRT", "ART", "ADT", "CLST"), -3),
    "GST": 4,
    "PKT": 5,
    "IST": 5.5,
    "NPT": 5.75,
    "ACST": 9.5,
    "AEST": 10,
    "ACDT": 10.5,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
    "NST": -3.5,
    "NDT": -2.5,
}
"""Hours east of Greenwich."""

_AMBIGUOUS: Final = frozenset({"IST", "CST", "CDT", "BST", "AST", "GST", "PST", "MST"})
"""Written in more than one part of the world: the page's own zone decides where it uses the same letters."""

_REGIONS: Final = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
_NUMERIC: Final = re.compile(r"(?:GMT|UTC|UT)? ?([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)


@lru_cache(maxsize=1024)
def _region(name: str | None) -> ZoneInfo | None:
    """The zone of an IANA name; None for a name that the machine does not know."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@lru_cache(maxsize=1024)
def _fixed_offset(name: str) -> timedelta | None:
    """The offset that a zone's text shows by itself: `+0530`, `GMT+2`, `PDT`."""
    numeric = _NUMERIC.fullmatch(name)
    if numeric:
        sign, hours, minutes = numeric.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return -offset if sign == "-" else offset
    hours_east = _ZONES.get(name.upper())
    return None if hours_east is None else timedelta(hours=hours_east)


def _offset(naive: datetime, name: str | None, zone: str | None) -> timedelta | None:
    """How far the clock that showed `naive` is ahead of UTC; None where the text names a zone that nobody knows."""
    if name and not zone:
        fixed = _fixed_offset(name)
        if fixed is not None:
            return fixed
    page_zone = _region(zone)
    if not name:
        return _offset_in(naive, page_zone) if page_zone else timedelta(0)
    upper = name.upper()
    if page_zone and (upper in _AMBIGUOUS or upper not in _ZONES):
        local = naive.replace(tzinfo=page_zone)
        if local.tzname() == upper:
            return local.utcoffset()
    offset = _fixed_offset(name)
    if offset is None:
        region = _region(_REGIONS.get(upper) or (name if "/" in name else None)) or page_zone
        return _offset_in(naive, region) if region else None
    return offset


def _offset_in(naive: datetime, region: ZoneInfo) -> timedelta | None:
    return naive.replace(tzinfo=region).utcoffset()


# --- text to numbers ---------------------------------------------------------------------------------------------

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen janv",
            "feb fev fév febr févr",
            "mar mär mrz maa mrt märz",
            "apr avr abr avri",
            "may mai mei mag maj mayo",
            "jun juin giu",
            "jul juil lug",
            "aug aoû aou ago août",
            "sep set sept",
            "oct okt ott out",
            "nov noviembre",
            "dec dez déc dic",
        ),
        start=1,
    )
    for name in names.split()
}
"""By their first letters: English, German, French, Spanish, Portuguese, Italian, Dutch, Scandinavian."""

_TIME: Final = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,6})\d*)?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
)
_ZONE: Final = (
    r"(?: ?(?P<zone>(?:GMT|UTC|UT)? ?[+-]\d{1,2}(?::?\d{2})?|[A-Za-z]{1,5}|[A-Za-z]+/[A-Za-z_/]+)"
    r"(?: (?:[A-Z]{2,5}|[+-]\d{2,4}))?(?: ?\([^()]*\))?(?: m=[+-][\d.]+)?)?"
)
_DAY_NAME: Final = r"(?:[^\W\d_]{2,12}\.?,? )?"
_MONTH: Final = r"(?P<month>[^\W\d_]{3,12})\.?"
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_BEFORE_TIME: Final = r",? ?(?:at |- |– )?"
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # Thu, 08 Feb 2024 09:00:14 +0000 | 4 May 26 10:22 UT | 02 September 2026, 17:05 UTC | 4 May, 10:22
        rf"{_DAY_NAME}{_DAY}[ -]{_MONTH}(?:,?[ -](?P<year>\d{{4}}|\d{{2}}(?![\d:])))?(?:{_BEFORE_TIME}{_TIME}{_ZONE})?",
        # May 4, 10:22 UTC | May 4, 2026 05:15 PDT | Mon May 04 2026 10:22:31 GMT+0200 (CEST) | Aug 28, 10:33 PM UTC
        rf"{_DAY_NAME}{_MONTH} {_DAY}(?:,? (?P<year>\d{{4}})(?!\d))?(?:{_BEFORE_TIME}{_TIME}{_ZONE})?",
        # Mon May 4 10:22:31 UTC 2026
        rf"{_DAY_NAME}{_MONTH} {_DAY} {_TIME}{_ZONE} (?P<year>\d{{4}})",
        # 2006-01-02 15:04:05 -0700 MST | 2026/05/04 10:22 UTC
        rf"(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})(?:[T ,]+{_TIME}{_ZONE})?",
    )
)


class _Written(NamedTuple):
    """A date as written, year None where it has none, before its zone is applied."""

    year: int | None
    month: int
    day: int
    hour: int
    minute: int
    second: int
    microsecond: int
    zone: str | None


_COMMON: Final = re.compile(r"([A-Za-z]{3}) (\d\d?), (\d\d?):(\d\d)(?::([0-5]\d))? ([A-Z]{1,5})")


@lru_cache(maxsize=4096)
def _written(text: str) -> _Written | None:
    for form in _FORMS:
        found = form.fullmatch(text)
        if found:
            parts = found.groupdict()
            month = _month(parts["month"])
            if month:
                return _numbers(parts, month)
    return None


def _month(name: str) -> int | None:
    if name.isdecimal():
        return int(name)
    folded = name.lower()
    return _MONTHS.get(folded[:4]) or _MONTHS.get(folded[:3])


def _numbers(parts: dict[str, str | None], month: int) -> _Written:
    hour = int(parts["hour"] or 0)
    if parts["half"]:
        hour = hour % 12 + (12 if parts["half"] in "pP" else 0)
    return _Written(
        year=_full_year(parts["year"]),
        month=month,
        day=int(parts["day"] or 0),
        hour=hour,
        minute=int(parts["minute"] or 0),
        second=min(int(parts["second"] or 0), 59),  # a leap second is the second before
        microsecond=int((parts["fraction"] or "0").ljust(6, "0")),
        zone=parts["zone"],
    )


def _full_year(digits: str | None) -> int | None:
    """Two digits as RFC 2822 section 4.3 wants them read: 00-49 in this century, 50-99 in the last."""
    if digits is None:
        return None
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < 50 else 1900)


def _in_utc(written: _Written, year: int, zone: str | None) -> datetime | None:
    try:
        shown = datetime(
            year, written.month, written.day, written.hour, written.minute, written.second, written.microsecond, UTC
        )
        offset = _offset(shown, written.zone, zone)
        if not offset:  # UTC, or a zone that nobody knows
            return shown if offset is not None else None
        return shown - offset if abs(offset) <= _OFFSET_LIMIT else None
    except (ValueError, OverflowError):
        return None


# --- public ------------------------------------------------------------------------------------------------------

_EPOCHS: Final = ((10**8, 10**11, 1), (10**11, 10**14, 10**3), (10**14, 10**17, 10**6), (10**17, 10**20, 10**9))
"""From, below, parts of a second. Below 1973 a number is a count, not a moment."""


def moment(value: object, zone: str | None = None) -> datetime | None:
    """The moment that a text or a number (epoch in s, ms, us or ns) means, in UTC.

    `zone` is the IANA name of the page's zone: it counts where the text has no zone or an ambiguous one; without it
    such a text is taken as UTC. None for what is no date, a year outside 1970 to 9998, or an offset beyond 14 hours.
    """
    if isinstance(value, str):
        return _from_text(value, zone)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_epoch(value)
    return None


def _from_text(text: str, zone: str | None) -> datetime | None:
    found = _iso(text)
    if found is None or text.isdecimal():  # which fromisoformat takes for a date without its dashes
        return _from_words(text, zone)
    return _in_reach(found) if found.tzinfo is UTC else _from_iso(found, zone)


def _from_iso(found: datetime, zone: str | None) -> datetime | None:
    offset = found.utcoffset() if found.tzinfo else _offset(found, None, zone)
    if offset is None or abs(offset) > _OFFSET_LIMIT:
        return None
    try:
        return _in_reach((found.replace(tzinfo=None) - offset).replace(tzinfo=UTC))
    except OverflowError:
        return None


def _in_reach(found: datetime | None) -> datetime | None:
    """The moment, or None for one that cannot be meant. Without the last year, which stands for "never", whoever adds
    a few days to a moment stays within what a datetime can hold."""
    return found if found is not None and 1970 <= found.year < 9999 else None


def _from_words(text: str, zone: str | None) -> datetime | None:
    folded = " ".join(text[: 4 * _LONGEST].split())
    if not folded or len(folded) > _LONGEST:
        return None
    if folded.isdecimal():
        return _from_digits(folded, zone)
    if folded[:4].isdecimal():
        closer = _iso(folded.upper())
        if closer:
            return _from_iso(closer, zone)
    written = _written(folded)
    if written is None or written.year is None:
        return None
    return _in_reach(_in_utc(written, written.year, zone))


def _from_digits(digits: str, zone: str | None) -> datetime | None:
    """A date (`20260504`), a date and a time (`20260504102231`), or an epoch."""
    if len(digits) in (8, 14):
        written = _iso(f"{digits[:8]}T{digits[8:]}" if digits[8:] else digits)
        return _from_iso(written, zone) if written else None
    return _from_epoch(int(digits)) if len(digits) < 20 else None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _from_epoch(value: float) -> datetime | None:
    for least, limit, parts in _EPOCHS:
        if least <= value < limit:
            return datetime.fromtimestamp(value / parts, UTC)
    return None


def yearless(text: str, near: datetime | None, zone: str | None = None) -> datetime | None:
    """The moment of a date without a year (`May 4, 10:22 UTC`): in the year that puts it nearest to `near`.

    A date that has a year keeps it. None without `near` or for what is no date.
    """
    written = _yearless(text[: 4 * _LONGEST])
    if written is None:
        return moment(" ".join(text[: 4 * _LONGEST].split()), zone)
    if written.year is not None:
        return _in_reach(_in_utc(written, written.year, zone))
    return None if near is None else _nearest(written, near, zone)


@lru_cache(maxsize=4096)
def _yearless(text: str) -> _Written | None:
    """As written, by the one form that nearly all feeds use, else by any."""
    folded = " ".join(text.split())
    common = _COMMON.fullmatch(folded)
    month = _MONTHS.get(common[1].lower()) if common else None
    if common and month:
        day, hour, minute, second = (int(digits or 0) for digits in common.group(2, 3, 4, 5))
        return _Written(None, month, day, hour, minute, second, 0, common[6])
    return _written(folded) if len(folded) <= _LONGEST else None


def _nearest(written: _Written, near: datetime, zone: str | None) -> datetime | None:
    same = _in_utc(written, near.year, zone)
    if same and abs(same - near) <= _HALF_YEAR:
        return same
    reach = 4 if (written.month, written.day) == (2, 29) else 1
    years = range(max(near.year - reach, 1970), min(near.year + reach, 9998) + 1)
    candidates = [found for year in years if (found := _in_utc(written, year, zone))]
    return min(candidates, key=lambda found: abs(found - near), default=None)


# --- moments inside ids ------------------------------------------------------------------------------------------

_CROCKFORD: Final = {letter: value for value, letter in enumerate("0123456789ABCDEFGHJKMNPQRSTVWXYZ")}


def ulid_time(text: str) -> datetime | None:
    """When a ULID was made: its first ten characters are milliseconds (github.com/ulid/spec). None for other ids."""
    upper = text.upper()
    if len(upper) != 26 or upper[0] > "7" or not all(letter in _CROCKFORD for letter in upper):
        return None
    milliseconds = 0
    for letter in upper[:10]:
        milliseconds = milliseconds * 32 + _CROCKFORD[letter]
    return _from_epoch(milliseconds) if milliseconds >= 10**11 else None
