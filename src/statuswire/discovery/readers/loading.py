"""JSON and TOML as plain values, and fields of them that may have any shape.

Complaints are worded here: those of the parsers quote the text, which may hold secrets.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator

from statuswire.errors import ConfigError


def from_json(text: str) -> dict[str, object]:
    """Raises ConfigError for anything but a JSON object."""
    try:
        value = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise ConfigError(f"is not JSON (line {error.lineno})") from None
    except (RecursionError, ValueError):
        raise ConfigError("is not JSON that can be read") from None
    return _mapping_only(value, "a JSON object")


def from_toml(text: str) -> dict[str, object]:
    """Raises ConfigError for what is not TOML."""
    try:
        value = tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except (ValueError, RecursionError, TypeError, AttributeError, LookupError):
        raise ConfigError("is not TOML") from None
    return _mapping_only(value, "a TOML document")


def _mapping_only(value: object, what: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ConfigError(f"is not {what}")
    return value


def mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def words(value: object) -> Iterator[str]:
    """The texts of a list; nothing where it is none."""
    yield from (one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def mappings(value: object) -> Iterator[dict[str, object]]:
    """The mappings of a list."""
    yield from (one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def word(value: object) -> str:
    return value if isinstance(value, str) else ""


def inside(value: object, *path: str) -> dict[str, object]:
    """The mapping at a path of keys; empty where there is none."""
    for key in path:
        value = mapping(value).get(key)
    return mapping(value)
