"""The filters of a query string: the same words as in routes and silences, each once, several times, or with commas."""

from __future__ import annotations

from collections.abc import Iterable
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
    given: dict[str, list[str]] = {}
    for name, text in pairs:
        if name not in NAMES:
            return Refusal("bad_parameter", f"There is no parameter {name[:40]!r}.", known=NAMES)
        given.setdefault(name, []).extend([text] if name in _WHOLE else text.split(","))
    try:
        return FilterConfig.model_validate({name: tuple(some) for name, some in given.items()}).filter()
    except ValidationError as error:
        path, _, sentence = words.inside(error, FilterConfig)[0]
        return Refusal("bad_parameter", f"{words.spell(path)} {sentence}.")
