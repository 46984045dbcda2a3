"""The filters of a query string: the same words as in routes and silences, each once, several times, or with commas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

from pydantic import ValidationError

from statuswire.config import words
from statuswire.config.routes import FilterConfig
from statuswire.model import Filter
from statuswire.web.problems import Refusal

NAMES = tuple(FilterConfig.model_fields)

MAX_QUERY = 4096
MAX_FIELDS = 50
_WHOLE = frozenset({"component"})
"""Names of components have commas in them."""


def read_pairs(query: bytes) -> list[tuple[str, str]] | Refusal:
    """The names and values of a query string, in order."""
    if len(query) > MAX_QUERY:
        return Refusal("bad_parameter", f"The query string is longer than {MAX_QUERY:,} bytes.")
    try:
        return parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        return Refusal("bad_parameter", "The query string cannot be read.")


def read_filter(pairs: Iterable[tuple[str, str]]) -> Filter | Refusal:
    """What is meant; the pairs must be filters. A Refusal names the parameter and what would be right."""
    given = list(pairs)
    for name, _ in given:
        if name not in NAMES:
            return Refusal("bad_parameter", f"There is no parameter {name[:40]!r}.", known=NAMES)
    try:
        return filter_of(words_of(given))
    except ValidationError as error:
        path, _, sentence = words.inside(error, FilterConfig)[0]
        return Refusal("bad_parameter", f"{words.spell(path)} {sentence}.")


def words_of(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """The words by filter; of other pairs nothing is taken."""
    given: dict[str, list[str]] = {}
    for name, text in pairs:
        if name in NAMES:
            given.setdefault(name, []).extend([text] if name in _WHOLE else text.split(","))
    return {name: tuple(some) for name, some in given.items()}


def filter_of(given: Mapping[str, tuple[str, ...]]) -> Filter:
    """Raises ValidationError."""
    return FilterConfig.model_validate(given).filter()
