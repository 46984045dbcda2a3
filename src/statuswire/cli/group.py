"""How the commands end: our exceptions become one sentence on standard error and an exit code."""
# ruff: noqa: PLC0415 - what only errors need is imported when one occurs

from __future__ import annotations

import sys
from typing import Any

from statuswire import extras
from statuswire.cli import INTERRUPTED, UNREAD, leave_unread, overview, terms
from statuswire.errors import ConfigError, ParseError, StatuswireError, StoreError, StoreReason

_STORE_CODES: dict[str, int] = {StoreReason.LOCKED: 75, StoreReason.READ_ONLY: 78, StoreReason.NEWER_SCHEMA: 78}
"""EX_TEMPFAIL and EX_CONFIG of sysexits.h, for service managers that treat them differently."""


def exit_code(error: StatuswireError) -> int:
    if isinstance(error, ConfigError):
        return 2
    if isinstance(error, ParseError):
        return 4
    return _STORE_CODES.get(error.reason, 1) if isinstance(error, StoreError) else 1


class Commands(terms.Group):
    """The top level: its help is the overview, and it words the errors of every command."""

    def get_help(self, ctx: Any) -> str:
        return overview.render()

    def invoke(self, ctx: Any) -> Any:
        try:
            return self._invoked(ctx)
        except BrokenPipeError as error:
            leave_unread()
            raise terms.Exit(UNREAD) from error
        except StatuswireError as error:
            terms.echo(f"statuswire: {_shown(error)}", err=True)
            raise terms.Exit(exit_code(error)) from error
        except ModuleNotFoundError as error:
            advice = extras.sentence(error)
            if not advice:
                raise
            terms.echo(f"statuswire: {advice}", err=True)
            raise terms.Exit(exit_code(ConfigError(advice))) from error
        except KeyboardInterrupt as error:
            raise terms.Exit(INTERRUPTED) from error

    def _invoked(self, ctx: Any) -> Any:
        """What is printed must be out by the end, however it ends: here a reader who has gone is still our matter."""
        try:
            return super().invoke(ctx)
        finally:
            sys.stdout.flush()


def program(*, invoke_without_command: bool = False) -> terms.Group:
    """`statuswire` without commands yet."""
    return Commands(
        name="statuswire",
        invoke_without_command=invoke_without_command,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


class Searching(terms.Group):
    """A group of commands of which `usual` is meant where none is named."""

    usual = "search"
    has_words = True
    """Whether the usual one takes words, so that one that names no command is meant for it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or self._is_for_usual(args[0]):
            args = [self.usual, *args]
        return super().parse_args(ctx, args)

    def _is_for_usual(self, first: str) -> bool:
        if first in self.commands or first in ("-h", "--help"):
            return False
        return self.has_words or first.startswith("-")


class Listing(Searching):
    """One of which `list` is meant."""

    usual = "list"
    has_words = False


class Looking(Searching):
    """One of which `status` is meant."""

    usual = "status"
    has_words = False


def _shown(error: StatuswireError) -> str:
    """The message without anything a terminal would obey: it may quote a provider's document."""
    from statuswire.channels.terminal import one_line

    return "\n".join(one_line(line) for line in str(error).splitlines())
