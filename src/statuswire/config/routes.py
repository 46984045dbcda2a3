"""What is told where, and what is withheld: routes and silences, with the filters that both have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from statuswire.config import words
from statuswire.config.base import Settings
from statuswire.config.layers import KeyPath
from statuswire.config.lists import Impacts, Phases, Sources, Types, Words, impacts
from statuswire.config.quiet import QuietConfig, quiet_of
from statuswire.config.types import parse_moment
from statuswire.model import Filter, Phase, Route, Silence, Source


class FilterConfig(Settings):
    """Which events are meant. Every filter is a word or a list of words; one that is empty leaves nothing out."""

    page: Words = Field(default=(), examples=[["payments", "aws-*"]])
    """Slugs of pages, with `*` and `?`."""

    tag: Words = Field(default=(), examples=["critical-path"])
    """Tags of pages (`pages[].tags`), with `*` and `?`."""

    category: Words = Field(default=(), examples=["payments"])
    """Categories of pages in the catalog, with `*` and `?`."""

    component: Words = Field(default=(), examples=[["API", "Europe / *"]])
    """Components: names or `Group / Name`, with `*` and `?`."""

    impact: Impacts = Field(default=(), examples=[">=major"])
    """`none`, `minor`, `major`, `critical`, `maintenance`, `unknown`; with `>=` that one and all that are worse."""

    type: Types = Field(default=(), examples=["incident.*"])
    """Types of events, with `*` and `?`."""

    phase: Phases = Field(default=(), examples=["investigating"])
    """Phases of incidents and maintenances."""

    source: Sources = Field(default=(), examples=["hook"])
    """How it was learnt: `poll`, `hook`, `import` or `infer`."""

    @property
    def has_filter(self) -> bool:
        """Whether anything is left out at all."""
        return any(getattr(self, name) for name in FilterConfig.model_fields)

    def filter(self) -> Filter:
        return Filter(
            pages=self.page,
            tags=self.tag,
            categories=self.category,
            components=self.component,
            impacts=impacts(self.impact),
            types=self.type,
            phases=frozenset(map(Phase, self.phase)),
            sources=frozenset(map(Source, self.source)),
        )


class RouteConfig(QuietConfig, FilterConfig):
    """Which events go to which channels, and how quietly."""

    name: str = Field(default="", pattern=r"^[A-Za-z0-9][\w.-]*$|^$", max_length=80, examples=["pager"])
    """Name in verdicts and commands; otherwise that of its first channel, numbered where needed."""

    channel: Words = Field(min_length=1, examples=["ops"])
    """A channel or several."""

    template: str = Field(default="", examples=["short"])
    """The template below `templates` that words its messages."""

    @property
    def named(self) -> Iterator[tuple[KeyPath, str]]:
        """Every channel that it names, with its place inside the route."""
        yield from (_at("channel", self.channel, index) for index in range(len(self.channel)))
        some = self.escalate.channel if self.escalate else ()
        yield from ((("escalate", *path), name) for path, name in (_at("channel", some, n) for n in range(len(some))))


def _at(key: str, some: Sequence[str], index: int) -> tuple[KeyPath, str]:
    return (key, index) if len(some) > 1 else (key,), some[index]


class SilenceConfig(FilterConfig):
    """What is not told, until when and why. Needs at least one filter."""

    until: Annotated[datetime | None, BeforeValidator(parse_moment), WithJsonSchema({"type": "string"})] = Field(
        default=None, examples=["2026-12-01"]
    )
    """A day, at whose beginning in UTC it ends, or a moment; for good when it is left out."""

    reason: str = Field(min_length=1, max_length=500, examples=["not used"])
    """Why; it is shown wherever something is withheld."""

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        if not self.has_filter:
            raise ValueError('withholds everything; if that is meant, say so: page: "*"')
        return self

    def silence(self) -> Silence:
        return Silence(self.filter(), self.reason, self.until)


def wrong_routes(
    routes: Sequence[RouteConfig], defaults: QuietConfig, channels: Iterable[str], templates: Iterable[str]
) -> list[tuple[KeyPath, str]]:
    """What is wrong with routes beyond their own keys: names of channels and templates that are not there, names that
    are there twice, and ways to be quiet that do not go together."""
    found: list[tuple[KeyPath, str]] = []
    known, wordings = tuple(channels), tuple(templates)
    names = Counter(one.name for one in routes if one.name)
    for index, one in enumerate(routes):
        found += [((index, *path), no_channel(name, known)) for path, name in one.named if name not in known]
        if one.template and one.template not in wordings:
            found.append(((index, "template"), f"is none of the templates; {_choices(one.template, wordings)}"))
        if names[one.name] > 1 and one.name:
            found.append(((index, "name"), f"`{one.name}` is the name of another route too"))
        found += [((index, key), sentence) for key, sentence in _clashes(one, defaults)]
    return found


def no_channel(name: str, known: Sequence[str]) -> str:
    return f"names the channel `{name}`, which is not there; {_choices(name, known)}"


def _choices(name: str, known: Sequence[str]) -> str:
    return words.choices(name, known) if known else "there is none at all"


def _clashes(route: RouteConfig, defaults: QuietConfig) -> Iterator[tuple[str, str]]:
    quiet = quiet_of(defaults, route)
    if quiet.escalation is None:
        return
    key = "escalate" if route.escalate else "channel"
    if quiet.digest is not None:
        yield key, "escalates what a digest tells, of which nobody may have heard yet; give it a route of its own"
    if quiet.escalation.after <= quiet.hold:
        yield key, "escalates before anything is told: `after` must be longer than `hold`"
    if set(quiet.escalation.channels) <= set(route.channel):
        yield key, "tells the route's own channels alone, which know already; right: another channel"


def routes_of(routes: Sequence[RouteConfig], defaults: QuietConfig, channels: Iterable[str]) -> tuple[Route, ...]:
    """All routes with their names, and one for each channel that none of them names, which takes everything."""
    given = [Route(one.name, one.channel, one.filter(), quiet_of(defaults, one), one.template) for one in routes]
    named = {name for one in routes for _, name in one.named}
    usual = quiet_of(defaults, QuietConfig())
    given += [Route("", (name,), quiet=usual) for name in channels if name not in named]
    taken = {one.name for one in given if one.name}
    return tuple(one if one.name else replace(one, name=_free(one.channels[0], taken)) for one in given)


def _free(name: str, taken: set[str]) -> str:
    """The name, numbered where others have it."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free)
    return free
