"""Commands that programs may use through the API, wired: what the web offers as `Tools`, out of what stands above it.

What a command needs is loaded with its first use, for most services are never asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, Final, cast

import msgspec
from pydantic import ValidationError

from statuswire import config as configuration
from statuswire.config import Config, words
from statuswire.config.base import Settings
from statuswire.config.routes import RouteConfig, SilenceConfig, wrong_routes
from statuswire.engine.clock import Clock
from statuswire.engine.planner import Rules
from statuswire.engine.rules import calendar_of, rules_of
from statuswire.errors import ConfigError
from statuswire.lookup_report import detection_mapping
from statuswire.model import Impact
from statuswire.store import Store
from statuswire.verdict import Verdict
from statuswire.web.tools import Body, Busy, Tools, Trial, WrongRules

LOOKS_AT_ONCE: Final = 4
TESTS_AT_ONCE: Final = 4
LOOK_BACK: Final = timedelta(days=90)
SEEN_FOR: Final = timedelta(minutes=10)
MOST_SEEN: Final = 8
"""So many pages that were looked at are remembered, because whoever adds one ticks its components next."""

Say = Callable[[str], Awaitable[None]]


def tools_of(config: Callable[[], Config], store: Store, clock: Clock, say: Say) -> Tools:
    """The tools of one service. `config` gives what counts now, `say` prints lines, for channels that print."""
    bench = Workbench(config, store, clock, say)
    return Tools(bench.detect, bench.send_test, bench.backtest, bench.preview)


class Workbench:
    """Counts what is under way, so that nobody can have everything done at once."""

    def __init__(self, config: Callable[[], Config], store: Store, clock: Clock, say: Say) -> None:
        self._config_now = config
        self._store = store
        self._clock = clock
        self._say = say
        self._looks = 0
        self._tests = 0
        self._is_looking_back = False
        self._seen: dict[str, Verdict] = {}

    @property
    def _config(self) -> Config:
        return self._config_now()

    async def detect(self, what: str) -> Body:
        """As `statuswire detect`. Raises ConfigError for what is neither address nor slug, Busy."""
        return detection_mapping(await self._look(what))

    async def preview(self, what: str, components: Sequence[str]) -> Body:
        """The same, and `past`: the report of a backtest over what the page shows of the last 90 days, or `why` there
        is none; `is_usual`: by usual rules, for there are no channels. What was read lately is not read again.

        Raises ConfigError, Busy.
        """
        now = self._clock.now()
        verdict = self._seen.get(what)
        if verdict is None or now - verdict.looked_at > SEEN_FOR:
            verdict = await self._look(what, with_history=True)
            self._seen = dict([*self._seen.items(), (what, verdict)][-MOST_SEEN:])
        past = await asyncio.to_thread(self._past, verdict, tuple(components), now)
        return detection_mapping(verdict) | {"past": past}

    def _past(self, verdict: Verdict, components: Sequence[str], now: datetime) -> Body:
        foretelling = import_module("statuswire.backtest.foretelling")
        rules = rules_of(self._config)
        try:
            report = foretelling.over_page(
                verdict,
                components,
                rules=rules if rules.routes else foretelling.USUAL,
                reminding=calendar_of(self._config),
                impact=Impact.MAJOR,
                since=now - LOOK_BACK,
                until=now,
            )
        except ConfigError as error:
            return {"report": None, "why": str(error), "is_usual": not rules.routes}
        return {"report": msgspec.to_builtins(report), "why": "", "is_usual": not rules.routes}

    async def _look(self, what: str, *, with_history: bool = False) -> Verdict:
        lookup = import_module("statuswire.lookup")
        configured = {target.slug: target for target in self._config.targets}
        (target,) = configuration.ask_all((what,), configured).values()
        if self._looks >= LOOKS_AT_ONCE:
            raise Busy("as many pages are looked at as may be at once")
        self._looks += 1
        try:
            async with lookup.client_of(self._config, (target,)) as client:
                find = lookup.find_with_history if with_history else lookup.find
                return cast(Verdict, await find(target, client, self._clock))
        finally:
            self._looks -= 1

    async def send_test(self, channel: str) -> Body:
        """As `statuswire send-test`, without the bodies of replies, which may repeat what was sent."""
        if self._tests >= TESTS_AT_ONCE:
            raise Busy("as many tests are sent as may be at once")
        self._tests += 1
        try:
            body: Body = await import_module("statuswire.desk.trial").tried(self._config, channel, self._say)
        finally:
            self._tests -= 1
        replies = body["replies"]
        assert isinstance(replies, list)
        return body | {"replies": [{"status": one["status"]} for one in replies]}

    def backtest(self, trial: Trial, go_on: Callable[[], object]) -> Body:
        """As `statuswire backtest`, over the log of this service. Raises ConfigError, Busy, and what `go_on` raises."""
        rules, now = self._rules(trial), self._clock.now()
        if self._is_looking_back:
            raise Busy("one backtest is under way")
        self._is_looking_back = True
        try:
            report = import_module("statuswire.backtest.running").over_store(
                self._store,
                rules=rules,
                reminding=calendar_of(self._config),
                impact=trial.impact,
                since=now - trial.since,
                go_on=go_on,
            )
        finally:
            self._is_looking_back = False
        return {"report": msgspec.to_builtins(report)}

    def _rules(self, trial: Trial) -> Rules:
        """The rules in force, with the routes and silences that are tried. Raises ConfigError.

        What a snippet names is checked against the running configuration: it can bring no channel, and so no secret,
        file or variable of its own.
        """
        change: dict[str, object] = {}
        if trial.routes is not None:
            change["routes"] = routes = _read(RouteConfig, trial.routes, "routes")
            found = wrong_routes(routes, self._config.quiet, self._config.channels, self._config.templates)
            if found:
                raise WrongRules([(_place("routes", path), sentence) for path, sentence in found])
        if trial.silences is not None:
            change["silences"] = _read(SilenceConfig, trial.silences, "silences")
        rules = rules_of(self._config.model_copy(update=change))
        if not rules.routes:
            raise ConfigError("there are no channels and no routes, so nothing would be told")
        return rules


def _read(kind: type[Any], given: Sequence[Mapping[str, object]], key: str) -> tuple[Any, ...]:
    """Raises WrongRules with the place of every mistake."""
    made: list[Settings] = []
    wrong: list[tuple[str, str]] = []
    for index, one in enumerate(given):
        try:
            made.append(kind.model_validate(one))
        except ValidationError as error:
            wrong += ((_place(key, (index, *path)), what) for path, _, what in words.inside(error, kind))
    if wrong:
        raise WrongRules(wrong)
    return tuple(made)


def _place(key: str, path: Sequence[object]) -> str:
    return ".".join(str(part) for part in (key, *path))
