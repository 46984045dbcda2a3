"""The updates inside one feed entry, in the markup that Statuspage made common.

    <p><small>May <var data-var='date'> 4</var>, <var data-var='time'>10:22</var> UTC</small><br>
    <strong>Identified</strong> - A bad deploy.<br />Second line</p>

Instatus (seconds, zones such as `GMT+2`), Status.io (with the year, oldest first), OnlineOrNot (12-hour clock) and
LambStatus write variants of it; GitHub's feed of 2026 has blanks between the tags. Checked against captures
up to 2026-10.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from statuswire.platforms.moments import yearless
from statuswire.platforms.plaintext import html_text, one_line, unescape

LIMIT: Final = 1_000
"""Updates of one entry that are read; the newest, where there are more."""


class MarkedUpdate(NamedTuple):
    """One update: the provider's word for its phase, plain text, its moment as far as shown, and its own markup."""

    label: str
    text: str
    at: datetime | None
    raw: str


# "<" ends every part, so that no part can run over more than one tag: matching stays linear.
_HEADER: Final = re.compile(
    r"<small[^<>]*>(?P<when>[^<]{0,200}(?:<var[^<>]{0,100}>[^<]{0,60}</var>[^<]{0,60}){0,4})</small>"
    r"(?:\s|<br\s*/?>|</?p>|</?div>){0,12}"
    r"<(?P<tag>strong|b)>(?P<label>[^<]{1,80})</(?P=tag)>"
    r"(?:\s*[-–—:])?",
    re.IGNORECASE,
)
_TAGS: Final = re.compile(r"<[^<>]*>")
_OPENING: Final = re.compile(r"(?:\s|<p>|<p\s[^<>]*>|<div>|<hr\s*/?>|<br\s*/?>)*\Z", re.IGNORECASE)


def split_updates(html: str, near: datetime | None, zone: str | None = None) -> tuple[MarkedUpdate, ...]:
    """The updates of an entry, oldest first; empty where it is not written in this markup.

    `near` is the entry's own date: it decides the year of dates without one. `zone` is the page's zone, for dates
    without a zone.
    """
    if "<small" not in html and "<SMALL" not in html:
        return ()
    if len(html) <= _MEMORABLE:
        return _remembered(html, near, zone)
    return _split(html, near, zone)


_MEMORABLE: Final = 16_384


@lru_cache(maxsize=512)
def _remembered(html: str, near: datetime | None, zone: str | None) -> tuple[MarkedUpdate, ...]:
    """Of a feed that changed, most entries did not: they are worth some megabytes."""
    return _split(html, near, zone)


def _split(html: str, near: datetime | None, zone: str | None) -> tuple[MarkedUpdate, ...]:
    headers = list(_HEADER.finditer(html))[:LIMIT]
    if not headers:
        return ()
    labels = [_label(header["label"]) for header in headers]
    whens = [_when(header["when"]) for header in headers]
    is_oldest_first = _is_oldest_first(labels, whens, near, zone)
    moments = _moments(whens, near, zone, is_oldest_first=is_oldest_first)
    bodies = _bodies(html, headers)
    updates = [
        MarkedUpdate(label, html_text(body), at, body) for label, body, at in zip(labels, bodies, moments, strict=True)
    ]
    return _oldest_first(updates if is_oldest_first else updates[::-1])


@lru_cache(maxsize=1024)
def _label(markup: str) -> str:
    return one_line(unescape(markup)).strip(" :-")


@lru_cache(maxsize=4096)
def _when(markup: str) -> str:
    words = _TAGS.sub("", markup)
    return unescape(words) if "&" in words else words


def _bodies(html: str, headers: Sequence[re.Match[str]]) -> list[str]:
    """What stands between one header and the next, without the tags that belong to the frame around them."""
    ends = [header.start() for header in headers[1:]] + [len(html)]
    return [_trimmed(html[header.end() : end]) for header, end in zip(headers, ends, strict=True)]


def _trimmed(body: str) -> str:
    """The body of one update: the opening tags of the next paragraph go, then the closing ones of its own."""
    body = body.rstrip()
    for tag in ("<p>", "<div>"):
        body = body.removesuffix(tag).rstrip()
    while body.endswith(("</p>", "<br />", "<br>", "<br/>", "</div>", "<hr>", "<hr />", "<hr/>")):
        body = body[: body.rindex("<")].rstrip()
    return body.strip()


# --- years -------------------------------------------------------------------------------------------------------

_LATE_LABELS: Final = frozenset({"resolved", "completed", "postmortem", "monitoring", "verifying"})
_EARLY_LABELS: Final = frozenset({"investigating", "scheduled", "identified"})
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_DISORDER: Final = timedelta(days=2)
"""Updates of one incident may stand out of order by hours; further apart it is another year."""


def _is_oldest_first(labels: Sequence[str], whens: Sequence[str], near: datetime | None, zone: str | None) -> bool:
    """Nearly every provider lists the newest first; Status.io, who alone writes the year, does not. The times decide,
    and where there is no year the labels must agree."""
    if len(whens) < 2:
        return False
    first, last = yearless(whens[0], near, zone), yearless(whens[-1], near, zone)
    if first is None or last is None:
        return False
    if _YEAR.search(whens[0]):
        return first <= last
    return first < last and labels[-1].lower() not in _EARLY_LABELS and labels[0].lower() not in _LATE_LABELS


def _moments(
    whens: Sequence[str], near: datetime | None, zone: str | None, *, is_oldest_first: bool
) -> list[datetime | None]:
    """The moment of each update in the order given: the newest in the year nearest to `near`, and from there on an
    older update is never put into a later year than the one after it."""
    ordered = list(reversed(whens)) if is_oldest_first else list(whens)
    found: list[datetime | None] = []
    later = near
    for when in ordered:
        at = yearless(when, later, zone)
        if found and at and later and at > later + _DISORDER:
            at = yearless(when, later - timedelta(days=300), zone) if _has_no_year(at, when, later, zone) else at
        found.append(at)
        later = at or later
    return found[::-1] if is_oldest_first else found


def _has_no_year(at: datetime, when: str, later: datetime, zone: str | None) -> bool:
    """Whether another year nearby would have moved the moment: then the text itself names none."""
    return yearless(when, later - timedelta(days=800), zone) != at


def _oldest_first(updates: Sequence[MarkedUpdate]) -> tuple[MarkedUpdate, ...]:
    """Ordered by time where every update has one (Instatus sometimes mixes them up), else in the order given."""
    moments = [update.at for update in updates]
    if all(one is not None for one in moments):
        return tuple(sorted(updates, key=lambda update: update.at.timestamp() if update.at else 0.0))
    return tuple(updates)


# --- maintenance windows -----------------------------------------------------------------------------------------

_WINDOW_MARK: Final = "THIS IS A SCHEDULED EVENT"
_WINDOW: Final = re.compile(_WINDOW_MARK + r"\s+(?P<window>(?:[^<]|</?var[^<>]{0,100}>){1,300})")
_RANGE: Final = re.compile(r"(?P<start>.+?) (?:-|–|—|to) (?P<end>.+)")
_CLOCK_ONLY: Final = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp]\.?[Mm]\.?)?")
_ZONE_AT_END: Final = re.compile(r"(?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?$|[A-Z]{1,5}(?:[+-]\d{1,2})?$")


def scheduled_window(
    html: str, near: datetime | None, zone: str | None = None
) -> tuple[datetime | None, datetime | None]:
    """When a maintenance begins and ends by its line `THIS IS A SCHEDULED EVENT May 9, 22:00 - 23:30 UTC`.

    The end may repeat the date (`May 9, 22:00 - May 10, 01:00 UTC`); one before the start is on the next day.
    (None, None) where there is no such line.
    """
    found = _WINDOW.search(html) if _WINDOW_MARK in html else None
    window = _RANGE.fullmatch(" ".join(_when(found["window"]).split())) if found else None
    if window is None:
        return None, None
    return _window_moments(window["start"], window["end"], near, zone)


def _window_moments(
    start_text: str, end_text: str, near: datetime | None, zone: str | None
) -> tuple[datetime | None, datetime | None]:
    named_zone = _ZONE_AT_END.search(end_text)
    zone_text = f" {named_zone[0]}" if named_zone else ""
    start = yearless(start_text, near, zone) if _ZONE_AT_END.search(start_text) else None
    start = start or yearless(f"{start_text}{zone_text}", near, zone)
    clock = end_text[: named_zone.start()].strip() if named_zone else end_text
    if _CLOCK_ONLY.fullmatch(clock):
        day = re.split(r"\d{1,2}:\d{2}", start_text, maxsplit=1)[0]
        end_text = f"{day}{end_text}"
    end = yearless(end_text, start or near, zone)
    if start and end and end < start and _CLOCK_ONLY.fullmatch(clock):
        end += timedelta(days=1)
    return start, end
