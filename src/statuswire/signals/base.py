"""What a sender of signals is: whether a body is of it, and what the body says. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, TypeAlias, cast

from statuswire.errors import ParseError, ParseReason
from statuswire.model import SignalSource, SignalState
from statuswire.platforms.reading import as_mapping, moment, text, title

LASTS: Final = timedelta(hours=48)
"""A signal that is not heard of again for so long counts as over. Alertmanager says again what still fires every four
hours, unless it is told otherwise."""

MOST: Final = 1_000
"""Alerts in one body."""

MAX_KEY: Final = 200
MAX_NAME: Final = 200
MAX_TITLE: Final = 300
MAX_URL: Final = 1_000

Body: TypeAlias = Mapping[str, object]
Headers: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """One word of a sender. `labels` are what it says of the thing that fires, by which it is placed; `page` and
    `component` are named where the sender knows them itself. `lasts`: for how long the word counts."""

    key: str
    state: SignalState
    at: datetime
    title: str
    url: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    page: str = ""
    component: str = ""
    lasts: timedelta = LASTS

    def over(self, at: datetime) -> Reading:
        """The word that it has ended, which is never before it began."""
        return replace(self, state=SignalState.RESOLVED, at=max(at, self.at))


@dataclass(frozen=True, slots=True)
class Sender:
    """`recognize` looks at the lower-case headers and the body; `read` gives the words in it, none where it says
    nothing of alerts, and raises ParseError and nothing else."""

    source: SignalSource
    recognize: Callable[[Headers, Body], bool]
    read: Callable[[Headers, Body, datetime], tuple[Reading, ...]]


def wrong(where: str, what: str) -> ParseError:
    """A sentence that begins with the place; `what` says what would be right."""
    return ParseError(ParseReason.SHAPE, f"`{where}` {what}")


def list_of(value: object, where: str) -> list[dict[str, object]]:
    """The objects of a list. Raises ParseError for anything else, and for more than `MOST`."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise wrong(where, "must be a list of objects")
    if len(value) > MOST:
        raise wrong(where, f"has {len(value):,} items, of at most {MOST:,}: send them in several requests")
    return cast("list[dict[str, object]]", value)


def labels_of(value: object) -> dict[str, str]:
    """The members of an object that are texts or numbers."""
    found = ((title(name, MAX_NAME), title(one, MAX_TITLE)) for name, one in as_mapping(value).items())
    return {name: one for name, one in found if name and one}


def pairs_of(texts: Iterable[str]) -> dict[str, str]:
    """Of `name:value` texts."""
    split = (one.strip().partition(":") for one in texts)
    return {name.strip(): value.strip() for name, colon, value in split if colon and name.strip() and value.strip()}


def key_of(*parts: str) -> str:
    """A key of bounded length, the same for the same parts; it is readable where it is short."""
    joined = "/".join(parts)
    return joined if len(joined) <= MAX_KEY else "sha256:" + sha256(joined.encode("utf-8", "replace")).hexdigest()


def time_of(value: object, now: datetime) -> datetime | None:
    """A moment that is not ahead of us: clocks differ. None for what is no date, and for the year 1, by which Go says
    "not yet"."""
    digits = int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() else value
    found = moment(digits)
    return None if found is None else min(found, now)


def address(value: object) -> str:
    """A web address, empty for anything else and for one that is too long."""
    found = text(value, MAX_URL + 1).strip()
    return found if found.startswith(("http://", "https://")) and len(found) <= MAX_URL else ""
