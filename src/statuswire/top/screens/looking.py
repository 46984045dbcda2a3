"""What every screen has: a heading, a line when the connection is lost, what is looked at, keys, and questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Resize, ScreenResume
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from statuswire.client.errors import ClientError
from statuswire.client.shapes import Page
from statuswire.top import asking
from statuswire.top.around import Around
from statuswire.top.drawing import MUTED, OURS, Row, Times, banner, line, said
from statuswire.top.stories import ACKNOWLEDGED, Story
from statuswire.top.widgets import Lines, Rows

USUAL_SILENCE = "4h"
MAX_REASON = 500


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of whoever sits here. `on_change` is told of every letter."""

    words: str
    on_answer: Callable[[str], object]
    given: str = ""
    on_change: Callable[[str], object] | None = None
    on_leave: Callable[[], object] | None = None


class Looking(Screen[None]):
    """`read_at` is when what is shown was read; None before it was."""

    HINTS: ClassVar[str] = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", show=False),
        Binding("a", "acknowledge", show=False),
        Binding("s", "silence", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.read_at: datetime | None = None
        self._question: Question | None = None
        # Held here, and not looked for: what is read may come before a screen is there, and after it has gone.
        self._head, self._above, self._foot = (_lines(name) for name in ("head", "banner", "foot"))
        self._words = Lines(id="question", markup=False)
        self._answer = Input(id="answer", compact=True, select_on_focus=False)
        self._asking = Horizontal(self._words, self._answer, id="asking")

    @property
    def top(self) -> Around:
        return cast(Around, self.app)

    @property
    def times(self) -> Times:
        return self.top.times

    @property
    def width(self) -> int:
        """Columns of a line, without what stands beside it."""
        return max(self.size.width - 2, 1)

    def compose(self) -> ComposeResult:
        yield self._head
        yield self._above
        yield self.looked_at
        yield self._asking
        yield self._foot

    # --- for each screen to say ----------------------------------------------------------------------------------

    @property
    def looked_at(self) -> Widget:
        """What has the keys while nothing is asked."""
        raise NotImplementedError

    def head(self) -> Content:
        raise NotImplementedError

    def draw_body(self) -> None:
        raise NotImplementedError

    def target(self) -> Story | Page | None:
        """What the keys `a` and `s` are about."""
        raise NotImplementedError

    def reload(self) -> None:
        """Read anew what only this screen shows; what all show is read by the application."""

    # --- drawing -------------------------------------------------------------------------------------------------

    @on(Resize)
    @on(ScreenResume)
    def draw(self) -> None:
        """Everything, as it is now."""
        if self.is_mounted and self.size.width:
            self.draw_lines()
            self.draw_body()

    def draw_lines(self) -> None:
        """What moves on with every second."""
        self._head.show(self.head())
        words = self.top.lost_words(self.read_at)
        self._above.set_class(bool(words), "shown")
        self._above.show(banner(words, self.width))
        self._foot.show(self._hints())

    def _hints(self) -> Content:
        if self.top.is_going:
            return line(self.width, said("g …  n now · h history", OURS))
        if self.top.notice:
            return line(self.width, said(self.top.notice, OURS))
        source = said(self.top.source, MUTED).truncate(max(self.width - len(self.HINTS) - 1, 0), ellipsis=True)
        return line(self.width, Content.assemble((self.HINTS, MUTED)), source)

    def action_back(self) -> None:
        self.top.back()

    @property
    def is_asking(self) -> bool:
        return self._question is not None

    # --- questions -----------------------------------------------------------------------------------------------

    def put(self, question: Question) -> None:
        """Ask, in the last line."""
        self._question = None  # so that setting the field tells nobody
        self._words.show(said(question.words))
        with self.prevent(Input.Changed):
            self._answer.value = question.given
        self._answer.cursor_position = len(question.given)
        self._question = question
        self._show_question(is_asking=True)
        self._answer.focus()

    def _show_question(self, *, is_asking: bool) -> None:
        self._asking.set_class(is_asking, "shown")
        self._foot.set_class(is_asking, "hidden")

    @on(Input.Changed, "#answer")
    def _changed(self, event: Input.Changed) -> None:
        if self._question is not None and self._question.on_change is not None:
            self._question.on_change(event.value)

    @on(Input.Submitted, "#answer")
    def _answered(self, event: Input.Submitted) -> None:
        question, self._question = self._question, None
        self._close_question()
        if question is not None:
            question.on_answer(event.value.strip())

    def leave_question(self) -> bool:
        """Whether there was one, which is not answered now."""
        question, self._question = self._question, None
        if question is None:
            return False
        self._close_question()
        if question.on_leave is not None:
            question.on_leave()
        return True

    def _close_question(self) -> None:
        self._show_question(is_asking=False)
        self.looked_at.focus()

    # --- what is done about it -----------------------------------------------------------------------------------

    def action_acknowledge(self) -> None:
        story = self.target()
        if not isinstance(story, Story) or not story.subject:
            self.top.say("Choose an incident or one component to acknowledge it.")
        elif story.mark(ACKNOWLEDGED) is not None:
            self.top.order(asking.take_back(story))
        else:
            words = f"Acknowledge “{story.title}”, because"
            self.put(Question(words, lambda why: self.top.order(asking.acknowledge(story, why[:MAX_REASON]))))

    def action_silence(self) -> None:
        target = self.target()
        if target is None:
            self.top.say("Choose a page or an incident to silence its page.")
            return
        if isinstance(target, Story) and target.parts:
            self.top.say("Open it, and choose the page to silence.")
            return
        page, component = (target, "") if isinstance(target, Page) else (target.page, self.silenced_part(target))
        name = f"{component} of {page.name or page.slug}" if component else page.name or page.slug
        self.put(
            Question(
                f"Tell nothing of {name} for",
                lambda length: self.top.silence(page.slug, component, length or USUAL_SILENCE),
                USUAL_SILENCE,
            )
        )

    def silenced_part(self, story: Story) -> str:
        """The component that is meant, where it is not the whole page."""
        return ""


def _lines(name: str) -> Lines:
    return Lines(id=name, classes="line", markup=False)


class Listing(Looking):
    """A screen that is a list of rows, of which one is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = Rows()

    @property
    def looked_at(self) -> Widget:
        return self.rows

    def target(self) -> Story | Page | None:
        return self.rows.target

    def show_rows(self, rows: Iterable[Row]) -> None:
        """With a mark at those that changed lately."""
        self.rows.show(tuple(rows), self.top.changed)

    @on(Rows.OptionSelected)
    def _selected(self, event: Rows.OptionSelected) -> None:
        target = self.rows.target_at(event.option_index)
        if target is not None:
            self.top.open(target)


class Reading(Looking):
    """A screen that reads something of its own. `trouble` is why it could not be read; empty: it could."""

    trouble = ""

    def on_mount(self) -> None:
        self.reload()

    def reload(self) -> None:
        self.run_worker(self._read(), exclusive=True)

    async def _read(self) -> None:
        try:
            await self.read()
        except ClientError as error:
            self.trouble = str(error)
        else:
            self.trouble = ""
            self.read_at = self.top.clock.now()
        self.draw()

    async def read(self) -> None:
        """Raises ClientError."""
        raise NotImplementedError

    def waiting(self) -> str:
        """The sentence where nothing can be shown yet."""
        return f"It could not be read: {self.trouble}" if self.trouble else "Reading …"
