"""What the configuration says of telling, as the planner and the dispatcher take it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from statuswire.config import ChannelConfig, Config
from statuswire.core.calendar import CalendarRule
from statuswire.core.collecting import StormRule
from statuswire.core.correlation import CorrelationRule
from statuswire.core.routing import USUAL_TYPES
from statuswire.engine.dispatcher import Outlet
from statuswire.engine.planner import KnownChannel, Rules
from statuswire.model import EventType, Route

PROGRAMS: Final = frozenset({"webhook", "file", "mqtt", "exec"})
"""Kinds that programs read, which want to know more than people do."""

PROGRAM_TYPES: Final = (*USUAL_TYPES, EventType.INCIDENT_EDITED.value, EventType.PAGE_STATUS_CHANGED.value)


def rules_of(config: Config) -> Rules:
    """Routes without `type` take the usual ones, or those for programs where only such read it."""
    return Rules(
        routes=tuple(_for_readers(route, config.channels) for route in config.told()),
        channels={name: _known(one) for name, one in config.channels.items()},
        silences=config.withheld(),
        storm=StormRule(config.storm.pages, config.storm.within) if config.storm is not None else None,
        correlate=CorrelationRule(together.pages, together.within) if (together := config.correlate) else None,
        tags={page.target().slug: page.tags for page in config.pages if page.tags},
        matters={page.target().slug: page.components for page in config.pages if page.components},
        categories={page.target().slug: page.category for page in config.pages if page.category},
    )


def _known(one: ChannelConfig) -> KnownChannel:
    return KnownChannel(
        one.kind, one.channel.ordered_by_thread, is_pager=one.channel.is_pager, groups=one.channel.groups
    )


def _for_readers(route: Route, channels: Mapping[str, ChannelConfig]) -> Route:
    """The route with the types that its readers want; programs alone want each event by itself, too."""
    are_programs = all(channels[name].kind in PROGRAMS for name in route.channels)
    types = route.filter.types or (PROGRAM_TYPES if are_programs else USUAL_TYPES)
    quiet = replace(route.quiet, gathers=False) if are_programs else route.quiet
    return replace(route, filter=replace(route.filter, types=types), quiet=quiet)


def calendar_of(config: Config) -> CalendarRule:
    """When planned maintenance is told again."""
    return CalendarRule(config.maintenance.reminders, config.maintenance.overrun_after)


def outlets_of(config: Config, names: Iterable[str] | None = None) -> dict[str, Outlet]:
    """The configured channels, or some of them, as the dispatcher takes them."""
    return {
        name: Outlet.of(name, one.channel, one.settings)
        for name, one in config.channels.items()
        if names is None or name in names
    }
