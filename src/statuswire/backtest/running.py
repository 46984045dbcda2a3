"""One configuration over what is stored: the log of a database, or series of documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path

from statuswire.backtest.counting import Report, count
from statuswire.backtest.course import Course, Step
from statuswire.backtest.logged import Log
from statuswire.backtest.spoken import asides
from statuswire.core.calendar import CalendarRule
from statuswire.engine.planner import Rules
from statuswire.engine.series import Stored, merged
from statuswire.errors import ConfigError
from statuswire.model import Impact
from statuswire.options import ReplayOptions
from statuswire.replay import Player
from statuswire.store import Store, looking, open_store, queries
from statuswire.store.engines import existing, is_postgres
from statuswire.store.queries import Spoken


def over_log(
    url: str,
    *,
    rules: Rules,
    reminding: CalendarRule,
    impact: Impact,
    since: datetime | None = None,
    with_commands: bool = True,
) -> Report:
    """The rules over the stored log of a database, with the silences and marks that were made by command meanwhile."""
    _check_log(url)
    with looking(url) as readers, closing(open_store("sqlite://")) as store:
        words = readers.run(queries.every_word) if with_commands else []
        steps = Log(readers.run, store, asides(words, store), with_overrides=with_commands).steps()
        return counted(store, rules, reminding, steps, impact, since, words if with_commands else None)


def _check_log(url: str) -> None:
    """Raises ConfigError where no log can be there."""
    try:
        if not is_postgres(url):
            existing(url)
    except ConfigError as error:
        hint = "give --series, or the --database of the service"
        raise ConfigError(f"there is no stored log to look back at ({error}); {hint}") from error


def over_store(
    logged: Store,
    *,
    rules: Rules,
    reminding: CalendarRule,
    impact: Impact,
    since: datetime,
    go_on: Callable[[], object],
) -> Report:
    """The same over a store that is open, beside all that it does. `go_on` is called before each event, and ends it by
    raising."""
    with closing(open_store("sqlite://")) as store:
        words = logged.read(queries.every_word)
        steps = (step for step in Log(logged.read, store, asides(words, store)).steps() if go_on() or True)
        return counted(store, rules, reminding, steps, impact, since, words)


def over_series(
    series: tuple[Path, ...],
    slugs: tuple[str, ...],
    *,
    rules: Rules,
    reminding: CalendarRule,
    impact: Impact,
    since: datetime | None = None,
) -> Report:
    """The rules over stored documents, each series a page of its own, read as `replay` reads them."""
    with closing(open_store("sqlite://")) as store:
        player = Player(store, ReplayOptions(series, slugs=slugs))
        steps = (Step(one.document.received_at, partial(_played, player, one)) for one in merged(series))
        return counted(store, rules, reminding, steps, impact, since)


def _played(player: Player, stored: Stored) -> bool:
    return bool(player.play(stored))


def counted(
    store: Store,
    rules: Rules,
    reminding: CalendarRule,
    steps: Iterator[Step],
    impact: Impact,
    since: datetime | None,
    words: Sequence[Spoken] | None = None,
) -> Report:
    """The rules over any course of things, in a store in memory. Raises ConfigError where nothing came since then."""
    period = Course(store, rules, reminding=reminding, since=since).run(steps)
    if period is None:
        raise ConfigError("nothing is stored of that time, so there is nothing to look back at")
    return count(store, rules, period, impact, words)
