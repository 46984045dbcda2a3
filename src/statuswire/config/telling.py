"""Who is told what: channels, routes, silences, and the words and limits that go with them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Final, Self

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from statuswire.config import words
from statuswire.config.base import Settings
from statuswire.config.channels import NAME, NO_NAME, ChannelConfig
from statuswire.config.layers import KeyPath
from statuswire.config.lists import Words
from statuswire.config.quiet import QuietConfig
from statuswire.config.routes import RouteConfig, SilenceConfig, no_channel, routes_of, wrong_routes
from statuswire.config.types import Duration
from statuswire.model import Route, Silence

if TYPE_CHECKING:
    from statuswire.channels.template_language import Problem

_MINUTE: Final = timedelta(minutes=1)


def _works(text: str) -> str:
    """Jinja is loaded late, by those who have templates of their own."""
    problems: tuple[Problem, ...] = import_module("statuswire.channels.templates").check(text)
    if problems:
        told = "; ".join(f"line {one.line}: {one.text}" for one in problems)
        raise ValueError(f"cannot be used: {told}")
    return text


Template = Annotated[str, AfterValidator(_works)]


class TemplateConfig(Settings):
    """Your own words for messages, in Jinja2. What is left out stays as the channel has it."""

    title: Template = Field(default="", examples=["{{ page.name }}: {{ headline }}"])
    """The line that stands above."""

    body: Template = Field(default="", examples=["{{ words }}"])
    """What stands below it."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.title and not self.body:
            raise ValueError("needs a `title` or a `body`")
        return self


class MaintenanceConfig(Settings):
    """What is told of planned maintenance beside its own news."""

    reminders: tuple[Duration, ...] = Field(
        default_factory=lambda: (timedelta(hours=24), timedelta(hours=1)), max_length=10, examples=[["24h", "1h"]]
    )
    """How long before its beginning it is told again; never when empty."""

    overrun_after: Duration = Field(default=timedelta(minutes=15), ge=_MINUTE, examples=["15m"])
    """How long after its planned end it is told that it goes on."""

    @field_validator("reminders")
    @classmethod
    def _are_lengths(cls, value: tuple[timedelta, ...]) -> tuple[timedelta, ...]:
        if any(not _MINUTE <= one <= timedelta(days=30) for one in value):
            raise ValueError("must be between 1m and 30d")
        return tuple(sorted(set(value), reverse=True))


class StormConfig(Settings):
    """When many pages break at once, they are told together."""

    pages: int = Field(default=10, ge=1, examples=[10])
    """With how many pages that begin a story it is no storm yet."""

    within: Duration = Field(default=_MINUTE, ge=timedelta(seconds=1), le=timedelta(hours=1), examples=["1m"])
    """Within which time; so long is then waited for more."""


class CorrelateConfig(Settings):
    """When the stories of several pages are one."""

    pages: int = Field(default=3, ge=2, examples=[3])
    """How many pages that name the same provider or place make one story."""

    within: Duration = Field(default=10 * _MINUTE, ge=timedelta(seconds=1), le=timedelta(hours=1), examples=["10m"])
    """Within which time they begin."""


def _off(value: object) -> object:
    return None if value is False else value


class TellingConfig(Settings):
    """Who is told what."""

    channels: dict[str, ChannelConfig] = Field(
        default_factory=dict, examples=[{"ops": {"kind": "slack", "url_env": "SLACK_URL"}}], repr=False
    )
    """Where to tell things, by names of your own. Each is a mapping with its `kind` and the settings of that kind; each
    of them may be given as `..._env: NAME` or `..._file: /path`."""

    routes: tuple[RouteConfig, ...] = Field(
        default_factory=tuple, examples=[[{"channel": "pager", "impact": ">=major", "hold": "3m"}]]
    )
    """What is told on which channel. A channel that no route names is told everything."""

    silences: tuple[SilenceConfig, ...] = Field(
        default_factory=tuple, examples=[[{"page": "github", "component": "Codespaces", "reason": "not used"}]]
    )
    """What is not told, until when and why."""

    quiet: QuietConfig = QuietConfig()
    """How quietly all routes tell, where they do not say it themselves."""

    templates: dict[str, TemplateConfig] = Field(default_factory=dict, examples=[{"short": {"body": "{{ words }}"}}])
    """Your own words for messages, by the names that routes give as `template`."""

    maintenance: MaintenanceConfig = MaintenanceConfig()
    """Reminders of planned maintenance."""

    storm: Annotated[StormConfig | None, BeforeValidator(_off)] = Field(
        default_factory=StormConfig, examples=[{"pages": 10, "within": "1m"}]
    )
    """How many pages may break within which time before they are told together; `false` is off."""

    correlate: Annotated[CorrelateConfig | None, BeforeValidator(_off)] = Field(
        default_factory=CorrelateConfig, examples=[{"pages": 3, "within": "10m"}]
    )
    """How many pages that break within which time, and name the same provider or place, are told as one story; `false`
    is off."""

    trouble: Words = Field(default_factory=tuple, examples=["pager"])
    """Channels that are told when another one is disabled."""

    allow_exec: bool = Field(default=False, examples=[True])
    """Whether channels of the kind `exec`, which run programs, may be configured."""

    allow_apprise: bool = Field(default=False, examples=[True])
    """Whether channels of the kind `apprise` may be: that library follows redirects and guards no addresses."""

    @field_validator("channels", "templates")
    @classmethod
    def _have_names(cls, value: dict[str, ChannelConfig]) -> dict[str, ChannelConfig]:
        wrong = [name for name in value if not NAME.fullmatch(name)]
        if wrong:
            found: list[tuple[KeyPath, str]] = [((name,), NO_NAME) for name in wrong]
            raise words.together(found)
        return value

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        wrong = [*self._wrong_channels(), *self._wrong_trouble()]
        routes = wrong_routes(self.routes, self.quiet, self.channels, self.templates)
        wrong += [(("routes", *path), sentence) for path, sentence in routes]
        if wrong:
            raise words.together(wrong)
        return self

    def _wrong_channels(self) -> Iterator[tuple[KeyPath, str]]:
        for name, one in self.channels.items():
            needed = one.channel.requires
            if needed and not getattr(self, needed):
                yield ("channels", name, "kind"), f"`{one.kind}` is off by default; right: {needed}: true"

    def _wrong_trouble(self) -> Iterator[tuple[KeyPath, str]]:
        known = tuple(self.channels)
        return ((("trouble",), no_channel(name, known)) for name in self.trouble if name not in known)

    def told(self) -> tuple[Route, ...]:
        """All routes, with one for each channel that none of them names."""
        return routes_of(self.routes, self.quiet, self.channels)

    def withheld(self) -> tuple[Silence, ...]:
        return tuple(one.silence() for one in self.silences)
