"""What metrics show by name."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, field_validator

from statuswire.config import words
from statuswire.config.base import Settings
from statuswire.config.layers import KeyPath
from statuswire.config.lists import Words


class ProbeModule(StrEnum):
    """Whose words `/probe` speaks: ours, or those of one of the two exporters for pages of Statuspage."""

    STATUSWIRE = "statuswire"
    SERGEYSHEVCH = "sergeyshevch"
    VLADVASILIU = "vladvasiliu"


class MetricsConfig(Settings):
    """Which pages and components metrics show by name; none unless asked for, as each is a series for ever."""

    pages: bool | Words = Field(default=False, examples=[True, ["openai", "aws-*"]])
    """Slugs of pages whose state is a metric, with `*` and `?`; `true` for all."""

    components: Words = Field(default_factory=tuple, examples=[["github/Actions", "aws/us-east-1 / *"]])
    """Components whose state is a metric: the slug of the page, `/`, and a name or `Group / Name`, with `*` and `?`."""

    probe: ProbeModule = Field(default=ProbeModule.STATUSWIRE, examples=["sergeyshevch"])
    """The module of `/probe` that is meant where a scrape names none."""

    @field_validator("components")
    @classmethod
    def _name_a_page(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong: list[tuple[KeyPath, str]] = [
            ((index,), "needs a page and a component; right: github/Actions, or github/* for all of them")
            for index, one in enumerate(value)
            if not all(part.strip() for part in one.partition("/"))
        ]
        if wrong:
            raise words.together(wrong)
        return value

    @property
    def slugs(self) -> tuple[str, ...]:
        """`pages` as patterns."""
        if isinstance(self.pages, bool):
            return ("*",) if self.pages else ()
        return self.pages
