"""What the command line asks for: one configuration, or two of which the second is compared with the first."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, TextIO

from statuswire import config
from statuswire.backtest import report as shown
from statuswire.backtest.counting import Report
from statuswire.backtest.running import over_log, over_series
from statuswire.config import Config
from statuswire.core.routing import IMPACT_ORDER
from statuswire.desk import reaching
from statuswire.engine.clock import Clock
from statuswire.engine.rules import calendar_of, rules_of
from statuswire.errors import ConfigError
from statuswire.model import Impact
from statuswire.options import BacktestOptions, RunOptions

USUAL: Final = timedelta(days=90)


_NAMED: Final = re.compile(r"(?P<slug>[a-z0-9][a-z0-9-]*)=(?P<file>.+)", re.DOTALL)


def named_series(word: str) -> tuple[str, Path]:
    """`github=FILE` is the series of the page `github`; a file alone names its page by itself."""
    found = _NAMED.fullmatch(word)
    return (found["slug"], Path(found["file"])) if found else ("", Path(word))


def backtest(options: BacktestOptions, out: TextIO, clock: Clock | None = None) -> int:
    """Print the report. Returns the exit code 0. Raises ConfigError where there is nothing to look back at, StoreError
    where the database cannot be read."""
    impact = _impact(options.impact)
    now = (clock or Clock()).now()
    loaded = config.load(options=RunOptions(config=options.config, database=options.database))
    if options.series:
        beside = _alone
        run = partial(over_series, options.series, options.slugs, impact=impact, since=_since(options.since, now))
    else:
        since = now - (options.since or USUAL)
        with_commands = not options.config_alone
        beside = partial(reaching.with_own, loaded) if with_commands else _alone
        run = partial(over_log, loaded.database, impact=impact, since=since, with_commands=with_commands)
    report = _run(run, beside(loaded))
    against = _run(run, beside(config.load(options.against))) if options.against is not None else None
    print(_text(report, against, options.json), file=out)
    return 0


def _alone(file: Config) -> Config:
    return file


def _text(report: Report, against: Report | None, is_json: bool) -> str:
    if is_json:
        return shown.as_json(report, against)
    compared = shown.compared(report, against) if against is not None else ()
    return "\n".join((*shown.lines(report), *compared))


def _impact(word: str) -> Impact:
    if word not in IMPACT_ORDER:
        known = ", ".join(one.value for one in IMPACT_ORDER if one is not Impact.UNKNOWN)
        raise ConfigError(f"`{word}` is not an impact; right: {known}", where="--impact")
    return Impact(word)


def _since(span: timedelta | None, now: datetime) -> datetime | None:
    return None if span is None else now - span


def _run(run: Callable[..., Report], loaded: Config) -> Report:
    rules = rules_of(loaded)
    if not rules.routes:
        raise ConfigError("there are no channels and no routes, so nothing would be told; see `channels`")
    return run(rules=rules, reminding=calendar_of(loaded))
