"""The commands of accounts."""
# ruff: noqa: PLC0415 - every command imports what it needs when it runs, so that the others start without it

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from statuswire.cli import overview, terms
from statuswire.cli.arguments import AsJson, ConfigFile, Database, who
from statuswire.cli.deliveries import give
from statuswire.cli.group import Listing
from statuswire.errors import ConfigError
from statuswire.options import RunOptions

if TYPE_CHECKING:
    from statuswire.model import AccountRole

Name = Annotated[str, terms.Argument(metavar="NAME", help="Of the account.")]
PasswordFile = Annotated[
    str | None, terms.Option("--password-file", metavar="FILE", help="File with the password; - is standard input.")
]
_STANDARD_INPUT = "-"

user = Listing(
    help="""Who may come in: accounts.

    \b
    Examples:
      statuswire user
      statuswire user add ada --role admin
      statuswire user disable ada
    """,
    short_help=overview.summary("user"),
)


@user.command("list", short_help="Everybody, by name (also without this word).")
def list_(config: ConfigFile = None, database: Database = None, as_json: AsJson = False) -> None:
    """Everybody who has an account, by name.

    \b
    Examples:
      statuswire user
      statuswire user list --json
    """
    from statuswire.cli import printing
    from statuswire.desk import people, reaching

    found = reaching.ask(reaching.load(RunOptions(config=config, database=database)), people.account_rows)
    terms.echo(printing.as_json(found) if as_json else people.render_accounts(found, printing.style()))


@user.command("add", short_help="Let somebody in.")
def add(
    name: Name,
    role: Annotated[str, terms.Option("--role", metavar="ROLE", help="viewer, operator or admin.")] = "viewer",
    password_file: PasswordFile = None,
    no_password: Annotated[bool, terms.Option("--no-password", help="They sign in elsewhere.")] = False,
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Let somebody in. The password is asked for, unless a file has it or none is wanted.

    \b
    Examples:
      statuswire user add ada --role admin
      statuswire user add wall --password-file /run/secrets/wall
      pwgen 20 1 | statuswire user add bob --password-file -
    """
    from statuswire.access import names
    from statuswire.engine.people import AddAccount

    wanted = names.folded(name)
    if fault := names.fault_of(wanted):
        raise ConfigError(f"the name {fault}")
    if no_password and password_file is not None:
        raise ConfigError("one of --password-file and --no-password is enough")
    known = _role(role)
    password_hash = "" if no_password else _password_hash(password_file)
    order = AddAccount(wanted, known, password_hash, who())
    give([order], RunOptions(config=config, database=database), as_json)


@user.command("role", short_help="Give somebody another role.")
def role_(
    name: Name,
    role: Annotated[str, terms.Argument(metavar="ROLE", help="viewer, operator or admin.")],
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Give somebody another role, from their next request on.

    \b
    Examples:
      statuswire user role ada operator
    """
    from statuswire.access import names
    from statuswire.engine.people import SetRole

    order = SetRole(names.folded(name), _role(role), who())
    give([order], RunOptions(config=config, database=database), as_json)


@user.command("password", short_help="Give somebody a new password.")
def password(
    name: Name,
    password_file: PasswordFile = None,
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Give somebody a new password, which is asked for unless a file has it. They are signed out everywhere.

    \b
    Examples:
      statuswire user password ada
    """
    from statuswire.access import names
    from statuswire.engine.people import SetPassword

    order = SetPassword(names.folded(name), _password_hash(password_file), who())
    give([order], RunOptions(config=config, database=database), as_json)


@user.command("disable", short_help="Keep somebody out for a while.")
def disable(name: Name, config: ConfigFile = None, database: Database = None, as_json: AsJson = False) -> None:
    """Keep somebody out for a while: they are signed out, and their tokens rest.

    \b
    Examples:
      statuswire user disable ada
    """
    _set_disabled(name, True, RunOptions(config=config, database=database), as_json)


@user.command("enable", short_help="Let somebody in again.")
def enable(name: Name, config: ConfigFile = None, database: Database = None, as_json: AsJson = False) -> None:
    """Let somebody in again who was disabled.

    \b
    Examples:
      statuswire user enable ada
    """
    _set_disabled(name, False, RunOptions(config=config, database=database), as_json)


@user.command("remove", short_help="Remove an account for good.")
def remove(name: Name, config: ConfigFile = None, database: Database = None, as_json: AsJson = False) -> None:
    """Remove an account for good, with its tokens. What it did stays in the log of changes.

    \b
    Examples:
      statuswire user remove ada
    """
    from statuswire.access import names
    from statuswire.engine.people import RemoveAccount

    give([RemoveAccount(names.folded(name), who())], RunOptions(config=config, database=database), as_json)


def _set_disabled(name: str, disabled: bool, options: RunOptions, as_json: bool) -> None:
    from statuswire.access import names
    from statuswire.engine.people import SetDisabled

    give([SetDisabled(names.folded(name), disabled, who())], options, as_json)


def _role(word: str) -> AccountRole:
    from statuswire.model import AccountRole

    if word not in set(AccountRole):
        raise ConfigError(f"`{word}` is no role; right: {', '.join(AccountRole)}", where="role")
    return AccountRole(word)


def _password_hash(file: str | None) -> str:
    """Of the password, which never leaves this process. Raises ConfigError."""
    from statuswire.access import passwords

    given = _typed() if file is None else _first_line(file)
    if fault := passwords.fault_of(given):
        raise ConfigError(f"the password {fault}")
    return passwords.hash_of(given)


def _typed() -> str:
    try:
        return str(terms.prompt("Password", hide_input=True, confirmation_prompt=True))
    except terms.Abort as error:
        if sys.stdin.isatty():
            raise
        right = "--password-file FILE, where - is standard input"
        raise ConfigError(f"nobody is there to type a password; right: {right}") from error


def _first_line(file: str) -> str:
    try:
        text = sys.stdin.read() if file == _STANDARD_INPUT else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read the password: {error}", where="--password-file") from error
    return text.partition("\n")[0].rstrip("\r")
