"""The commands by which an operator says something of one incident or component."""
# ruff: noqa: PLC0415 - every command imports what it needs when it runs, so that the others start without it

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from statuswire.cli import overview
from statuswire.cli.arguments import AsJson, ConfigFile, Database, For, Until, ends_at, who
from statuswire.cli.deliveries import give
from statuswire.errors import ConfigError
from statuswire.options import RunOptions

if TYPE_CHECKING:
    from statuswire.model import Impact, MarkKind

Page = Annotated[str, typer.Argument(metavar="PAGE", help="The slug of its page.", show_default=False)]
Subject = Annotated[
    str,
    typer.Argument(metavar="INCIDENT_OR_COMPONENT", help="Its id or name, or 'Group / Name'.", show_default=False),
]
Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is shown where it counts.")]
Clear = Annotated[bool, typer.Option("--clear", help="Take it back.")]


def add_marks(app: typer.Typer) -> None:
    """Make the commands known."""
    for name, command in (("ack", ack), ("snooze", snooze), ("override", override)):
        app.command(name, short_help=overview.summary(name))(command)


def ack(
    page: Page,
    subject: Subject,
    reason: Why = "",
    for_: For = None,
    until: Until = None,
    clear: Clear = False,
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Say that somebody cares for an incident: it is escalated no more. Its updates are told as before.

    \b
    Examples:
      statuswire ack payments 'Slow API' --reason 'we are on it'
      statuswire ack payments w2x4y6z8b1c3 --clear
    """
    from statuswire.model import MarkKind

    options = RunOptions(config=config, database=database)
    _mark(page, subject, MarkKind.ACKNOWLEDGED, reason, (for_, until), None, clear, options, as_json)


def snooze(
    page: Page,
    subject: Subject,
    reason: Why = "",
    for_: For = None,
    until: Until = None,
    clear: Clear = False,
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Tell nothing more of an incident or component for a while, but for its end. Needs --for or --until.

    \b
    Examples:
      statuswire snooze payments 'Slow API' --for 4h
      statuswire snooze payments 'Europe / API' --until 2026-12-01 --reason 'known'
    """
    from statuswire.model import MarkKind

    if not (clear or for_ or until):
        raise ConfigError("a snooze needs an end: --for 4h or --until 2026-12-01")
    options = RunOptions(config=config, database=database)
    _mark(page, subject, MarkKind.SNOOZED, reason, (for_, until), None, clear, options, as_json)


def override(
    page: Page,
    subject: Subject,
    impact: Annotated[str, typer.Option("--impact", metavar="IMPACT", help="none, minor, major or critical.")] = "",
    reason: Why = "",
    for_: For = None,
    until: Until = None,
    clear: Clear = False,
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Give an incident or component an impact of your own, which no update of the provider changes. Routes go by it.

    \b
    Examples:
      statuswire override payments 'Slow API' --impact critical --reason 'it hits checkout'
      statuswire override payments 'Slow API' --clear
    """
    from statuswire.model import MarkKind

    options = RunOptions(config=config, database=database)
    wanted = None if clear else _impact(impact)
    _mark(page, subject, MarkKind.OVERRIDE, reason, (for_, until), wanted, clear, options, as_json)


def _mark(
    page: str,
    subject: str,
    kind: MarkKind,
    reason: str,
    end: tuple[str | None, str | None],
    impact: Impact | None,
    clear: bool,
    options: RunOptions,
    as_json: bool,
) -> None:
    from statuswire.engine.orders import DropMark, SetMark

    if clear:
        give([DropMark(page, subject, kind)], options, as_json)
    else:
        give([SetMark(page, subject, kind, reason, ends_at(*end), who(), impact)], options, as_json)


def _impact(word: str) -> Impact:
    from statuswire.model import Impact

    known = [one.value for one in Impact]
    if word not in known:
        raise ConfigError(f"`{word}` is no impact; right: {', '.join(known)}", where="--impact")
    return Impact(word)
