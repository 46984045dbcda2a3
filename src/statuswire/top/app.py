"""The application: what was read and when, which screen is looked at, and what is ordered of the server."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.events import Event, Key
from textual.filter import LineFilter, NoColor

from statuswire.channels import wording
from statuswire.channels.terminal import one_line
from statuswire.client.aio import AsyncClient
from statuswire.client.calls import Call
from statuswire.client.errors import ClientError
from statuswire.client.shapes import Page
from statuswire.durations import parse_duration
from statuswire.top import asking
from statuswire.top.around import Clock
from statuswire.top.changes import Changes, Versions, versions_of
from statuswire.top.drawing import Times
from statuswire.top.following import EVERY_S, Following
from statuswire.top.harmless import Harmless
from statuswire.top.picture import Picture
from statuswire.top.screens.history import History
from statuswire.top.screens.keys import Keys
from statuswire.top.screens.looking import Looking
from statuswire.top.screens.now import Now
from statuswire.top.screens.page import OnePage
from statuswire.top.screens.thread import Thread
from statuswire.top.screens.together import Together
from statuswire.top.stories import Story
from statuswire.top.themes import DARK, LIGHT

TICK_S = 1.0
BODY_TICKS = 10
NOTICE_S = 8.0
OLD = timedelta(seconds=3 * EVERY_S)
"""What is older than this was not confirmed when it should have been: the machine slept, or the loop hangs."""


class Top(App[ClientError]):
    """`source` says who is asked. `must_begin`: where the very first reading fails it ends with why, as it does
    wherever trying again cannot help. `run_async` returns that error; None where somebody quit."""

    CSS_PATH = Path(__file__).with_name("look.tcss")
    ENABLE_COMMAND_PALETTE = False
    TITLE = "statuswire"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", show=False),
        Binding("ctrl+c", "quit", show=False, priority=True),
        Binding("question_mark", "keys", show=False),
        Binding("r", "read", show=False),
    ]

    def __init__(
        self,
        client: AsyncClient,
        clock: Clock,
        *,
        source: str,
        zone: tzinfo,
        has_colour: bool = True,
        is_light: bool = False,
        must_begin: bool = False,
    ) -> None:
        super().__init__(ansi_color=not has_colour)
        colours = LIGHT if is_light else DARK
        self.register_theme(colours)
        self.theme = colours.name
        self.client, self.clock, self.source, self.zone = client, clock, source, zone
        self.picture: Picture | None = None
        self.read_at: datetime | None = None
        self.is_going = False
        self.notice = ""
        self.animation_level = "none"
        self._failure: ClientError | None = None
        self._must_begin = must_begin
        self._has_colour = has_colour
        self._notice_until = 0.0
        self._ticks = 0
        self._changes = Changes()
        self._following = Following(client, clock, self._have_read, self._have_failed)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The last look at everything that reaches the terminal."""
        return [*super().get_line_filters(), Harmless(), *([] if self._has_colour else [NoColor()])]

    def on_mount(self) -> None:
        self.push_screen(Now())
        self.set_interval(TICK_S, self.tick)
        self.run_worker(self._following.run())

    # --- what is known -------------------------------------------------------------------------------------------

    @property
    def times(self) -> Times:
        return Times(self.clock.now(), self.zone)

    @property
    def changed(self) -> frozenset[str]:
        return self._changes.keys

    def note(self, before: Versions, after: Versions) -> None:
        """What differs is marked for a while."""
        self._changes.note(before, after, self.clock.monotonic())

    @property
    def is_lost(self) -> bool:
        is_old = self.read_at is not None and self.clock.now() - self.read_at > OLD
        return self._failure is not None or is_old

    def lost_words(self, read_at: datetime | None) -> str:
        if not self.is_lost:
            return ""
        why = f": {one_line(str(self._failure))}" if self._failure is not None else ""
        if read_at is None:
            return f"No connection{why}. Trying again"
        return f"Connection lost. What you see is {wording.duration(self.clock.now() - read_at)} old{why}"

    def _have_read(self, picture: Picture) -> None:
        if self.picture is not None:
            self.note(versions_of(self.picture), versions_of(picture))
        self.picture, self._failure, self.read_at = picture, None, self.clock.now()
        for screen in self._lookings():
            if isinstance(screen, Now | Together):
                screen.read_at = self.read_at
        looking = self.looking
        looking.draw()
        looking.reload()

    def _have_failed(self, error: ClientError) -> None:
        if self.picture is None and (self._must_begin or error.is_permanent):
            self.exit(error)
            return
        self._failure = error
        self.looking.draw()

    # --- screens -------------------------------------------------------------------------------------------------

    @property
    def looking(self) -> Looking:
        """The screen that is looked at, also where the list of keys stands before it."""
        return self._lookings()[-1]

    def _lookings(self) -> list[Looking]:
        return [screen for screen in self.screen_stack if isinstance(screen, Looking)]

    def open(self, target: Story | Page) -> None:
        """What a row is about."""
        if isinstance(target, Story) and target.parts:
            self.push_screen(Together(target, self.read_at))
        elif isinstance(target, Story) and target.incident is not None:
            self.push_screen(Thread(target.page, target.incident))
        elif isinstance(self.looking, OnePage):
            self.say("This is all that the page says of it.")
        else:
            self.push_screen(OnePage(target if isinstance(target, Page) else target.page))

    def back(self) -> None:
        if len(self._lookings()) > 1:
            self.pop_screen()

    async def _go(self, key: str) -> None:
        """To the first of all screens, or the one above it."""
        while len(self._lookings()) > 1:
            await self.pop_screen()
        if key == "h":
            await self.push_screen(History())

    def action_keys(self) -> None:
        self.push_screen(Keys())

    def action_read(self) -> None:
        self._following.look_now()
        self.looking.reload()

    # --- keys of two letters -------------------------------------------------------------------------------------

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key) and not event.is_forwarded and await self._is_ours(event.key):
            return
        await super().on_event(event)

    async def _is_ours(self, key: str) -> bool:
        """`g n`, `g h`, and the way out of a question; what is typed into a question is not looked at."""
        if not isinstance(self.screen, Looking):
            return False
        if self.screen.is_asking:
            return key == "escape" and self.screen.leave_question()
        was_going, self.is_going = self.is_going, key == "g" and not self.is_going
        if was_going and key in ("n", "h"):
            await self._go(key)
        self.screen.draw_lines()
        return self.is_going or (was_going and key in ("n", "h"))

    # --- orders --------------------------------------------------------------------------------------------------

    def say(self, words: str) -> None:
        """A sentence in the last line, for a while."""
        self.notice, self._notice_until = words, self.clock.monotonic() + NOTICE_S
        self.looking.draw_lines()

    def order(self, call: Call[str]) -> None:
        """Have something done, and say what came of it."""
        self.run_worker(self._order(call))

    async def _order(self, call: Call[str]) -> None:
        try:
            sentence = await self.client.carry(call)
        except ClientError as error:
            sentence = f"Not done: {error}"
        self.say(sentence[:1].upper() + sentence[1:])
        self.action_read()

    def silence(self, slug: str, component: str, length: str) -> None:
        """Withhold something for so long, as it was typed."""
        try:
            span = parse_duration(length)
        except ValueError:
            span = None
        if not isinstance(span, timedelta) or not timedelta(minutes=1) <= span <= timedelta(days=366):
            self.say(f"“{length}” is not a length of time between 1m and 366d, such as 2h.")
            return
        self.order(asking.silence(slug, component, self.clock.now() + span, "by statuswire top"))

    # --- time passes ---------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """A second has passed: clocks and ages move on."""
        self._ticks += 1
        if self.notice and self.clock.monotonic() >= self._notice_until:
            self.notice = ""
        self.looking.draw_lines()
        if self._changes.forget(self.clock.monotonic()) or self._ticks % BODY_TICKS == 0:
            self.looking.draw_body()
