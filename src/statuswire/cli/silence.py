"""The commands of silences."""
# ruff: noqa: PLC0415 - every command imports what it needs when it runs, so that the others start without it

from __future__ import annotations

from typing import Annotated

from statuswire.cli import overview, terms
from statuswire.cli.arguments import LAST_ID, AsJson, ConfigFile, Database, For, Reason, Until, ends_at, who
from statuswire.cli.deliveries import give
from statuswire.cli.group import Listing
from statuswire.errors import ConfigError
from statuswire.options import RunOptions

Words = list[str] | None

silence = Listing(
    help="""Withhold something for a while.

    \b
    Examples:
      statuswire silence
      statuswire silence add --page github --component Codespaces --for 2h --reason 'not used'
      statuswire silence end 3
    """,
    short_help=overview.summary("silence"),
)


@silence.command("list", short_help="What is withheld now (also without this word).")
def list_(config: ConfigFile = None, database: Database = None, as_json: AsJson = False) -> None:
    """What is withheld now, by the configuration and by command; then what is acknowledged, snoozed or overridden.

    \b
    Examples:
      statuswire silence
      statuswire silence list --json
    """
    from statuswire.cli import printing
    from statuswire.desk import reaching, silences
    from statuswire.engine.clock import Clock

    now = Clock().now()
    loaded = reaching.load(RunOptions(config=config, database=database))
    found, marks = reaching.ask(
        loaded, lambda tx: (silences.silence_rows(tx, loaded, now), silences.mark_rows(tx, now))
    )
    if as_json:
        terms.echo(printing.as_json({"silences": found, "marks": marks}))
        return
    style = printing.style()
    terms.echo(silences.render_silences(found, style))
    if marks:
        terms.echo(silences.render_marks(marks, style))


@silence.command("add", short_help="Withhold what some filters mean.")
def add(
    reason: Reason,
    page: Annotated[Words, terms.Option("--page", metavar="GLOB", help="Slugs; may be repeated, like all.")] = None,
    tag: Annotated[Words, terms.Option("--tag", metavar="GLOB", help="Tags of pages.")] = None,
    category: Annotated[Words, terms.Option("--category", metavar="GLOB", help="Categories of the catalog.")] = None,
    component: Annotated[Words, terms.Option("--component", metavar="GLOB", help="Names or 'Group / Name'.")] = None,
    impact: Annotated[Words, terms.Option("--impact", metavar="IMPACT", help="Such as minor or '>=major'.")] = None,
    type_: Annotated[Words, terms.Option("--type", metavar="GLOB", help="Such as 'incident.*'.")] = None,
    phase: Annotated[Words, terms.Option("--phase", metavar="PHASE", help="Such as monitoring.")] = None,
    source: Annotated[Words, terms.Option("--source", metavar="SOURCE", help="Such as hook.")] = None,
    for_: For = None,
    until: Until = None,
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Withhold what the filters mean together, for a time or for good. Nothing that is withheld is lost: it is stored,
    and `why` says so.

    \b
    Examples:
      statuswire silence add --page github --component Codespaces --until 2026-12-01 --reason 'not used'
      statuswire silence add --page 'aws-*' --impact minor --for 2h --reason 'known'
    """
    from pydantic import ValidationError

    from statuswire.config import FilterConfig
    from statuswire.engine.orders import AddSilence

    asked = {"page": page, "tag": tag, "category": category, "component": component}
    asked |= {"impact": impact, "type": type_, "phase": phase, "source": source}
    try:
        wanted = FilterConfig.model_validate({key: some for key, some in asked.items() if some})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ConfigError(str(first["msg"]).removeprefix("Value error, "), where=f"--{first['loc'][0]}") from error
    order = AddSilence(wanted.filter(), reason, ends_at(for_, until), who())
    give([order], RunOptions(config=config, database=database), as_json)


@silence.command("end", short_help="End some that were made by command.")
def stop(
    ids: Annotated[list[int], terms.Argument(metavar="ID...", min=1, max=LAST_ID, help="Numbers of silences.")],
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """End silences that were made by command. Those of the configuration are ended there.

    \b
    Examples:
      statuswire silence end 3
    """
    from statuswire.engine.orders import EndSilence

    give([EndSilence(one, who()) for one in ids], RunOptions(config=config, database=database), as_json)
