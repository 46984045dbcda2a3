"""Query strings, checked: what a caller wants to see, or a Refusal that names the parameter and what would be right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar
from urllib.parse import parse_qsl

from statuswire.model import Impact, Kind, Phase
from statuswire.store import listing
from statuswire.web.problems import Refusal

DEFAULT_LIMIT = 100
MAX_LIMIT = listing.MAX_LIMIT
_MAX_QUERY = 4096
_MAX_FIELDS = 20

_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class IncidentQuestion:
    """What `GET /incidents` asks for. `since` is inclusive, `until` is not; `after` is a cursor we gave out."""

    limit: int = DEFAULT_LIMIT
    after: str | None = None
    page: str | None = None
    type: Kind | None = None
    phase: Phase | None = None
    impact: Impact | None = None
    since: datetime | None = None
    until: datetime | None = None


class _Wrong(ValueError):
    """What would be right, as the end of a sentence."""


def read_question(query: bytes) -> IncidentQuestion | Refusal:
    """The question of a query string. Unknown and repeated parameters are refused, because a guess answers another."""
    try:
        pairs = _pairs(query)
    except ValueError:
        return Refusal("bad_parameter", "The query string cannot be read.")
    values: dict[str, object] = {}
    for name, text in pairs:
        if name not in _READERS:
            return Refusal("bad_parameter", f"There is no parameter {name[:40]!r}.", known=tuple(_READERS))
        if name in values:
            return Refusal("bad_parameter", f"{name} is given twice.")
        try:
            values[name] = _READERS[name](text)
        except _Wrong as error:
            return Refusal("bad_parameter", f"{name} must be {error}.")
    return _question(values)


def _pairs(query: bytes) -> list[tuple[str, str]]:
    if len(query) > _MAX_QUERY:
        raise ValueError("too long")
    return parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)


def _question(values: Mapping[str, object]) -> IncidentQuestion:
    return IncidentQuestion(**values)  # type: ignore[arg-type]  # each reader gives its field's type


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 6 and 1 <= int(text) <= MAX_LIMIT):
        raise _Wrong(f"a whole number from 1 to {MAX_LIMIT}")
    return int(text)


def _text(text: str) -> str:
    if not text or len(text) > 1000:
        raise _Wrong("some text of at most 1,000 characters")
    return text


def read_moment(text: str) -> datetime:
    """ISO 8601; a blank stands for the `+` that a query string turns into one. Without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "+") if "T" in text else text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _Wrong("a time like 2026-05-04T10:22:00Z or a date") from error


def _word_of(kind: type[_Word]) -> Callable[[str], _Word]:
    def read(text: str) -> _Word:
        try:
            return kind(text.lower())
        except ValueError as error:
            raise _Wrong("one of " + ", ".join(word.value for word in kind)) from error

    return read


_READERS: dict[str, Callable[[str], object]] = {
    "limit": _limit,
    "after": _text,
    "page": _text,
    "type": _word_of(Kind),
    "phase": _word_of(Phase),
    "impact": _word_of(Impact),
    "since": read_moment,
    "until": read_moment,
}
