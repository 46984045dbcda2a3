"""Commands that the API offers too, as functions: the composition root fills them in, because they stand above the web.

All of them raise ConfigError for what was asked wrongly, `Busy`, and `Unavailable` where this process cannot do it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from statuswire.errors import ConfigError, StatuswireError
from statuswire.model import Impact

Body = dict[str, object]


class Unavailable(StatuswireError):
    """There is nothing behind this here, such as a log on disk for a backtest."""

    reason = "unavailable"


class WrongRules(ConfigError):
    """What is wrong with rules to be tried: the place (`routes.0.channel`) and a sentence that goes on after it."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{place} {sentence}" for place, sentence in faults))
        self.faults = tuple(faults)


class Busy(StatuswireError):
    """As many of them are under way as may be at once."""

    reason = "busy"


@dataclass(frozen=True, slots=True)
class Trial:
    """Rules to be tried over the log: routes and silences as the file would hold them (None: those that are in force),
    how far to look back, and from which impact on incidents are to be told."""

    routes: Sequence[Mapping[str, object]] | None = None
    silences: Sequence[Mapping[str, object]] | None = None
    since: timedelta = timedelta(days=90)
    impact: Impact = Impact.MAJOR


async def _no_look(what: str) -> Body:
    raise Unavailable("this process looks at no pages")


async def _no_test(channel: str) -> Body:
    raise Unavailable("this process sends nothing")


def _no_backtest(trial: Trial, go_on: Callable[[], object]) -> Body:
    raise Unavailable("this process has no log to look back at")


async def _no_preview(what: str, components: Sequence[str]) -> Body:
    raise Unavailable("this process looks at no pages")


@dataclass(frozen=True, slots=True)
class Tools:
    """`detect` finds the platform of a page, `send_test` sends a sample to a channel. `backtest` runs the rules over
    the log; it blocks, and calls `go_on` again and again, which may raise to end it. `preview` is what `detect` gives,
    and as `past` what would have been told of the page, or of some components, by what it shows of the past."""

    detect: Callable[[str], Awaitable[Body]] = _no_look
    send_test: Callable[[str], Awaitable[Body]] = _no_test
    backtest: Callable[[Trial, Callable[[], object]], Body] = _no_backtest
    preview: Callable[[str, Sequence[str]], Awaitable[Body]] = _no_preview


NO_TOOLS = Tools()
