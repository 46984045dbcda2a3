"""The parts that every screen is made of: lines that are only drawn when they change, and a list with a cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.style import Style
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from statuswire.client.shapes import Page
from statuswire.top.changes import marked
from statuswire.top.drawing import Row
from statuswire.top.stories import Story

_CURSOR = "option-list--option-highlighted"


class Lines(Static):
    """Some lines; over a slow connection what does not change is not sent again."""

    _shown: Content | None = None

    def show(self, content: Content) -> None:
        if self._shown is None or not content.is_same(self._shown):
            self._shown = content
            self.update(content)


class Rows(OptionList):
    """Rows of which one has the cursor. When rows change it stays on the same thing, or on the first one, if it was
    there: the worst comes first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("space", "page_down", show=False),
        Binding("G", "last", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._rows: Sequence[Row] = ()
        self._prompts: Sequence[Content] = ()

    def get_visual_style(self, *component_classes: str, partial: bool = False) -> Style:
        """The cursor is what is turned round, which needs no colour; Textual's own style sheet leaves that out."""
        found = super().get_visual_style(*component_classes, partial=partial)
        return found + Style(reverse=True) if _CURSOR in component_classes else found

    @property
    def room(self) -> int:
        """Columns of a row."""
        return max(self.scrollable_content_region.width - 1, 0)

    @property
    def target(self) -> Story | Page | None:
        """What the cursor is on."""
        return None if self.highlighted is None else self._rows[self.highlighted].target

    def target_at(self, index: int) -> Story | Page | None:
        return self._rows[index].target

    def show(self, rows: Sequence[Row], changed: frozenset[str]) -> None:
        """`changed` are the keys of those to be marked."""
        before, self._rows = self._rows, rows
        old, self._prompts = self._prompts, [marked(row.content, is_changed=row.key in changed) for row in rows]
        if [_place(row) for row in before] == [_place(row) for row in rows]:
            self._exchange(old, self._prompts)
            return
        key, top = self._kept(before), self.scroll_y
        self.set_options(
            [Option(prompt, disabled=row.target is None) for row, prompt in zip(rows, self._prompts, strict=True)]
        )
        free = [place for place, row in enumerate(rows) if row.target is not None]
        self.highlighted = next((place for place in free if rows[place].key == key), free[0] if free else None)
        self.scroll_to(y=top, animate=False, force=True)
        self.call_after_refresh(self.scroll_to_highlight)

    def _kept(self, before: Sequence[Row]) -> str:
        """The key of the row that keeps the cursor; empty where that is whatever comes first."""
        first = next((place for place, row in enumerate(before) if row.target is not None), None)
        return "" if self.highlighted is None or self.highlighted == first else before[self.highlighted].key

    def _exchange(self, before: Sequence[Content], prompts: Sequence[Content]) -> None:
        """The same rows, of which some say something else."""
        for place, (old, new) in enumerate(zip(before, prompts, strict=True)):
            if not new.is_same(old):
                self.replace_option_prompt_at_index(place, new)


def _place(row: Row) -> tuple[str, bool, int]:
    return row.key, row.target is None, row.content.plain.count("\n")
