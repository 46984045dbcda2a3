"""What a writer is: a generated provider in, the bytes that its platform would serve or push out.

A writer is a platform turned round, a value made of functions. Every rule of `tests/core/rules` must hold for what its
platform reads out of it again. A new one is a file here, or in `vendors`, with its `WRITER`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from statuswire.model import Document, DocumentKind, FeedSpec, Phase, Role, Snapshot, Source, Status
from statuswire.platforms.base import Platform
from tests.core.histories import LEVELS, Provider, TrueIncident, View, What
from tests.core.memory import Delivery
from tests.core.rules import own_id

PAGE_URL = "https://status.acme-relay.example"


def as_is(phase: Phase, _: int) -> Phase:
    """For platforms that have a word for every phase."""
    return phase


def own_component_id(number: int) -> str:
    return f"{number:0>11}c"


def no_details(_: Provider) -> Sequence[str]:
    """For platforms whose feeds tell everything."""
    return ()


def own_name(number: int) -> str:
    """For platforms on which a component is known by its name."""
    return f"Part {number}"


def no_hook(_: Provider, __: What) -> None:
    """For platforms that push nothing."""


@dataclass(frozen=True, slots=True)
class Writer:
    """One platform's own renderer.

    `write(provider, url)` gives the document at one of the platform's feeds, None where the page has none there.
    `hook(provider, what)` gives the body pushed after a step, None where none is sent. `incident_id(incident)` is the
    id under which the platform names a true incident, `component_id(number)` that of a component.

    `phase(phase, number)` is what the platform can say of the update with that number, where a provider would like to
    say `phase`: not every one has a word for each. `details(provider)` lists the addresses of documents that the feeds
    only point to, as the page has them now. `parts` is how many components there are, `component_name` what they are
    called where the platform has a name of its own for them. `levels` and what begins with `has_` are what it knows of
    at all: without updates an incident has one text for all its life and ends without a word;
    where a component is known by its name, another name is another component; where texts have stamps in hooks and
    none in the feed, the feed cannot correct them. `shows_deletions` and `shows_components` say what can be learnt
    from these documents; `styles` are the kinds of provider whose life they can show in full. Without
    `shows_every_update` they show but the latest text of an incident, its first one or none: then what they showed must
    be told, and nothing is asked of the rest. With `names_more` its documents name others, which are read after them.
    Without `has_dated_hooks` a hook that comes late cannot be told from news, and so none does.
    """

    platform: Platform
    write: Callable[[Provider, str], bytes | None]
    hook: Callable[[Provider, What], bytes | None] = no_hook
    details: Callable[[Provider], Sequence[str]] = no_details
    incident_id: Callable[[TrueIncident], str] = own_id
    component_id: Callable[[int], str] = own_component_id
    component_name: str = ""
    phase: Callable[[Phase, int], Phase] = as_is
    page_url: str = PAGE_URL
    page_id: str | None = None
    time_zone: str | None = None
    levels: tuple[Status, ...] = tuple(LEVELS)
    parts: int = 3
    has_incidents: bool = True
    has_updates: bool = True
    has_maintenances: bool = True
    has_renaming: bool = True
    has_edits: bool = True
    has_reopening: bool = True
    styles: tuple[str, ...] = ("stamped",)
    shows_deletions: bool = True
    shows_components: bool = True
    shows_every_update: bool = True
    names_more: bool = False
    has_dated_hooks: bool = True


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
        if self._writer.has_incidents:
            return super().step()
        self.now += timedelta(seconds=self.random.choice([40, 95, 300, 700]))
        self.updated_at = self.now
        return self._component()

    def _say(self, one: TrueIncident, phase: Phase, at: datetime | None = None) -> TrueIncident:
        return super()._say(one, self._writer.phase(phase, len(one.updates)), at)

    def _maintenance(self) -> TrueIncident:
        return super()._maintenance() if self._writer.has_maintenances else self.create()

    def _update(self) -> TrueIncident:
        return super()._update() if self._writer.has_updates else self._close_silently()

    def _backfill(self) -> TrueIncident:
        return super()._backfill() if self._writer.has_updates else self.create()

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
        self._named: dict[str, FeedSpec] = {}

    @property
    def has_late_hooks(self) -> bool:
        return self.writer.has_dated_hooks

    def polls(self) -> Sequence[View]:
        looks = [view for _, view in self._looks] or [self._pushed_again]
        detailed = [] if self.writer.details is no_details else [self._any_detail]
        named = [partial(self._poll_named, looks[0])] if self.writer.names_more else []
        return [*looks, *detailed, *named]

    def _any_detail(self) -> Delivery:
        """One of the documents that are only pointed to; while there is none, one of the others."""
        urls = self.writer.details(self.provider)
        return self._poll(FeedSpec(self.provider.random.choice(urls))) if urls else self._looks[0][1]()

    def at_last(self) -> Iterator[View]:
        """What has ended before what goes on, and the latter twice, for absence may need a second look; then all that
        these have named. Of what only pushes, all is pushed again."""
        if not self._looks:
            yield from (partial(self._pushed, what) for what in (*self.provider.alive(), *self.provider.components))
        state, entries, history = (
            [view for role, view in self._looks if role is wanted]
            for wanted in (Role.STATE, Role.ENTRIES, Role.HISTORY)
        )
        details = [partial(self._poll, FeedSpec(url)) for url in self.writer.details(self.provider)]
        yield from (*history, *entries, *details, *state, *state, *history)
        while named := self._next_named():
            yield partial(self._poll, named)

    def hook(self, what: What) -> Delivery | None:
        body = self.writer.hook(self.provider, what)
        if body is None or self.writer.platform.parse_hook is None:
            return None
        document = Document(body, self.provider.now, kind=DocumentKind.HOOK, time_zone=self.writer.time_zone)
        return Delivery(self.writer.platform.parse_hook(document), Source.HOOK, self.provider.now, None)

    def _pushed_again(self) -> Delivery:
        """For platforms that only push: the last news of anything, sent once more."""
        return self._pushed(self.provider.random.choice([*self.provider.alive(), *self.provider.components]))

    def _pushed(self, what: What) -> Delivery:
        nothing = Delivery(Snapshot(self.writer.platform.name), Source.HOOK, self.provider.now, None)
        return self.hook(what) or nothing

    def _poll_named(self, otherwise: View) -> Delivery:
        """One of the documents that those read before have named; where none is left, another look."""
        named = self._next_named()
        return self._poll(named) if named else otherwise()

    def _next_named(self) -> FeedSpec | None:
        """What is gone meanwhile (a 404) is passed over."""
        while self._named:
            named = self._named.pop(next(iter(self._named)))
            if self.writer.write(self.provider, named.url):
                return named
        return None

    def _poll(self, feed: FeedSpec) -> Delivery:
        body = self.writer.write(self.provider, feed.url)
        assert body is not None, f"{feed.url} was served before"
        document = Document(body, self.provider.now, feed.url, time_zone=self.writer.time_zone)
        snapshot = self.writer.platform.parse(document)
        assert snapshot.problems == ()
        self._named |= {one.url: one for one in self.writer.platform.more(document)}
        is_history = feed.role is Role.HISTORY
        return Delivery(snapshot, Source.POLL, self.provider.now, feed.url, is_history=is_history)
