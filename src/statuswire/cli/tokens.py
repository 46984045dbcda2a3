"""The commands of API tokens."""
# ruff: noqa: PLC0415 - every command imports what it needs when it runs, so that the others start without it

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from statuswire.cli import overview, terms
from statuswire.cli.arguments import LAST_ID, AsJson, ConfigFile, Database, end, span, who
from statuswire.cli.deliveries import give
from statuswire.cli.group import Listing
from statuswire.errors import ConfigError
from statuswire.options import RunOptions

if TYPE_CHECKING:
    from statuswire.model import Scope

token = Listing(
    help="""What programs show to be let in: API tokens.

    \b
    Examples:
      statuswire token
      statuswire token add prometheus --scope metrics
      statuswire token revoke 3
    """,
    short_help=overview.summary("token"),
)


@token.command("list", short_help="The newest first (also without this word).")
def list_(config: ConfigFile = None, database: Database = None, as_json: AsJson = False) -> None:
    """All tokens, the newest first, with what they may and when they were last used; never the tokens themselves.

    \b
    Examples:
      statuswire token
      statuswire token list --json
    """
    from statuswire.cli import printing
    from statuswire.desk import people, reaching
    from statuswire.engine.clock import Clock

    now = Clock().now()
    loaded = reaching.load(RunOptions(config=config, database=database))
    found = reaching.ask(loaded, lambda tx: people.token_rows(tx, now))
    terms.echo(printing.as_json(found) if as_json else people.render_tokens(found, printing.style()))


@token.command("add", short_help="Make one, and show it this once.")
def add(
    name: Annotated[str, terms.Argument(metavar="NAME", help="What it is for.")],
    scope: Annotated[
        list[str], terms.Option("--scope", metavar="SCOPE", help="metrics, read, write or admin; may be repeated.")
    ],
    expires: Annotated[str | None, terms.Option("--expires", metavar="TIME", help="After how long it is over.")] = None,
    account: Annotated[str, terms.Option("--user", metavar="NAME", help="The account that it belongs to.")] = "",
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Make a token and show it, this once: only a digest is kept. Programs send it as `Authorization: Bearer sw_...`.

    \b
    Examples:
      statuswire token add prometheus --scope metrics
      statuswire token add deploys --scope read --scope write --expires 90d
    """
    import secrets

    from statuswire.access import names, tokens
    from statuswire.cli import printing
    from statuswire.desk import ordering, reaching
    from statuswire.engine.clock import Clock
    from statuswire.engine.people import AddToken

    if fault := names.fault_of(name.strip()):
        raise ConfigError(f"the name {fault}")
    scopes, length = _scopes(scope), span(expires, "--expires")
    ends_at = None if length is None else Clock().now() + length
    text = tokens.make(secrets.token_bytes(tokens.RANDOM_BYTES))
    digest = tokens.digest_of(text)
    assert digest is not None
    order = AddToken(name.strip(), scopes, digest.hex(), ends_at, names.folded(account), who())
    obeyed = ordering.order(reaching.load(RunOptions(config=config, database=database)), order)
    if as_json:
        shown = {"token": text} if obeyed.done else {}
        terms.echo(printing.as_json({"done": obeyed.done, "sentence": obeyed.sentence, "id": obeyed.id, **shown}))
    else:
        terms.echo(obeyed.sentence, err=True)
    if obeyed.done and not as_json:
        terms.echo(text)
    end(0 if obeyed.done else 1)


@token.command("revoke", short_help="End some at once.")
def revoke(
    ids: Annotated[list[int], terms.Argument(metavar="ID...", min=1, max=LAST_ID, help="Numbers of tokens.")],
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """End tokens at once. Exit code 1 where one does not count anyway.

    \b
    Examples:
      statuswire token revoke 3
    """
    from statuswire.engine.people import RevokeToken

    give([RevokeToken(one, who()) for one in ids], RunOptions(config=config, database=database), as_json)


def _scopes(words: list[str]) -> tuple[Scope, ...]:
    from statuswire.model import Scope

    for word in words:
        if word not in set(Scope):
            raise ConfigError(f"`{word}` is no scope; right: {', '.join(Scope)}", where="--scope")
    return tuple(Scope(word) for word in dict.fromkeys(words))
