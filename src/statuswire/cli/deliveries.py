"""The commands of deliveries."""
# ruff: noqa: PLC0415 - every command imports what it needs when it runs, so that the others start without it

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from statuswire.cli import overview, terms
from statuswire.cli.arguments import LAST_ID, AsJson, ConfigFile, Database, Limit, end, span
from statuswire.cli.group import Listing
from statuswire.errors import ConfigError
from statuswire.options import RunOptions

if TYPE_CHECKING:
    from statuswire.engine.orders import Order
    from statuswire.model import DeliveryState

Ids = Annotated[list[int], terms.Argument(metavar="ID...", min=1, max=LAST_ID, help="Numbers of deliveries.")]

deliveries = Listing(
    help="""What is on its way to channels, and what became of it.

    \b
    Examples:
      statuswire deliveries
      statuswire deliveries list --channel ops --state failed
      statuswire deliveries retry 812
    """,
    short_help=overview.summary("deliveries"),
)


@deliveries.command("list", short_help="The newest first (also without this word).")
def list_(
    channel: Annotated[str | None, terms.Option("--channel", metavar="CHANNEL", help="Of this channel only.")] = None,
    state: Annotated[
        str | None,
        terms.Option("--state", metavar="STATE", help="collecting, waiting, delivered, failed, dropped or folded."),
    ] = None,
    since: Annotated[str, terms.Option("--since", metavar="TIME", help="Put in within this time, such as 3d.")] = "7d",
    limit: Limit = 50,
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """What is on its way to channels and what became of it, the newest first; then channels that are disabled or fail.

    \b
    Examples:
      statuswire deliveries
      statuswire deliveries --channel ops --state failed --since 30d
      statuswire deliveries --json
    """
    from statuswire.cli import printing
    from statuswire.desk import deliveries as desk
    from statuswire.desk import reaching
    from statuswire.engine.clock import Clock

    wanted, length = _state(state), span(since, "--since")
    assert length is not None
    begin = Clock().now() - length
    loaded = reaching.load(RunOptions(config=config, database=database))
    found, channels = reaching.ask(
        loaded, lambda tx: (desk.rows(tx, channel, wanted, begin, limit), desk.channel_rows(tx))
    )
    body = {"deliveries": found, "channels": channels}
    terms.echo(printing.as_json(body) if as_json else desk.render(found, channels, printing.style()))


@deliveries.command("retry", short_help="Send some again, now.")
def retry(ids: Ids, config: ConfigFile = None, database: Database = None, as_json: AsJson = False) -> None:
    """Send deliveries now that wait, or that were given up; each keeps its message id. Exit code 1 where one cannot be.

    \b
    Examples:
      statuswire deliveries retry 812
      statuswire deliveries retry 812 813 --json
    """
    from statuswire.cli.arguments import who
    from statuswire.engine.orders import SendAgain

    give([SendAgain(one, who()) for one in ids], RunOptions(config=config, database=database), as_json)


@deliveries.command("drop", short_help="Never send some that wait.")
def drop(ids: Ids, config: ConfigFile = None, database: Database = None, as_json: AsJson = False) -> None:
    """Never send deliveries that wait. Exit code 1 where one cannot be dropped.

    \b
    Examples:
      statuswire deliveries drop 812
    """
    from statuswire.cli.arguments import who
    from statuswire.engine.orders import Drop

    give([Drop(one, who()) for one in ids], RunOptions(config=config, database=database), as_json)


@deliveries.command("enable", short_help="Send to a disabled channel again.")
def enable(
    channel: Annotated[str, terms.Argument(metavar="CHANNEL")],
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Send to a channel again that was disabled, beginning with what waits.

    \b
    Examples:
      statuswire deliveries enable ops
    """
    from statuswire.cli.arguments import who
    from statuswire.engine.orders import Enable

    give([Enable(channel, who())], RunOptions(config=config, database=database), as_json)


def give(orders: list[Order], options: RunOptions, as_json: bool) -> None:
    """Have orders obeyed one by one and say what became of each. Exit code 1 where one could not be."""
    import msgspec

    from statuswire.cli import printing
    from statuswire.desk import ordering, reaching

    loaded = reaching.load(options)
    answers = [ordering.order(loaded, one) for one in orders]
    if as_json:
        terms.echo(printing.as_json(msgspec.to_builtins(answers)))
    for one in () if as_json else answers:
        terms.echo(one.sentence, err=not one.done)
    end(0 if all(one.done for one in answers) else 1)


def _state(word: str | None) -> DeliveryState | None:
    from statuswire.model import DeliveryState

    if word is None:
        return None
    if word not in set(DeliveryState):
        raise ConfigError(f"`{word}` is no state; right: {', '.join(DeliveryState)}", where="--state")
    return DeliveryState(word)
