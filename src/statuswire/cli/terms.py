"""Commands out of typed functions, on click: what a signature says is what the command line asks.

    def snooze(page: Annotated[str, Argument(metavar="PAGE")], for_: Annotated[str | None, Option("--for")] = None)

A parameter is `str`, `int`, `float`, `bool` (a flag), `Path` or a `list` of one of them (given several times), each
with `| None` where it may be left out. `Context` gets click's own.
Why not a library: docs/decisions/small-base.md.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import click
from click import Context, echo, prompt
from click.exceptions import Abort, Exit

__all__ = ["Abort", "Argument", "Context", "Exit", "Group", "Option", "echo", "prompt"]

F = TypeVar("F", bound=Callable[..., None])


@dataclass(frozen=True, slots=True)
class Asked:
    """How a parameter is asked for. Without spellings it is an argument, by its place."""

    spellings: tuple[str, ...] = ()
    metavar: str | None = None
    help: str = ""
    min: float | None = None
    max: float | None = None
    bare: str | None = None
    """What an option means that is given without its value; None where it needs one."""


def Option(
    *spellings: str,
    metavar: str | None = None,
    help: str = "",
    min: float | None = None,
    max: float | None = None,
    bare: str | None = None,
) -> Asked:
    return Asked(spellings, metavar, help, min, max, bare)


def Argument(
    *, metavar: str | None = None, help: str = "", min: float | None = None, max: float | None = None
) -> Asked:
    return Asked((), metavar, help, min, max)


# --- what click makes of it ----------------------------------------------------------------------------------------


class Group(click.Group):
    """Commands below one word. `@group.command(name, short_help=...)` makes one of a function and leaves the function
    as it is."""

    def __init__(self, name: str | None = None, *, no_args_is_help: bool = False, **settings: Any) -> None:
        super().__init__(name, no_args_is_help=no_args_is_help, **settings)

    def list_commands(self, ctx: Context) -> list[str]:
        """In the order in which they were made known."""
        return list(self.commands)

    def command(self, name: str | None = None, *, short_help: str | None = None) -> Callable[[F], F]:  # type: ignore[override]  # the function itself comes back
        def add(function: F) -> F:
            self.add_command(command_of(function, name or function.__name__.replace("_", "-"), short_help))
            return function

        return add

    def first(self, function: Callable[..., None]) -> None:
        """What is done before any command, with the options that stand before it."""
        self.params.extend(parameters_of(function))
        self.callback = _called(function)


def command_of(function: Callable[..., None], name: str, short_help: str | None = None) -> click.Command:
    return click.Command(
        name,
        callback=_called(function),
        params=parameters_of(function),
        help=(function.__doc__ or "").strip(),
        short_help=short_help,
    )


def parameters_of(function: Callable[..., None]) -> list[click.Parameter]:
    """In the order of the signature. Raises TypeError for what cannot be asked on a command line."""
    return [_asked(name, kind, default) for name, kind, default in _signature(function) if kind is not Context]


def _signature(function: Callable[..., None]) -> Iterator[tuple[str, Any, Any]]:
    hints = get_type_hints(function, include_extras=True)
    for name, parameter in signature(function).parameters.items():
        yield name, hints[name], parameter.default


def _asked(name: str, hint: Any, default: Any) -> click.Parameter:
    """One parameter of a command; `default` is `Parameter.empty` where it must be given."""
    kind, *notes = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    asked = next((one for one in notes if isinstance(one, Asked)), None)
    if asked is None:
        raise TypeError(f"`{name}` is annotated with neither Option nor Argument of {__name__}")
    single, is_list = _kind(kind)
    settings: dict[str, Any] = {"help": asked.help, "type": _type(single, asked)}
    settings["required"] = default is Parameter.empty
    if default is not Parameter.empty and not is_list:
        settings["default"] = default
    if asked.spellings:
        return _option([name, *asked.spellings], asked, settings, is_list=is_list)
    shown = _place(asked.metavar or name.upper(), is_list=is_list, is_required=settings["required"])
    return click.Argument([name], metavar=shown, nargs=-1 if is_list else 1, **settings)


def _option(names: list[str], asked: Asked, settings: dict[str, Any], *, is_list: bool) -> click.Option:
    if settings["type"] is bool:
        return click.Option(names, is_flag=True, **settings)
    if asked.bare is not None:
        settings |= {"is_flag": False, "flag_value": asked.bare}
    is_shown = settings.get("default") not in (None, "")
    return click.Option(names, metavar=asked.metavar, multiple=is_list, show_default=is_shown, **settings)


def _place(metavar: str, *, is_list: bool, is_required: bool) -> str:
    shown = metavar if is_required or metavar.startswith("[") else f"[{metavar}]"
    return f"{shown}..." if is_list and not shown.endswith("...") else shown


def _kind(kind: Any) -> tuple[Any, bool]:
    """The type of one value, and whether several may be given."""
    if get_origin(kind) in (Union, types.UnionType):
        kind = next(one for one in get_args(kind) if one is not type(None))
    return (get_args(kind)[0], True) if get_origin(kind) is list else (kind, False)


def _type(kind: Any, asked: Asked) -> Any:
    """What click checks and converts a value by."""
    has_range = asked.min is not None or asked.max is not None
    if kind is Path:
        return click.Path(path_type=Path)
    if kind is int and has_range:
        return _Whole(_whole(asked.min), _whole(asked.max))
    if kind is float and has_range:
        return click.FloatRange(asked.min, asked.max)
    return kind


class _Whole(click.IntRange):
    """What is no number at all is refused as for `int`, and not as no "integer range"."""

    name = "integer"


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def _called(function: Callable[..., None]) -> Callable[..., None]:
    """The function, given lists where click has tuples, None where nothing was given, and the context if it asks."""
    wants_context = next((name for name, hint, _ in _signature(function) if hint is Context), None)

    def call(**given: Any) -> None:
        values = {name: _value(one) for name, one in given.items()}
        if wants_context is not None:
            values[wants_context] = click.get_current_context()
        function(**values)

    return call


def _value(given: Any) -> Any:
    return (list(given) or None) if isinstance(given, tuple) else given
