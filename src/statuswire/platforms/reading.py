"""Tolerant field readers, shared by every adapter: any value in, a value of the wanted type out, never an exception.

What is wrong with one item is named in `problems` and the item skipped, so that one bad one never hides the others.
The readers of whole documents (`loading`), of moments (`moments`) and of HTML text (`plaintext`) are offered here too:
an adapter needs no other import.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, TypeVar, cast
from urllib.parse import SplitResult, urlsplit

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Problem
from statuswire.platforms.loading import MAX_BODY_BYTES, decode, load_html, load_json, web_page
from statuswire.platforms.loading_xml import load_xml
from statuswire.platforms.moments import moment, ulid_time, yearless
from statuswire.platforms.parts import Part, objects_of, whole
from statuswire.platforms.plaintext import clean, has_markup, html_text, one_line, plain, unescape

__all__ = [
    "INCIDENT_LIMIT",
    "ITEM_LIMIT",
    "MAX_BODY_BYTES",
    "TEXT_LIMIT",
    "as_mapping",
    "choose",
    "clean",
    "decode",
    "flag",
    "fold_word",
    "has_markup",
    "html_text",
    "ident",
    "item_parts",
    "items",
    "load_html",
    "load_json",
    "load_xml",
    "moment",
    "normalise_url",
    "one_line",
    "plain",
    "require_mapping",
    "split_url",
    "text",
    "title",
    "ulid_time",
    "unescape",
    "url_path_tail",
    "web_page",
    "yearless",
]

Meaning = TypeVar("Meaning")

TEXT_LIMIT: Final = 65_536
TITLE_LIMIT: Final = 1_024
ITEM_LIMIT: Final = 20_000
"""Longer lists are read to here and the rest named as a problem."""
INCIDENT_LIMIT: Final = 5_000
"""The same of incidents, which cost more and of which no page is known to list as many."""

# --- shapes ------------------------------------------------------------------------------------------------------


def require_mapping(value: object, where: str) -> dict[str, object]:
    """The JSON object, or ParseError(SHAPE): for the places without which a document is not what it should be."""
    if isinstance(value, dict):
        return cast("dict[str, object]", value)
    raise ParseError(ParseReason.SHAPE, f"expected an object, found {_kind(value)}", where=where)


def as_mapping(value: object) -> dict[str, object]:
    """The JSON object, empty for anything else; a Part is decoded."""
    value = whole(value)
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def items(
    value: object, where: str, problems: list[Problem], limit: int = ITEM_LIMIT
) -> Iterator[tuple[int, dict[str, object]]]:
    """The objects of a list with their places; what is no list (but null) and each item that is no object is named.

    A Part is decoded, and so is one in a list. Of a list longer than the limit the rest is named too.
    """
    value = whole(value)
    if not isinstance(value, list):
        if value is not None:
            problems.append(Problem(where, f"expected a list, found {_kind(value)}"))
        return
    if len(value) > limit:
        problems.append(Problem(where, f"{len(value)} items, only the first {limit} are read"))
    for place, part in enumerate(value[:limit]):
        item = whole(part)
        if isinstance(item, dict):
            yield place, item
        else:
            problems.append(Problem(f"{where}[{place}]", f"expected an object, found {_kind(item)}"))


def item_parts(value: object, where: str, problems: list[Problem]) -> Iterator[tuple[int, Part | dict[str, object]]]:
    """As `items`, but the objects of a list that is a Part stay Parts, for readers that know them again."""
    parts = objects_of(value)
    if parts is not None and len(parts) <= ITEM_LIMIT:
        yield from enumerate(parts)
    else:
        yield from items(value if parts is None else parts, where, problems)


def _kind(value: object) -> str:
    """The value's type in the words of JSON."""
    value = whole(value)
    names = ((bool, "a boolean"), (int | float, "a number"), (str, "a text"), (list, "a list"), (dict, "an object"))
    return next((name for kind, name in names if isinstance(value, kind)), "null")


# --- scalars -----------------------------------------------------------------------------------------------------


def text(value: object, limit: int = TEXT_LIMIT) -> str:
    """A text without control characters and at most `limit` long (then it ends in `…`); numbers become text.

    Empty for everything else.
    """
    if not isinstance(value, str):
        return _number_text(value)
    cleaned = clean(value if len(value) <= 2 * limit else value[: 2 * limit])
    return cleaned if len(cleaned) <= limit else f"{cleaned[: limit - 1]}…"


def _number_text(value: object) -> str:
    if isinstance(value, bool):
        return ""
    if isinstance(value, int):
        return str(value) if value.bit_length() <= 256 else ""
    return repr(value) if isinstance(value, float) and math.isfinite(value) else ""


def title(value: object, limit: int = TITLE_LIMIT) -> str:
    """A title or a name: one line, without characters that turn the writing direction."""
    return one_line(text(value, limit))


def ident(value: object) -> str:
    """A provider's id, text or number, as text; empty for everything else."""
    if isinstance(value, str):
        return one_line(value[:TITLE_LIMIT])
    return _number_text(value) if isinstance(value, int) else ""


_TRUE: Final = frozenset({"true", "yes", "on", "1"})


def flag(value: object) -> bool:
    """Whether a value says yes: true, 1, `"true"`, `"yes"`, `"on"`, `"1"`."""
    if isinstance(value, str):
        return value.strip().lower() in _TRUE
    return value is True or (isinstance(value, int) and value == 1)


# --- words -------------------------------------------------------------------------------------------------------


def fold_word(text: str) -> str:
    """A provider's word as the word tables spell it: lower case, without blanks, `_` and `-`."""
    return _fold(text if len(text) <= 200 else text[:200])


@lru_cache(maxsize=4096)
def _fold(text: str) -> str:
    return "".join(text.casefold().replace("_", " ").replace("-", " ").split())


def choose(
    word: object, table: Mapping[str, Meaning], default: Meaning, where: str, problems: list[Problem]
) -> Meaning:
    """What a provider's word means; the default, and a problem that names the word, where no table knows it."""
    written = text(word, 200)
    if not written:
        if word not in (None, ""):
            problems.append(Problem(where, f"expected a word, found {_kind(word)}"))
        return default
    meaning = table.get(fold_word(written))
    if meaning is None:
        problems.append(Problem(where, f"unknown word {written[:60]!r}"))
        return default
    return meaning


# --- addresses ---------------------------------------------------------------------------------------------------

_NO_SCHEME: Final = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+(?::\d{1,5})?(?:[/?#]|$)")
_SLASHES: Final = re.compile(r"/{2,}")
_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}


def split_url(url: str) -> SplitResult | None:
    """The parts of an address; None where it cannot be taken apart (a host with half a bracket)."""
    try:
        return urlsplit(url)
    except ValueError:
        return None


def normalise_url(url: str) -> str:
    """An address as it can be compared with another; never to be fetched or shown.

    Lower-case scheme and host, no default port, no fragment (unless the path is `/`: some sites keep the
    incident there), single slashes, no slash at the end. What is no address comes back stripped.
    """
    return _remembered_url(url) if len(url) <= TITLE_LIMIT else _normalised(url)


@lru_cache(maxsize=4096)
def _remembered_url(url: str) -> str:
    return _normalised(url)


def _normalised(url: str) -> str:
    stripped = url.strip()
    if _NO_SCHEME.match(stripped):
        stripped = f"https://{stripped}"
    parts = split_url(stripped)
    if parts is None or not parts.netloc:
        return stripped
    scheme = parts.scheme.lower()
    host = parts.netloc.lower().removesuffix(_DEFAULT_PORTS.get(scheme, "\n"))
    path = _SLASHES.sub("/", parts.path).rstrip("/")
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"/#{parts.fragment}" if parts.fragment and not path and not query else ""
    return f"{scheme}://{host}{path}{query}{fragment}"


def url_path_tail(url: str) -> str:
    """The last part of an address's path: the incident code of `https://host/incidents/<code>`; empty for the root."""
    parts = split_url(url.strip())
    return parts.path.rstrip("/").rpartition("/")[2] if parts else ""
