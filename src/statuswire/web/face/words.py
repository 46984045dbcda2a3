"""Times, lengths of time and addresses as templates write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from statuswire.channels import wording
from statuswire.channels.phrasing import shortened
from statuswire.web import paths

_OLD = timedelta(days=60)
_SCHEMES = frozenset({"http", "https", "mailto"})
_CONTROLS = re.compile(r"[\x00-\x20\x7f\\]")


def relative(moment: datetime, now: datetime) -> str:
    """`just now`, `42 s ago`, `3 min ago`, `5 h ago`, `12 d ago`, `in 2 h`; the date from sixty days on.

    The script says the same words: `ago` of `static/app.js`.
    """
    span = now - moment
    if abs(span) >= _OLD:
        return f"{moment.astimezone(UTC):%Y-%m-%d}"
    if abs(span) < timedelta(seconds=10):
        return "just now"
    words = _coarse(abs(span))
    return f"{words} ago" if span > timedelta(0) else f"in {words}"


def _coarse(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


@pass_context
def ago(context: Context, moment: datetime | None) -> Markup:
    """How long ago, with the whole time on hover; the script keeps it fresh. Empty for None."""
    return _time(moment, "ago", relative(moment, context["now"])) if moment else Markup()


def at(moment: datetime | None) -> Markup:
    """The day and the time; the script shows it in the reader's zone."""
    return _time(moment, "at", f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC") if moment else Markup()


def clock(moment: datetime | None) -> Markup:
    """The time of the day alone."""
    return _time(moment, "clock", f"{moment.astimezone(UTC):%H:%M} UTC") if moment else Markup()


@pass_context
def lasting(context: Context, moment: datetime | None) -> Markup:
    """How long since then, `1 h 12 min`; the script keeps it fresh. Empty for None."""
    return _time(moment, "for", wording.duration(context["now"] - moment)) if moment else Markup()


def _time(moment: datetime, form: str, text: str) -> Markup:
    utc = moment.astimezone(UTC)
    return Markup('<time data-t="{}" datetime="{}" title="{}">{}</time>').format(
        form, f"{utc:%Y-%m-%dT%H:%M:%SZ}", f"{utc:%Y-%m-%d %H:%M:%S} UTC", text
    )


def safe_url(url: str) -> str:
    """The address where a browser may follow it: http, https or mailto; else empty."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    is_whole = bool(parts.netloc) if parts.scheme in ("http", "https") else bool(parts.path)
    return url.strip() if parts.scheme in _SCHEMES and is_whole and not _CONTROLS.search(url.strip()) else ""


def link(text: str, url: str) -> Markup:
    """The text, linked where the address may be followed."""
    address = safe_url(url)
    if not address:
        return escape(text)
    return Markup('<a href="{}" rel="noopener noreferrer nofollow">{}</a>').format(address, text)


def count(number: int, noun: str, nouns: str = "") -> str:
    """`1 page`, `1,204 pages`; `nouns` where the plural is not made with an s."""
    return f"{number:,} {noun if number == 1 else nouns or f'{noun}s'}"


FILTERS: Mapping[str, Callable[..., Any]] = {
    "ago": ago,
    "at": at,
    "clock": clock,
    "lasting": lasting,
    "duration": wording.duration,
    "link": link,
    "safe_url": safe_url,
    "segment": paths.segment,
    "contract_path": paths.contract_path,
    "count": count,
    "short": shortened,
}

WORDS: Mapping[str, Mapping[str, str]] = {
    "status": {status.value: word for status, word in wording.STATUS_WORDS.items()},
    "phase": {phase.value: word for phase, word in wording.PHASE_WORDS.items()},
}
"""Words for what is stored, by value."""
