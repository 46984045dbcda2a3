"""docs/reference/options.md: usage, arguments and options of every command, as the program itself has them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from statuswire.cli import app, overview

_HEAD = """\
# Options of every command

This page is made by `make docs` from the program itself, which shows the same with `--help`. What the commands are for,
their exit codes and what they print stands in [commands](commands.md)."""


def render() -> str:
    """The whole page, in Markdown, in the order of `statuswire --help`."""
    top = _below(app.app)
    lines = [_HEAD]
    for title, names in overview.COMMANDS.items():
        lines += ["", f"## {title}"]
        lines += [line for name in names for line in _command(name, top[name])]
    return "\n".join(lines) + "\n"


def _below(command: Any) -> dict[str, Any]:
    """The commands of a group, by name; none of any other command."""
    return dict(vars(command).get("commands") or {})


def _command(name: str, command: Any) -> Iterator[str]:
    yield from ("", f"### {name}", "", _about(command))
    if not _below(command):
        yield from _use(name, command)
    for word, inner in _below(command).items():
        yield from ("", f"#### {name} {word}", "", _about(inner), *_use(f"{name} {word}", inner))


def _about(command: Any) -> str:
    """The first paragraph of its help, in one line."""
    return " ".join(inspect.cleandoc(command.help or command.short_help or "").partition("\n\n")[0].split())


def _use(name: str, command: Any) -> Iterator[str]:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option" and not one.hidden]
    usage = " ".join(["statuswire", name, *map(_argument, arguments), "[OPTIONS]"])
    yield from ("", "```text", usage, "```")
    if options:
        yield from ("", "| option | does | default |", "| --- | --- | --- |")
        yield from map(_option, options)


def _argument(one: Any) -> str:
    """`SLUG`, `[SLUG]` where it may be left out, with dots where there may be several."""
    name = _value(one).strip("[]. ")
    return (name if one.required else f"[{name}]") + ("..." if one.nargs == -1 else "")


def _option(one: Any) -> str:
    spelt = ", ".join(f"`{name}`" for name in sorted(one.opts, key=len, reverse=True))
    value = "" if one.is_flag else f" {_value(one)}"
    cells = [spelt + value, " ".join((one.help or "").split()), "required" if one.required else _default(one)]
    return f"| {' | '.join(cell.replace('|', ' or ') for cell in cells)} |".replace("|  |", "| |")


def _value(one: Any) -> str:
    return str(one.metavar or one.name.upper())


def _default(one: Any) -> str:
    return f"`{one.default}`" if not one.is_flag and isinstance(one.default, str | int | float) else ""
