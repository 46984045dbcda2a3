"""One page: what is open on it, its components, and what was."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from statuswire.channels.terminal import safe_url
from statuswire.client.shapes import Component, Incident, PageName, Status
from statuswire.client.standing import PageState
from statuswire.top import asking
from statuswire.top.drawing import (
    MUTED,
    SHAPES,
    STRONG,
    Row,
    component_row,
    heading,
    incident_row,
    line,
    lines,
    look,
    name_of,
    note,
    page_row,
    said,
    story_row,
)
from statuswire.top.picture import Picture
from statuswire.top.screens.looking import Listing, Reading
from statuswire.top.stories import Story, component_key


class OnePage(Listing, Reading):
    HINTS = "enter open  a ack  s silence  esc back  ? keys"

    def __init__(self, page: PageName) -> None:
        super().__init__()
        self._page = page
        self._state: PageState | None = None
        self._before: tuple[Incident, ...] = ()

    async def read(self) -> None:
        self._state, self._before = await self.top.client.carry(asking.page(self._page.slug))

    def silenced_part(self, story: Story) -> str:
        return story.title if story.incident is None and len(story.components) == 1 else ""

    def head(self) -> Content:
        level = self._state.page.state if self._state is not None else Status.UNKNOWN
        name = Content.assemble((f"{SHAPES[level]} ", look(level))) + said(name_of(self._page), STRONG)
        below = self.trouble or safe_url(self._page.url)
        return lines(line(self.width, name, said(self.times.clock(), MUTED)), line(self.width, said(below, MUTED)))

    def draw_body(self) -> None:
        self.show_rows(self._rows(self.rows.room))

    def _rows(self, room: int) -> Iterator[Row]:
        whole = self.top.picture or Picture()
        if self._state is None:
            yield note(self.waiting(), room)
            return
        yield page_row(self._state.page, whole, self.times, room)
        told = [one for one in whole.each if one.page.slug == self._page.slug]
        if told:
            yield heading("Open", room, len(told))
            yield from (story_row(story, whole, self.times, room) for story in told)
        yield from self._components(self._state.components, whole, room)
        if self._before:
            yield heading("Before", room)
            yield from (incident_row(one, self.times, room, with_page=False) for one in self._before)

    def _components(self, components: tuple[Component, ...], whole: Picture, room: int) -> Iterator[Row]:
        if not components:
            yield note("The page lists no components.", room)
            return
        yield heading("Components", room, len(components))
        for one in components:
            key = component_key(self._page, one)
            story = Story(key, self._page, one.status, one.name, one.since, None, (one,), whole.marks_on(key))
            yield component_row(self._page, story, self.times, room)
