"""The filters as a form: the words of routes and query strings, each with what is wrong with it beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from pydantic import ValidationError

from statuswire.config import parse_moment, words
from statuswire.config.routes import FilterConfig
from statuswire.engine.lists import EVERYTHING, Labels
from statuswire.engine.planner import Rules
from statuswire.model import EventType, Filter, Phase, Source
from statuswire.store import Tx, queries
from statuswire.web.filters import filter_of, words_of

IMPACTS: Final = (">=minor", ">=major", ">=critical", "none", "minor", "major", "critical", "maintenance", "unknown")
TYPES: Final = ("incident.*", "maintenance.*", "component.*", "feed.*", *(one.value for one in EventType))
MOST_OFFERED: Final = 300
"""Names of pages that a form offers to choose from; any other may be written."""


@dataclass(frozen=True, slots=True)
class FilterForm:
    """`words` are what was given, by field; `faults` sentences by field. `filter` is what is meant where none is
    wrong."""

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    filter: Filter = EVERYTHING

    def __getitem__(self, name: str) -> str:
        """A field as one text, as it was written."""
        return ",".join(self.words.get(name, ()))

    @property
    def components(self) -> tuple[str, ...]:
        """One by one: names of components have commas in them."""
        return self.words.get("component", ())

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The fields of a query string that mean the same."""
        return [(name, word) for name, some in self.words.items() for word in some]

    @property
    def query(self) -> str:
        return urlencode(self.pairs)

    @property
    def said(self) -> str:
        """What is meant, in a few words; empty for everything."""
        return "; ".join(f"{name} {', '.join(some)}" for name, some in self.words.items())


def read_form(pairs: Iterable[tuple[str, str]]) -> FilterForm:
    """The filter fields among the pairs; empty ones leave nothing out."""
    given = {name: tuple(word.strip() for word in some) for name, some in words_of(pairs).items()}
    filled = {name: kept for name, some in given.items() if (kept := tuple(word for word in some if word))}
    try:
        return FilterForm(filled, {}, filter_of(filled))
    except ValidationError as error:
        found = words.inside(error, FilterConfig)
        return FilterForm(filled, {str(path[0]): f"{sentence}." for path, _, sentence in found if path})


@dataclass(frozen=True, slots=True)
class Offered:
    """What the fields of the form offer to choose from."""

    pages: tuple[str, ...]
    tags: tuple[str, ...]
    categories: tuple[str, ...]
    impacts: tuple[str, ...] = IMPACTS
    types: tuple[str, ...] = TYPES
    phases: tuple[str, ...] = tuple(Phase)
    sources: tuple[str, ...] = tuple(Source)


def offered(tx: Tx, rules: Rules) -> Offered:
    return Offered(
        tuple(page.slug for page in queries.pages(tx)[:MOST_OFFERED]),
        tuple(sorted({tag for tags in rules.tags.values() for tag in tags})),
        tuple(sorted(set(rules.categories.values()))),
    )


def labels_of(rules: Rules) -> Labels:
    return Labels(rules.tags, rules.categories)


def moment_of(text: str, *, is_end: bool = False) -> datetime | None:
    """A day or a moment in UTC; of a day the beginning, as an end the one after it. None for an empty text.

    Raises ValueError with what would be right.
    """
    if not text.strip():
        return None
    found = parse_moment(text)
    if not isinstance(found, datetime) or not 1970 <= found.year <= 9000:
        raise ValueError("is no moment that we know; right: 2026-12-01 or 2026-12-01T09:00Z")
    return found + timedelta(days=1) if is_end and len(text.strip()) == len("2026-12-01") else found
