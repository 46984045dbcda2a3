"""Stories of several pages that are one: why, and each of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from textual.content import Content

from statuswire.top.drawing import MUTED, SHAPES, STRONG, Row, line, lines, look, note, said, story_row
from statuswire.top.picture import Picture, word_of
from statuswire.top.screens.looking import Listing
from statuswire.top.stories import Story


class Together(Listing):
    HINTS = "enter open  a ack  s silence  esc back  ? keys"

    def __init__(self, story: Story, read_at: datetime | None) -> None:
        super().__init__()
        self.read_at = read_at
        self._story = story
        self._is_over = False

    def head(self) -> Content:
        one = self._story
        title = Content.assemble((f"{SHAPES[one.level]} ", look(one.level))) + said(one.title, STRONG)
        since = f", for {self.times.lasting(one.since)}" if one.since else ""
        below = "It is over, or not one story any more." if self._is_over else f"{word_of(one.level)}{since}"
        return lines(line(self.width, title, said(self.times.clock(), MUTED)), line(self.width, said(below, MUTED)))

    def draw_body(self) -> None:
        self._find()
        self.show_rows(self._rows(self.rows.room))

    def _find(self) -> None:
        """As it is now; as it was last, where it is there no more."""
        picture = self.top.picture or Picture()
        found = next((one for one in (*picture.stories, *picture.planned) if one.key == self._story.key), None)
        self._story, self._is_over = found or self._story, found is None

    def _rows(self, room: int) -> Iterator[Row]:
        yield from (note(sentence, room) for sentence in self._story.evidence)
        whole = self.top.picture or Picture()
        yield from (story_row(one, whole, self.times, room) for one in self._story.parts)
