"""What a writer is: a generated provider in, the bytes that its platform would serve or push out.

A writer is a platform turned round, a value made of functions. Every rule of `tests/core/rules` must hold for what its
platform reads out of it again. A new one is a file here, or in `vendors`, with its `WRITER`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from statuswire.model import Document, DocumentKind, FeedSpec, Kind, Phase, Role, Source, Status
from statuswire.platforms.base import Parse, Platform
from tests.core.histories import LEVELS, Provider, TrueIncident, TrueUpdate, View, What
from tests.core.memory import Delivery
from tests.core.rules import Level, Shown, every_update, own_id, own_level

PAGE_URL = "https://status.acme-relay.example"


def as_is(phase: Phase, _: int) -> Phase:
    """For platforms that have a word for every phase."""
    return phase


def own_component_id(number: int) -> str:
    return f"{number:0>11}c"


def nothing(_: Provider, __: str) -> None:
    """For platforms that only push."""


def start_page(_: str, __: str | None = None) -> tuple[FeedSpec, ...]:
    """The page that people see, alone."""
    return (FeedSpec(f"{PAGE_URL}/", accept="text/html"),)


def no_id(_: TrueUpdate) -> str:
    """For platforms whose updates have texts whenever they are shown."""
    return ""


def no_hook(_: Provider, __: What) -> None:
    """For platforms that push nothing."""


@dataclass(frozen=True, slots=True)
class Writer:
    """One platform's own renderer.

    `write(provider, url)` gives the document at one of the platform's feeds, or at an address that one of them points
    to; None where the page has none there. `hook(provider, what)` gives the body pushed after a step; None where none
    is sent. `incident_id(incident)` is the id under which the platform names a true incident, `component_id(number)`
    that of a component; `update_id(update)` is needed where an update may be told before its text.

    `phase(phase, number)` is what the platform can say of the update with that number, where a provider would like to
    say `phase`: not every one has a word for each. `parts` is how many components there are, `component_name` what they
    are called where the platform has a name of its own for them, `most_incidents` how many incidents its documents have
    room for. `levels` and what begins with `has_` are what it knows of at all: without updates an incident has one text
    for all its life and ends without a word; what names no component (unplaced) may not be shown; what is entered
    afterwards (backfilling) is not pushed by who only pushes; where a component is known by its name, another name is
    another component; where texts have stamps in hooks and none in the feed, the feed cannot correct them; where hooks
    have no date, one that comes late cannot be told from news, and so none does; where updates are not shown apart,
    there is one text for an incident, and what is told once is that text in each phase that it is shown in.

    `shown(incident)` are those of its updates that the documents still show in the end, as they show them: some pages
    keep only the newest, some have no texts. `shows_deletions`, `shows_components` and `shows_troubled` (only those
    that are not well) say what can be learnt from these documents, `level(provider, component)` at which level they
    show a component, where that follows from what is open. `shows_seconds` is False where a hook with one message must
    be found again in a feed without ids and seconds, so that two messages of one minute could be taken for one.
    `styles` are the kinds of provider whose life they can show in full, `unread` the places where they may have words
    that nobody knows the meaning of; anywhere else a problem is one of the writer or of the adapter.
    """

    platform: Platform
    write: Callable[[Provider, str], bytes | None]
    hook: Callable[[Provider, What], bytes | None] = no_hook
    incident_id: Callable[[TrueIncident], str] = own_id
    component_id: Callable[[int], str] = own_component_id
    component_name: str = ""
    update_id: Callable[[TrueUpdate], str] = no_id
    phase: Callable[[Phase, int], Phase] = as_is
    page_url: str = PAGE_URL
    page_id: str | None = None
    time_zone: str | None = None
    levels: tuple[Status, ...] = tuple(LEVELS)
    shown: Shown = every_update
    level: Level = own_level
    parts: int = 3
    most_incidents: int = 1_000
    has_incidents: bool = True
    has_updates: bool = True
    has_unplaced: bool = True
    has_maintenances: bool = True
    has_backfilling: bool = True
    has_renaming: bool = True
    has_edits: bool = True
    has_reopening: bool = True
    has_dated_hooks: bool = True
    has_updates_apart: bool = True
    styles: tuple[str, ...] = ("stamped",)
    unread: frozenset[str] = frozenset()
    shows_seconds: bool = True
    shows_deletions: bool = True
    shows_components: bool = True
    shows_troubled: bool = False


class WordedProvider(Provider):
    """A provider that says only what its platform has words for."""

    def __init__(self, writer: Writer, random: Random, style: str) -> None:
        super().__init__(random, style)
        self._writer = writer
        rows = list(self.components.values())[: writer.parts]
        own = (
            replace(one, id=writer.component_id(number), name=writer.component_name or one.name)
            for number, one in enumerate(rows)
        )
        self.components = {one.id: one for one in own}

    def step(self) -> What:
        self.now += timedelta(minutes=0 if self._writer.shows_seconds else 1)
        return super().step()

    def actions(self) -> list[Callable[[], What]]:
        if not self._writer.has_incidents:
            return [self._component, self._rename]
        if len(self.alive()) >= self._writer.most_incidents:
            return [self._update, self._edit, self._change_impact, self._component, self._rename]
        return super().actions()

    def _new(self, kind: Kind, phase: Phase, at: datetime) -> TrueIncident:
        one = super()._new(kind, phase, at)
        if not one.components and not self._writer.has_unplaced:
            one.components = [self.random.choice(list(self.components))]
        return one

    def _say(self, one: TrueIncident, phase: Phase, at: datetime | None = None) -> TrueIncident:
        return super()._say(one, self._writer.phase(phase, len(one.updates)), at)

    def _maintenance(self) -> TrueIncident:
        return super()._maintenance() if self._writer.has_maintenances else self.create()

    def _update(self) -> TrueIncident:
        return super()._update() if self._writer.has_updates else self._close_silently()

    def _backfill(self) -> TrueIncident:
        return super()._backfill() if self._writer.has_backfilling else self.create()

    def _edit(self) -> TrueIncident:
        return super()._edit() if self._writer.has_edits else self._update()

    def _reopen(self) -> TrueIncident:
        return super()._reopen() if self._writer.has_reopening else self.create()

    def _rename(self) -> str:
        return super()._rename() if self._writer.has_renaming else self._component()

    def _component(self) -> str:
        one = self.random.choice(list(self.components.values()))
        status = self.random.choice([level for level in self._writer.levels if level is not one.status])
        self.components[one.id] = replace(one, status=status, updated_at=self.now)
        return one.id


class WrittenViews:
    """A provider seen through its platform: every look is written as bytes and read by the adapter."""

    def __init__(self, writer: Writer, provider: Provider) -> None:
        self.writer = writer
        self.provider = provider
        served = [
            feed for feed in writer.platform.feeds(writer.page_url, writer.page_id) if writer.write(provider, feed.url)
        ]
        self._looks: list[tuple[Role, View]] = [(feed.role, partial(self._poll, feed)) for feed in served]

    @property
    def has_late_hooks(self) -> bool:
        return self.writer.has_dated_hooks

    def polls(self) -> Sequence[View]:
        return [view for _, view in self._looks]

    def at_last(self) -> Sequence[View]:
        """What has ended before what goes on, and the latter twice, for absence may need a second look."""
        state, entries, history = (
            [view for role, view in self._looks if role is wanted]
            for wanted in (Role.STATE, Role.ENTRIES, Role.HISTORY)
        )
        return (*history, *entries, *state, *state, *history)

    def hook(self, what: What) -> Delivery | None:
        body = self.writer.hook(self.provider, what)
        return None if body is None else self._pushed(body)

    def _pushed(self, body: bytes) -> Delivery:
        """A mail is no hook to its platform: it is read as any document of the page."""
        platform = self.writer.platform
        url = "" if platform.parse_hook else self.writer.page_url
        document = Document(body, self.provider.now, url, kind=DocumentKind.HOOK, time_zone=self.writer.time_zone)
        return self._read(platform.parse_hook or platform.parse, document, None)

    def _poll(self, feed: FeedSpec) -> list[Delivery]:
        """The document, and those that it points to, each of which is a feed of its own; it may be gone (a 404)."""
        document = self._document(feed)
        read = self._read(self.writer.platform.parse, document, feed)
        further = [
            one for one in self.writer.platform.more(document) if self.writer.write(self.provider, one.url) is not None
        ]
        return [read, *(delivery for one in further for delivery in self._poll(one))]

    def _document(self, feed: FeedSpec) -> Document:
        body = self.writer.write(self.provider, feed.url)
        assert body is not None, f"{feed.url} is served"
        return Document(body, self.provider.now, feed.url, time_zone=self.writer.time_zone)

    def _read(self, parse: Parse, document: Document, feed: FeedSpec | None) -> Delivery:
        snapshot = parse(document)
        assert {one.where for one in snapshot.problems} <= self.writer.unread, snapshot.problems
        source = Source.HOOK if feed is None else Source.POLL
        is_history = feed is not None and feed.role is Role.HISTORY
        return Delivery(snapshot, source, self.provider.now, feed.url if feed else None, is_history=is_history)
