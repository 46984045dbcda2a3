"""The command that proves rules before they are used."""
# ruff: noqa: PLC0415 - the command imports what it needs when it runs, so that the others start without it

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from statuswire.cli import overview, terms
from statuswire.cli.arguments import AsJson, ConfigFile, Database, end, span
from statuswire.options import BacktestOptions


def add_backtest(app: terms.Group) -> None:
    app.command("backtest", short_help=overview.summary("backtest"))(_backtest)


def _backtest(
    config: ConfigFile = None,
    database: Database = None,
    since: Annotated[
        str | None, terms.Option("--since", metavar="TIME", help="How far to look back; 90d of the log otherwise.")
    ] = None,
    series: Annotated[
        list[str] | None,
        terms.Option("--series", metavar="[SLUG=]FILE", help="Stored documents instead of the log; may be repeated."),
    ] = None,
    against: Annotated[
        Path | None, terms.Option("--against", metavar="FILE", help="Another configuration to compare with.")
    ] = None,
    impact: Annotated[
        str, terms.Option("--impact", metavar="IMPACT", help="Incidents this bad are to be told.")
    ] = "major",
    config_alone: Annotated[bool, terms.Option("--config-alone", help="Leave out what is not in the file.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say what a configuration would have told, by the real rules over the stored log or over stored documents.
    Silences and marks that were made by command count in the log as they stood at the time.

    Nothing is sent and nothing is changed; it may run beside the service.

    \b
    Examples:
      statuswire backtest --config statuswire.yaml
      statuswire backtest --config statuswire.yaml --against quieter.yaml --since 30d
      statuswire backtest --config statuswire.yaml --series github=github.series.jsonl.xz --json
    """
    from statuswire.backtest import command

    named = [command.named_series(one) for one in series or ()]
    options = BacktestOptions(
        config=config,
        database=database,
        since=span(since, "--since"),
        series=tuple(path for _, path in named),
        slugs=tuple(slug for slug, _ in named),
        against=against,
        impact=impact,
        config_alone=config_alone,
        json=as_json,
    )
    end(command.backtest(options, sys.stdout))
