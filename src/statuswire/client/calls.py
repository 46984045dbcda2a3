"""What is asked of the server, one generator for each question: it yields an `Ask`, is sent the `Reply`, and returns
what that means. Both clients carry them out; nothing here waits.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeAlias, TypeVar

from statuswire.client.decoding import decoded
from statuswire.client.errors import Unreadable
from statuswire.client.exchange import Ask, Reply, good, in_path
from statuswire.client.shapes import Component, Components, Events, Incident, Incidents, Page
from statuswire.client.standing import PageState

T = TypeVar("T")
Item = TypeVar("Item", covariant=True)
Call: TypeAlias = Generator[Ask, Reply, T]
Words: TypeAlias = str | Iterable[str]
Query: TypeAlias = tuple[tuple[str, str], ...]

MOST = "1000"
MOST_PARTS = 100


class Part(Protocol[Item]):
    """One part of a list, as the API answers it."""

    @property
    def items(self) -> tuple[Item, ...]: ...
    @property
    def next(self) -> str | int | None: ...


def state_of(page: str, component: str | None) -> Call[PageState]:
    """How a page is, or what of it is meant by a component. Raises Refused (`unknown_page`)."""
    found = decoded(good((yield Ask(f"/pages/{in_path(page)}"))).body, Page)
    if found.slug != page:
        raise Unreadable("the answer is of another page")
    listed = yield from _components(page, component)
    open_ones = yield from _open_incidents(page, None)
    if component is not None and any(one.components for one in open_ones):
        meant = {one.id for one in (yield from _open_incidents(page, component))}
        open_ones = tuple(one for one in open_ones if one.id in meant or not one.components)
    return PageState(found, component, listed, open_ones)


def incidents_part(query: Query, after: str) -> Call[Incidents]:
    """One part of the list; `after` empty: the first one."""
    reply = yield Ask("/incidents", (*query, ("limit", MOST), *_after(after)))
    return decoded(good(reply).body, Incidents)


def newest_event() -> Call[int]:
    """The number of the last event that there is; 0 where there is none."""
    reply = yield Ask("/events", (("order", "newest"), ("limit", "1")))
    items = decoded(good(reply).body, Events).items
    return items[0].id if items else 0


def query_of(filters: Mapping[str, Words | bool | datetime | None]) -> Query:
    """The words of a filter as the API takes them. Components are repeated and not joined: commas belong to names."""
    return tuple((name, _spelt(value)) for name, values in filters.items() for value in _each(values))


def cursor_of(part: Part[T], after: str) -> str:
    """Where the list goes on, empty where it ends. Raises Unreadable for one that turns in a circle."""
    following = "" if part.next is None else str(part.next)
    if following and following == after:
        raise Unreadable("the list of the answer turns in a circle")
    return following


def _components(page: str, component: str | None) -> Call[tuple[Component, ...]]:
    query = query_of({"page": page, "component": component})
    return (yield from _whole(lambda after: _components_part(query, after)))


def _open_incidents(page: str, component: str | None) -> Call[tuple[Incident, ...]]:
    query = query_of({"page": page, "component": component, "open": True})
    return (yield from _whole(lambda after: incidents_part(query, after)))


def _components_part(query: Query, after: str) -> Call[Components]:
    reply = yield Ask("/components", (*query, ("limit", MOST), *_after(after)))
    return decoded(good(reply).body, Components)


def _whole(part_after: Callable[[str], Call[Part[T]]]) -> Call[tuple[T, ...]]:
    """All parts of a list together. Raises Unreadable where there are more than any page has."""
    found, after = list[T](), ""
    for _ in range(MOST_PARTS):
        part = yield from part_after(after)
        found += part.items
        after = cursor_of(part, after)
        if not after:
            return tuple(found)
    raise Unreadable("the list of the answer has no end")


def _after(cursor: str) -> Query:
    return (("after", cursor),) if cursor else ()


def _each(values: Words | bool | datetime | None) -> Iterable[str | bool | datetime]:
    if values is None:
        return ()
    return (values,) if isinstance(values, str | bool | datetime) else values


def _spelt(value: str | bool | datetime) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, datetime) else value
