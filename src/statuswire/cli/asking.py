"""The commands that explain and try out telling, and say how it was."""
# ruff: noqa: PLC0415 - every command imports what it needs when it runs, so that the others start without it

from __future__ import annotations

import sys
from typing import Annotated

from statuswire.cli import overview, terms
from statuswire.cli.arguments import LAST_ID, AsJson, ConfigFile, Database, end, span
from statuswire.options import RunOptions


def add_asking(app: terms.Group) -> None:
    """Make the commands known."""
    for name, command in (("why", why), ("uptime", uptime), ("send-test", send_test)):
        app.command(name, short_help=overview.summary(name))(command)


def why(
    event_id: Annotated[int, terms.Argument(metavar="EVENT_ID", min=1, max=LAST_ID, help="The `id` of an event.")],
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """What every route made of an event, and why. Exit code 1 where there is no such event.

    \b
    Examples:
      statuswire why 812
      statuswire why 812 --json
    """
    from statuswire.cli import printing
    from statuswire.desk import reaching, why
    from statuswire.engine import accounting
    from statuswire.engine.rules import rules_of

    loaded = reaching.load(RunOptions(config=config, database=database))
    rules = rules_of(reaching.with_own(loaded))
    found = reaching.ask(loaded, lambda tx: accounting.account(tx, event_id, rules))
    if found is None:
        terms.echo(f"statuswire: there is no event {event_id}", err=True)
        end(1)
        return
    terms.echo(printing.as_json(accounting.as_mapping(found)) if as_json else why.render(found, printing.style()))


def uptime(
    what: Annotated[
        list[str] | None, terms.Argument(metavar="[SLUG]...", help="Pages by slug, with `*`; all otherwise.")
    ] = None,
    since: Annotated[str | None, terms.Option("--since", metavar="TIME", help="How far back; 90d otherwise.")] = None,
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """How much of the last 90 days pages and their components were up. Exit code 1 where no page is meant.

    \b
    Examples:
      statuswire uptime
      statuswire uptime openai --since 30d
      statuswire uptime 'git*' --json
    """
    from datetime import timedelta

    from statuswire.cli import printing
    from statuswire.desk import reaching
    from statuswire.desk import uptime as desk
    from statuswire.engine.clock import Clock

    length = span(since, "--since") or timedelta(days=90)
    loaded = reaching.load(RunOptions(config=config, database=database))
    parts = reaching.ask(loaded, lambda tx: desk.load(tx, what or (), length, Clock().now()))
    if not parts:
        terms.echo("statuswire: no page is meant", err=True)
        end(1)
        return
    rows = [row for one in parts for row in one.as_rows()]
    terms.echo(printing.as_json({"uptime": rows}) if as_json else desk.render(parts, printing.style()))


def send_test(
    channel: Annotated[str, terms.Argument(metavar="CHANNEL", help="Its name in `channels`.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Send one sample event to one channel and show the reply. Needs no running service. Exit code 1 where it is not
    taken.

    \b
    Examples:
      statuswire send-test ops --config statuswire.yaml
      statuswire send-test pager --json
    """
    from statuswire.desk import trial

    end(trial.run(channel, RunOptions(config=config), as_json, sys.stdout))
