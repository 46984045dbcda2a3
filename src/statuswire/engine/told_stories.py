"""The stories of one transaction of the planner, and their events: asked for many at once, written once at its end.

Where the database is elsewhere every statement is a way there and back, so that a story is not asked for when its turn
comes but with all that the batch may need.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from statuswire.core import stories
from statuswire.model import Event, Story
from statuswire.store import Tx, queries


class Stories:
    """What routes have told. `since`: earlier stories are no namesakes. Nobody else writes stories meanwhile."""

    def __init__(self, tx: Tx, since: datetime) -> None:
        self._tx = tx
        self._since = since
        self._wanted_keys: set[str] = set()
        self._wanted_titles: set[str] = set()
        self._of_route: defaultdict[str, _OfRoute] = defaultdict(_OfRoute)
        self._changed: dict[tuple[str, str], Story] = {}
        self._events: dict[int, Event] = {}

    def expect(self, events: Iterable[Event]) -> None:
        """These and their stories will be asked for."""
        for event in events:
            self._events[event.id] = event
            self._wanted_keys.add(stories.key_of(event))
            self._wanted_titles.add(stories.title_key_of(event))

    def events(self, ids: Iterable[int]) -> list[Event]:
        """In their order in the log; without those that are no longer kept."""
        wanted = sorted(set(ids))
        self.expect(queries.events_by_ids(self._tx, [id_ for id_ in wanted if id_ not in self._events]))
        return [self._events[id_] for id_ in wanted if id_ in self._events]

    def story(self, route: str, key: str) -> Story | None:
        known = self._of_route[route]
        if key not in known.asked_keys:
            wanted = (self._wanted_keys | {key}) - known.asked_keys
            known.asked_keys |= wanted
            known.learn(queries.stories_of(self._tx, route, sorted(wanted)))
        return known.by_key.get(key)

    def namesake(self, route: str, key: str, title_key: str) -> Story | None:
        """The newest other story of the route with that title; None for an empty one."""
        if not title_key:
            return None
        known = self._of_route[route]
        if title_key not in known.asked_titles:
            wanted = (self._wanted_titles | {title_key}) - known.asked_titles - {""}
            known.asked_titles |= wanted
            known.learn(queries.namesakes(self._tx, route, sorted(wanted), self._since))
        others = (one for one in known.titled(title_key) if one.key != key and one.opened_at >= self._since)
        return max(others, key=lambda one: one.opened_at, default=None)

    def left(self, route: str, page: str) -> list[Story]:
        """Open stories of the page's components that something else tells in their stead."""
        known = self._of_route[route]
        if page not in known.asked_pages:
            known.asked_pages.add(page)
            known.learn(queries.component_stories(self._tx, route, page))
        first = f"{page}/component/"
        some = [one for key, one in known.by_key.items() if key.startswith(first) and one.is_open and one.left_to]
        return sorted(some, key=lambda one: one.key)

    def due(self, now: datetime, limit: int) -> list[Story]:
        """Those of which something is due, the most overdue first."""
        self.write()
        found = queries.due_stories(self._tx, now, limit)
        for one in found:
            self._of_route[one.route].put(one)
        return found

    def save(self, one: Story) -> None:
        self._of_route[one.route].put(one)
        self._changed[one.route, one.key] = one

    def write(self) -> None:
        """Put what was saved into the database."""
        queries.save_stories(self._tx, [self._changed[place] for place in sorted(self._changed)])
        self._changed.clear()


class _OfRoute:
    """What is known of the stories of one route, and what was asked for."""

    def __init__(self) -> None:
        self.by_key: dict[str, Story] = {}
        self.asked_keys: set[str] = set()
        self.asked_titles: set[str] = set()
        self.asked_pages: set[str] = set()
        self._keys_by_title: defaultdict[str, set[str]] = defaultdict(set)

    def learn(self, some: Iterable[Story]) -> None:
        """What the database has of them; what is here is newer."""
        for one in some:
            if one.key not in self.by_key:
                self.put(one)

    def put(self, one: Story) -> None:
        self.by_key[one.key] = one
        self._keys_by_title[one.title_key].add(one.key)
        self.asked_keys.add(one.key)

    def titled(self, title_key: str) -> Iterator[Story]:
        return (one for key in self._keys_by_title[title_key] if (one := self.by_key[key]).title_key == title_key)
