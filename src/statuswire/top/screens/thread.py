"""One incident's thread."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from statuswire.client.shapes import Incident, PageName
from statuswire.top import asking, thread_drawing
from statuswire.top.drawing import MUTED, STRONG, line, lines, said
from statuswire.top.screens.looking import Reading
from statuswire.top.shapes import Account
from statuswire.top.stories import Story, begun, incident_key, level_of
from statuswire.top.thread import words_of
from statuswire.top.widgets import Lines


class Words(VerticalScroll, can_focus=True):
    """What scrolls line by line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", show=False),
        Binding("k", "scroll_up", show=False),
        Binding("space", "page_down", show=False),
        Binding("G", "scroll_end", show=False),
    ]


class Thread(Reading):
    HINTS = "j k scroll  a ack  s silence  esc back  ? keys"

    def __init__(self, page: PageName, incident: Incident) -> None:
        super().__init__()
        self._page = page
        self._incident = incident
        self._account: Account | None = None
        self._said = Lines(id="said", markup=False)
        self._thread = Words(self._said, id="thread")

    @property
    def looked_at(self) -> Widget:
        return self._thread

    async def read(self) -> None:
        call = asking.account(self._page.slug, self._incident.id, self._incident.kind)
        before, self._account = self._account, await self.top.client.carry(call)
        if before is not None:
            self.top.note(words_of(before), words_of(self._account))

    def target(self) -> Story:
        one = self._account or self._incident
        marks = self._account.ours.marks if self._account is not None and self._account.ours is not None else ()
        key = incident_key(self._page, one)
        return Story(key, self._page, level_of(one), one.title or one.id, begun(one), one, one.components, marks)

    def head(self) -> Content:
        if self._account is None:
            return lines(line(self.width, said(self._incident.title, STRONG)), line(self.width, said("", MUTED)))
        return thread_drawing.heading(self._account, self.times, self.width)

    def draw_body(self) -> None:
        room = self._thread.scrollable_content_region.width - 1
        if self._account is None or self.trouble:
            self._said.show(said(f" {self.waiting()}", MUTED))
        else:
            self._said.show(thread_drawing.body(self._account, self.times, room, self.top.changed))
