"""The table of everything that is answered, and finding a row of it by path.

A row names its view as `module:function` under `statuswire.web`, so that nothing is loaded before somebody asks for it:
the dashboard and the API cost memory that a service nobody looks at should not pay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from statuswire.web.needs import Need

WEBSOCKET = "WEBSOCKET"
"""Stands for a method: an HTTP connection that becomes a WebSocket."""


@dataclass(frozen=True, slots=True)
class Row:
    """One path and method. Of `pattern` a `{name}` stands for one segment, or for one but for its fixed beginning and
    end (`/badge/{page}.svg`); it may not be empty."""

    method: str
    pattern: str
    need: Need
    view: str


@dataclass(frozen=True, slots=True)
class Match:
    """The rows of a path by method, and what its `{name}`s stand for."""

    rows: Mapping[str, Row]
    params: Mapping[str, str]


class Router:
    """Finds rows. A fixed segment counts before a `{name}`."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._exact: dict[str, dict[str, Row]] = {}
        self._open: dict[int, list[tuple[tuple[str, ...], dict[str, Row]]]] = {}
        for row in rows:
            self._add(row)

    def _add(self, row: Row) -> None:
        if "{" not in row.pattern:
            by_method = self._exact.setdefault(row.pattern, {})
        else:
            parts = _split(row.pattern)
            of_length = self._open.setdefault(len(parts), [])
            known = next((found for pattern, found in of_length if pattern == parts), None)
            by_method = {} if known is None else known
            if known is None:
                of_length.append((parts, by_method))
                of_length.sort(key=lambda one: ["{" in part for part in one[0]])
        if row.method in by_method:
            raise ValueError(f"{row.method} {row.pattern} stands twice in the table")
        by_method[row.method] = row

    def find(self, path: str) -> Match | None:
        """None for an unknown path. A slash at the end makes no difference."""
        exact = self._exact.get(path) or self._exact.get(path.rstrip("/"))
        if exact is not None:
            return Match(exact, {})
        parts = _split(path.rstrip("/"))
        for pattern, by_method in self._open.get(len(parts), ()):
            params = _params(pattern, parts)
            if params is not None:
                return Match(by_method, params)
        return None


def _split(path: str) -> tuple[str, ...]:
    return tuple(path.strip("/").split("/"))


def _params(pattern: tuple[str, ...], parts: tuple[str, ...]) -> dict[str, str] | None:
    params: dict[str, str] = {}
    for wanted, given in zip(pattern, parts, strict=True):
        head, brace, rest = wanted.partition("{")
        name, _, tail = rest.partition("}")
        end = len(given) - len(tail)
        if not brace and wanted != given:
            return None
        if brace and not (given.startswith(head) and given.endswith(tail) and end > len(head)):
            return None
        if brace:
            params[name] = given[len(head) : end]
    return params
