"""The list of keys."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from statuswire.client.shapes import Status
from statuswire.top.drawing import MUTED, SHAPES, STRONG, look
from statuswire.top.picture import word_of

KEYS = (
    ("j k ↓ ↑", "move; space, page up and down, home, end"),
    ("enter", "open what the cursor is on"),
    ("esc", "back; on Now, show everything again"),
    ("g n, g h", "now; history"),
    ("/", "search: words, tag:payments, category:ai"),
    ("f", "all pages; what is not fine; cannot be read"),
    ("a", "acknowledge, or take that back"),
    ("s", "silence the page or component for a while"),
    ("r", "read everything again now"),
    ("?", "this list"),
    ("q", "quit"),
)


class Keys(ModalScreen[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,enter", "dismiss", show=False),
        Binding("q", "app.quit", show=False),
    ]

    def compose(self) -> ComposeResult:
        rows = [Content.assemble((f"{keys:<10}", STRONG), words) for keys, words in KEYS]
        states = [Content.assemble((f"{SHAPES[one]} {word_of(one)}", look(one))) for one in Status]
        pairs = [left.truncate(26, pad=True) + right for left, right in zip(states[::2], states[1::2], strict=True)]
        blind = Content.assemble(("╱ hatched: not known now", MUTED))
        yield Static(Content("\n").join([*rows, Content(""), *pairs, blind]), id="keys", markup=False)
