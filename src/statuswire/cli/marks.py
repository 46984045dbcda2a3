"""The commands by which an operator says something of one incident or component."""
# ruff: noqa: PLC0415 - every command imports what it needs when it runs, so that the others start without it

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

from statuswire.cli import overview, terms
from statuswire.cli.arguments import AsJson, ConfigFile, Database, For, Until, ends_at, who
from statuswire.cli.deliveries import give
from statuswire.errors import ConfigError
from statuswire.options import RunOptions

W = TypeVar("W", bound=StrEnum)

Page = Annotated[str, terms.Argument(metavar="PAGE", help="The slug of its page.")]
Subject = Annotated[
    str,
    terms.Argument(metavar="INCIDENT_OR_COMPONENT", help="Its id or name, or 'Group / Name'."),
]
Why = Annotated[str, terms.Option("--reason", metavar="TEXT", help="Why; it is shown where it counts.")]
Clear = Annotated[bool, terms.Option("--clear", help="Take it back.")]

ACK = """Say that somebody cares for an incident: it is escalated no more. Its updates are told as before.

    \b
    Examples:
      statuswire ack payments 'Slow API' --reason 'we are on it'
      statuswire ack payments w2x4y6z8b1c3 --clear
    """

SNOOZE = """Tell nothing more of an incident or component for a while, but for its end. Needs --for or --until.

    \b
    Examples:
      statuswire snooze payments 'Slow API' --for 4h
      statuswire snooze payments 'Europe / API' --until 2026-12-01 --reason 'known'
    """


def add_marks(app: terms.Group) -> None:
    """Make the commands known."""
    for name, command in (("ack", _marking("acknowledged", ACK)), ("snooze", _marking("snoozed", SNOOZE))):
        app.command(name, short_help=overview.summary(name))(command)
    app.command("override", short_help=overview.summary("override"))(override)


def _marking(word: str, text: str) -> Callable[..., None]:
    """The command that makes the mark of that kind."""

    def command(
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
        from statuswire.engine.orders import DropMark, SetMark
        from statuswire.model import MarkKind

        kind = MarkKind(word)
        if kind is MarkKind.SNOOZED and not (clear or for_ or until):
            raise ConfigError("a snooze needs an end: --for 4h or --until 2026-12-01")
        said = SetMark(page, subject, kind, reason, ends_at(for_, until), who())
        give([DropMark(page, subject, kind, who()) if clear else said], _options(config, database), as_json)

    command.__doc__ = text
    return command


def override(
    page: Page,
    subject: Subject,
    status: Annotated[
        str, terms.Option("--status", metavar="STATUS", help="What a component is: operational, major_outage ...")
    ] = "",
    impact: Annotated[
        str, terms.Option("--impact", metavar="IMPACT", help="How bad an incident is: none, minor, major, critical.")
    ] = "",
    phase: Annotated[
        str, terms.Option("--phase", metavar="PHASE", help="`resolved`: the incident is over for us.")
    ] = "",
    reason: Why = "",
    for_: For = None,
    until: Until = None,
    clear: Clear = False,
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Say what a component is, or how bad an incident is, against the provider. Locked until it is taken back or ends.

    \b
    Examples:
      statuswire override payments 'Europe / API' --status operational --reason 'not used' --for 7d
      statuswire override payments 'Slow API' --impact critical --reason 'it hits checkout'
      statuswire override payments 'Slow API' --phase resolved
      statuswire override payments 'Slow API' --clear
    """
    from statuswire.engine.orders import DropMark, SetMark
    from statuswire.model import Impact, MarkKind, Phase, Status

    kind = MarkKind.OVERRIDE
    if clear:
        return give([DropMark(page, subject, kind, who())], _options(config, database), as_json)
    said = (_word(Impact, impact, "--impact"), _word(Status, status, "--status"), _word(Phase, phase, "--phase"))
    order = SetMark(page, subject, kind, reason, ends_at(for_, until), who(), *said)
    return give([order], _options(config, database), as_json)


def _options(config: Path | None, database: str | None) -> RunOptions:
    return RunOptions(config=config, database=database)


def _word(words: type[W], word: str, option: str) -> W | None:
    """The word that an option names; None where it was not given. Raises ConfigError."""
    known = [one.value for one in words if one.value != "unknown"]
    if word and word not in known:
        raise ConfigError(f"`{word}` is no {option.strip('-')}; right: {', '.join(known)}", where=option)
    return words(word) if word else None
