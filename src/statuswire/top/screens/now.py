"""*Now*: is anything wrong that touches us, and since when? Then every page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from statuswire.client.shapes import Status
from statuswire.top.choice import Choice
from statuswire.top.drawing import MUTED, Row, head, line, lines, note, now_rows, said
from statuswire.top.picture import Headline, Picture, count, headline
from statuswire.top.screens.looking import Listing, Question


class Now(Listing):
    HINTS = "/ search  f filter  enter open  a ack  s silence  ? keys"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", show=False),
        Binding("f", "filter", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.choice = Choice()

    def head(self) -> Content:
        picture, as_of = self.top.picture, self.read_at if self.top.is_lost else None
        if picture is None:
            return head(Headline("Nothing is known yet", Status.UNKNOWN), self.times, self.width, None)
        shown = head(headline(picture), self.times, self.width, as_of)
        if self.choice.is_everything:
            return shown
        return lines(shown, line(self.width, said(self._chosen(picture), MUTED)))

    def _chosen(self, picture: Picture) -> str:
        words = [self.choice.which.value, *([f"“{self.choice.text.strip()}”"] if self.choice.text.strip() else [])]
        found = len(self.choice.of(picture).pages)
        return f"Shown: {', '.join(words)} · {found:,} of {count(len(picture.pages), 'page')} · esc shows all"

    def draw_body(self) -> None:
        self.show_rows(self._rows())

    def _rows(self) -> Iterator[Row]:
        picture = self.top.picture
        if picture is None:
            return
        shown = self.choice.of(picture)
        yield from now_rows(shown, picture, self.times, self.rows.room)
        if not (shown.pages or shown.stories or shown.planned):
            words = "Nothing is found." if picture.pages else "Name pages in the configuration, or after the command."
            yield note(words, self.rows.room)

    # --- what is shown -------------------------------------------------------------------------------------------

    def choose(self, choice: Choice) -> None:
        self.choice = choice
        self.draw()

    def action_search(self) -> None:
        before = self.choice

        def search(text: str) -> None:
            self.choose(replace(self.choice, text=text))

        self.put(Question("/", search, self.choice.text, search, lambda: self.choose(before)))

    def action_filter(self) -> None:
        self.choose(replace(self.choice, which=self.choice.following()))

    def action_back(self) -> None:
        if not self.choice.is_everything:
            self.choose(Choice())
